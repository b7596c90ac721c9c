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
  return new MemoryStore({ collections: new Map(), size: 0 });
}

/** What a store holds. The number of all things is asked for with every command, and there may be many collections. */
interface Content {
  readonly collections: Map<string, Collection>;
  size: number;
}

function contentOf(collections: Map<string, Collection>): Content {
  let size = 0;
  for (const collection of collections.values()) size += collection.size;
  return { collections, size };
}

class MemoryStore implements Store {
  readonly #content: Content;
  readonly #collections: Map<string, Collection>;

  constructor(content: Content) {
    this.#content = content;
    this.#collections = content.collections;
  }

  get size(): number {
    return this.#content.size;
  }

  get(collection: string, id: string): Entity | undefined {
    return this.#collections.get(collection)?.get(id);
  }

  query(collection: string, query: Query = {}): Page {
    return this.#collections.get(collection)?.query(query) ?? NOTHING;
  }

  begin(): OpenTransaction {
    return new MemoryTransaction(this.#content);
  }

  fork(isKept?: (collection: string) => boolean): Store {
    const kept =
      isKept === undefined ? [...this.#collections] : [...this.#collections].filter(([name]) => isKept(name));
    return new MemoryStore(contentOf(new Map(kept.map(([name, collection]) => [name, collection.clone()]))));
  }

  before(writes: readonly Write[]): Store {
    const collections = new Map([...this.#collections].map(([name, collection]) => [name, collection.clone()]));
    // What a transaction of this store has written says what stood there.
    for (const written of writes.toReversed() as Written[]) collections.get(written.collection)?.takeBack(written);
    return new MemoryStore(contentOf(collections));
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
  readonly #content: Content;
  readonly #collections: Map<string, Collection>;
  #written: Written[] = [];

  constructor(content: Content) {
    this.#content = content;
    this.#collections = content.collections;
  }

  get(name: string, id: string): Entity | undefined {
    return this.#collections.get(name)?.get(id);
  }

  query(name: string, query: Query = {}): Page {
    return this.#collections.get(name)?.query(query) ?? NOTHING;
  }

  put(name: string, id: string, entity: Entity): void {
    const written = this.#collection(name).put(id, entity);
    if (written.before === undefined) this.#content.size += 1;
    this.#written.push(written);
  }

  putAll(name: string, entries: Iterable<readonly [id: string, entity: Entity]>): void {
    const collection = this.#collection(name);
    const before = collection.size;
    for (const [id, entity] of entries) this.#written.push(collection.put(id, entity));
    this.#content.size += collection.size - before;
  }

  add(name: string, id: string, entity: Entity): boolean {
    const written = this.#collection(name).add(id, entity);
    if (written === undefined) return false;
    this.#content.size += 1;
    this.#written.push(written);
    return true;
  }

  delete(name: string, id: string): boolean {
    const written = this.#collections.get(name)?.delete(id);
    if (written === undefined) return false;
    this.#content.size -= 1;
    this.#written.push(written);
    return true;
  }

  commit(): readonly Write[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  rollback(): void {
    for (const written of this.#written.toReversed()) {
      written.owner.takeBack(written);
      if (written.before === undefined) this.#content.size -= 1;
      else if (written.entity === undefined) this.#content.size += 1;
    }
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
