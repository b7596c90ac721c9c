import { isObject, isSameJson } from '../../lib/json-object.ts';
import type { Entity } from './store/store.ts';

/**
 * Applies an RFC 7386 merge patch and answers the same object where it changes nothing.
 *
 * @example mergePatch({ a: 1, b: { c: 2 } }, { b: { c: null } }) // { a: 1, b: {} }
 */
export function mergePatch(target: Entity, patch: Entity): Entity {
  return mergeValue(target, patch) as Entity;
}

/**
 * What an object becomes by some new values of its properties: as by a merge patch, but `null` is a value like any other.
 *
 * @example mergeValues({ a: 1, b: 2 }, { b: null }) // { a: 1, b: null }
 */
export function mergeValues(target: Entity, values: Entity): Entity {
  return mergeValue(target, values, true) as Entity;
}

/** The same for any value. What is the same as before stays the same object. */
export function mergeValue(target: unknown, patch: unknown, isNullKept = false): unknown {
  if (!isObject(patch)) return isSameJson(target, patch) ? target : patch;
  const before = isObject(target) ? target : {};
  let merged: Record<string, unknown> | undefined = before === target ? undefined : {};
  for (const key in patch) {
    const value = patch[key];
    if (value === null && !isNullKept) {
      if (!Object.hasOwn(before, key)) continue;
      merged ??= { ...before };
      delete merged[key];
      continue;
    }
    const after = mergeValue(before[key], value, isNullKept);
    if (after === before[key] && Object.hasOwn(before, key)) continue;
    merged ??= { ...before };
    merged[key] = after;
  }
  return merged ?? target;
}
