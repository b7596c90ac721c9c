import type { SchemaValue } from '../lib/schema-value.ts';
import type { OptionFormat } from './formats.ts';

/** The part of JSON Schema that options are described with. */
export interface OptionSchema {
  readonly type?: 'integer' | 'number' | 'boolean' | 'string' | 'array' | 'object';
  readonly enum?: readonly string[];
  readonly const?: false;
  readonly anyOf?: readonly OptionSchema[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly items?: OptionSchema;
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly format?: OptionFormat;
  /** A secret: messages do not repeat it. */
  readonly writeOnly?: true;
  /** A phrase that `--help`, the README and editors show; it begins in lower case and has no full stop. */
  readonly description?: string;
}

/** An option: its schema, and what the command line needs besides. */
export interface OptionEntry extends OptionSchema {
  readonly description: string;
  readonly default?: unknown;
  /** The default beyond loopback, where several share a simulator. */
  readonly sharedDefault?: unknown;
  /** The default on the command line, where it is not that in process. */
  readonly cliDefault?: string;
  /** What stands for the value in `--help`; default: derived from the type. */
  readonly placeholder?: string;
  /** The flag takes a list as several arguments; other lists are one argument with commas in it. */
  readonly variadic?: true;
}

const KEPT_COUNT = { type: 'integer', minimum: 1, description: 'the newest of them' } as const;
const KEPT_AGE = {
  type: 'string',
  format: 'fixed-duration',
  description: 'those that are no older, such as P30D',
} as const;

/**
 * Every option there is. All else follows from an entry: the types of `SimulatorOptions` and `Settings`, the flag and
 * its `--help`, the environment variable, the key in `bss-simulator.yaml`, the checks and their messages, the table of
 * the README and `bss-simulator.schema.json`.
 */
const OPTIONS = {
  port: {
    type: 'integer',
    minimum: 0,
    maximum: 65_535,
    default: 4010,
    description: 'port to listen on; 0 picks a free one',
  },
  host: {
    type: 'string',
    minLength: 1,
    default: '127.0.0.1',
    placeholder: 'address',
    description: 'address to listen on; beyond loopback the control API wants a token and callbacks an allow list',
  },
  publicUrl: {
    type: 'string',
    format: 'http-origin',
    placeholder: 'url',
    description: 'origin that links start with, behind a proxy; default: that of the request',
  },
  seed: {
    type: 'integer',
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 1,
    description: 'whole number that everything random is derived from',
  },
  clock: {
    type: 'string',
    format: 'clock',
    default: '2026-01-01T00:00:00.000Z',
    placeholder: 'time',
    description: 'time to stand still at, real to follow the wall clock, or real@<time> to start there and tick',
  },
  rate: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1_000_000,
    default: 1,
    placeholder: 'number',
    description: 'how many times as fast as the wall clock a clock goes that runs',
  },
  specs: {
    type: 'array',
    items: { type: 'string', minLength: 1, format: 'path' },
    minItems: 1,
    placeholder: 'paths',
    variadic: true,
    description: 'contracts to serve, files or folders, in place of the shipped ones; with --systems both',
  },
  overlay: {
    type: 'array',
    items: { type: 'string', minLength: 1, format: 'path' },
    placeholder: 'files',
    variadic: true,
    description: 'OpenAPI Overlays to apply to the contracts, beside those that are named after one',
  },
  systems: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    placeholder: 'names',
    description: 'which of the shipped systems to serve, such as connectx,macd; default: all',
  },
  fixture: {
    type: 'string',
    minLength: 1,
    format: 'name-or-path',
    placeholder: 'name',
    description: 'starting world: the name of a shipped one, or a file',
  },
  stories: {
    type: 'array',
    items: { type: 'string', minLength: 1, format: 'path' },
    placeholder: 'paths',
    variadic: true,
    description: 'scenarios to offer as stories, files or folders, beside those that are shipped',
  },
  auth: {
    type: 'string',
    enum: ['any', 'strict', 'off'],
    default: 'any',
    placeholder: 'mode',
    description:
      'tokens to accept where a contract demands one: any, strict (ours alone, live and in scope), or off to demand none',
  },
  strict: {
    type: 'boolean',
    default: false,
    description: 'answer 500 in place of a response or event that breaks its contract; default: log it',
  },
  allowRefs: {
    type: 'boolean',
    default: false,
    description: 'let references of contracts lead to files outside the folders that are served',
  },
  strictContracts: {
    type: 'boolean',
    default: false,
    description: 'refuse contracts in which anything is wrong; default: serve what can be served, and report the rest',
  },
  watch: {
    type: 'boolean',
    default: false,
    description: 'restart when a contract file changes',
  },
  tlsCert: {
    type: 'string',
    minLength: 1,
    format: 'path',
    placeholder: 'file',
    description: 'certificate (PEM) to serve HTTPS with, and WebSockets over it; with --tls-key',
  },
  tlsKey: {
    type: 'string',
    minLength: 1,
    format: 'path',
    placeholder: 'file',
    description: 'private key (PEM) of that certificate',
  },
  tlsClientCa: {
    type: 'string',
    minLength: 1,
    format: 'path',
    placeholder: 'file',
    description: 'certificates (PEM) that those of clients have to be signed by where a contract wants mutual TLS',
  },
  ca: {
    type: 'string',
    minLength: 1,
    format: 'path',
    placeholder: 'file',
    description:
      'certificates (PEM) of authorities that receivers of webhooks and callbacks are trusted by, besides the usual',
  },
  adminToken: {
    type: 'string',
    minLength: 1,
    format: 'bearer-token',
    writeOnly: true,
    placeholder: 'token',
    description: 'bearer token of the control API, required beyond loopback; default: one is made and printed there',
  },
  signingKey: {
    type: 'string',
    minLength: 16,
    writeOnly: true,
    placeholder: 'secret',
    description:
      'secret that the keys of access tokens are derived from; default: the seed on loopback, beyond it one made for this run',
  },
  allowOrigins: {
    type: 'array',
    items: { type: 'string', format: 'origin' },
    default: [],
    placeholder: 'origins',
    description: 'origins whose pages may use the control API, such as http://localhost:3000; default: its own alone',
  },
  allowHosts: {
    type: 'array',
    items: { type: 'string', format: 'host-name' },
    default: [],
    placeholder: 'names',
    description: 'host names that the control API answers to on loopback, besides localhost and that of --public-url',
  },
  allowCallbacks: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    default: [],
    placeholder: 'hosts',
    description: 'hosts that callbacks and webhooks may go to when listening beyond loopback',
  },
  webhooks: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        url: {
          type: 'string',
          format: 'http-url',
          description: 'receiver; http://simulator/… means this simulator and tenant',
        },
        channels: {
          type: 'array',
          items: { type: 'string', minLength: 1 },
          minItems: 1,
          description: 'channel addresses; * stands for any text',
        },
        secret: {
          type: 'string',
          format: 'webhook-secret',
          writeOnly: true,
          description: 'what deliveries are signed with; default: derived from the seed',
        },
        ordered: {
          type: 'boolean',
          description: 'whether an event waits until those before it have been accepted; default: true',
        },
      },
      required: ['url', 'channels'],
      additionalProperties: false,
    },
    default: [],
    placeholder: 'json',
    description: 'webhooks that every tenant starts with, and has again after a reset',
  },
  webhookTime: {
    type: 'string',
    enum: ['wall', 'virtual'],
    default: 'wall',
    placeholder: 'which',
    description: 'clock that webhook-timestamp is read from; receivers compare it with their own, which is wall time',
  },
  retrySchedule: {
    type: 'array',
    items: { type: 'string', format: 'fixed-duration' },
    minItems: 1,
    placeholder: 'waits',
    description:
      'virtual time to wait before each attempt of a delivery, such as PT0S,PT5S,PT5M; default: that of Standard Webhooks',
  },
  deliveryLanes: {
    type: 'integer',
    minimum: 1,
    maximum: 1_000,
    default: 64,
    description:
      'most attempts of deliveries of a tenant under way at a time, where receivers take long; one after another per target',
  },
  queue: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    default: [],
    placeholder: 'urls',
    variadic: true,
    description: 'brokers that every event goes to: amqp://…, nats://… or mqtt://…',
  },
  otlp: {
    type: 'string',
    format: 'http-url',
    placeholder: 'url',
    description:
      'collector of OpenTelemetry that everything that happens goes to as traces, such as http://127.0.0.1:4318',
  },
  store: {
    type: 'string',
    format: 'store',
    default: 'memory',
    writeOnly: true,
    placeholder: 'where',
    description: 'where worlds are kept: memory, gone with the process; file:<folder> or postgres://…, which last',
  },
  replicas: {
    type: 'boolean',
    default: false,
    description:
      'share a --store postgres:// with other processes: each tenant is one’s at a time, and what is for another’s is passed on',
  },
  advertiseUrl: {
    type: 'string',
    format: 'http-origin',
    placeholder: 'url',
    description: 'where the other --replicas reach this one; default: the address it listens on',
  },
  lease: {
    type: 'string',
    format: 'fixed-duration',
    default: 'PT5S',
    placeholder: 'duration',
    description: 'how long a tenant in PostgreSQL stays with a process that is not heard of any more',
  },
  maxTenants: {
    type: 'integer',
    minimum: 1,
    default: 1_000,
    description: 'most tenants held at a time; then the one unused for longest is dropped, or left to the --store',
  },
  maxBody: {
    type: 'integer',
    minimum: 1,
    default: 2 ** 20,
    placeholder: 'bytes',
    description: 'largest request body in bytes',
  },
  maxSockets: {
    type: 'integer',
    minimum: 1,
    default: 10_000,
    description: 'most connections at a time; more are answered 503, but for one that asks for the health',
  },
  maxSocketsPerAddress: {
    type: 'integer',
    minimum: 1,
    default: 8_000,
    description: 'most connections at a time from one address',
  },
  maxUnansweredSockets: {
    type: 'integer',
    minimum: 1,
    default: 4_000,
    description: 'most connections that have not sent a whole request; then the oldest of them is closed',
  },
  maxRecordBytes: {
    type: 'integer',
    minimum: 1,
    default: 64 * 2 ** 20,
    description:
      'most bytes of requests and messages that the records of one tenant hold; then the oldest are forgotten',
  },
  maxRecordBytesTotal: {
    type: 'integer',
    minimum: 1,
    default: 512 * 2 ** 20,
    sharedDefault: 32 * 2 ** 20,
    description: 'the same of all tenants together; then the one that holds most forgets',
  },
  retention: {
    type: 'object',
    properties: {
      requests: {
        type: 'object',
        properties: { count: KEPT_COUNT, age: KEPT_AGE },
        additionalProperties: false,
      },
      events: {
        type: 'object',
        properties: { count: KEPT_COUNT, age: KEPT_AGE },
        additionalProperties: false,
      },
      transcript: {
        type: 'object',
        properties: { count: KEPT_COUNT, age: KEPT_AGE },
        additionalProperties: false,
      },
      activity: {
        type: 'object',
        properties: { count: KEPT_COUNT, age: KEPT_AGE },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
    default: {},
    placeholder: 'json',
    description:
      'how many records a tenant keeps of each kind, and for how long in its own time; default: the newest 10,000 of each',
  },
  maxStateBytes: {
    type: 'integer',
    minimum: 1,
    default: 64 * 2 ** 20,
    description: 'most bytes of large requests that the state of one tenant holds; then 507',
  },
  maxEntities: {
    type: 'integer',
    minimum: 1,
    default: 400_000,
    description:
      'most things (entities, timers, deliveries, messages) that one tenant holds beyond its starting world; then 507',
  },
  maxEntitiesTotal: {
    type: 'integer',
    minimum: 1,
    sharedDefault: 30_000,
    description:
      'most such things that all tenants hold together; default on loopback: one for each 10 KiB that Node may have, about 425,000 of 4 GiB',
  },
  fixtures: {
    type: 'string',
    minLength: 1,
    format: 'path',
    placeholder: 'folder',
    description: 'folder of starting worlds that the control API may name, beside those that are shipped',
  },
  stallTimeout: {
    type: 'string',
    format: 'fixed-duration',
    default: 'PT20S',
    placeholder: 'duration',
    description: 'how long a client may take nothing of what waits for it, before its connection is closed',
  },
  cache: {
    anyOf: [{ const: false }, { type: 'string', minLength: 1, format: 'path' }],
    placeholder: 'folder',
    description: 'folder for the cache of loaded contracts, or false for none; default: one in the package',
  },
  coverage: {
    type: 'string',
    minLength: 1,
    format: 'path',
    placeholder: 'folder',
    description: 'folder to write into, when it stops, what of the contracts was exercised; see the command coverage',
  },
  disableLinks: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    default: [],
    placeholder: 'names',
    description: 'links between systems to switch off, or all',
  },
  policies: {
    type: 'object',
    default: {},
    placeholder: 'json',
    description: 'parts of the systems’ default policies to replace, by system',
  },
  logLevel: {
    type: 'string',
    enum: ['silent', 'error', 'warn', 'info', 'debug'],
    default: 'silent',
    cliDefault: 'info',
    placeholder: 'level',
    description:
      'what is logged to standard error: silent, error, warn, info or debug; in process the default is silent',
  },
} as const satisfies Readonly<Record<string, OptionEntry>>;

export type OptionName = keyof typeof OPTIONS;

/** The same table where an entry is looked up by a name that is known only at run time. */
export const ENTRIES: Readonly<Record<OptionName, OptionEntry>> = OPTIONS;

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** The options that are never absent from the settings. */
export type DefaultedOption = {
  [Name in OptionName]: (typeof OPTIONS)[Name] extends { readonly default: unknown } ? Name : never;
}[OptionName];

/** The values of all options. */
export type OptionValues = { -readonly [Name in OptionName]: SchemaValue<(typeof OPTIONS)[Name]> };

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}
