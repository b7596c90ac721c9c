import type { Parameter } from '../model/operation.ts';
import { writeParameter } from '../model/parameter-style.ts';
import type { HttpRequest, OperationCall } from './player.ts';
import { headerOf, toText } from './scope.ts';

/**
 * The request that asks for a call: parameters are put where the contract has them.
 *
 * @example requestOf(call, 'http://127.0.0.1:4010').url // 'http://127.0.0.1:4010/v1/customers/CUS-1?page=2'
 */
export function requestOf(call: OperationCall, baseUrl: string): HttpRequest {
  const path = call.operation.path.replace(/\{([^}]+)\}/g, (_match, name: string) =>
    writeParameter(parameterOf(call, 'path', name), call.path[name]),
  );
  const query = call.querystring ?? queryOf(call);
  const headers = Object.fromEntries(
    Object.entries(call.headers).map(([name, value]) => [
      name.toLowerCase(),
      isStructured(value) ? writeParameter(parameterOf(call, 'header', name), value) : toText(value),
    ]),
  );
  const cookies = Object.entries(call.cookies).map(([name, value]) =>
    writeParameter(parameterOf(call, 'cookie', name), value),
  );
  if (cookies.length > 0) headers.cookie = cookies.join('; ');
  if (call.contentType !== undefined && headerOf(headers, 'content-type') === undefined)
    headers['content-type'] = call.contentType;
  headers.accept ??= '*/*';
  return {
    method: call.operation.method,
    url: `${baseUrl}${path}${query === '' ? '' : `?${query}`}`,
    path: call.path,
    query: call.query,
    headers,
    ...(call.body !== undefined && { body: call.body }),
    ...(call.text !== undefined && { text: call.text }),
  };
}

function queryOf(call: OperationCall): string {
  return Object.entries(call.query)
    .map(([name, value]) => writeParameter(parameterOf(call, 'query', name), value))
    .join('&');
}

/** The parameter as the contract declares it; one that it does not declare is written in one piece, an object as JSON. */
function parameterOf({ operation }: OperationCall, where: Parameter['in'], name: string) {
  const isSame = where === 'header' ? isSameHeader : Object.is;
  return (
    operation.parameters.find((parameter) => parameter.in === where && isSame(parameter.name, name)) ?? {
      in: where,
      name,
      explode: false,
    }
  );
}

function isSameHeader(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isStructured(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
