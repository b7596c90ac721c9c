/** A JSON object whose members are not known yet. */
export type PlainObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: neither an array nor `null`. */
export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one: a malformed document is reported by its check, not by a crash. */
export function objectOr(value: unknown): PlainObject {
  return isPlainObject(value) ? value : {};
}

/** The value if it is a list, else an empty one. */
export function listOr(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is a string, else `undefined`. */
export function stringOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The strings in a list. */
export function stringsIn(value: unknown): string[] {
  return listOr(value).filter((item) => typeof item === 'string');
}

/** The `x-…` members. */
export function extensionsOf(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(objectOr(value)).filter(([key]) => key.startsWith('x-')));
}
