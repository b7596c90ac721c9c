/** One `name=value` of a query or form; the value is still encoded, because a delimiter that is encoded is data. */
export interface Pair {
  readonly name: string;
  readonly raw: string;
}

/**
 * Takes a query apart, or a form, which is written alike.
 *
 * @example readPairs('ids=a%2Cb,c') // [{ name: 'ids', raw: 'a%2Cb,c' }]
 */
export function readPairs(text: string): readonly Pair[] {
  const pairs: Pair[] = [];
  // Looked for again only once it has been passed: a long form without any would else be searched to its end at each name.
  let equals = -1;
  for (let start = 0; start < text.length; ) {
    const ampersand = text.indexOf('&', start);
    const end = ampersand < 0 ? text.length : ampersand;
    if (equals < start) equals = indexOrEnd(text.indexOf('=', start), text);
    const nameEnd = Math.min(equals, end);
    if (end > start) {
      pairs.push({
        name: decodePart(text.slice(start, nameEnd)),
        raw: nameEnd === end ? '' : text.slice(nameEnd + 1, end),
      });
    }
    start = end + 1;
  }
  return pairs;
}

function indexOrEnd(index: number, text: string): number {
  return index < 0 ? text.length : index;
}

/**
 * Decodes a part of a query or form, where a plus stands for a blank.
 *
 * @example decodePart('a+b%2Bc') // 'a b+c'
 */
export function decodePart(text: string): string {
  return decode(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/**
 * Decodes a part of a path or cookie; what is not well encoded stays as it is.
 *
 * @example decode('a%20b') // 'a b'
 */
export function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
