import { isJsonType } from '../lib/json-type.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation, Parameter } from '../model/operation.ts';
import { writeParameter } from '../model/parameter-style.ts';

/** A request for an operation, before it is written down. */
export interface ProbeRequest {
  readonly operation: Operation;
  /** Values by name, for each place that parameters stand in. */
  readonly values: Readonly<Record<Place, Readonly<Record<string, unknown>>>>;
  readonly contentType?: string;
  /** A JSON value, or the members of a form. */
  readonly body?: unknown;
  /** In place of the body: this text as it is. */
  readonly text?: string;
  /** Whether it is sent without what the user proves himself with. */
  readonly isAnonymous?: boolean;
}

export type Place = 'path' | 'query' | 'header' | 'cookie';

/** A request as it stands on the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, with the base path of the server. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
}

/**
 * The base path that operations of a contract are asked at: that of the address where it has one, else the contract's.
 *
 * @example basePathOf(contract, new URL('http://127.0.0.1:8080/api')) // '/api'
 */
function basePathOf({ basePath }: Pick<Contract, 'basePath'>, { pathname }: URL): string {
  return pathname === '/' ? basePath : pathname.replace(/\/$/, '');
}

/**
 * Writes a request down.
 *
 * @example toWire(request, contract, new URL('http://127.0.0.1:8080'), { authorization: 'Bearer any' }).target // '/v1/orders?limit=1'
 */
export function toWire(
  { operation, values, contentType, body, text, isAnonymous = false }: ProbeRequest,
  contract: Pick<Contract, 'basePath'>,
  server: URL,
  credentials: Readonly<Record<string, string>>,
): WireRequest {
  const written = (where: Place, name: string): string =>
    writeParameter(declared(operation, where, name), values[where][name]);
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => written('path', name));
  const query = Object.keys(values.query)
    .map((name) => written('query', name))
    .filter((pair) => pair !== '')
    .join('&');
  const headers: Record<string, string> = { accept: acceptOf(operation) };
  for (const name of Object.keys(values.header)) headers[name.toLowerCase()] = written('header', name);
  const cookies = Object.keys(values.cookie).map((name) => written('cookie', name));
  if (cookies.length > 0) headers.cookie = cookies.join('; ');
  const payload = text ?? payloadOf(body, contentType);
  if (payload !== undefined && contentType !== undefined) headers['content-type'] = contentType;
  const target = basePathOf(contract, server) + path.slice(contract.basePath.length);
  return {
    method: operation.method,
    target: query === '' ? target : `${target}?${query}`,
    headers: { ...headers, ...(!isAnonymous && credentials) },
    ...(payload !== undefined && { text: payload }),
  };
}

/** What a success is declared as: a server that offers several may have another favourite. */
function acceptOf({ responses }: Operation): string {
  const types = Object.values(responses).flatMap(({ content }) => Object.keys(content));
  const json = types.filter(isJsonType);
  return [...new Set(json), '*/*;q=0.5'].join(', ');
}

function declared(operation: Operation, where: Place, name: string): Parameter {
  return (
    operation.parameters.find((parameter) => parameter.in === where && parameter.name === name) ?? {
      in: where,
      name,
      required: false,
      schema: {},
    }
  );
}

function payloadOf(body: unknown, contentType = 'application/json'): string | undefined {
  if (body === undefined) return undefined;
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return JSON.stringify(body);
  const pairs = Object.entries(body as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
    [value]
      .flat()
      .map((each): [string, string] => [name, typeof each === 'object' ? JSON.stringify(each) : String(each)]),
  );
  return new URLSearchParams(pairs).toString();
}
