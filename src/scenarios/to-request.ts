import { isRecord } from './json-values.ts';
import type { HttpRequest, OperationCall } from './player.ts';
import { headerOf, toText } from './scope.ts';

/**
 * The request that asks for a call: parameters are put where the contract has them.
 *
 * @example requestOf(call, 'http://127.0.0.1:4010').url // 'http://127.0.0.1:4010/v1/customers/CUS-1?page=2'
 */
export function requestOf(call: OperationCall, baseUrl: string): HttpRequest {
  const path = call.operation.path.replace(/\{([^}]+)\}/g, (_match, name: string) =>
    encodeURIComponent(toText(call.path[name])),
  );
  const query = call.querystring ?? queryOf(call);
  const headers = Object.fromEntries(
    Object.entries(call.headers).map(([name, value]) => [name.toLowerCase(), toText(value)]),
  );
  const cookies = Object.entries(call.cookies).map(([name, value]) => `${name}=${encodeURIComponent(toText(value))}`);
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

const SEPARATORS = { csv: ',', ssv: ' ', tsv: '\t', pipes: '|' } as const;

function queryOf({ operation, query }: OperationCall): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const style =
      operation.parameters.find((parameter) => parameter.in === 'query' && parameter.name === name)?.arrayStyle ??
      'csv';
    if (!Array.isArray(value)) search.append(name, isRecord(value) ? JSON.stringify(value) : toText(value));
    else if (style === 'multi') for (const item of value as unknown[]) search.append(name, toText(item));
    else search.append(name, value.map((item: unknown) => toText(item)).join(SEPARATORS[style]));
  }
  return search.toString();
}
