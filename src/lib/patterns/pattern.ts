import { createRequire } from 'node:module';
import type { AST } from '@eslint-community/regexpp';
import { isProvenLinear } from './linear-proof.ts';
import { writeRe2 } from './re2-text.ts';

/** A regular expression of JavaScript that takes time in proportion to the text, whatever the text. */
export interface Pattern {
  test(text: string): boolean;
  /** Work for each character of a text, in tens of nanoseconds at most. */
  readonly weight: number;
}

/** Why there is no pattern: the text is none, or one that would have to try one way after another. */
export interface PatternMistake {
  readonly mistake: 'malformed' | 'unbounded';
  /** Completes a sentence that begins with the pattern. */
  readonly message: string;
}

/** Characters of a pattern. */
const LONGEST_PATTERN = 10_000;
/** Instructions of the automaton for one, each of which may be looked at for each character of a text. */
const LARGEST_PROGRAM = 5_000;

/**
 * Makes a pattern out of a regular expression as JavaScript has it: in unicode mode or, failing that, without. V8 tries one way
 * after another, which for `(a+)+$` takes longer than anybody waits; so only what is proven to be linear is left to it, and
 * the rest is done by an automaton (RE2's), which knows neither lookaround nor back references. Lookaheads that stand
 * right behind a `^` are patterns of their own.
 *
 * @example compilePattern('^(a+)+$') // { test, weight }
 * @example compilePattern('(a)\\1') // { mistake: 'unbounded', message: 'looks around or refers back, …' }
 */
export function compilePattern(source: string): Pattern | PatternMistake {
  if (source.length > LONGEST_PATTERN) {
    return { mistake: 'unbounded', message: `is longer than ${LONGEST_PATTERN} characters` };
  }
  const native = toRegExp(source);
  if (native === undefined) return { mistake: 'malformed', message: 'is no regular expression' };
  if (PLAIN.test(source) && (source.replace(ATOM, '').match(CHOICE) ?? []).length < 2) return nativePattern(native);
  try {
    return compileHard(source, native);
  } catch (error) {
    // Groups are gone down into by calling oneself.
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

const TOO_LARGE: PatternMistake = { mistake: 'unbounded', message: 'repeats more than can be looked for at once' };
const TOO_DEEP: PatternMistake = { mistake: 'unbounded', message: 'is nested too deeply' };

/** Whether there is a pattern. */
export function isPattern(compiled: Pattern | PatternMistake): compiled is Pattern {
  return 'test' in compiled;
}

/**
 * Anchored, without groups and alternatives, and with one choice of length at most: nearly every pattern of a contract,
 * for which nothing has to be loaded.
 */
const PLAIN = /^\^(?:\\[^\d\ncukpPxbB]|\[\^?(?:\\.|[^\\\]])*\]|[^\\[\](){}|*+?^$]|[*+?]|\{\d+(?:,\d*)?\})*\$?$/;
const ATOM = /\\.|\[\^?(?:\\.|[^\\\]])*\]/g;
const CHOICE = /[*+?]|\{\d+,\d*\}/g;

function toRegExp(source: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags);
    } catch {
      // Contracts are full of `[\w-.]` and the like, which the unicode mode rejects.
    }
  }
  return undefined;
}

function nativePattern(native: RegExp): Pattern {
  return { test: (text) => native.test(text), weight: 1 };
}

function compileHard(source: string, native: RegExp): Pattern | PatternMistake {
  let parsed: AST.Pattern;
  try {
    const { RegExpParser } = load<typeof import('@eslint-community/regexpp')>('@eslint-community/regexpp');
    parsed = new RegExpParser().parsePattern(source, 0, source.length, { unicode: native.unicode });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    // V8 takes some patterns that no grammar has.
    return { mistake: 'unbounded', message: 'is written in a way that no standard has' };
  }
  if (isProvenLinear(parsed)) return nativePattern(native);
  const conditions = conditionsOf(parsed);
  // To make an automaton that is too large takes far longer than to see that it is.
  if (conditions.some(({ alternatives }) => repeatedIn(alternatives) > LARGEST_PROGRAM)) return TOO_LARGE;
  const parts = conditions.map(({ alternatives, isNegated }) => {
    const written = writeRe2(alternatives);
    return written === undefined ? undefined : { written, isNegated };
  });
  const automata: { readonly automaton: Automaton; readonly isNegated: boolean }[] = [];
  for (const part of parts) {
    if (part === undefined) {
      return {
        mistake: 'unbounded',
        message: 'looks around or refers back, which cannot be done in time that is in proportion to the text',
      };
    }
    const automaton = toAutomaton(part.written);
    if (automaton === undefined) return TOO_LARGE;
    automata.push({ automaton, isNegated: part.isNegated });
  }
  return {
    test: (text) => automata.every(({ automaton, isNegated }) => automaton.test(text) !== isNegated),
    weight: 1 + automata.reduce((sum, { automaton }) => sum + automaton.programSize(), 0) / INSTRUCTIONS_A_STEP,
  };
}

/** So many are looked at in ten nanoseconds, as a rule: the automaton remembers where it has been. */
const INSTRUCTIONS_A_STEP = 20;

interface Automaton {
  test(text: string): boolean;
  programSize(): number;
}

function toAutomaton(written: string): Automaton | undefined {
  try {
    const { RE2JS } = load<typeof import('re2js')>('re2js');
    const automaton = RE2JS.compile(written);
    return automaton.programSize() > LARGEST_PROGRAM ? undefined : automaton;
  } catch {
    return undefined;
  }
}

/** How many characters more a pattern has once its repetitions are written out, as an automaton has them. */
function repeatedIn(alternatives: readonly AST.Alternative[]): number {
  return sizeOf(alternatives, true) - sizeOf(alternatives, false);
}

function sizeOf(alternatives: readonly AST.Alternative[], isWrittenOut: boolean): number {
  let size = 0;
  for (const { elements } of alternatives) for (const element of elements) size += sizeOfElement(element, isWrittenOut);
  return size;
}

function sizeOfElement(element: AST.Element, isWrittenOut: boolean): number {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return sizeOf(element.alternatives, isWrittenOut);
    case 'Assertion':
      return 'alternatives' in element ? sizeOf(element.alternatives, isWrittenOut) : 0;
    case 'Quantifier': {
      const { min, max } = element;
      const times = isWrittenOut ? Math.max(1, Number.isFinite(max) ? max : min) : 1;
      return times * sizeOfElement(element.element, isWrittenOut);
    }
    default:
      return 1;
  }
}

/** `^(?=a)(?!b)c` holds where `^a` and `^c` do, and `^b` does not. */
function conditionsOf({ alternatives }: AST.Pattern) {
  const [only] = alternatives;
  const whole = { alternatives, isNegated: false } as const;
  const [start, ...rest] = only?.elements ?? [];
  if (only === undefined || alternatives.length > 1 || start?.type !== 'Assertion' || start.kind !== 'start')
    return [whole];
  const conditions: { alternatives: readonly AST.Alternative[]; isNegated: boolean }[] = [];
  let [next] = rest;
  for (; next?.type === 'Assertion' && next.kind === 'lookahead'; [next] = rest) {
    const { alternatives: looked, negate } = next;
    conditions.push({
      alternatives: looked.map((each) => ({ ...each, elements: [start, ...each.elements] })),
      isNegated: negate,
    });
    rest.shift();
  }
  return [...conditions, { alternatives: [{ ...only, elements: [start, ...rest] }], isNegated: false }];
}

/** Loaded when a pattern first needs it, and at once, because an answer cannot wait. */
function load<T>(library: string): T {
  return createRequire(import.meta.url)(library) as T;
}
