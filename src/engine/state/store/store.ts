import type { Filter } from './filter.ts';

/** A stored thing: plain JSON that is never changed in place. */
export type Entity = Readonly<Record<string, unknown>>;

/**
 * The port behind which a tenant's state lives. `test/conformance/store.ts` says what a correct one does.
 *
 * It answers at once: a command runs from its first read to its commit without a turn for anybody else, and that is what
 * makes it whole (see docs/decisions/0005). A store that lasts keeps its content at hand, too, and writes what has been
 * committed behind.
 */
export interface Store extends StoreReader {
  /** How many things it holds in all collections together, those of a transaction that has not ended included. */
  readonly size: number;
  /** Begins changes that take effect together; whoever does ends them, with `commit` or `rollback`, before the next begin. */
  begin(): OpenTransaction;
  /** An independent store with the same content, or with those of its collections that are to be kept. */
  fork(isKept?: (collection: string) => boolean): Store;
  /** An independent store with the content of before these writes, the last that this one has seen, in their order. */
  before(writes: readonly Write[]): Store;
  /** Names of the collections that something has been put into, in the order in which that happened. */
  collections(): readonly string[];
  /** Everything in a collection with its id, in order of creation. */
  entries(collection: string): readonly (readonly [string, Entity])[];
}

/** Reads the state as it stands. */
export interface StoreReader {
  get(collection: string, id: string): Entity | undefined;
  query(collection: string, query?: Query): Page;
}

/** Reads its own writes. */
export interface StoreTransaction extends StoreReader {
  /** Adds or replaces; a replaced entity keeps its place in the order of creation. */
  put(collection: string, id: string, entity: Entity): void;
  /** As `put`, of many. */
  putAll(collection: string, entries: Iterable<readonly [id: string, entity: Entity]>): void;
  /** Adds what is not there, behind everything else; answers `false`, and leaves what is there, where the id is taken. */
  add(collection: string, id: string, entity: Entity): boolean;
  /** Answers whether it was there. */
  delete(collection: string, id: string): boolean;
}

/** One thing that was written; a deleted one has no entity. */
export interface Write {
  readonly collection: string;
  readonly id: string;
  readonly entity?: Entity;
}

/** A transaction that has not ended. */
export interface OpenTransaction extends StoreTransaction {
  /** Makes it final, and answers what was written, in order. */
  commit(): readonly Write[];
  /** Undoes all of it. */
  rollback(): void;
}

export interface Query {
  readonly filter?: Filter;
  /** Most significant first; entities that are equal in all of it stand in order of creation, as all do without it. */
  readonly order?: readonly { readonly path: string; readonly descending?: boolean }[];
  /** How many to leave out at the front; default: 0. */
  readonly offset?: number;
  /** How many to answer at most; default: all. */
  readonly limit?: number;
}

export interface Page {
  readonly items: readonly Entity[];
  /** How many meet the filter, on whatever page. */
  readonly total: number;
}
