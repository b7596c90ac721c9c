/**
 * Puts work off until its result is first asked for, and keeps the result.
 *
 * @example const table = once(() => buildTable()); table() === table() // true
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
