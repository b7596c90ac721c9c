import { canonicalJson } from '../lib/canonical-json.ts';

/** An object that is no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The part of a value that keys lead to, one after another; `undefined` where there is none. */
export function valueAt(value: unknown, keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[key];
  }
  return current;
}

/** A copy of the value with one part set; what is missing on the way is made, and `-` appends to an array. */
export function withValueAt(value: unknown, keys: readonly string[], part: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return part;
  if (Array.isArray(value)) {
    const items: unknown[] = value.slice();
    const index = key === '-' ? items.length : Number(key);
    if (!Number.isInteger(index) || index < 0 || index > items.length) {
      throw new RangeError(`"${key}" is no place in an array of ${items.length}`);
    }
    items[index] = withValueAt(items[index], rest, part);
    return items;
  }
  const object = isRecord(value) ? value : {};
  return { ...object, [key]: withValueAt(Object.hasOwn(object, key) ? object[key] : undefined, rest, part) };
}

/** The JSON Pointer of these keys. */
export function toPointer(keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Whether two values are the same JSON; the order of members says nothing. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a ?? null) === canonicalJson(b ?? null);
}
