import { JSONPointer, type JSONValue, jsonpath } from 'json-p3';

/**
 * All parts of a value that a JSONPath (RFC 9535) selects. Throws where the path is malformed.
 *
 * @example queryJson({ items: [{ id: 1 }, { id: 2 }] }, '$.items[?@.id == 2]') // [{ id: 2 }]
 */
export function queryJson(value: unknown, path: string): unknown[] {
  return jsonpath.query(path, value as JSONValue).values();
}

/** The keys that lead to each part that a JSONPath selects. */
export function placesOf(value: unknown, path: string): string[][] {
  return jsonpath
    .query(path, value as JSONValue)
    .locations()
    .map((keys) => keys.map(String));
}

/** What is wrong with a JSONPath, or `undefined` for a good one. */
export function jsonPathMistake(path: string): string | undefined {
  try {
    jsonpath.compile(path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The keys of a JSON Pointer (RFC 6901), with or without the `#` of a fragment; `undefined` where the text is none. */
export function pointerKeys(pointer: string): readonly string[] | undefined {
  const text = pointer.startsWith('#') ? pointer.slice(1) : pointer;
  // The library takes a tilde for itself where it escapes nothing; to the RFC that is a mistake.
  if (/~(?![01])/.test(text)) return undefined;
  try {
    return new JSONPointer(text).tokens;
  } catch {
    return undefined;
  }
}
