/** What a query asks of an entity; every query language of a contract (parameters, RQL, TMF630) is read into this. */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly op: 'not'; readonly filter: Filter }
  | { readonly op: 'holds'; readonly test: (entity: unknown) => boolean; readonly cost?: number }
  | Comparison;

/** Compares the value at a dotted path, or with the path `*` any text in the entity; inside arrays, one matching member is enough. */
export interface Comparison {
  readonly op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'matches' | 'contains';
  readonly path: string;
  /** For `in` an array, for `matches` a `TextPattern`; `contains` ignores case. */
  readonly value: unknown;
}

/** What a text is looked through for. */
export interface TextPattern {
  test(text: string): boolean;
}

/** All of the filters given, without the absent ones; `undefined` where none is left. */
export function allOf(...filters: readonly (Filter | undefined)[]): Filter | undefined {
  const present = filters.filter((filter): filter is Filter => filter !== undefined);
  return present.length < 2 ? present[0] : { op: 'and', filters: present };
}

/** Whether the value at a path equals the given one. */
export function equals(path: string, value: unknown): Filter {
  return { op: 'eq', path, value };
}

/**
 * Whether an entity meets a filter.
 *
 * @example matches({ op: 'gte', path: 'creditLimit.value', value: 100 }, { creditLimit: { value: 250 } }) // true
 */
export function matches(filter: Filter, entity: unknown): boolean {
  switch (filter.op) {
    case 'and':
      return everyMatches(filter.filters, entity);
    case 'or':
      return someMatches(filter.filters, entity);
    case 'not':
      return !matches(filter.filter, entity);
    case 'holds':
      return filter.test(entity);
    case 'ne': {
      if (hasOneAt(entity, filter.path)) return !isEqual(entity[filter.path], filter.value);
      return noneIsEqual(valuesAt(entity, filter.path), filter.value);
    }
    default:
      if (hasOneAt(entity, filter.path)) return compares(filter, entity[filter.path]);
      return someCompares(filter, valuesAt(entity, filter.path));
  }
}

// Functions of their own, because what a closure holds has to be made anew at each call of the function around it.

/** Unlike the others `ne` must hold for all members of an array: "no member is …". */
function noneIsEqual(values: readonly unknown[], wanted: unknown): boolean {
  for (const value of values) if (isEqual(value, wanted)) return false;
  return true;
}

function someCompares(comparison: Comparison, values: readonly unknown[]): boolean {
  for (const value of values) if (compares(comparison, value)) return true;
  return false;
}

function everyMatches(filters: readonly Filter[], entity: unknown): boolean {
  for (const part of filters) if (!matches(part, entity)) return false;
  return true;
}

function someMatches(filters: readonly Filter[], entity: unknown): boolean {
  for (const part of filters) if (matches(part, entity)) return true;
  return false;
}

/** The parts that must all hold. */
export function conjunctionOf(filter: Filter | undefined): readonly Filter[] {
  if (filter === undefined) return [];
  if (filter.op !== 'and') return [filter];
  const isFlat = filter.filters.every((part) => part.op !== 'and');
  return isFlat ? filter.filters : filter.filters.flatMap(conjunctionOf);
}

/** The values at a dotted path, looking into the members of arrays on the way. */
export function valuesAt(value: unknown, path: string): readonly unknown[] {
  if (path === '*') return textsIn(value);
  if (!path.includes('.') && isObject(value) && !Array.isArray(value[path])) {
    const direct = value[path];
    return direct === undefined ? [] : [direct];
  }
  const found: unknown[] = [];
  collectAt(value, path.split('.'), 0, found);
  return found;
}

/** Adds what the segments from `at` on lead to. One pass, as a query asks it of every candidate. */
function collectAt(value: unknown, segments: readonly string[], at: number, found: unknown[]): void {
  if (!Array.isArray(value)) {
    collectIn(value, segments, at, found);
    return;
  }
  for (const item of value) collectIn(item, segments, at, found);
}

function collectIn(value: unknown, segments: readonly string[], at: number, found: unknown[]): void {
  if (at === segments.length) {
    found.push(value);
    return;
  }
  const segment = segments[at] as string;
  if (isObject(value) && Object.hasOwn(value, segment)) collectAt(value[segment], segments, at + 1, found);
}

/** Whether a path leads to one value right away, as nearly all that are asked for do. */
function hasOneAt(value: unknown, path: string): value is Readonly<Record<string, unknown>> {
  if (!isObject(value) || Array.isArray(value)) return false;
  const direct = value[path];
  return direct !== undefined && !Array.isArray(direct) && path !== '*' && !path.includes('.');
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function compares(comparison: Comparison, value: unknown): boolean {
  const { op, value: wanted } = comparison;
  switch (op) {
    case 'eq':
      return isEqual(value, wanted);
    case 'in':
      return Array.isArray(wanted) && wanted.some((choice) => isEqual(value, choice));
    case 'contains':
      return typeof value === 'string' && value.toLowerCase().includes(String(wanted).toLowerCase());
    case 'matches':
      return isTextPattern(wanted) && typeof value === 'string' && wanted.test(value);
    default: {
      const order = orderOf(value, wanted);
      if (order === undefined) return false;
      if (op === 'gt') return order > 0;
      if (op === 'gte') return order >= 0;
      return op === 'lt' ? order < 0 : order <= 0;
    }
  }
}

function isTextPattern(value: unknown): value is TextPattern {
  return isObject(value) && typeof value.test === 'function';
}

/**
 * How many comparisons an entity costs that a filter is asked of, at most; to look for a long text counts as several.
 *
 * @example costOf({ op: 'eq', path: 'state', value: 'Active' }) // 1
 */
export function costOf(filter: Filter): number {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.reduce((sum, part) => sum + costOf(part), 0);
    case 'not':
      return costOf(filter.filter);
    case 'holds':
      return filter.cost ?? 1;
    case 'in':
      return Array.isArray(filter.value) ? 1 + filter.value.length / 4 : 1;
    case 'contains':
      return 4 + String(filter.value).length / 8;
    default:
      // A path of several steps goes through objects and arrays that one step finds at hand.
      return (filter.path.includes('.') ? 3 : 1) + filter.path.length / 32;
  }
}

/** Equal as values; text from a query string also equals the number or boolean that it writes. */
function isEqual(value: unknown, wanted: unknown): boolean {
  if (value === wanted) return true;
  return (
    typeof wanted === 'string' && (typeof value === 'number' || typeof value === 'boolean') && String(value) === wanted
  );
}

/** Below zero, zero or above as `Array.sort` counts; `undefined` for values that have no order. */
export function orderOf(a: unknown, b: unknown): number | undefined {
  if (typeof a === 'number') {
    const other = typeof b === 'string' && b.trim() !== '' ? Number(b) : b;
    return typeof other === 'number' && !Number.isNaN(other) ? a - other : undefined;
  }
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
