import type { AST } from '@eslint-community/regexpp';

/** Characters that a pattern takes at one place: ranges of code points, sorted and apart, or more than is worked out here. */
export interface CharacterSet {
  readonly ranges: readonly Range[];
  /** Names of Unicode properties that it takes too, as RE2 writes them, such as `\p{L}`. */
  readonly properties: readonly string[];
  /** Whether it takes all others. */
  readonly isNegated: boolean;
}

type Range = readonly [first: number, last: number];

/** What JavaScript takes for one character; `undefined` for what RE2 has no word for. */
export function characterSetOf(node: AST.Character | AST.CharacterSet | AST.CharacterClass): CharacterSet | undefined {
  if (node.type === 'Character') return setOf([[node.value, node.value]]);
  if (node.type === 'CharacterSet') return escapedSet(node);
  if (node.unicodeSets) return undefined;
  const ranges: Range[] = [];
  const properties: string[] = [];
  for (const element of node.elements) {
    if (element.type === 'CharacterClassRange') ranges.push([element.min.value, element.max.value]);
    else {
      const part =
        element.type === 'Character' || element.type === 'CharacterSet' ? characterSetOf(element) : undefined;
      if (part === undefined || (part.isNegated && part.properties.length > 0)) return undefined;
      ranges.push(...(part.isNegated ? complementOf(part.ranges) : part.ranges));
      properties.push(...part.properties);
    }
  }
  const set: CharacterSet = { ranges: merged(ranges), properties, isNegated: node.negate };
  return hasSurrogate(set) ? undefined : set;
}

/** Whether no character is in both; what is not worked out may be in any. */
export function areApart(one: CharacterSet, other: CharacterSet): boolean {
  if (one.properties.length > 0 || other.properties.length > 0) return false;
  const others = plainRanges(other);
  let at = 0;
  for (const [first, last] of plainRanges(one)) {
    while (at < others.length && (others[at] as Range)[1] < first) at += 1;
    const next = others[at];
    if (next !== undefined && next[0] <= last) return false;
  }
  return true;
}

/** The set as RE2 writes it. */
export function writeSet({ ranges, properties, isNegated }: CharacterSet): string {
  if (ranges.length === 0 && properties.length === 0) return isNegated ? ANY : NONE;
  const written = ranges.map(([first, last]) =>
    first === last ? codePoint(first) : `${codePoint(first)}-${codePoint(last)}`,
  );
  return `[${isNegated ? '^' : ''}${written.join('')}${properties.join('')}]`;
}

const ANY = '[\\x{0}-\\x{10FFFF}]';
const NONE = '[^\\x{0}-\\x{10FFFF}]';
const LAST_CODE_POINT = 0x10ffff;

function codePoint(value: number): string {
  return `\\x{${value.toString(16)}}`;
}

function escapedSet(node: AST.CharacterSet): CharacterSet | undefined {
  switch (node.kind) {
    case 'any':
      return { ranges: LINE_ENDS, properties: [], isNegated: true };
    case 'digit':
      return { ranges: DIGITS, properties: [], isNegated: node.negate };
    case 'space':
      return { ranges: SPACES, properties: [], isNegated: node.negate };
    case 'word':
      return { ranges: WORDS, properties: [], isNegated: node.negate };
    default: {
      const { key, value, negate } = node;
      const isCategory = value === null || key === 'General_Category' || key === 'gc';
      if (!isCategory && key !== 'Script' && key !== 'sc') return undefined;
      return { ranges: [], properties: [`\\${negate ? 'P' : 'p'}{${value ?? key}}`], isNegated: false };
    }
  }
}

const DIGITS: readonly Range[] = [[0x30, 0x39]];
const WORDS: readonly Range[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const LINE_ENDS: readonly Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const SPACES: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** Halves of a character, as a pattern without the unicode mode has them; RE2 only knows whole ones. */
function hasSurrogate({ ranges, isNegated }: CharacterSet): boolean {
  return !isNegated && ranges.some(([first, last]) => first >= 0xd800 && last <= 0xdfff);
}

function setOf(ranges: readonly Range[]): CharacterSet | undefined {
  const set: CharacterSet = { ranges, properties: [], isNegated: false };
  return hasSurrogate(set) ? undefined : set;
}

function plainRanges({ ranges, isNegated }: CharacterSet): readonly Range[] {
  return isNegated ? complementOf(ranges) : ranges;
}

function merged(ranges: readonly Range[]): readonly Range[] {
  const found: [number, number][] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = found.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else found.push([first, last]);
  }
  return found;
}

function complementOf(ranges: readonly Range[]): readonly Range[] {
  const found: Range[] = [];
  let from = 0;
  for (const [first, last] of ranges) {
    if (first > from) found.push([from, first - 1]);
    from = last + 1;
  }
  if (from <= LAST_CODE_POINT) found.push([from, LAST_CODE_POINT]);
  return found;
}
