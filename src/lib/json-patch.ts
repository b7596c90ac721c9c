import { isDeepStrictEqual } from 'node:util';
import { keysOf, pointerTo } from './json-pointer.ts';

/** One operation of a JSON Patch (RFC 6902), with the members that it needs. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** Why a patch cannot be applied: a place that it needs is not there, or a value is not what it tests. */
export class PatchFailure extends Error {
  readonly reason: 'missing' | 'test';

  constructor(reason: 'missing' | 'test', message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Applies a JSON Patch: all of its operations, or none. The value itself stays as it is.
 *
 * @example applyPatch({ a: 1 }, [{ op: 'replace', path: '/a', value: 2 }]) // { a: 2 }
 */
export function applyPatch(value: unknown, operations: readonly PatchOperation[]): unknown {
  return operations.reduce(applyOne, value);
}

function applyOne(value: unknown, { op, path, from = '', value: given }: PatchOperation): unknown {
  switch (op) {
    case 'add':
      return put(value, keysOf(path), given, true, '');
    case 'replace':
      return put(value, keysOf(path), given, false, '');
    case 'remove':
      return remove(value, keysOf(path), '');
    case 'copy':
      return put(value, keysOf(path), read(value, from), true, '');
    case 'move': {
      if (path.startsWith(`${from}/`)) throw new PatchFailure('missing', `${from} cannot be moved into itself`);
      return put(remove(value, keysOf(from), ''), keysOf(path), read(value, from), true, '');
    }
    default:
      if (isDeepStrictEqual(read(value, path), given)) return value;
      throw new PatchFailure('test', `${path} is not what the patch tests it for`);
  }
}

function read(value: unknown, path: string): unknown {
  let current = value;
  let at = '';
  for (const key of keysOf(path)) {
    current = memberOf(current, key, at);
    at = pointerTo(at, key);
  }
  return current;
}

/** A copy with a value at a place; `isNew` inserts into an array, and makes a member where there is none. */
function put(value: unknown, keys: readonly string[], given: unknown, isNew: boolean, at: string): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return given;
  if (rest.length > 0)
    return withMember(value, key, put(memberOf(value, key, at), rest, given, isNew, pointerTo(at, key)));
  if (!isNew) {
    memberOf(value, key, at);
    return withMember(value, key, given);
  }
  if (!Array.isArray(value)) return withMember(objectAt(value, key, at), key, given);
  const index = key === '-' ? value.length : indexOf(key, value.length, at);
  return value.toSpliced(index, 0, given);
}

function remove(value: unknown, keys: readonly string[], at: string): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) throw new PatchFailure('missing', 'the whole cannot be removed');
  const member = memberOf(value, key, at);
  if (rest.length > 0) return withMember(value, key, remove(member, rest, pointerTo(at, key)));
  if (Array.isArray(value)) return value.toSpliced(Number(key), 1);
  const { [key]: _, ...left } = value as Readonly<Record<string, unknown>>;
  return left;
}

function memberOf(value: unknown, key: string, at: string): unknown {
  if (Array.isArray(value)) return value[indexOf(key, value.length - 1, at)];
  const object = objectAt(value, key, at);
  if (Object.hasOwn(object, key)) return object[key];
  throw new PatchFailure('missing', `there is nothing at ${pointerTo(at, key)}`);
}

function objectAt(value: unknown, key: string, at: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && key !== '__proto__') return value as Record<string, unknown>;
  throw new PatchFailure('missing', `there is nothing at ${pointerTo(at, key)}`);
}

function indexOf(key: string, largest: number, at: string): number {
  const index = /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
  if (index <= largest) return index;
  throw new PatchFailure('missing', `there is no item at ${pointerTo(at, key)}`);
}

function withMember(value: unknown, key: string, member: unknown): unknown {
  return Array.isArray(value) ? value.with(Number(key), member) : { ...(value as object), [key]: member };
}
