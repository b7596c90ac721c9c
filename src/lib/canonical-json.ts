import { isObject } from './json-object.ts';

/**
 * JSON text with object keys in a fixed (code unit) order, so that equal values give equal bytes.
 *
 * @example canonicalJson({ b: 1, a: 2 }) // '{"a":2,"b":1}'
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isObject(part) ? sortKeys(part) : part));
}

function sortKeys(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // Built from entries, because assigning a `__proto__` key would set the prototype instead.
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, object[key]]),
  );
}
