import { join, resolve } from 'node:path';
import type { SimulatorOptions } from '../config.ts';
import { createHttpPort } from '../kit/connect.ts';
import { ControlClient } from '../kit/control-client.ts';
import type { JournalEntry } from '../kit/simulator-tenant.ts';
import { toHar } from '../lib/har.ts';
import { didYouMean } from '../lib/nearest-word.ts';
import { credentialValue } from '../model/credentials.ts';
import type { ServedSimulator } from './serve.ts';
import { type ServedContract, type ServedOperation, servedOperations, textOf } from './served-operations.ts';
import { addressOf, badUsage, clientOf, type SteeringContext, type SteeringFlags } from './steering.ts';
import { writeOutput } from './write-output.ts';

/** What can be exported. */
export type ExportKind = 'har' | 'postman' | 'bruno';

/** The flags of `export`. */
export interface ExportFlags extends Omit<SteeringFlags, 'url'> {
  /** A simulator that runs; what contracts say is also known without one. */
  readonly url?: string;
  readonly out?: string;
}

export interface ExportContext extends SteeringContext {
  readonly createSimulator: (options: SimulatorOptions) => ServedSimulator;
}

/** Contracts with their operations and examples. */
type Collections = Awaited<ReturnType<typeof servedOperations>>;

/**
 * The command `export`: writes what a tenant was asked as an HTTP Archive, or what contracts offer as a collection for
 * Postman or Bruno. A collection needs no simulator that runs: without `--url` one is started for it.
 *
 * @example await runExport('postman', { out: 'bss.postman.json' }, { specs: ['api.yaml'] }, context);
 */
export async function runExport(
  kind: ExportKind,
  flags: ExportFlags,
  options: SimulatorOptions,
  context: ExportContext,
): Promise<number> {
  const { output, cwd } = context;
  if (kind === 'har') {
    const url = addressOf(flags);
    const { tenant = 'default' } = flags;
    await requireTenant(tenant, flags, context);
    const requests = await clientOf(flags, context).list<JournalEntry>('/requests');
    const base = `${url.replace(/\/+$/, '')}${tenant === 'default' ? '' : `/@${tenant}`}`;
    await write(`${JSON.stringify(toHar(requests, base), null, 2)}\n`, flags, context);
    return 0;
  }
  const collections = await collectionsOf(flags, options, context);
  const baseUrl = flags.url ?? `http://127.0.0.1:${options.port ?? 4010}`;
  if (kind === 'postman') {
    await write(`${JSON.stringify(toPostman(collections, baseUrl), null, 2)}\n`, flags, context);
    return 0;
  }
  if (flags.out === undefined) throw badUsage('a collection of Bruno is a folder', 'Name one with --out.');
  for (const [file, text] of toBruno(collections, baseUrl))
    await writeOutput(join(resolve(cwd, flags.out), file), text);
  output.stderr.write(`Written: ${flags.out}. Open it in Bruno as a collection.\n`);
  return 0;
}

/** To ask for the requests of a tenant that there is not would make it, and write an archive of nothing. */
async function requireTenant(tenant: string, flags: ExportFlags, context: ExportContext): Promise<void> {
  const { tenant: _, ...about } = flags;
  const known = (await clientOf(about, context).list<{ readonly name: string }>('/tenants')).map(({ name }) => name);
  if (known.includes(tenant)) return;
  throw badUsage(`there is no tenant "${tenant}"`, didYouMean(tenant, known, `Use one of: ${known.join(', ')}.`));
}

async function write(text: string, { out }: ExportFlags, { output, cwd }: ExportContext): Promise<void> {
  if (out === undefined) output.stdout.write(text);
  else {
    await writeOutput(resolve(cwd, out), text);
    output.stderr.write(`Written: ${out}.\n`);
  }
}

/** Those of the simulator itself are for steering, and no part of what a client is written against. */
async function collectionsOf(
  flags: ExportFlags,
  options: SimulatorOptions,
  context: ExportContext,
): Promise<Collections> {
  const isWanted = ({ system, operations }: Collections[number]) => system !== 'simulator' && operations.length > 0;
  const { url } = flags;
  if (url !== undefined) return (await servedOperations(clientOf({ ...flags, url }, context))).filter(isWanted);
  const simulator = context.createSimulator({
    ...options,
    port: 0,
    host: '127.0.0.1',
    store: 'memory',
    queue: [],
    logLevel: 'error',
  });
  await simulator.start();
  try {
    const { adminToken } = options;
    const client = new ControlClient(createHttpPort(simulator.url), flags.tenant ?? 'default', () => adminToken);
    return (await servedOperations(client)).filter(isWanted);
  } finally {
    await simulator.stop();
  }
}

/** A collection in the format 2.1 of Postman: a folder for each contract, a request for each operation. */
function toPostman(collections: Collections, baseUrl: string): object {
  return {
    info: {
      name: 'bss-simulator',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: baseUrl },
      { key: 'token', value: 'any' },
    ],
    item: collections.map((contract) => ({
      name: nameOf(contract),
      item: contract.operations.map((operation) => ({
        name: operation.operationId,
        request: {
          method: operation.method,
          ...(operation.summary !== undefined && { description: operation.summary }),
          ...(!isBearer(operation) && { auth: { type: 'noauth' } }),
          header: headersOf(operation).map(([key, value]) => ({ key, value })),
          url: postmanUrl(operation),
          ...(operation.body !== undefined && {
            body: {
              mode: 'raw',
              raw: bodyText(operation.body),
              options: { raw: { language: /json/.test(operation.body.contentType) ? 'json' : 'text' } },
            },
          }),
        },
      })),
    })),
  };
}

function postmanUrl(operation: ServedOperation): object {
  const path = operation.path.replace(/\{([^}]*)\}/g, ':$1');
  const query = [
    ...placed(operation, 'query').map(([key, value, required]) => ({ key, value, disabled: !required })),
    ...keysIn(operation, 'query').map(([key, value]) => ({ key, value, disabled: false })),
  ];
  const search = query.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${inAddress(value)}`);
  return {
    raw: `{{baseUrl}}${path}${search.length === 0 ? '' : `?${search.join('&')}`}`,
    host: ['{{baseUrl}}'],
    path: path.split('/').slice(1),
    query,
    variable: placed(operation, 'path').map(([key, value]) => ({ key, value })),
  };
}

/** The files of a collection of Bruno: a folder for each contract, a file for each operation, and an environment. */
function* toBruno(collections: Collections, baseUrl: string): Generator<readonly [string, string]> {
  yield ['bruno.json', `${JSON.stringify({ version: '1', name: 'bss-simulator', type: 'collection' }, null, 2)}\n`];
  yield ['environments/simulator.bru', `vars {\n  baseUrl: ${baseUrl}\n  token: any\n}\n`];
  for (const contract of collections) {
    const folder = fileName(`${contract.system} ${contract.name}`);
    yield [`${folder}/folder.bru`, `meta {\n  name: ${nameOf(contract)}\n}\n`];
    for (const [index, operation] of contract.operations.entries()) {
      yield [`${folder}/${fileName(operation.operationId)}.bru`, brunoRequest(operation, index + 1)];
    }
  }
}

function brunoRequest(operation: ServedOperation, place: number): string {
  const { operationId, method, body } = operation;
  const query = [
    ...placed(operation, 'query'),
    ...keysIn(operation, 'query').map(([key, value]) => [key, value, true] as const),
  ];
  const search = query.filter(([, , required]) => required).map(([key, value]) => `${key}=${inAddress(value)}`);
  const path = operation.path.replace(/\{([^}]*)\}/g, ':$1');
  const kind =
    body === undefined
      ? 'none'
      : /json/.test(body.contentType)
        ? 'json'
        : /xml/.test(body.contentType)
          ? 'xml'
          : 'text';
  const block = (name: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${name} {\n${lines.map((line) => `  ${line}`).join('\n')}\n}\n`];
  return [
    `meta {\n  name: ${operationId}\n  type: http\n  seq: ${place}\n}\n`,
    `${method.toLowerCase()} {\n  url: {{baseUrl}}${path}${search.length === 0 ? '' : `?${search.join('&')}`}\n  body: ${kind}\n  auth: ${isBearer(operation) ? 'bearer' : 'none'}\n}\n`,
    ...block(
      'params:query',
      query.map(([key, value, required]) => `${required ? '' : '~'}${key}: ${value}`),
    ),
    ...block(
      'params:path',
      placed(operation, 'path').map(([key, value]) => `${key}: ${value}`),
    ),
    ...block(
      'headers',
      headersOf(operation).map(([key, value]) => `${key}: ${value}`),
    ),
    ...(isBearer(operation) ? block('auth:bearer', ['token: {{token}}']) : []),
    ...(body === undefined ? [] : block(`body:${kind}`, bodyText(body).split('\n'))),
  ].join('\n');
}

function nameOf({ system, title }: ServedContract): string {
  return `${system}: ${title}`;
}

/** Names and example values of the parameters in one place, and whether they are required. */
function placed({ parameters }: ServedOperation, place: string): readonly (readonly [string, string, boolean])[] {
  return parameters
    .filter((each) => each.in === place)
    .map(({ name, example, required }) => [name, textOf(example), required] as const);
}

function headersOf(operation: ServedOperation): readonly (readonly [string, string])[] {
  const { body } = operation;
  return [
    ...keysIn(operation, 'header'),
    ...keysIn(operation, 'cookie').map(([name, value]) => ['Cookie', `${name}=${value}`] as const),
    ...placed(operation, 'header')
      .filter(([, , required]) => required)
      .map(([name, value]) => [name, value] as const),
    ...(body === undefined ? [] : [['Content-Type', body.contentType] as const]),
  ];
}

/** Both programs have a place of their own for a bearer token; every other credential is a header or a parameter to them. */
function isBearer({ credentials }: ServedOperation): boolean {
  return credentials.some(({ scheme }) => scheme === 'Bearer');
}

/** With the variable in the place of the token, so that it is set once. */
function keysIn({ credentials }: ServedOperation, place: string): readonly (readonly [string, string])[] {
  return credentials
    .filter((each) => each.in === place && each.scheme !== 'Bearer')
    .map((each) => [each.name, each.scheme === 'Basic' ? credentialValue(each, 'any') : credentialValue(each, TOKEN)]);
}

const TOKEN = '{{token}}';

function inAddress(value: string): string {
  return value === TOKEN ? value : encodeURIComponent(value);
}

function bodyText({ example }: { readonly example: unknown }): string {
  return typeof example === 'string' ? example : JSON.stringify(example, null, 2);
}

function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '') || 'request';
}
