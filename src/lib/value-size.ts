/** Aliases of YAML let a short text stand for a huge document; no real contract has a tenth of this. */
const MAX_VALUES = 10_000_000;

/** Values in values, far deeper than any contract: what walks through documents must not run out of stack. */
export const MAX_DEPTH = 400;

/**
 * How many values are in a value, itself included; counted no further than beyond `most`.
 *
 * @example countValues({ a: [1, 2] }, 100) // 4
 */
export function countValues(value: unknown, most: number): number {
  const waiting = [value];
  let count = 0;
  for (; waiting.length > 0 && count <= most; count += 1) {
    const each = waiting.pop();
    if (typeof each !== 'object' || each === null) continue;
    for (const member of Object.values(each)) waiting.push(member);
  }
  return count;
}

/** The size of what is being measured: an alias to what it stands in never ends. */
const UNDER_WAY = Number.POSITIVE_INFINITY;

/**
 * Why a value is too large or deep to be worked with, aliases written out; `undefined` where it is not.
 *
 * @example excessOf({ a: [1, 2] }) // undefined
 */
export function excessOf(document: unknown): string | undefined {
  const sizes = new Map<object, number>();
  let isTooDeep = false;
  let isCircular = false;
  const sizeOf = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) {
      isCircular ||= known === UNDER_WAY;
      return known;
    }
    sizes.set(value, UNDER_WAY);
    if (depth > MAX_DEPTH) {
      isTooDeep = true;
      return 1;
    }
    let size = 1;
    for (const member of Object.values(value)) size += sizeOf(member, depth + 1);
    sizes.set(value, size);
    return size;
  };
  const size = sizeOf(document, 0);
  if (isCircular) return 'The document has an alias to what it stands in, which never ends.';
  if (isTooDeep) return `The document has values in values, more than ${MAX_DEPTH} deep.`;
  return size > MAX_VALUES ? `The document stands for more than ${MAX_VALUES} values, aliases written out.` : undefined;
}
