import type { AST } from '@eslint-community/regexpp';
import { characterSetOf, writeSet } from './character-set.ts';

/** RE2 repeats so often at once, and no more. */
const MOST_REPEATED = 1_000;
/** Beyond it, what is repeated is written so often that the pattern is too large anyway. */
const MOST_WRITTEN = 10_000;

/** What RE2 has no word for: it looks around, refers back, or takes characters that RE2 does not know. */
class Unwritable extends Error {}

/**
 * A pattern of JavaScript as RE2 writes it, taking the very same texts; `undefined` for one that RE2 cannot express.
 *
 * @example writeRe2(parse('^\\d+$').alternatives) // '\\A[\\x{30}-\\x{39}]+\\z'
 */
export function writeRe2(alternatives: readonly AST.Alternative[]): string | undefined {
  try {
    return either(alternatives);
  } catch (error) {
    if (error instanceof Unwritable) return undefined;
    throw error;
  }
}

function either(alternatives: readonly AST.Alternative[]): string {
  return alternatives.map(({ elements }) => elements.map(write).join('')).join('|');
}

function write(part: AST.Element): string {
  switch (part.type) {
    case 'Group':
      if (part.modifiers !== null) throw new Unwritable();
      return `(?:${either(part.alternatives)})`;
    case 'CapturingGroup':
      return `(?:${either(part.alternatives)})`;
    case 'Quantifier':
      return repeat(write(part.element), part.min, part.max);
    case 'Assertion':
      if (part.kind === 'start') return '\\A';
      if (part.kind === 'end') return '\\z';
      if (part.kind === 'word') return part.negate ? '\\B' : '\\b';
      throw new Unwritable();
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet': {
      const set = characterSetOf(part);
      if (set === undefined) throw new Unwritable();
      return writeSet(set);
    }
    default:
      throw new Unwritable();
  }
}

/** Whether it is greedy makes no difference to whether a text is taken. */
function repeat(written: string, min: number, max: number): string {
  const isOpen = max === Number.POSITIVE_INFINITY;
  if ((isOpen ? min : max) > MOST_WRITTEN) throw new Unwritable();
  const part = `(?:${written})`;
  if (isOpen && min <= 1) return `${part}${min === 0 ? '*' : '+'}`;
  const required = inChunks(min, (times) => `${part}{${times}}`);
  return required + (isOpen ? `${part}*` : inChunks(max - min, (times) => `${part}{0,${times}}`));
}

function inChunks(times: number, writeChunk: (times: number) => string): string {
  let written = '';
  for (let left = times; left > 0; left -= MOST_REPEATED) written += writeChunk(Math.min(left, MOST_REPEATED));
  return written;
}
