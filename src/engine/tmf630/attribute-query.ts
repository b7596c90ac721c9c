import { compilePattern, isPattern } from '../../lib/patterns/pattern.ts';
import { Refusal } from '../../model/command.ts';
import { allOf, type Comparison, type Filter, type TextPattern } from '../state/store/filter.ts';
import { SearchBudget } from '../state/store/search-budget.ts';
import type { Query } from '../state/store/store.ts';
import { parsePathFilter } from './path-filter.ts';

/** What a TMF630 query string asks for. */
export interface TmfQuery extends Pick<Query, 'filter' | 'order'> {}

/** One `name<operator>value` of a query string, decoded. */
interface Term {
  readonly name: string;
  readonly sign: string;
  readonly value: string;
}

/** Parameters that shape the answer. */
const CONTROLS = new Set(['fields', 'offset', 'limit', 'sort']);

/**
 * Reads a raw query string as TMF630 has it: different attributes are joined by AND; values of one attribute, given
 * with commas or by repeating it, by OR; so are comparisons joined by `;`. `filter` is a JSONPath. What is no attribute is
 * ignored; `linkProperty` is the one that holds a thing's own address.
 *
 * @example parseTmfQuery('state=Active,Suspended&creditLimit.value.gt=100&sort=-name', (name) => names.has(name))
 */
export function parseTmfQuery(
  rawQuery: string,
  isAttribute: (name: string) => boolean,
  linkProperty?: string,
): TmfQuery {
  const filters: (Filter | undefined)[] = [];
  const repeated = new Map<string, Filter[]>();
  let order: Query['order'];
  const budget = new SearchBudget();
  for (const part of rawQuery.split('&').filter((each) => each !== '')) {
    if (part.startsWith('filter=') && !isAttribute('filter')) {
      const path = decode(part.slice('filter='.length)).trim();
      if (path !== '') filters.push(parsePathFilter(path));
      continue;
    }
    const terms = termsOf(part);
    const [first] = terms;
    if (first?.name === 'sort') order = orderOf(first.value);
    const comparisons = terms
      .filter(({ name }) => !CONTROLS.has(name))
      .map((term) => toFilter(term, isAttribute, linkProperty, budget));
    const known = comparisons.filter((filter) => filter !== undefined);
    // Only equality is repeated to mean "or": a range is written as two comparisons that must both hold.
    if (terms.length === 1 && first?.sign === '=' && known[0] !== undefined && isEquality(known[0])) {
      repeated.set(first.name, [...(repeated.get(first.name) ?? []), known[0]]);
    } else if (known.length > 0) filters.push(anyOf(known));
  }
  return { filter: allOf(...filters, ...[...repeated.values()].map(anyOf)), order };
}

/** Operators as name suffixes. */
const SUFFIXES: Readonly<Record<string, Comparison['op']>> = {
  gt: 'gt',
  gte: 'gte',
  lt: 'lt',
  lte: 'lte',
  eq: 'eq',
  ne: 'ne',
  regex: 'matches',
};

/** Operators as signs, longest first. */
const SIGNS: readonly (readonly [string, Comparison['op']])[] = [
  ['==', 'eq'],
  ['=~', 'matches'],
  ['>=', 'gte'],
  ['<=', 'lte'],
  ['!=', 'ne'],
  ['>', 'gt'],
  ['<', 'lt'],
  ['=', 'eq'],
];

function termsOf(part: string): readonly Term[] {
  // `;` separates comparisons only where one follows: in `name=a;b` it belongs to the value.
  return part.split(/;(?=[@\w.]+(?:=|%3C|%3D|%3E|[<>!]))/i).map((text) => {
    const decoded = decode(text);
    const at = decoded.search(/[=<>]|!=/);
    if (at < 0) return { name: decoded, sign: '', value: '' };
    const sign = SIGNS.find(([candidate]) => decoded.startsWith(candidate, at))?.[0] ?? '=';
    return { name: decoded.slice(0, at), sign, value: decoded.slice(at + sign.length) };
  });
}

function toFilter(
  { name, sign, value: written }: Term,
  isAttribute: (name: string) => boolean,
  linkProperty: string | undefined,
  budget: SearchBudget,
): Filter | undefined {
  // Some clients write values as JSON does.
  const value = /^"(.*)"$/.exec(written)?.[1] ?? written;
  const dot = name.lastIndexOf('.');
  const suffix = dot < 0 ? undefined : SUFFIXES[name.slice(dot + 1)];
  const path = suffix === undefined ? name : name.slice(0, dot);
  if (sign === '' || !isAttribute(path.split('.')[0] ?? '')) return undefined;
  const op = suffix ?? SIGNS.find(([candidate]) => candidate === sign)?.[1] ?? 'eq';
  if (op === 'matches') return { op, path, value: textPattern(value, name, budget) };
  // Links are sent with scheme, host and tenant in front, and stored without.
  if (path === linkProperty && URL.canParse(value))
    return { op, path, value: new URL(value).pathname.replace(/^\/@[^/]+/, '') };
  const values = op === 'eq' ? value.split(',') : [value];
  return anyOf(values.map((each): Filter => ({ op, path, value: each })));
}

function isEquality(filter: Filter): boolean {
  return filter.op === 'eq' || (filter.op === 'or' && filter.filters.every(isEquality));
}

function anyOf(filters: readonly Filter[]): Filter {
  const [only] = filters;
  return filters.length === 1 && only !== undefined ? only : { op: 'or', filters };
}

function orderOf(text: string): Query['order'] {
  return text
    .split(',')
    .map((field) => ({ path: field.trim().replace(/^[-+]/, ''), descending: field.trim().startsWith('-') }))
    .filter(({ path }) => path !== '');
}

/** A pattern that is looked for in linear time, whatever the pattern and the texts. */
function textPattern(source: string, name: string, budget: SearchBudget): TextPattern {
  if (source.length > LONGEST_PATTERN) throw invalidPattern(name, `it is longer than ${LONGEST_PATTERN} characters`);
  const pattern = compilePattern(source);
  if (!isPattern(pattern)) throw invalidPattern(name, `it ${pattern.message}`);
  return {
    test(text) {
      budget.spend(text.length * pattern.weight);
      return pattern.test(text);
    },
  };
}

function invalidPattern(name: string, why: string): Refusal {
  return new Refusal(400, 'INVALID_QUERY', `Failed to filter by ${name}: ${why}. Correct the pattern.`, {
    violations: [{ in: 'query', path: `/${name}`, message: why }],
  });
}

/** Characters; it is all in one query string. */
const LONGEST_PATTERN = 1_000;

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Refusal(
      400,
      'INVALID_QUERY',
      `Failed to read the query: "${text}" is no valid percent-encoding. Correct it.`,
    );
  }
}
