import { memberOf } from '../../lib/json-object.ts';
import { Refusal } from '../../model/command.ts';
import type { Filter } from '../state/store/filter.ts';
import { SearchBudget } from '../state/store/search-budget.ts';

/** Whether a value, or one of several, is as an expression says. */
export type Test = (value: unknown) => boolean;

/** Characters of an expression. */
const LONGEST_FILTER = 2_000;
/** Comparisons in one, and brackets in brackets. */
const MOST_TERMS = 50;

/**
 * Reads a filter of SCIM (RFC 7644, 3.4.2.2), such as `userName sw "a" and emails[type eq "work"]`; names and texts are
 * compared without regard to case.
 *
 * @example parseScimFilter('active eq true', 'filter');
 */
export function parseScimFilter(text: string, parameter: string): Filter {
  return { op: 'holds', test: scimTest(text, { in: 'query', path: `/${parameter}` }), cost: text.length / 8 };
}

/** The same as a test, for what stands in a body. */
export function scimTest(text: string, place: { readonly in: 'query' | 'body'; readonly path: string }): Test {
  try {
    return new ScimParser(text).parse();
  } catch (error) {
    if (!(error instanceof ScimMistake)) throw error;
    throw new Refusal(400, 'INVALID_QUERY', `Failed to read the filter: it ${error.message}. Correct it.`, {
      violations: [{ ...place, message: error.message }],
    });
  }
}

/** The member of an object by its name in any casing. */
export function memberLike(value: unknown, name: string): readonly [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const wanted = name.toLowerCase();
  return Object.entries(value).find(([each]) => each.toLowerCase() === wanted);
}

class ScimMistake extends Error {}

class ScimParser {
  readonly #tokens: readonly string[];
  readonly #budget = new SearchBudget();
  #at = 0;
  #terms = 0;

  constructor(text: string) {
    if (text.length > LONGEST_FILTER) throw new ScimMistake(`is longer than ${LONGEST_FILTER} characters`);
    this.#tokens = text.match(/"(?:\\.|[^"\\])*"|[()[\]]|[^\s()[\]"]+|"/g) ?? [];
  }

  parse(): Test {
    const test = this.#either();
    if (this.#at < this.#tokens.length) throw new ScimMistake(`goes on with ${this.#peek()} where it should end`);
    return test;
  }

  #either(): Test {
    const tests = [this.#both()];
    while (this.#takes('or')) tests.push(this.#both());
    return (value) => tests.some((test) => test(value));
  }

  #both(): Test {
    const tests = [this.#one()];
    while (this.#takes('and')) tests.push(this.#one());
    return (value) => tests.every((test) => test(value));
  }

  #one(): Test {
    this.#terms += 1;
    if (this.#terms > MOST_TERMS) throw new ScimMistake(`has more than ${MOST_TERMS} parts`);
    if (this.#takes('not')) {
      const inner = this.#one();
      return (value) => !inner(value);
    }
    if (this.#takes('(')) {
      const inner = this.#either();
      this.#need(')');
      return inner;
    }
    const path = this.#next('the name of an attribute');
    if (!/^[a-z$_][\w.:$-]*$/i.test(path)) throw new ScimMistake(`has ${path} where an attribute should be named`);
    if (this.#takes('[')) {
      const inner = this.#either();
      this.#need(']');
      return (value) => valuesAt(value, path).some(inner);
    }
    const operator = this.#next('an operator').toLowerCase();
    if (operator === 'pr') return (value) => valuesLike(value, path).some((each) => each !== null && each !== '');
    const compare = memberOf(COMPARISONS, operator);
    if (compare === undefined) throw new ScimMistake(`has no operator ${operator}`);
    const wanted = this.#value();
    const folded = typeof wanted === 'string' ? wanted.toLowerCase() : wanted;
    const isIt = (value: unknown) => valuesLike(value, path).some((each) => compare(this.#fold(each), folded));
    return operator === 'ne' ? (value) => !isIt(value) : isIt;
  }

  #value(): unknown {
    const token = this.#next('a value');
    try {
      return JSON.parse(token);
    } catch {
      throw new ScimMistake(`has ${token} where a value should be; texts stand in quotes`);
    }
  }

  /** Texts are compared without regard to case, and looked through at a price. */
  #fold(value: unknown): unknown {
    if (typeof value !== 'string') return value;
    this.#budget.spend(value.length);
    return value.toLowerCase();
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #takes(token: string): boolean {
    const isNext = this.#peek()?.toLowerCase() === token;
    if (isNext) this.#at += 1;
    return isNext;
  }

  #need(token: string): void {
    if (!this.#takes(token)) throw new ScimMistake(`lacks a ${token}`);
  }

  #next(what: string): string {
    const token = this.#peek();
    if (token === undefined) throw new ScimMistake(`ends where ${what} should be`);
    this.#at += 1;
    return token;
  }
}

/** The values at a path, each of those in an array; of an array of objects, of each. A `urn:…:` before it says no more. */
function valuesAt(value: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [value];
  for (const name of path.slice(path.lastIndexOf(':') + 1).split('.'))
    values = values.flatMap((each) => memberLike(each, name)?.[1] ?? []);
  return values;
}

/** The same to compare: `emails co "a"` asks for the value of each. */
function valuesLike(value: unknown, path: string): readonly unknown[] {
  return valuesAt(value, path).flatMap((each) => memberLike(each, 'value')?.[1] ?? [each]);
}

type Compare = (value: unknown, wanted: unknown) => boolean;

const ofTexts =
  (compare: (value: string, wanted: string) => boolean): Compare =>
  (value, wanted) =>
    typeof value === 'string' && typeof wanted === 'string' && compare(value, wanted);

const COMPARISONS: Readonly<Record<string, Compare>> = {
  eq: (value, wanted) => value === wanted,
  ne: (value, wanted) => value === wanted,
  co: ofTexts((value, wanted) => value.includes(wanted)),
  sw: ofTexts((value, wanted) => value.startsWith(wanted)),
  ew: ofTexts((value, wanted) => value.endsWith(wanted)),
  gt: (value, wanted) => orderOf(value, wanted) > 0,
  ge: (value, wanted) => orderOf(value, wanted) >= 0,
  lt: (value, wanted) => orderOf(value, wanted) < 0,
  le: (value, wanted) => orderOf(value, wanted) <= 0,
};

/** `NaN` for what has no order. */
function orderOf(value: unknown, wanted: unknown): number {
  if (typeof value === 'number' && typeof wanted === 'number') return value - wanted;
  if (typeof value !== 'string' || typeof wanted !== 'string') return Number.NaN;
  return value < wanted ? -1 : Number(value > wanted);
}
