import { Refusal } from '../../model/command.ts';
import { HELD } from './keep-newest.ts';
import type { Entity, Page, Query, StoreReader, StoreTransaction } from './store/store.ts';

/** How much clients may put into the state of one tenant. */
export interface StateBound {
  /** Bytes of entities that came in large requests. */
  readonly bytes: number;
}

/** What came in a large request, by collection and id: state, as the entities themselves are. */
const LARGE = '$large';
/** The name of what they hold together. */
const ALL = 'state';

/** Bytes of things that came in large requests, on one page of a list: nobody else is answered while it is written. */
const MOST_ON_A_PAGE = 2 * 2 ** 20;

/**
 * Refuses a page of a list that would take long to write. One thing alone is always shown.
 *
 * @example requireShortPage(work, 'shop/Order', items.map(entry.keyOf));
 */
export function requireShortPage(state: Pick<StoreReader, 'get'>, collection: string, keys: readonly string[]): void {
  if (keys.length < 2) return;
  let bytes = 0;
  for (const key of keys) bytes += Number(state.get(LARGE, `${collection}/${key}`)?.bytes ?? 0);
  if (bytes <= MOST_ON_A_PAGE) return;
  throw new Refusal(
    400,
    'PAGE_TOO_LARGE',
    `Failed to list: the ${keys.length} things on this page have ${bytes} bytes, and a page may have ${MOST_ON_A_PAGE}. Ask for fewer at a time.`,
  );
}

/**
 * Whether a state holds anything that came in a large request.
 *
 * @example if (holdsLarge(work)) requireShortPage(work, entry.collection, keys);
 */
export function holdsLarge(state: Pick<StoreReader, 'get'>): boolean {
  return state.get(HELD, ALL) !== undefined;
}

/**
 * A transaction that refuses what would make the state too large, and changes nothing then. Only what came in a large
 * request is measured, and what becomes of it: the rest is bounded by its number alone, see `room.ts`.
 *
 * @example new BoundedTransaction(transaction, { bytes: 64 * 2 ** 20 }, { tenant, requested: input.size })
 */
export class BoundedTransaction implements StoreTransaction {
  readonly #inner: StoreTransaction;
  readonly #bound: StateBound;
  readonly #tenant: string;
  /** Bytes of the request, where it is a large one. */
  readonly #requested: number;
  /** What large requests hold together, once it has been asked for: every write asks, and none but these change it. */
  #heldBytes: number | undefined;

  constructor(
    inner: StoreTransaction,
    bound: StateBound,
    { tenant, requested = 0 }: { readonly tenant: string; readonly requested?: number | undefined },
  ) {
    this.#inner = inner;
    this.#bound = bound;
    this.#tenant = tenant;
    this.#requested = requested;
  }

  get(collection: string, id: string): Entity | undefined {
    return this.#inner.get(collection, id);
  }

  query(collection: string, query?: Query): Page {
    return this.#inner.query(collection, query);
  }

  put(collection: string, id: string, entity: Entity): void {
    if (this.#requested > 0 || this.#held > 0) this.#measure(collection, id, entity);
    this.#inner.put(collection, id, entity);
  }

  putAll(collection: string, entries: Iterable<readonly [id: string, entity: Entity]>): void {
    for (const [id, entity] of entries) this.put(collection, id, entity);
  }

  add(collection: string, id: string, entity: Entity): boolean {
    if (!this.#inner.add(collection, id, entity)) return false;
    if (this.#requested > 0 || this.#held > 0) this.#measure(collection, id, entity);
    return true;
  }

  delete(collection: string, id: string): boolean {
    if (this.#held > 0) this.#forget(collection, id);
    return this.#inner.delete(collection, id);
  }

  get #held(): number {
    this.#heldBytes ??= Number(this.#inner.get(HELD, ALL)?.bytes ?? 0);
    return this.#heldBytes;
  }

  #hold(bytes: number): void {
    this.#heldBytes = bytes;
    this.#inner.put(HELD, ALL, { bytes });
  }

  #measure(collection: string, id: string, entity: Entity): void {
    // What lets its oldest go keeps within a bound of its own.
    if (this.#inner.get(HELD, collection) !== undefined) return;
    const key = `${collection}/${id}`;
    const known = this.#inner.get(LARGE, key);
    if (this.#requested === 0 && known === undefined) return;
    const bytes = JSON.stringify(entity).length;
    const held = this.#held - Number(known?.bytes ?? 0) + bytes;
    if (held > this.#bound.bytes && bytes > Number(known?.bytes ?? 0)) {
      throw full(
        `the tenant "${this.#tenant}" holds as much of large requests as it may, ${this.#bound.bytes} bytes. Delete some of what came in them, reset the tenant, or raise --max-state-bytes.`,
      );
    }
    this.#inner.put(LARGE, key, { bytes });
    this.#hold(held);
  }

  #forget(collection: string, id: string): void {
    const key = `${collection}/${id}`;
    const known = this.#inner.get(LARGE, key);
    if (known === undefined) return;
    this.#inner.delete(LARGE, key);
    this.#hold(this.#held - Number(known.bytes));
  }
}

function full(why: string): Refusal {
  return new Refusal(507, 'STATE_FULL', `Failed to keep what was sent: ${why}`);
}
