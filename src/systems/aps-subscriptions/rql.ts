import type { Comparison, Filter, TextPattern } from '../../engine/state/store/filter.ts';
import { allOf } from '../../engine/state/store/filter.ts';
import { SearchBudget } from '../../engine/state/store/search-budget.ts';
import type { Query } from '../../engine/state/store/store.ts';
import { memberOf } from '../../lib/json-object.ts';
import { compilePattern, isPattern } from '../../lib/patterns/pattern.ts';
import { Refusal } from '../../model/command.ts';

/** What an RQL query asks for, in the words of the store. */
export interface RqlQuery extends Pick<Query, 'filter' | 'order' | 'offset' | 'limit'> {
  /** Dotted paths that `select` names; default: all members. */
  readonly select?: readonly string[];
}

/** What the operators on types need to know of them. */
export interface RqlTypes {
  /** The type itself and those that implement it. */
  implementing(type: string): readonly string[];
  /** The type itself and those that it implements. */
  composing(type: string): readonly string[];
}

/**
 * Reads a raw query string as RQL; refuses with 400, naming operator and position, what it does not know.
 *
 * Names and values are percent-decoded one by one, after the query has been cut at RQL's own characters: an encoded
 * comma belongs to a value, a bare one separates.
 *
 * @example
 * parseRql('implementing(http://www.odin.com/billing/Subscription/1.0),status=eq=ACTIVE,limit(0,10)', types);
 */
export function parseRql(query: string, types: RqlTypes): RqlQuery {
  return new Parser(query, types).parse();
}

/** Deeper than any query a person writes; a parser that calls itself must stop somewhere. */
const DEEPEST = 50;

/** RQL's name of each comparison to the store's. */
const COMPARISONS: Readonly<Record<string, Comparison['op']>> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'gt',
  ge: 'gte',
  lt: 'lt',
  le: 'lte',
};

const OPERATORS = [
  'implementing',
  'composing',
  ...Object.keys(COMPARISONS),
  'and',
  'or',
  'not',
  'in',
  'out',
  'like',
  'select',
  'sort',
  'limit',
];

/** Operators that shape the answer and filter nothing: they stand at the top only. */
interface Shape {
  order?: Query['order'];
  select?: readonly string[];
  offset?: number;
  limit?: number;
}

class Parser {
  readonly #text: string;
  readonly #types: RqlTypes;
  readonly #shape: Shape = {};
  readonly #budget = new SearchBudget();
  #at = 0;
  #depth = 0;

  constructor(text: string, types: RqlTypes) {
    this.#text = text;
    this.#types = types;
  }

  parse(): RqlQuery {
    if (this.#text === '') return {};
    const filter = this.#sequence();
    if (this.#at < this.#text.length) this.#fail(`"${this.#text.charAt(this.#at)}" is not expected here`);
    return { filter, ...this.#shape };
  }

  /** Terms joined by `,` or `&` (and) or by `|` (or); both in one sequence would need a precedence that RQL does not define. */
  #sequence(): Filter | undefined {
    const terms: (Filter | undefined)[] = [this.#term()];
    let joint: 'and' | 'or' | undefined;
    for (;;) {
      const sign = this.#text.charAt(this.#at);
      if (sign !== ',' && sign !== '&' && sign !== '|') break;
      const next = sign === '|' ? 'or' : 'and';
      if (joint !== undefined && joint !== next)
        this.#fail(`"${sign}" mixes "and" with "or"; put one of them in parentheses`);
      joint = next;
      this.#at += 1;
      terms.push(this.#term());
    }
    return joint === 'or' ? { op: 'or', filters: this.#filtersOf(terms) } : allOf(...terms);
  }

  #term(): Filter | undefined {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#fail(`it is nested more than ${DEEPEST} deep`);
    const term = this.#text.charAt(this.#at) === '(' ? this.#group() : this.#operation();
    this.#depth -= 1;
    return term;
  }

  #group(): Filter | undefined {
    this.#expect('(');
    const filter = this.#sequence();
    this.#expect(')');
    return filter;
  }

  #operation(): Filter | undefined {
    const start = this.#at;
    const word = this.#word();
    const next = this.#text.charAt(this.#at);
    if (word === '') this.#fail(next === '' ? 'it ends too early' : `"${next}" is not expected here`);
    if (next === '(') return this.#call(word, start);
    if (next === '=') return this.#infix(word);
    return this.#fail(`"${word}" is neither a call like eq(name,value) nor a comparison like name=eq=value`, start);
  }

  /** `path=op=value`, or `path=value` for equality. */
  #infix(path: string): Filter {
    const operator = /^=([A-Za-z]+)=/.exec(this.#text.slice(this.#at, this.#at + 20))?.[1];
    const start = this.#at + 1;
    this.#at += operator === undefined ? 1 : operator.length + 2;
    const name = operator ?? 'eq';
    if (name === 'in' || name === 'out') return membership(name, path, this.#list());
    if (memberOf(COMPARISONS, name) === undefined && name !== 'like') this.#unknown(name, start);
    const value = this.#word();
    if (this.#text.charAt(this.#at) === '(') this.#fail(`"=${name}=" compares with one value, not with a list or call`);
    return this.#comparison(name, path, value);
  }

  #call(name: string, start: number): Filter | undefined {
    if (!OPERATORS.includes(name)) this.#unknown(name, start);
    this.#expect('(');
    const filter = this.#filterOf(name, start);
    this.#expect(')');
    return filter;
  }

  #filterOf(name: string, start: number): Filter | undefined {
    switch (name) {
      case 'and':
        return allOf(...this.#terms());
      case 'or':
        return { op: 'or', filters: this.#filtersOf(this.#terms()) };
      case 'not': {
        const filter = this.#sequence() ?? this.#fail('"not" takes a filter', start);
        return { op: 'not', filter };
      }
      case 'in':
      case 'out': {
        const path = this.#name(name, start);
        this.#expect(',');
        return membership(name, path, this.#text.charAt(this.#at) === '(' ? this.#list() : this.#words());
      }
      case 'implementing':
        return { op: 'in', path: 'aps.type', value: this.#types.implementing(this.#name(name, start)) };
      case 'composing': {
        // Without a type every resource composes something: it filters nothing.
        const type = this.#word();
        return type === '' ? undefined : { op: 'in', path: 'aps.type', value: this.#types.composing(type) };
      }
      case 'select':
        return this.#shapes(name, start, { select: this.#words() });
      case 'sort':
        return this.#shapes(name, start, { order: this.#words().map((word) => this.#orderOf(word, start)) });
      case 'limit':
        return this.#limit(start);
      default: {
        const path = this.#name(name, start);
        this.#expect(',');
        return this.#comparison(name, path, this.#word());
      }
    }
  }

  #limit(start: number): undefined {
    const [offset, limit, ...more] = this.#words().map((word) => (/^\d{1,9}$/.test(word) ? Number(word) : undefined));
    if (offset === undefined || limit === undefined || more.length > 0) {
      return this.#fail('"limit" takes two whole numbers, limit(offset,count)', start);
    }
    return this.#shapes('limit', start, { offset, limit });
  }

  #shapes(name: string, start: number, shape: Shape): undefined {
    // The call itself is one level deep.
    if (this.#depth > 1) this.#fail(`"${name}" stands beside the filters, not inside one`, start);
    if (Object.keys(shape).some((key) => Object.hasOwn(this.#shape, key)))
      this.#fail(`"${name}" is there twice`, start);
    Object.assign(this.#shape, shape);
  }

  #orderOf(word: string, start: number): { path: string; descending: boolean } {
    const [, sign, path] = /^([+-]?)(.+)$/.exec(word) ?? [];
    if (path === undefined) return this.#fail('"sort" takes names with a sign, sort(+a,-b)', start);
    return { path, descending: sign === '-' };
  }

  #terms(): (Filter | undefined)[] {
    const terms = [this.#term()];
    while (this.#text.charAt(this.#at) === ',') {
      this.#at += 1;
      terms.push(this.#term());
    }
    return terms;
  }

  /** Terms that filter; in an `or` or a `not`, one that does not would change the meaning of the others. */
  #filtersOf(terms: readonly (Filter | undefined)[]): readonly Filter[] {
    return terms.map((term) => term ?? this.#fail('"or" and "not" take filters only'));
  }

  /** `(a,b,c)` */
  #list(): readonly string[] {
    this.#expect('(');
    const words = this.#words();
    this.#expect(')');
    return words;
  }

  #words(): readonly string[] {
    const words = [this.#word()];
    while (this.#text.charAt(this.#at) === ',') {
      this.#at += 1;
      words.push(this.#word());
    }
    return words;
  }

  #name(operator: string, start: number): string {
    const word = this.#word();
    return word === '' ? this.#fail(`"${operator}" needs something between its parentheses`, start) : word;
  }

  /** Everything up to the next of RQL's own characters, decoded. */
  #word(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !'(),&|=;'.includes(this.#text.charAt(this.#at))) this.#at += 1;
    const raw = this.#text.slice(start, this.#at);
    try {
      return decodeURIComponent(raw);
    } catch {
      return this.#fail(`"${raw}" is no valid percent-encoding`, start);
    }
  }

  #comparison(name: string, path: string, value: string): Filter {
    if (name === 'like') return { op: 'matches', path, value: globPattern(value, this.#budget) };
    return { op: memberOf(COMPARISONS, name) ?? 'eq', path, value };
  }

  #expect(sign: string): void {
    const found = this.#text.charAt(this.#at);
    if (found !== sign) this.#fail(`"${sign}" is expected${found === '' ? ' at the end' : `, not "${found}"`}`);
    this.#at += 1;
  }

  #unknown(operator: string, at: number): never {
    return this.#fail(`the operator "${operator}" is not known; known are ${OPERATORS.join(', ')}`, at);
  }

  #fail(why: string, at = this.#at): never {
    const place = `position ${at + 1}`;
    throw new Refusal(400, 'INVALID_QUERY', `Failed to read the RQL query at ${place}: ${why}. Correct the query.`, {
      violations: [{ in: 'query', path: place, message: why }],
    });
  }
}

function membership(name: 'in' | 'out', path: string, value: readonly string[]): Filter {
  const filter: Filter = { op: 'in', path, value };
  return name === 'in' ? filter : { op: 'not', filter };
}

/** `*` stands for any text, `?` for one character. */
function globPattern(glob: string, budget: SearchBudget): TextPattern {
  const source = glob
    .replaceAll(/[\\^$.+()[\]{}|/]/g, '\\$&')
    .replaceAll('?', '[^]')
    .replaceAll(/\*+/g, '[^]*');
  const pattern = compilePattern(`^${source}$`);
  if (!isPattern(pattern)) {
    throw new Refusal(
      400,
      'INVALID_QUERY',
      `Failed to read the RQL query: the pattern of "like" ${pattern.message}. Look for something shorter.`,
    );
  }
  return {
    test(text) {
      budget.spend(text.length * pattern.weight);
      return pattern.test(text);
    },
  };
}
