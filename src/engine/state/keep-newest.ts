import type { Filter } from './store/filter.ts';
import type { StoreTransaction } from './store/store.ts';

/** How much of a collection is kept. */
export interface Bound {
  readonly most: number;
  readonly bytes: number;
  /** Which entries are meant, and the name of what they hold. Default: all. */
  readonly part?: { readonly name: string; readonly filter: Filter };
}

/** The collection of what bounded collections hold, by name: state, as they are. */
export const HELD = '$bytes';

/**
 * Lets the oldest entries of a collection go where there are too many, or too many bytes of them. `added` has just been
 * put, and nothing in it changes as long as it is there.
 *
 * @example keepNewest(work, '$inbox', message, { most: 10_000, bytes: 8 * 2 ** 20 });
 */
export function keepNewest(
  store: Pick<StoreTransaction, 'get' | 'put' | 'query' | 'delete'>,
  collection: string,
  added: object,
  { most, bytes: mostBytes, part }: Bound,
): void {
  const key = part === undefined ? collection : `${collection}/${part.name}`;
  const held = store.get(HELD, key) as { readonly bytes: number } | undefined;
  const filter = part?.filter;
  let bytes = (held?.bytes ?? 0) + sizeOf(added);
  let { total } = store.query(collection, { filter, limit: 1 });
  // Of one that is too large by itself, something is still told.
  while (total > 1 && (total > most || bytes > mostBytes)) {
    const [oldest] = store.query(collection, { filter, limit: 1 }).items;
    if (oldest === undefined) break;
    bytes -= sizeOf(oldest);
    store.delete(collection, String(oldest.id));
    total -= 1;
  }
  store.put(HELD, key, { bytes: Math.max(0, bytes) });
}

function sizeOf(entry: object): number {
  return JSON.stringify(entry).length;
}
