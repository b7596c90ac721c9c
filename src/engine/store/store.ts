import type { Awaitable } from '../../lib/awaitable.ts';
import type { Filter } from './filter.ts';

/** A stored thing: plain JSON that nobody changes in place. */
export type Entity = Readonly<Record<string, unknown>>;

/**
 * The port behind which a tenant's state lives. `test/conformance/store.ts` says what a correct one does.
 *
 * Asynchronous, so that a database can stand behind it, but a store that has the answer at hand may give it at once:
 * what it costs to wait for a promise is most of what a read costs. Small, so that it can be written in a day.
 */
export interface Store extends StoreReader {
  /**
   * Runs changes that take effect together when `body` resolves, and not at all when it rejects. The caller sees to it
   * that one transaction ends before the next begins.
   */
  transaction<T>(body: (transaction: StoreTransaction) => Awaitable<T>): Promise<T>;
  /** An independent store with the same content. */
  fork(): Store;
}

/** Reads the last committed state; one query sees one state. */
export interface StoreReader {
  get(collection: string, id: string): Awaitable<Entity | undefined>;
  query(collection: string, query?: Query): Awaitable<Page>;
}

/** Reads its own writes. */
export interface StoreTransaction extends StoreReader {
  /** Adds or replaces; a replaced entity keeps its place in the order of creation. */
  put(collection: string, id: string, entity: Entity): Awaitable<void>;
  /** Answers whether it was there. */
  delete(collection: string, id: string): Awaitable<boolean>;
}

export interface Query {
  readonly filter?: Filter;
  /** Most significant first; entities that are equal in all of it stand in order of creation, as all do without it. */
  readonly order?: readonly { readonly path: string; readonly descending?: boolean }[];
  /** How many to leave out at the front; 0 unless told. */
  readonly offset?: number;
  /** How many to answer at most; all unless told. */
  readonly limit?: number;
}

export interface Page {
  readonly items: readonly Entity[];
  /** How many meet the filter, on whatever page. */
  readonly total: number;
}
