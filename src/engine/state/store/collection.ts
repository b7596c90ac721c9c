import { LayeredMap } from '../../../lib/layered-map.ts';
import { PersistentArray } from '../../../lib/persistent-array.ts';
import { Refusal } from '../../../model/command.ts';
import { Agenda } from './agenda.ts';
import { conjunctionOf, costOf, type Filter, matches, orderOf, type TextPattern, valuesAt } from './filter.ts';
import { SearchBudget } from './search-budget.ts';
import type { Entity, Page, Query, Write } from './store.ts';
import { canBeGroup, FEW, groupOf, Index, keyPart } from './store-index.ts';

/** Beyond this, a query scans: somebody asks for ever new combinations. */
const MOST_INDEXES = 32;

/** The entities of one collection, in order of creation, with the indexes that queries have asked for. */
export class Collection {
  /** By sequence, which rises with every addition. */
  readonly #name: string;
  readonly #rows: PersistentArray<Entity>;
  readonly #sequences: LayeredMap;
  readonly #indexes: Map<string, Index>;
  /** The same as a list: every write walks it. */
  #followers: readonly Index[];
  // What follows is made when somebody asks: each tenant has dozens of collections, most of which nobody ever searches.
  /** Those of one path that is not sorted, by that path. */
  #ofOnePath: Map<string, Index> | undefined;
  /** Those of two paths that are not sorted, by the one and by the other. */
  #ofTwoPaths: Map<string, Map<string, Index>> | undefined;
  /** One path has such a question. */
  #agenda: Agenda | undefined;
  /** Paths whose values many have in common, so that none of them alone says much. */
  #isCoarse: Set<string> | undefined;
  #nextSequence: number;
  /** What was looked for last, and where it stands: a command looks at one thing several times. */
  #lastId: string | undefined;
  #lastSequence: number | undefined;

  constructor(
    name: string,
    rows = new PersistentArray<Entity>(),
    sequences = new LayeredMap(),
    indexes: Map<string, Index> = new Map(),
    nextSequence = 0,
  ) {
    this.#name = name;
    this.#rows = rows;
    this.#sequences = sequences;
    this.#indexes = indexes;
    this.#followers = [...indexes.values()];
    this.#nextSequence = nextSequence;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** An independent collection with the same content, in constant time. */
  clone(): Collection {
    const indexes = new Map([...this.#indexes].map(([name, index]) => [name, index.clone()]));
    return new Collection(this.#name, this.#rows.clone(), this.#sequences.clone(), indexes, this.#nextSequence);
  }

  get(id: string): Entity | undefined {
    const sequence = this.#sequenceOf(id);
    return sequence === undefined ? undefined : this.#rows.get(sequence);
  }

  /** Everything with its id, in order of creation. */
  entries(): readonly (readonly [string, Entity])[] {
    const inOrder = [...this.#sequences.entries()].sort(([, a], [, b]) => a - b);
    return inOrder.map(([id, sequence]) => [id, this.#rows.get(sequence) as Entity]);
  }

  /** Adds or replaces; a replaced entity keeps its place. */
  put(id: string, entity: Entity): Written {
    const known = this.#sequenceOf(id);
    const sequence = known ?? this.#nextSequence;
    const before = known === undefined ? undefined : this.#rows.get(known);
    if (known === undefined) this.#nextSequence += 1;
    this.#write(id, sequence, before, entity);
    return { owner: this, collection: this.#name, id, entity, sequence, before };
  }

  /** Adds what is not there; nothing where the id is taken. */
  add(id: string, entity: Entity): Written | undefined {
    if (this.#sequenceOf(id) !== undefined) return undefined;
    const sequence = this.#nextSequence;
    this.#nextSequence += 1;
    this.#write(id, sequence, undefined, entity);
    return { owner: this, collection: this.#name, id, entity, sequence, before: undefined };
  }

  /** Removes an entity, if it is there. */
  delete(id: string): Written | undefined {
    const sequence = this.#sequenceOf(id);
    if (sequence === undefined) return undefined;
    const before = this.#rows.get(sequence);
    this.#write(id, sequence, before, undefined);
    return { owner: this, collection: this.#name, id, entity: undefined, sequence, before };
  }

  /** Takes back what was written last. */
  takeBack({ id, sequence, before }: Written): void {
    this.#write(id, sequence, this.#rows.get(sequence), before);
    if (before === undefined) this.#nextSequence = sequence;
  }

  query(query: Query): Page {
    const { filter, order, offset = 0, limit = Number.POSITIVE_INFINITY } = query;
    if (filter === undefined && order === undefined) return this.#page(offset, limit);
    if (filter === undefined && query.offset === undefined && limit !== Number.POSITIVE_INFINITY) {
      const items = this.#first(order, limit);
      if (items !== undefined) return { items, total: this.#rows.size };
    }
    const parts = conjunctionOf(filter);
    const sort = order?.[0];
    if (parts.length === 0 && sort === undefined) return this.#page(offset, limit);
    const ofAny =
      parts.length === 1 && sort === undefined ? this.#pageOfAny(parts[0] as Filter, offset, limit) : undefined;
    if (ofAny !== undefined) return ofAny;
    const { index, group, isExact, rest } = this.#plan(parts, order);
    const isSorted = sort === undefined || (index?.sortPath !== undefined && sort.descending !== true);
    if (isExact && rest.length === 0 && isSorted && limit !== Number.POSITIVE_INFINITY) {
      if (index === undefined) return this.#page(offset, limit);
      const { sequences, total } = index.page(group, offset, limit);
      return { items: this.#rowsOf(sequences), total };
    }
    const sequences = index?.sequencesOf(group);
    const { size } = this.#rows;
    const asked = affordable(sequences?.length ?? size, rest, isSorted ? undefined : order);
    const found = sequences === undefined ? meeting(this.#rows.slice(0, size), asked) : this.#rowsOf(sequences, asked);
    if (order !== undefined && !isSorted) found.sort((a, b) => compareBy(order, a, b));
    const isWhole = offset === 0 && limit >= found.length;
    return { items: isWhole ? found : found.slice(offset, offset + limit), total: found.length };
  }

  #sequenceOf(id: string): number | undefined {
    if (id === this.#lastId) return this.#lastSequence;
    this.#lastId = id;
    this.#lastSequence = this.#sequences.get(id);
    return this.#lastSequence;
  }

  #write(id: string, sequence: number, before: Entity | undefined, after: Entity | undefined): void {
    this.#lastId = id;
    this.#lastSequence = after === undefined ? undefined : sequence;
    if (after === undefined) {
      this.#sequences.delete(id);
      this.#rows.delete(sequence);
    } else {
      if (before === undefined) this.#sequences.set(id, sequence);
      this.#rows.set(sequence, after);
    }
    for (const index of this.#followers) index.follow(sequence, before, after);
    this.#agenda?.follow(sequence, before, after);
  }

  /** What comes first by one number, as timers do by when they are due; nothing where that is not known of all. */
  #first(order: Query['order'], limit: number): Entity[] | undefined {
    const sort = order?.length === 1 ? order[0] : undefined;
    if (sort === undefined || sort.descending === true || sort.path.includes('.')) return undefined;
    const { path } = sort;
    if (this.#agenda === undefined) {
      this.#agenda = new Agenda(path);
      this.#followAll(this.#agenda);
    }
    if (this.#agenda.path !== path || !this.#agenda.isWhole) return undefined;
    return this.#rowsOf(this.#agenda.first(limit));
  }

  /** Lets somebody know of all that is there. */
  #followAll(follower: Pick<Index, 'follow'>): void {
    this.#rows.forEach((entity, sequence) => {
      follower.follow(sequence, undefined, entity);
    });
  }

  #page(offset: number, limit: number): Page {
    return { items: this.#rows.slice(offset, limit), total: this.#rows.size };
  }

  /** What has any of a few values: nobody looks through all that was ever paid for the one that is still open. */
  #pageOfAny(part: Filter, offset: number, limit: number): Page | undefined {
    if (part.op !== 'in' || part.path.includes('.') || part.path === '*' || !Array.isArray(part.value))
      return undefined;
    const groups = [...new Set<unknown>(part.value)];
    if (groups.length > FEW || !groups.every(canBeGroup)) return undefined;
    const index = this.#indexOf(part.path);
    if (index === undefined || index.hasNestedValues) return undefined;
    const { sequences, total } = index.pageOfAny(groups, offset, limit);
    return { items: this.#rowsOf(sequences), total };
  }

  /** Those of some entities that meet each of the filters. */
  #rowsOf(sequences: readonly number[], asked: readonly Filter[] = NONE): Entity[] {
    // A list that grows from none reserves seventeen places, and most find one thing.
    if (sequences.length === 1) {
      const only = this.#rows.get(sequences[0] as number) as Entity;
      return meets(only, asked) ? [only] : [];
    }
    const found: Entity[] = [];
    const text = onlyText(asked);
    // Not by an iterator: V8 makes an object for each step where the lists that it meets are of several sorts.
    for (let at = 0; at < sequences.length; at += 1) {
      const entity = this.#rows.get(sequences[at] as number) as Entity;
      const value = text === undefined ? undefined : entity[text.path];
      if (typeof value === 'string' ? value === text?.value : meets(entity, asked)) found.push(entity);
    }
    return found;
  }

  /** Which index answers how much of a filter; `rest` is what is left to be looked at. */
  #plan(parts: readonly Filter[], order: Query['order']): Plan {
    const sort = order?.length === 1 && order[0]?.path.includes('.') === false ? order[0].path : undefined;
    if (parts.length === 0) {
      const index = sort === undefined ? undefined : this.#index(NO_PATHS, sort, false);
      return { index: index?.hasNestedValues === true ? undefined : index, group: '', isExact: true, rest: parts };
    }
    const [first] = parts;
    if (parts.length === 1 && sort === undefined && first?.op === 'eq' && canBeGroup(first.value)) {
      const index = this.#indexOf(first.path);
      if (index !== undefined && !index.hasNestedValues)
        return { index, group: first.value, isExact: true, rest: NONE };
    }
    if (parts.length === 2 && sort === undefined) {
      const plan = this.#planPair(parts[0] as Filter, parts[1] as Filter);
      if (plan !== undefined) return plan;
    }
    const equalities: Equality[] = [];
    const rest: Filter[] = [];
    let deep: { part: Filter; path: string; value: string } | undefined;
    for (const part of parts) {
      const isIndexed = part.op === 'eq' && canBeGroup(part.value);
      if (!isIndexed || equalities.some(({ path }) => path === part.path)) rest.push(part);
      else if (!part.path.includes('.')) insert(equalities, { path: part.path, value: part.value as string });
      else {
        deep ??= { part, path: part.path, value: part.value as string };
        rest.push(part);
      }
    }
    if (equalities.length === 0 && deep !== undefined) {
      const { part: known, path, value } = deep;
      const index = this.#indexOf(path);
      if (index === undefined) return { index, group: '', isExact: false, rest: parts };
      return { index, group: value, isExact: true, rest: rest.filter((part) => part !== known) };
    }
    if (equalities.length === 0 && sort === undefined) return { index: undefined, group: '', isExact: true, rest };
    if (equalities.length > 1 && sort === undefined) {
      const plan = this.#planFew(equalities, parts);
      if (plan !== undefined) return plan;
    }
    const paths = equalities.map(({ path }) => path);
    const index = this.#index(paths, sort, false);
    if (index === undefined || index.hasNestedValues)
      return { index: undefined, group: '', isExact: false, rest: parts };
    const group = keyPart(equalities.map(({ value }) => value));
    return { index, group, isExact: true, rest };
  }

  /** Most of what systems ask: two equalities, or one and something else to be looked at. The rest is planned at length. */
  #planPair(first: Filter, second: Filter): Plan | undefined {
    if (first.op !== 'eq' || !canBeGroup(first.value)) return undefined;
    if (second.op !== 'eq') {
      const index = this.#indexOf(first.path);
      if (index === undefined || index.hasNestedValues) return undefined;
      return { index, group: first.value, isExact: true, rest: [second] };
    }
    const areFlat = !first.path.includes('.') && !second.path.includes('.');
    if (!areFlat || first.path === second.path || !canBeGroup(second.value)) return undefined;
    const isInOrder = first.path < second.path;
    const [a, b] = isInOrder ? [first.path, second.path] : [second.path, first.path];
    let ofFirst = this.#ofTwoPaths?.get(a);
    if (ofFirst === undefined) {
      ofFirst = new Map();
      this.#ofTwoPaths ??= new Map();
      this.#ofTwoPaths.set(a, ofFirst);
    }
    let index = ofFirst.get(b);
    if (index === undefined) {
      const isKnown = this.#ofOnePath?.has(first.path) === true || !this.#indexes.has(nameOf([a, b], undefined, false));
      const few = isKnown ? this.#indexOfFew(first.path, first.value) : undefined;
      if (few !== undefined) return { index: few, group: first.value, isExact: true, rest: [second] };
      index = this.#index([a, b], undefined, false);
      if (index === undefined) return undefined;
      ofFirst.set(b, index);
    }
    if (index.hasNestedValues) return undefined;
    const group = isInOrder ? groupOf(first.value, second.value) : groupOf(second.value, first.value);
    return { index, group, isExact: true, rest: NONE };
  }

  /**
   * The index of one path, where few have the value that is asked for: to look through these costs less than to keep up an
   * index of two paths with every change, as with what belongs to one customer and changes its status.
   */
  #indexOfFew(path: string, value: string): Index | undefined {
    if (this.#isCoarse?.has(path) === true) return undefined;
    const isNew = this.#ofOnePath?.has(path) !== true;
    const index = this.#indexOf(path);
    if (index === undefined || index.hasNestedValues) return undefined;
    if (index.countOf(value) <= FEW) return index;
    this.#isCoarse ??= new Set();
    this.#isCoarse.add(path);
    // Nobody has asked for it alone.
    if (isNew) this.#forget(path);
    return undefined;
  }

  /** One of several equalities that an index which is there anyway answers with few. */
  #planFew(equalities: readonly Equality[], parts: readonly Filter[]): Plan | undefined {
    for (const { path, value } of equalities) {
      const index = this.#ofOnePath?.get(path);
      if (index === undefined || index.hasNestedValues || index.countOf(value) > FEW) continue;
      const rest = parts.filter((part) => !(part.op === 'eq' && part.path === path && part.value === value));
      return { index, group: value, isExact: true, rest };
    }
    return undefined;
  }

  #forget(path: string): void {
    this.#ofOnePath?.delete(path);
    this.#keep(nameOf([path], undefined, false), undefined);
  }

  #keep(name: string, index: Index | undefined): void {
    if (index === undefined) this.#indexes.delete(name);
    else this.#indexes.set(name, index);
    this.#followers = [...this.#indexes.values()];
  }

  /** The index of one path, which nearly all queries ask for. */
  #indexOf(path: string): Index | undefined {
    let index = this.#ofOnePath?.get(path);
    if (index === undefined) {
      index = this.#index([path], undefined, path.includes('.'));
      if (index !== undefined) {
        this.#ofOnePath ??= new Map();
        this.#ofOnePath.set(path, index);
      }
    }
    return index;
  }

  #index(paths: readonly string[], sortPath: string | undefined, isMultiValued: boolean): Index | undefined {
    // One of all that is sorted is asked for after every command: its name is not put together anew each time.
    const isOfAll = paths.length === 0 && sortPath !== undefined;
    const name = isOfAll ? sortPath : nameOf(paths, sortPath, isMultiValued);
    let index = this.#indexes.get(name);
    if (index === undefined && this.#indexes.size < MOST_INDEXES) {
      index = new Index(paths, sortPath, isMultiValued);
      this.#followAll(index);
      this.#keep(name, index);
    }
    return index;
  }
}

/** One write, and what stood there before. */
export interface Written extends Write {
  readonly owner: Collection;
  readonly sequence: number;
  readonly before: Entity | undefined;
}

/** The name of an index. */
function nameOf(paths: readonly string[], sortPath: string | undefined, isMultiValued: boolean): string {
  return `${isMultiValued ? '*' : ''}${paths.join('\n')}\n${sortPath ?? ''}`;
}

interface Equality {
  readonly path: string;
  readonly value: string;
}

interface Plan {
  readonly index: Index | undefined;
  readonly group: string;
  /** Whether what the index finds meets all but `rest`. */
  readonly isExact: boolean;
  readonly rest: readonly Filter[];
}

/** Keeps them in the order of their paths; there are two or three, for which `sort` would set up more than it sorts. */
function insert(equalities: Equality[], equality: Equality): void {
  let at = equalities.length;
  for (; at > 0 && (equalities[at - 1] as Equality).path > equality.path; at -= 1) {
    equalities[at] = equalities[at - 1] as Equality;
  }
  equalities[at] = equality;
}

const NO_PATHS: readonly string[] = [];
const NONE: readonly Filter[] = [];

/** Comparisons that one query may take, a tenth of a microsecond each, and twice that where much else is in memory. */
const MOST_COMPARISONS = 250_000;

/** The parts as they are asked of each candidate; refuses a query that would keep everybody else waiting. */
function affordable(candidates: number, rest: readonly Filter[], order: Query['order']): readonly Filter[] {
  // Nearly all are a few parts over a few hundred entities.
  if (candidates * (rest.length + (order?.length ?? 0)) < 1_000 && areSimple(rest)) return rest;
  const each = rest.reduce((sum, part) => sum + costOf(part), 0);
  const sorting = (order?.length ?? 0) * Math.log2(candidates + 1);
  if (candidates * (each + sorting) > MOST_COMPARISONS) {
    throw new Refusal(
      400,
      'QUERY_TOO_COSTLY',
      `Failed to search: ${candidates} things would be compared with more than ${MOST_COMPARISONS} values altogether. Ask for fewer values at once, or narrow the list by another attribute.`,
    );
  }
  const budget = new SearchBudget(MOST_CHARACTERS);
  return rest.map((part) => withinBudget(part, budget));
}

function areSimple(parts: readonly Filter[]): boolean {
  for (const { op } of parts) if (!SIMPLE.has(op)) return false;
  return true;
}

/** Characters that one query may look through for texts: few things may hold long ones. */
const MOST_CHARACTERS = 4_000_000;

/** A filter that gives up where it would look through too much. */
function withinBudget(filter: Filter, budget: SearchBudget): Filter {
  switch (filter.op) {
    case 'and':
    case 'or':
      return { op: filter.op, filters: filter.filters.map((part) => withinBudget(part, budget)) };
    case 'not':
      return { op: 'not', filter: withinBudget(filter.filter, budget) };
    case 'contains':
      return { op: 'matches', path: filter.path, value: containing(String(filter.value), budget) };
    default:
      return filter;
  }
}

function containing(wanted: string, budget: SearchBudget): TextPattern {
  const sought = wanted.toLowerCase();
  return {
    test(text) {
      budget.spend(text.length);
      return text.toLowerCase().includes(sought);
    },
  };
}

const SIMPLE: ReadonlySet<Filter['op']> = new Set(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'matches', 'holds']);

function meeting(entities: Entity[], parts: readonly Filter[]): Entity[] {
  return parts.length === 0 ? entities : entities.filter((entity) => meets(entity, parts));
}

function meets(entity: Entity, parts: readonly Filter[]): boolean {
  for (const part of parts) if (!matches(part, entity)) return false;
  return true;
}

/** The one thing that is asked, where it is that a property is a text, as nearly always. */
function onlyText(parts: readonly Filter[]): { readonly path: string; readonly value: string } | undefined {
  const [part] = parts;
  if (parts.length !== 1 || part?.op !== 'eq' || typeof part.value !== 'string') return undefined;
  const { path, value } = part;
  return path === '*' || path.includes('.') ? undefined : { path, value };
}

function compareBy(order: NonNullable<Query['order']>, a: Entity, b: Entity): number {
  for (const { path, descending } of order) {
    const [x] = valuesAt(a, path);
    const [y] = valuesAt(b, path);
    // What has no value stands last, whichever way the rest is sorted.
    if (x === undefined || y === undefined) {
      if (x === y) continue;
      return x === undefined ? 1 : -1;
    }
    const result = orderOf(x, y) ?? 0;
    if (result !== 0) return descending === true ? -result : result;
  }
  return 0;
}
