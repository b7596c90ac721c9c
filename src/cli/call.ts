import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { resolve } from 'node:path';
import { createHttpPort } from '../kit/connect.ts';
import { nearestWord } from '../lib/nearest-word.ts';
import type { AskedRequest } from '../model/asked-request.ts';
import { type Credential, credentialValue } from '../model/credentials.ts';
import { type ServedOperation, servedOperations, textOf } from './served-operations.ts';
import { addressOf, adminTokenOf, badUsage, clientOf, type SteeringContext, type SteeringFlags } from './steering.ts';

/** The flags of `call`. */
export interface CallFlags extends SteeringFlags {
  /** Values of parameters by name, and of members of the body by their path with dots. */
  readonly set?: readonly string[];
  /** The body itself, or `@` and a file. */
  readonly body?: string;
  readonly header?: readonly string[];
  /** The bearer token of the system that is called. */
  readonly token?: string;
  /** Print the request as a command of curl, and send nothing. */
  readonly curl?: boolean;
}

/**
 * The command `call`: calls an operation of a simulator that runs, with a valid example of all that is not said. Answers 0,
 * or 1 where the answer is an error.
 *
 * @example await runCall(['createCustomer'], { url: 'http://127.0.0.1:4010', set: ['email=ada@example.com'] }, context);
 */
export async function runCall(words: readonly string[], flags: CallFlags, context: SteeringContext): Promise<number> {
  const { output } = context;
  const contracts = await servedOperations(clientOf(flags, context));
  const operation = findOperation(
    words,
    contracts.flatMap(({ operations }) => operations),
  );
  const request = requestOf(operation, flags, context);
  if (flags.curl === true) {
    output.stdout.write(`${toCurl(addressOf(flags), request)}\n`);
    return 0;
  }
  const { status, body } = await createHttpPort(addressOf(flags)).send(request);
  const value = parsed(body);
  if (flags.json === true) output.stdout.write(`${JSON.stringify({ status, body: value })}\n`);
  else {
    output.stderr.write(`${request.method} ${request.path} → ${status} ${STATUS_CODES[status] ?? ''}\n`);
    if (body !== '') output.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}\n`);
  }
  return status < 400 ? 0 : 1;
}

/** The operation that is meant: by its id, with or without its system, or by its method and path. */
function findOperation(words: readonly string[], operations: readonly ServedOperation[]): ServedOperation {
  const [first = '', path] = words;
  if (path !== undefined) {
    const method = first.toUpperCase();
    const here = (path.startsWith('/') ? path : `/${path}`).split('?')[0] ?? '';
    const found =
      operations.find((each) => each.method === method && each.path === here) ??
      operations.find((each) => each.method === method && valuesOf(each.path, here) !== undefined);
    if (found === undefined && !METHODS.has(method)) {
      const name = operations.find((each) => each.operationId === first || idOf(each) === first)?.parameters[0]?.name;
      const said = path.includes('=') ? path : `${name ?? 'name'}=${/^[\w.-]+$/.test(path) ? path : 'value'}`;
      throw badUsage(
        `"${first}" is no method, and "${path}" more than one operation`,
        `Say what it is about with --set, such as --set ${said}.`,
      );
    }
    if (found === undefined) {
      const near = nearestWord(
        `${method} ${here}`,
        operations.map((each) => `${each.method} ${each.path}`),
      );
      throw unknown(`${method} ${here}`, near);
    }
    return withValues(found, valuesOf(found.path, here) ?? {});
  }
  const found = operations.filter((each) => each.operationId === first || idOf(each) === first);
  if (found.length > 1) {
    const ids = found.map(idOf).join(', ');
    throw badUsage(`several contracts have an operation "${first}"`, `Use one of: ${ids}; or method and path.`);
  }
  if (found[0] === undefined) {
    throw unknown(
      first,
      nearestWord(
        first,
        operations.flatMap((each) => [each.operationId, idOf(each)]),
      ),
    );
  }
  return found[0];
}

const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'PUT',
  'POST',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'QUERY',
]);

function unknown(word: string, near: string | undefined) {
  const advice =
    near === undefined
      ? 'Use an operationId, or a method and a path, such as GET /v1/customers.'
      : `Did you mean \`${near}\`?`;
  return badUsage(`no contract that is served has an operation "${word}"`, advice);
}

function idOf({ system, operationId }: ServedOperation): string {
  return `${system}/${operationId}`;
}

/** What the parameters of a template are in a path; nothing where it is none of its. */
function valuesOf(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const names: string[] = [];
  const pattern = template
    .split(/(\{[^}]*\})/)
    .map((part) => {
      if (!/^\{.*\}$/.test(part)) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      names.push(part.slice(1, -1));
      return '([^/]+)';
    })
    .join('');
  const match = new RegExp(`^${pattern}$`).exec(path);
  if (match === null) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]));
}

function withValues(operation: ServedOperation, values: Readonly<Record<string, string>>): ServedOperation {
  const parameters = operation.parameters.map((each) =>
    // A path that is written as the contract has it leaves the value open.
    each.in === 'path' && values[each.name] !== undefined && values[each.name] !== `{${each.name}}`
      ? { ...each, example: values[each.name] }
      : each,
  );
  return { ...operation, parameters };
}

function requestOf(operation: ServedOperation, flags: CallFlags, context: SteeringContext): AskedRequest {
  const { tenant, token, header = [], set = [] } = flags;
  const given = new Map(set.map((text) => pairOf('--set', text, '=')));
  const search = new URLSearchParams();
  const headers: Record<string, string> = {};
  let { path } = operation;
  for (const { name, in: place, example } of operation.parameters) {
    const value = given.get(name) ?? (example === undefined ? undefined : textOf(example));
    given.delete(name);
    if (value === undefined) continue;
    if (place === 'path') path = path.replaceAll(`{${name}}`, encodeURIComponent(value));
    else if (place === 'header') headers[name.toLowerCase()] = value;
    else if (place === 'cookie') addCookie(headers, name, value);
    else search.append(name, value);
  }
  const body = bodyOf(operation, given, flags, context);
  if (body !== undefined) headers['content-type'] = operation.body?.contentType ?? 'application/json';
  const isControl = operation.path.startsWith('/_simulator');
  const secret = token ?? (isControl ? adminTokenOf(flags, context) : 'bss-simulator-call');
  // A token that was given is sent, be it asked for or not.
  const wanted = token !== undefined && !operation.isSecured ? [BEARER] : operation.credentials;
  const credentials =
    secret === undefined ? [] : wanted.map((each) => ({ ...each, value: credentialValue(each, secret) }));
  for (const { in: place, name, value } of credentials) {
    if (place === 'query') search.append(name, value);
    else if (place === 'cookie') addCookie(headers, name, value);
    else headers[name.toLowerCase()] = value;
  }
  for (const text of header) {
    const [name, value] = pairOf('--header', text, ':');
    headers[name.toLowerCase()] = value.trim();
  }
  const prefix = tenant === undefined || new URL(addressOf(flags)).pathname.includes('/@') ? '' : `/@${tenant}`;
  const query = search.size === 0 ? '' : `?${search}`;
  return { method: operation.method, path: `${prefix}${path}${query}`, headers, ...(body !== undefined && { body }) };
}

/** What a token is given by where an operation asks for none. */
const BEARER: Credential = { in: 'header', name: 'Authorization', scheme: 'Bearer' };

function addCookie(headers: Record<string, string>, name: string, value: string): void {
  headers.cookie = `${headers.cookie === undefined ? '' : `${headers.cookie}; `}${name}=${value}`;
}

function pairOf(flag: string, text: string, between: string): readonly [string, string] {
  const place = text.indexOf(between);
  if (place < 1) throw badUsage(`${flag} is "${text}"`, `Use a name, "${between}" and a value.`);
  return [text.slice(0, place).trim(), text.slice(place + 1)];
}

/** The example with what was said put into it; the text of `--body` as it stands. */
function bodyOf(
  { operationId, parameters, body }: ServedOperation,
  given: ReadonlyMap<string, string>,
  flags: CallFlags,
  { cwd }: SteeringContext,
): string | undefined {
  const [stray] = given.keys();
  if (flags.body !== undefined) {
    if (stray !== undefined) throw noSuchName(operationId, stray, parameters);
    return flags.body.startsWith('@') ? readBody(resolve(cwd, flags.body.slice(1))) : flags.body;
  }
  if (body === undefined) {
    if (stray !== undefined) throw noSuchName(operationId, stray, parameters);
    return undefined;
  }
  let value: unknown = structuredClone(body.example);
  for (const [name, text] of given) value = withMember(value, name.split('.'), parsed(text));
  return typeof value === 'string' && !/\bjson\b/.test(body.contentType) ? value : JSON.stringify(value);
}

function noSuchName(operationId: string, name: string, parameters: ServedOperation['parameters']) {
  const names = parameters.map((each) => each.name);
  return badUsage(
    `${operationId} takes no "${name}"`,
    names.length === 0 ? 'It takes nothing of the kind.' : `Use one of: ${names.join(', ')}.`,
  );
}

function readBody(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw badUsage(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      'Name a file, as --body @order.json.',
    );
  }
}

/** A value with one of its members replaced; objects are made on the way. */
function withMember(value: unknown, [name, ...rest]: readonly string[], member: unknown): unknown {
  if (name === undefined) return member;
  if (Array.isArray(value) && /^\d+$/.test(name)) {
    return value.toSpliced(Number(name), 1, withMember(value[Number(name)], rest, member));
  }
  const before = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return { ...before, [name]: withMember(before[name], rest, member) };
}

/** The value that a text is in JSON, or else the text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function toCurl(url: string, { method, path, headers, body }: AskedRequest): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return [
    `curl -X ${method} ${quoted(`${url.replace(/\/+$/, '')}${path}`)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data ${quoted(body)}`]),
  ].join(' \\\n  ');
}
