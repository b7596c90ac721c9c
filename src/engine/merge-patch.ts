import { isDeepStrictEqual } from 'node:util';
import type { Entity } from './store/store.ts';

/**
 * Applies an RFC 7386 merge patch and answers the same object where it changes nothing.
 *
 * @example mergePatch({ a: 1, b: { c: 2 } }, { b: { c: null } }) // { a: 1, b: {} }
 */
export function mergePatch(target: Entity, patch: Entity): Entity {
  const patched = merge(target, patch) as Entity;
  return isDeepStrictEqual(patched, target) ? target : patched;
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, merge(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
