import type { Awaitable } from '../../lib/awaitable.ts';
import type { Store, StoreTransaction, Write } from './store/store.ts';

/** What a transaction has come to. */
export interface Transacted<T> {
  readonly result: T;
  readonly writes: readonly Write[];
}

/**
 * Runs changes that take effect together once `body` returns, and not at all where it throws. This file is the only one
 * that begins and ends transactions.
 *
 * @example transact(store, (transaction) => transaction.put('shop/Order', '1', { id: '1' }));
 */
export function transact<T>(store: Store, body: (transaction: StoreTransaction) => T): Transacted<T> {
  const transaction = store.begin();
  let result: T;
  try {
    result = body(transaction);
  } catch (error) {
    transaction.rollback();
    throw error;
  }
  return { result, writes: transaction.commit() };
}

/**
 * Runs changes and takes all of them back: what they would have come to is all that remains.
 *
 * @example rehearse(store, (transaction) => handle(new UnitOfWork({ ...parts, store: transaction }), command));
 */
export function rehearse<T>(store: Store, body: (transaction: StoreTransaction) => T): T {
  const transaction = store.begin();
  try {
    return body(transaction);
  } finally {
    transaction.rollback();
  }
}

/**
 * Fills a store that nobody else sees yet, and may take its time.
 *
 * @example const store = await filled(createMemoryStore(), (transaction) => fill(transaction));
 */
export async function filled(store: Store, fill: (transaction: StoreTransaction) => Awaitable<void>): Promise<Store> {
  const transaction = store.begin();
  await fill(transaction);
  transaction.commit();
  return store;
}

/** Writes again what was written once, in the same order. */
export function repeatWrites(store: Store, writes: readonly Write[]): void {
  if (writes.length === 0) return;
  transact(store, (transaction) => {
    for (const { collection, id, entity } of writes) {
      if (entity === undefined) transaction.delete(collection, id);
      else transaction.put(collection, id, entity);
    }
  });
}
