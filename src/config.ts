import type { ClockMode, ClockState } from './engine/clock.ts';
import type { StartingWorld } from './engine/system.ts';
import { isWebhookSecret, type WebhookRequest } from './engine/webhooks.ts';
import { SimulatorError } from './errors.ts';
import { addDuration, type Instant, parseDuration, parseInstant } from './lib/time.ts';

/**
 * What a user can set; the same names on the command line (kebab-case), in `bss-simulator.yaml` and, upper case with
 * the prefix `BSS_SIMULATOR_`, in the environment. Flags win over the environment, the environment over the file.
 */
export interface SimulatorOptions {
  /** TCP port; 0 picks a free one. Default 4010. */
  port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /** Origin that links start with, for example `https://bss.example.com`; the request's own unless told. */
  publicUrl?: string;
  /** Whole number that everything random is derived from. Default 1. */
  seed?: number;
  /** ISO 8601 time to stand still at, `real`, or `real@<ISO>`. Default 2026-01-01T00:00:00.000Z. */
  clock?: string;
  /** Files or folders of contracts to serve in place of the shipped ones. */
  specs?: readonly string[];
  /** Which of the shipped systems to serve; all unless told. */
  systems?: readonly string[];
  /** Name of a shipped starting world, a file, or (in process only) what fills an empty store. */
  fixture?: string | StartingWorld;
  /** `any`: a token must be there where the contract demands one; `strict`: one of ours; `off`. Default any. */
  auth?: 'any' | 'strict' | 'off';
  /** Answers 500 in place of a response or event that breaks its contract. Default false: logged. */
  strict?: boolean;
  /** Reloads when a contract file changes. */
  watch?: boolean;
  /** Bearer token of the control API, demanded beyond loopback. */
  adminToken?: string;
  /** Hosts that callbacks and webhooks may go to, beyond loopback. */
  allowCallbacks?: readonly string[];
  /** Webhooks that every tenant starts with, and has again after a reset. */
  webhooks?: readonly WebhookRequest[];
  /** Which time `webhook-timestamp` tells. Default `wall`: receivers compare it with their own clock. */
  webhookTime?: 'wall' | 'virtual';
  /** Waits before each attempt of a delivery, ISO 8601 durations of virtual time; Standard Webhooks' own unless told. */
  retrySchedule?: readonly string[];
  /** Brokers that every event goes to: `amqp://…`, `nats://…` or `mqtt://…`. */
  queue?: readonly string[];
  /** Most tenants kept. Default 1000. */
  maxTenants?: number;
  /** Largest request body in bytes. Default 1 MiB. */
  maxBody?: number;
  /** Folder for the cache of loaded contracts; `false` for none. */
  cache?: string | false;
  /** Links between systems to switch off by name, or `all`. */
  disableLinks?: readonly string[];
  /** Parts of the systems' default policies to replace, by system. */
  policies?: Readonly<Record<string, unknown>>;
  /** `silent`, `error`, `warn`, `info` or `debug`. Default `info` on the command line, `silent` in process. */
  logLevel?: string;
}

/** Options with every default filled in and every value read. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly publicUrl?: string;
  readonly seed: number;
  readonly clock: { readonly mode: ClockMode; readonly now: number; readonly rate: number };
  readonly specs?: readonly string[];
  readonly systems?: readonly string[];
  readonly fixture?: string | StartingWorld;
  readonly auth: 'any' | 'strict' | 'off';
  readonly strict: boolean;
  readonly watch: boolean;
  readonly adminToken?: string;
  readonly allowCallbacks: readonly string[];
  readonly webhooks: readonly WebhookRequest[];
  readonly webhookTime: 'wall' | 'virtual';
  /** Milliseconds; the engine's own unless told. */
  readonly retrySchedule?: readonly number[];
  readonly queue: readonly string[];
  readonly maxTenants: number;
  readonly maxBody: number;
  readonly cache?: string;
  readonly disableLinks: readonly string[];
  readonly policies: Readonly<Record<string, unknown>>;
  readonly logLevel: string;
}

/** What an option holds; `list` is an array of texts, `objects` one of objects, `folder` a path or `false`. */
export type OptionKind = 'integer' | 'text' | 'list' | 'flag' | 'folder' | 'object' | 'objects';

/** Every option with what it holds, for those that read options from text. */
export const OPTION_KINDS: Readonly<Record<keyof SimulatorOptions, OptionKind>> = {
  port: 'integer',
  host: 'text',
  publicUrl: 'text',
  seed: 'integer',
  clock: 'text',
  specs: 'list',
  systems: 'list',
  fixture: 'text',
  auth: 'text',
  strict: 'flag',
  watch: 'flag',
  adminToken: 'text',
  allowCallbacks: 'list',
  webhooks: 'objects',
  webhookTime: 'text',
  retrySchedule: 'list',
  queue: 'list',
  maxTenants: 'integer',
  maxBody: 'integer',
  cache: 'folder',
  disableLinks: 'list',
  policies: 'object',
  logLevel: 'text',
};

/** What settings depend on that is no option. */
export interface SettingsContext {
  /** The wall time, which the clock `real` starts from. */
  readonly now?: Instant;
  /** The folder for the cache where the options name none; no cache without it. */
  readonly cache?: string;
}

const START_OF_TIME = '2026-01-01T00:00:00.000Z';

/**
 * Fills in the defaults and checks every value; throws `CONFIG_INVALID` for the first that makes no sense.
 *
 * @example resolveSettings({ port: 0, clock: 'real@2026-06-01T00:00:00Z' }).clock.mode // 'real'
 */
export function resolveSettings(options: SimulatorOptions, context: SettingsContext = {}): Settings {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTION_KINDS, name)) {
      throw invalid(`there is no option "${name}"`, `Use one of: ${Object.keys(OPTION_KINDS).join(', ')}.`);
    }
    if (value !== undefined) mustBe(name as keyof SimulatorOptions, value);
  }
  const {
    host = '127.0.0.1',
    publicUrl,
    specs,
    systems,
    fixture,
    adminToken,
    auth = 'any',
    logLevel = 'silent',
  } = options;
  const cache = options.cache === false ? undefined : (options.cache ?? context.cache);
  for (const [name, value] of Object.entries({ host, fixture, adminToken, cache })) {
    if (value === '') throw invalid(`"${name}" is empty`, 'Give it a value or leave it out.');
  }
  return {
    port: wholeNumber('port', options.port ?? 4010, 0, 65_535),
    host,
    ...(publicUrl !== undefined && { publicUrl: origin(publicUrl) }),
    seed: wholeNumber('seed', options.seed ?? 1, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    clock: parseClock(options.clock ?? START_OF_TIME, context.now),
    ...(specs !== undefined && { specs: notEmpty('specs', specs) }),
    ...(systems !== undefined && { systems }),
    ...(fixture !== undefined && { fixture }),
    auth: oneOf('auth', auth, ['any', 'strict', 'off']),
    strict: options.strict ?? false,
    watch: options.watch ?? false,
    ...(adminToken !== undefined && { adminToken }),
    allowCallbacks: options.allowCallbacks ?? [],
    webhooks: (options.webhooks ?? []).map(webhookOf),
    webhookTime: oneOf('webhookTime', options.webhookTime ?? 'wall', ['wall', 'virtual']),
    ...(options.retrySchedule !== undefined && { retrySchedule: waits(options.retrySchedule) }),
    queue: options.queue ?? [],
    maxTenants: wholeNumber('maxTenants', options.maxTenants ?? 1_000, 1, Number.MAX_SAFE_INTEGER),
    maxBody: wholeNumber('maxBody', options.maxBody ?? 2 ** 20, 1, Number.MAX_SAFE_INTEGER),
    ...(cache !== undefined && { cache }),
    disableLinks: options.disableLinks ?? [],
    policies: options.policies ?? {},
    logLevel: oneOf('logLevel', logLevel, ['silent', 'error', 'warn', 'info', 'debug']),
  };
}

/**
 * Reads the option `clock`: a time to stand still at, `real`, or `real@` and a time. `wallTime` is what `real` starts
 * from. Throws `CONFIG_INVALID` for anything else.
 *
 * @example parseClock('2026-06-01T00:00:00Z') // { mode: 'manual', now: 1780272000000, rate: 1 }
 */
export function parseClock(text: string, wallTime?: Instant): ClockState {
  const isReal = text === 'real' || text.startsWith('real@');
  const now = text === 'real' ? wallTime : parseInstant(isReal ? text.slice('real@'.length) : text);
  if (now !== undefined) return { mode: isReal ? 'real' : 'manual', now, rate: 1 };
  throw invalid(
    `the clock "${text}" is no time`,
    `Use an ISO 8601 time such as ${START_OF_TIME}, "real", or "real@" and a time.`,
  );
}

/**
 * What an option holds, in words for messages, and whether a value is one; not whether it makes sense.
 *
 * @example optionType('port').accepts('4010') // false
 */
export function optionType(name: keyof SimulatorOptions): { readonly words: string; accepts(value: unknown): boolean } {
  return KINDS[OPTION_KINDS[name]];
}

function mustBe(name: keyof SimulatorOptions, value: unknown): void {
  // A world can be filled by code, which no flag, file or variable can hold.
  if (name === 'fixture' && typeof value === 'function') return;
  const { words, accepts } = optionType(name);
  if (!accepts(value)) throw invalid(`"${name}" is ${JSON.stringify(value) ?? typeof value}`, `Use ${words}.`);
}

const isText = (value: unknown) => typeof value === 'string';
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

const KINDS: Readonly<Record<OptionKind, ReturnType<typeof optionType>>> = {
  integer: { words: 'a whole number', accepts: Number.isSafeInteger },
  text: { words: 'a text', accepts: isText },
  list: {
    words: 'a list of texts',
    accepts: (value) => Array.isArray(value) && value.every((item) => isText(item) && item !== ''),
  },
  flag: { words: 'true or false', accepts: (value) => typeof value === 'boolean' },
  folder: { words: 'the path of a folder, or false', accepts: (value) => isText(value) || value === false },
  object: {
    words: 'an object',
    accepts: (value) => isObject(value),
  },
  objects: { words: 'a list of objects', accepts: (value) => Array.isArray(value) && value.every(isObject) },
};

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw invalid(`"${name}" is ${value}`, `Use a whole number ${range}.`);
}

/** One of the option `webhooks`, each member looked at: a file may hold anything. */
function webhookOf(given: WebhookRequest, index: number): WebhookRequest {
  const { url, channels, secret, ordered } = given;
  const name = `"webhooks" ${index + 1}`;
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw invalid(`the url of ${name} is ${JSON.stringify(url)}`, 'Use an http or https address.');
  }
  if (!Array.isArray(channels) || channels.length === 0 || !channels.every(isText)) {
    throw invalid(`the channels of ${name} are ${JSON.stringify(channels)}`, 'Use a list such as ["customer/*"].');
  }
  if (secret !== undefined && (typeof secret !== 'string' || !isWebhookSecret(secret))) {
    throw invalid(`the secret of ${name} is none`, 'Use whsec_ and the base64 of 24 to 64 bytes, or leave it out.');
  }
  if (ordered !== undefined && typeof ordered !== 'boolean') {
    throw invalid(`"ordered" of ${name} is ${JSON.stringify(ordered)}`, 'Use true or false.');
  }
  return { url, channels, secret, ordered };
}

/** Durations as milliseconds; months have no fixed length. */
function waits(schedule: readonly string[]): readonly number[] {
  return notEmpty('retrySchedule', schedule).map((text) => {
    const duration = parseDuration(text);
    if (duration !== undefined && duration.months === 0) return addDuration(0, duration);
    throw invalid(`"retrySchedule" has "${text}"`, 'Use ISO 8601 durations without months, such as PT5S or P1D.');
  });
}

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw invalid(`"${name}" is "${value}"`, `Use one of: ${known.join(', ')}.`);
}

function notEmpty(name: string, value: readonly string[]): readonly string[] {
  if (value.length > 0) return value;
  throw invalid(`"${name}" is empty`, 'Name at least one, or leave it out.');
}

/** Without a slash at its end, so that paths can be put behind it. */
function origin(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !/[?#]/.test(text))
    return text.replace(/\/+$/, '');
  throw invalid(`"publicUrl" is "${text}"`, 'Use an address such as https://bss.example.com.');
}

function invalid(why: string, advice: string): SimulatorError {
  return new SimulatorError('CONFIG_INVALID', `Failed to read the options: ${why}. ${advice}`);
}
