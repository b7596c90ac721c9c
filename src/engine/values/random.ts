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

/** Makes the chance of one seed; see `Chance`. */
export function createChance(seed: number): Chance {
  const digest = (purpose: readonly (string | number)[]) => hash('sha256', `${seed}/${purpose.join('/')}`, 'hex');
  return {
    seed,
    source(...purpose) {
      const generator = xoroshiro128plus(Number.parseInt(digest(purpose).slice(0, 8), 16) | 0);
      return () => uniformFloat64(generator);
    },
    uuid(...purpose) {
      const text = digest(purpose);
      const variant = VARIANTS.charAt(HEXADECIMAL.indexOf(text.charAt(16)) & 3);
      // Joined, because what is joined is one text: one that is added piece by piece is kept piece by piece.
      return [
        text.slice(0, 8),
        text.slice(8, 12),
        `4${text.slice(13, 16)}`,
        `${variant}${text.slice(17, 20)}`,
        text.slice(20, 32),
      ].join('-');
    },
    hex(length, ...purpose) {
      return digest(purpose).slice(0, length);
    },
  };
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
