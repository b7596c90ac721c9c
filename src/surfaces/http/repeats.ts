import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { OperationInput } from '../../engine/input.ts';
import { isSameJson } from '../../lib/json-object.ts';

/** What of a request stays in the records, and is often the same as before. */
type Kept = Pick<OperationInput, 'url' | 'rawQuery' | 'path' | 'query' | 'headers'>;

/**
 * Remembers what came last on each connection. Clients repeat themselves, their headers first of all: records hold
 * thousands of requests, and what is the same in two of them is held once.
 *
 * @example const { headers } = repeats.of(request, { url, rawQuery, path, query, headers });
 */
export class Repeats {
  readonly #last = new WeakMap<Socket, { kept: Kept; rawHeaders: readonly string[] }>();

  /** The same values, where possible those that are held already. */
  of({ socket, rawHeaders }: Pick<IncomingMessage, 'socket' | 'rawHeaders'>, now: Kept): Kept {
    const last = this.#last.get(socket);
    if (last === undefined) {
      this.#last.set(socket, { kept: now, rawHeaders });
      return now;
    }
    const before = last.kept;
    // Equal texts, of which the one that is held is taken.
    const url = now.url === before.url ? before.url : now.url;
    const rawQuery = now.rawQuery === before.rawQuery ? before.rawQuery : now.rawQuery;
    const path = isSame(now.path, before.path) ? before.path : now.path;
    const query = isSame(now.query, before.query) ? before.query : now.query;
    // As they were sent: to read them one by one by their names takes several times as long.
    const headers = isSameJson(rawHeaders, last.rawHeaders) ? before.headers : now.headers;
    if (headers === now.headers) last.rawHeaders = rawHeaders;
    const isRepeated = url === before.url && rawQuery === before.rawQuery && path === before.path;
    if (!isRepeated || query !== before.query || headers !== before.headers)
      last.kept = { url, rawQuery, path, query, headers };
    return last.kept;
  }
}

/**
 * Characters of headers, their names included.
 *
 * @example headLength({ accept: 'a' }) // 7
 */
export function headLength(headers: Kept['headers']): number {
  let length = 0;
  for (const name in headers) {
    const value = headers[name];
    length += name.length;
    if (typeof value === 'string') length += value.length;
    else for (const each of value ?? []) length += each.length;
  }
  return length;
}

/** Whether two objects have the same members; what is in arrays and objects is not looked at, and is never the same. */
function isSame(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  let count = 0;
  for (const name in one) {
    if (one[name] !== other[name]) return false;
    count += 1;
  }
  for (const _ in other) count -= 1;
  return count === 0;
}
