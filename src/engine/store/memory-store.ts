import type { Awaitable } from '../../lib/awaitable.ts';
import { PersistentTree } from '../../lib/persistent-tree.ts';
import { conjunctionOf, equalitiesOf, type Filter, matches, orderOf, valuesAt } from './filter.ts';
import type { Entity, Page, Query, Store, StoreReader, StoreTransaction } from './store.ts';

/**
 * Keeps everything in memory. A fork, a snapshot and an open transaction share what has not changed, so each costs the
 * same however much is stored; filters on first-level values are answered from an index, made when first asked for.
 *
 * @example
 * const store = createMemoryStore();
 * await store.transaction((tx) => tx.put('shop/Order', '1', { id: '1', status: 'Open' }));
 */
export function createMemoryStore(): Store {
  return new MemoryStore(new Map());
}

class MemoryStore implements Store {
  readonly #collections: Map<string, Collection>;

  constructor(collections: Map<string, Collection>) {
    this.#collections = collections;
  }

  get(collection: string, id: string): Entity | undefined {
    return this.#collections.get(collection)?.get(id);
  }

  query(collection: string, query: Query = {}): Page {
    return this.#collections.get(collection)?.query(query) ?? { items: [], total: 0 };
  }

  async transaction<T>(body: (transaction: StoreTransaction) => Awaitable<T>): Promise<T> {
    const transaction = new MemoryTransaction(this.#collections);
    const result = await body(transaction);
    // At one go, so that no reader sees half of it. A fork has its own map and clones of what is in it.
    transaction.applyTo(this.#collections);
    return result;
  }

  fork(): Store {
    return new MemoryStore(new Map([...this.#collections].map(([name, collection]) => [name, collection.clone()])));
  }
}

/**
 * Writes are put aside and carried out when the transaction ends, straight into the committed collections: most
 * commands write a few entities and look them up by id. Only one that queries what it has written to needs a copy.
 */
class MemoryTransaction implements StoreTransaction, StoreReader {
  readonly #written = new Map<string, Writes>();
  readonly #committed: ReadonlyMap<string, Collection>;

  constructor(committed: ReadonlyMap<string, Collection>) {
    this.#committed = committed;
  }

  get(name: string, id: string): Entity | undefined {
    const writes = this.#written.get(name);
    if (writes?.copy !== undefined) return writes.copy.get(id);
    const write = writes?.pending.get(id);
    return write === undefined ? this.#committed.get(name)?.get(id) : write.entity;
  }

  query(name: string, query: Query = {}): Page {
    const writes = this.#written.get(name);
    const collection = writes === undefined ? this.#committed.get(name) : this.#copied(name, writes);
    return collection?.query(query) ?? { items: [], total: 0 };
  }

  put(name: string, id: string, entity: Entity): void {
    const writes = this.#writesTo(name);
    if (writes.copy !== undefined) {
      writes.copy.put(id, entity);
      return;
    }
    const before = writes.pending.get(id);
    // What was deleted and comes back stands behind all others, in the order of creation and so in the map.
    if (before?.entity === undefined) writes.pending.delete(id);
    writes.pending.set(id, { entity, isRenewed: before?.isRenewed === true });
  }

  delete(name: string, id: string): boolean {
    if (this.get(name, id) === undefined) return false;
    const writes = this.#writesTo(name);
    if (writes.copy !== undefined) return writes.copy.delete(id);
    writes.pending.set(id, REMOVED);
    return true;
  }

  applyTo(collections: Map<string, Collection>): void {
    for (const [name, { pending, copy }] of this.#written) {
      if (copy !== undefined) {
        collections.set(name, copy);
        continue;
      }
      let collection = collections.get(name);
      if (collection === undefined) {
        collection = new Collection();
        collections.set(name, collection);
      }
      apply(pending, collection);
    }
  }

  #writesTo(name: string): Writes {
    let writes = this.#written.get(name);
    if (writes === undefined) {
      writes = { pending: new Map(), copy: undefined };
      this.#written.set(name, writes);
    }
    return writes;
  }

  #copied(name: string, writes: Writes): Collection {
    if (writes.copy === undefined) {
      writes.copy = this.#committed.get(name)?.clone() ?? new Collection();
      apply(writes.pending, writes.copy);
    }
    return writes.copy;
  }
}

/** What a transaction has written to one collection: by id, or to a copy of it once there is one. */
interface Writes {
  readonly pending: Map<string, Write>;
  copy: Collection | undefined;
}

interface Write {
  /** `undefined` where it has been deleted. */
  readonly entity: Entity | undefined;
  /** Deleted, and put again after that: it loses its place in the order of creation. */
  readonly isRenewed: boolean;
}

const REMOVED: Write = { entity: undefined, isRenewed: true };

function apply(pending: ReadonlyMap<string, Write>, collection: Collection): void {
  for (const [id, { entity, isRenewed }] of pending) {
    if (isRenewed) collection.delete(id);
    if (entity !== undefined) collection.put(id, entity);
  }
}

interface Stored {
  readonly id: string;
  /** Rises with every addition: the order of creation. */
  readonly sequence: number;
  readonly entity: Entity;
}

/** The values an index is sorted by, then the sequence. */
type IndexKey = readonly (string | number)[];

interface Index {
  readonly paths: readonly string[];
  readonly tree: PersistentTree<IndexKey, Stored>;
  /**
   * One path that leads through objects and arrays: an entity stands under each value found there, and what the index
   * finds is looked at again.
   */
  readonly isSpread: boolean;
  /** Set once a path has led to an array or object: an equality may then hold for a member, which no key shows. */
  isVague: boolean;
}

/** Beyond this, a query scans: somebody asks for ever new combinations. */
const MOST_INDEXES = 32;

class Collection {
  readonly #byId: PersistentTree<string, Stored>;
  readonly #indexes: Map<string, Index>;
  #nextSequence: number;

  constructor(
    byId = new PersistentTree<string, Stored>(compareText),
    indexes: Map<string, Index> = new Map([['', emptyIndex([])]]),
    nextSequence = 0,
  ) {
    this.#byId = byId;
    this.#indexes = indexes;
    this.#nextSequence = nextSequence;
  }

  clone(): Collection {
    const indexes = new Map([...this.#indexes].map(([name, index]) => [name, { ...index, tree: index.tree.clone() }]));
    return new Collection(this.#byId.clone(), indexes, this.#nextSequence);
  }

  get(id: string): Entity | undefined {
    return this.#byId.get(id)?.entity;
  }

  put(id: string, entity: Entity): void {
    const before = this.#byId.get(id);
    const after: Stored = { id, sequence: before?.sequence ?? this.#nextSequence, entity };
    if (before === undefined) this.#nextSequence += 1;
    this.#byId.set(id, after);
    for (const index of this.#indexes.values()) {
      if (before !== undefined) removeFrom(index, before);
      addTo(index, after);
    }
  }

  delete(id: string): boolean {
    const stored = this.#byId.get(id);
    if (stored === undefined) return false;
    this.#byId.delete(id);
    for (const index of this.#indexes.values()) removeFrom(index, stored);
    return true;
  }

  query({ filter, order = [], offset = 0, limit = Number.POSITIVE_INFINITY }: Query): Page {
    const equalities = indexableEqualities(filter);
    const deep = equalities.size === 0 ? deepEquality(filter) : undefined;
    if (deep !== undefined) return this.#queryDeep(deep, { filter, order, offset, limit });
    const [first] = order;
    const sortPath = order.length === 1 && first !== undefined && !first.path.includes('.') ? first.path : undefined;
    const index = this.#index([...equalities.keys()].sort(), sortPath);
    const prefix = index.paths
      .slice(0, index.paths.length - (index.isSorted ? 1 : 0))
      .map((path) => keyPart(equalities.get(path)));
    const from = index.tree.rank(prefix);
    const to = index.tree.rank([...prefix, AFTER_ALL]);
    const residual = residualOf(filter, index.isUsed ? equalities : new Map());
    const isInOrder = order.length === 0 || (index.isSorted && first?.descending !== true);
    if (residual.length === 0 && isInOrder) {
      return {
        items: take(index.tree.valuesFrom(from + offset), Math.min(limit, to - from - offset)),
        total: to - from,
      };
    }
    const found: Entity[] = [];
    for (const entity of take(index.tree.valuesFrom(from), to - from)) {
      if (residual.every((part) => matches(part, entity))) found.push(entity);
    }
    if (!isInOrder) found.sort((a, b) => compareBy(order, a, b));
    return { items: found.slice(offset, offset + limit), total: found.length };
  }

  /** A filter on a value inside of objects and arrays; without an index, each such query would look at everything. */
  #queryDeep(
    [path, value]: readonly [string, string],
    query: Required<Pick<Query, 'offset' | 'limit' | 'order'>> & Query,
  ) {
    const { filter, order, offset, limit } = query;
    const { tree } = this.#spreadIndex(path) ?? this.#all();
    const isUsed = tree !== this.#all().tree;
    const from = isUsed ? tree.rank([keyPart(value)]) : 0;
    const to = isUsed ? tree.rank([keyPart(value), AFTER_ALL]) : tree.size;
    const parts = conjunctionOf(filter);
    const found = take(tree.valuesFrom(from), to - from).filter((entity) =>
      parts.every((part) => matches(part, entity)),
    );
    if (order.length > 0) found.sort((a, b) => compareBy(order, a, b));
    return { items: found.slice(offset, offset + limit), total: found.length };
  }

  #spreadIndex(path: string): Index | undefined {
    const name = `${path}\n*`;
    let index = this.#indexes.get(name);
    if (index === undefined && this.#indexes.size < MOST_INDEXES) {
      index = emptyIndex([path], true);
      for (const stored of this.#all().tree.valuesFrom()) addTo(index, stored);
      this.#indexes.set(name, index);
    }
    return index;
  }

  #index(paths: readonly string[], sortPath: string | undefined): Index & { isUsed: boolean; isSorted: boolean } {
    const wanted = sortPath === undefined ? paths : [...paths, sortPath];
    const name = wanted.join('\n') + (sortPath === undefined ? '' : '\n');
    let index = this.#indexes.get(name);
    if (index === undefined && this.#indexes.size < MOST_INDEXES) {
      index = emptyIndex(wanted);
      for (const stored of this.#all().tree.valuesFrom()) addTo(index, stored);
      this.#indexes.set(name, index);
    }
    if (index !== undefined && !index.isVague) return { ...index, isUsed: true, isSorted: sortPath !== undefined };
    return { ...this.#all(), isUsed: false, isSorted: false };
  }

  #all(): Index {
    return this.#indexes.get('') as Index;
  }
}

/** Sorts after every value of an entity: numbers sort before texts, and no text starts with this. */
const AFTER_ALL = '\u{10FFFF}\u{10FFFF}';

const ABSENT = '\u{10FFFF}';

function emptyIndex(paths: readonly string[], isSpread = false): Index {
  return { paths, isSpread, tree: new PersistentTree<IndexKey, Stored>(compareKeys), isVague: false };
}

function removeFrom(index: Index, stored: Stored): void {
  if (index.isSpread) for (const key of spreadKeysOf(index, stored)) index.tree.delete(key);
  else index.tree.delete(keyOf(index.paths, stored));
}

/** A key for each value; the same value twice gives the same key. */
function spreadKeysOf({ paths: [path = ''] }: Index, stored: Stored): IndexKey[] {
  return valuesAt(stored.entity, path).map((value) => [keyPart(value), stored.sequence]);
}

function addTo(index: Index, stored: Stored): void {
  if (index.isSpread) {
    for (const key of spreadKeysOf(index, stored)) index.tree.set(key, stored);
    return;
  }
  index.tree.set(keyOf(index.paths, stored), stored);
  index.isVague ||= index.paths.some((path) => typeof stored.entity[path] === 'object' && stored.entity[path] !== null);
}

function keyOf(paths: readonly string[], stored: Stored): IndexKey {
  return [...paths.map((path) => keyPart(stored.entity[path])), stored.sequence];
}

/** A value as part of a key; values of different types never meet, and an absent one sorts last. */
function keyPart(value: unknown): string | number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? `"${value}` : value === undefined ? ABSENT : `:${JSON.stringify(value)}`;
}

/** The first equality with a text that stands deeper than the first level. */
function deepEquality(filter: Filter | undefined): readonly [string, string] | undefined {
  for (const [path, value] of equalitiesOf(filter)) {
    if (path.includes('.') && isPlainText(value)) return [path, value];
  }
  return undefined;
}

/** A text that finds only itself: others also have to find the numbers and booleans that they write. */
function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && !/^(true|false|[-+.\d].*)$/.test(value);
}

/** Equalities that an index answers: of first-level values, and of those only texts and numbers. */
function indexableEqualities(filter: Filter | undefined): Map<string, unknown> {
  const equalities = equalitiesOf(filter);
  for (const [path, value] of equalities) {
    if (path.includes('.') || !isPlainText(value)) equalities.delete(path);
  }
  return equalities;
}

function residualOf(filter: Filter | undefined, answered: ReadonlyMap<string, unknown>): readonly Filter[] {
  return conjunctionOf(filter).filter(
    (part) => !(part.op === 'eq' && answered.has(part.path) && answered.get(part.path) === part.value),
  );
}

function take(stored: Iterable<Stored>, count: number): Entity[] {
  const taken: Entity[] = [];
  if (count <= 0) return taken;
  for (const { entity } of stored) {
    taken.push(entity);
    if (taken.length >= count) break;
  }
  return taken;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareKeys(a: IndexKey, b: IndexKey): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a[i] as string | number;
    const y = b[i] as string | number;
    if (x === y) continue;
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
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
