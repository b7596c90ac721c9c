import type { AST } from '@eslint-community/regexpp';
import { areApart, type CharacterSet, characterSetOf } from './character-set.ts';

/** Characters of a pattern that are compared with each other, at most: each with each. */
const MOST_PLACES = 300;
/** Ways through a pattern that may all be tried at one place of a text. */
const MOST_WAYS = 100;
/** Characters that a pattern may take which is tried at every place of a text. */
const LONGEST_UNANCHORED = 100;

/**
 * Whether trying one way after another, as JavaScript does, takes time in proportion to the text, whatever the text: it
 * begins at one place of it, or takes few characters; and either there are few ways through it, or the next character
 * always says which one to take. What is not proven here may be linear all the same.
 */
export function isProvenLinear({ alternatives }: AST.Pattern): boolean {
  const isAnchored = alternatives.every(
    ({ elements: [first] }) => first?.type === 'Assertion' && first.kind === 'start',
  );
  if (!isAnchored && longest(alternatives) > LONGEST_UNANCHORED) return false;
  try {
    return ways(alternatives) <= MOST_WAYS || isDeterministic(alternatives);
  } catch (error) {
    if (error instanceof Unproven) return false;
    throw error;
  }
}

class Unproven extends Error {}

type Part = AST.Element | AST.QuantifiableElement;

function longest(alternatives: readonly AST.Alternative[]): number {
  return Math.max(...alternatives.map(({ elements }) => elements.reduce((sum, part) => sum + longestOf(part), 0)));
}

function longestOf(part: Part): number {
  if (part.type === 'Assertion') return 0;
  if (part.type === 'Group' || part.type === 'CapturingGroup') return longest(part.alternatives);
  if (part.type === 'Quantifier') return part.max === 0 ? 0 : part.max * longestOf(part.element);
  return part.type === 'Backreference' ? Number.POSITIVE_INFINITY : 1;
}

/** How many ways there are to take a text, whatever is in it. */
function ways(alternatives: readonly AST.Alternative[]): number {
  return alternatives.reduce(
    (sum, { elements }) => sum + elements.reduce((product, part) => product * waysOf(part), 1),
    0,
  );
}

function waysOf(part: Part): number {
  switch (part.type) {
    case 'Group':
    case 'CapturingGroup':
      return ways(part.alternatives);
    case 'Quantifier': {
      const { min, max, element } = part;
      const each = waysOf(element);
      if (max === Number.POSITIVE_INFINITY) return max;
      if (each <= 1) return max - min + 1;
      let sum = 0;
      for (let times = min; times <= max && sum <= MOST_WAYS; times += 1) sum += each ** times;
      return sum;
    }
    case 'Backreference':
      throw new Unproven();
    case 'Assertion':
      if (part.kind === 'lookahead' || part.kind === 'lookbehind') throw new Unproven();
      return 1;
    default:
      return 1;
  }
}

/** What a part of a pattern begins and ends with, by places. */
interface Ends {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly canBeEmpty: boolean;
}

const NOTHING: Ends = { first: [], last: [], canBeEmpty: true };

/** Whether no text can be taken in two ways: of what may follow at any place, each begins with characters of its own. */
function isDeterministic(alternatives: readonly AST.Alternative[]): boolean {
  const sets: CharacterSet[] = [];
  const next: number[][] = [];
  const follow = ({ last }: Ends, { first }: Ends): void => {
    for (const place of last) next[place]?.push(...first);
  };
  const either = (parts: readonly AST.Alternative[]): Ends => {
    const ends = parts.map(({ elements }) =>
      elements.reduce((before: Ends, part) => inTurn(before, endsOf(part)), NOTHING),
    );
    // Nothing must not be there twice: that, too, would be two ways.
    if (ends.filter(({ canBeEmpty }) => canBeEmpty).length > 1) throw new Unproven();
    return {
      first: ends.flatMap(({ first }) => first),
      last: ends.flatMap(({ last }) => last),
      canBeEmpty: ends.some(({ canBeEmpty }) => canBeEmpty),
    };
  };
  const inTurn = (before: Ends, after: Ends): Ends => {
    follow(before, after);
    return {
      first: before.canBeEmpty ? [...before.first, ...after.first] : before.first,
      last: after.canBeEmpty ? [...before.last, ...after.last] : after.last,
      canBeEmpty: before.canBeEmpty && after.canBeEmpty,
    };
  };
  const endsOf = (part: Part): Ends => {
    switch (part.type) {
      case 'Group':
      case 'CapturingGroup':
        return either(part.alternatives);
      case 'Assertion':
        return NOTHING;
      case 'Quantifier': {
        const ends = endsOf(part.element);
        if (part.max === 0) return NOTHING;
        if (ends.canBeEmpty) throw new Unproven();
        if (part.max > 1) follow(ends, ends);
        return { ...ends, canBeEmpty: part.min === 0 };
      }
      case 'Character':
      case 'CharacterClass':
      case 'CharacterSet': {
        const set = characterSetOf(part);
        if (set === undefined || sets.length === MOST_PLACES) throw new Unproven();
        next.push([]);
        const place = [sets.push(set) - 1];
        return { first: place, last: place, canBeEmpty: false };
      }
      default:
        throw new Unproven();
    }
  };
  const { first } = either(alternatives);
  return [first, ...next].every((places) =>
    places.every((one, index) =>
      places.slice(0, index).every((other) => areApart(sets[one] as CharacterSet, sets[other] as CharacterSet)),
    ),
  );
}
