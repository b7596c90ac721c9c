import { isDeepStrictEqual } from 'node:util';
import { isObject } from './json-object.ts';

/**
 * Whether a value has everything that a part tells: objects may have further members, lists may not.
 *
 * @example isPart({ status: 'Active' }, { id: '1', status: 'Active' }) // true
 */
export function isPart(part: unknown, value: unknown): boolean {
  if (isObject(part) && isObject(value)) {
    return Object.entries(part).every(([name, member]) => Object.hasOwn(value, name) && isPart(member, value[name]));
  }
  if (Array.isArray(part) && Array.isArray(value) && part.length === value.length) {
    return part.every((member, index) => isPart(member, value[index]));
  }
  return isDeepStrictEqual(part, value);
}
