import { Collection, type Written } from './collection.ts';
import type { Entity, OpenTransaction, Page, Query, Store, Write } from './store.ts';

/**
 * Keeps everything in memory. A fork or a snapshot shares what has not changed, so each costs the same however much is
 * stored; filters on equality are answered from an index, made when first asked for.
 *
 * @example
 * const store = createMemoryStore();
 * transact(store, (transaction) => transaction.put('shop/Order', '1', { id: '1', status: 'Open' }));
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
    return this.#collections.get(collection)?.query(query) ?? NOTHING;
  }

  begin(): OpenTransaction {
    return new MemoryTransaction(this.#collections);
  }

  fork(isKept?: (collection: string) => boolean): Store {
    const kept =
      isKept === undefined ? [...this.#collections] : [...this.#collections].filter(([name]) => isKept(name));
    return new MemoryStore(new Map(kept.map(([name, collection]) => [name, collection.clone()])));
  }

  before(writes: readonly Write[]): Store {
    const collections = new Map([...this.#collections].map(([name, collection]) => [name, collection.clone()]));
    // What a transaction of this store has written says what stood there.
    for (const written of writes.toReversed() as Written[]) collections.get(written.collection)?.takeBack(written);
    return new MemoryStore(collections);
  }

  collections(): readonly string[] {
    return [...this.#collections.keys()];
  }

  entries(collection: string): readonly (readonly [string, Entity])[] {
    return this.#collections.get(collection)?.entries() ?? [];
  }
}

const NOTHING: Page = Object.freeze({ items: Object.freeze([]), total: 0 });

/** Writes straight into the collections, and remembers how to take it back: few transactions are rolled back. */
class MemoryTransaction implements OpenTransaction {
  readonly #collections: Map<string, Collection>;
  #written: Written[] = [];

  constructor(collections: Map<string, Collection>) {
    this.#collections = collections;
  }

  get(name: string, id: string): Entity | undefined {
    return this.#collections.get(name)?.get(id);
  }

  query(name: string, query: Query = {}): Page {
    return this.#collections.get(name)?.query(query) ?? NOTHING;
  }

  put(name: string, id: string, entity: Entity): void {
    this.#written.push(this.#collection(name).put(id, entity));
  }

  add(name: string, id: string, entity: Entity): boolean {
    const written = this.#collection(name).add(id, entity);
    if (written === undefined) return false;
    this.#written.push(written);
    return true;
  }

  delete(name: string, id: string): boolean {
    const written = this.#collections.get(name)?.delete(id);
    if (written === undefined) return false;
    this.#written.push(written);
    return true;
  }

  commit(): readonly Write[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  rollback(): void {
    for (const written of this.#written.toReversed()) written.owner.takeBack(written);
    this.#written = [];
  }

  #collection(name: string): Collection {
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = new Collection(name);
      this.#collections.set(name, collection);
    }
    return collection;
  }
}
