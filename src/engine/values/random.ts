import { hash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A source of numbers in [0, 1), reproducible from what it was made of. */
export type RandomSource = () => number;

/**
 * Everything that looks like chance: each value depends on the seed and on what it is for, never on what was drawn
 * before for something else. So creating a customer does not shift the ids of invoices.
 *
 * @example
 * const chance = createChance(1);
 * chance.uuid('customer', 7); // the same on every machine
 */
export interface Chance {
  readonly seed: number;
  /** A fresh source for one purpose. */
  source(...purpose: readonly (string | number)[]): RandomSource;
  /** A version 4 UUID for one purpose. */
  uuid(...purpose: readonly (string | number)[]): string;
  /** Lower-case hexadecimal digits for one purpose, at most 64. */
  hex(length: number, ...purpose: readonly (string | number)[]): string;
}

const HEXADECIMAL = '0123456789abcdef';
/** What the first digit of a UUID's fourth group may be (RFC 9562, 4.1). */
const VARIANTS = '89ab';
const HYPHEN = 45;
const VERSION = '4'.charCodeAt(0);

/** Makes the chance of one seed; see `Chance`. */
export function createChance(seed: number): Chance {
  const digest = (purpose: readonly (string | number)[]) => {
    let text = String(seed);
    // Each event asks, and to join two or three parts takes longer than to add them.
    for (const part of purpose) text += `/${part}`;
    return hash('sha256', text, 'hex');
  };
  return {
    seed,
    source(...purpose) {
      const generator = xoroshiro128plus(Number.parseInt(digest(purpose).slice(0, 8), 16) | 0);
      return () => uniformFloat64(generator);
    },
    uuid(...purpose) {
      return toUuid(digest(purpose));
    },
    hex(length, ...purpose) {
      return digest(purpose).slice(0, length);
    },
  };
}

/**
 * A version 4 UUID of hexadecimal digits. Made of characters and not of pieces: it is one text at once, where one that is put
 * together is kept, or joined, piece by piece, and every event has one.
 */
function toUuid(digits: string): string {
  const at = (index: number): number => digits.charCodeAt(index);
  const variant = VARIANTS.charCodeAt(HEXADECIMAL.indexOf(digits.charAt(16)) & 3);
  // biome-ignore format: one line a group
  return String.fromCharCode(
    at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), HYPHEN,
    at(8), at(9), at(10), at(11), HYPHEN,
    VERSION, at(13), at(14), at(15), HYPHEN,
    variant, at(17), at(18), at(19), HYPHEN,
    at(20), at(21), at(22), at(23), at(24), at(25), at(26), at(27), at(28), at(29), at(30), at(31),
  );
}

/** One of several, each as likely as the others; throws a RangeError where there are none. */
export function pick<T>(random: RandomSource, choices: readonly T[]): T {
  if (choices.length === 0) throw new RangeError('Failed to pick: there is nothing to choose from.');
  return choices[Math.floor(random() * choices.length)] as T;
}

/** A whole number from `low` to `high`, both included. */
export function integerBetween(random: RandomSource, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}
