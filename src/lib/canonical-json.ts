import { mapItems, mapMembers } from './json-object.ts';
import { jsonPieces, type Written } from './json-pieces.ts';

/**
 * JSON text with object keys in a fixed (code unit) order, so that equal values give equal bytes.
 *
 * @example canonicalJson({ b: 1, a: 2 }) // '{"a":2,"b":1}'
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

/** The same text and an end, in pieces as `jsonPieces` makes them. */
export function canonicalPieces(value: unknown, end: string): Iterable<string> {
  return jsonPieces(value, end, IN_ORDER);
}

/** The JSON value with all keys in order; what is in order already stays as it is, as transcripts go through here whole. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? mapItems(value, inOrder) : membersInOrder(value, inOrder);
}

function membersInOrder(value: object, map: (member: unknown) => unknown): object {
  const keys = Object.keys(value);
  const areInOrder = isSorted(keys);
  return mapMembers(value as Readonly<Record<string, unknown>>, areInOrder ? keys : keys.sort(), map, areInOrder);
}

const IN_ORDER: Written = { whole: inOrder, object: (value) => membersInOrder(value, (member) => member) };

function isSorted(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at += 1) if ((keys[at - 1] as string) > (keys[at] as string)) return false;
  return true;
}
