import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allOf, equals, type Filter, matches } from '../../src/engine/store/filter.ts';
import type { Entity, Store } from '../../src/engine/store/store.ts';

/**
 * What every correct store does; a new one calls this and adds only what is special to it.
 *
 * @example testStore('memory', createMemoryStore);
 */
export function testStore(name: string, createStore: () => Store): void {
  test(`${name}: what a transaction puts is there once it has ended, and not before`, async () => {
    const store = createStore();
    await store.transaction(async (tx) => {
      await tx.put('shop/Order', '1', { id: '1' });
      expect(await tx.get('shop/Order', '1')).toEqual({ id: '1' });
      expect(await store.get('shop/Order', '1')).toBeUndefined();
    });
    expect(await store.get('shop/Order', '1')).toEqual({ id: '1' });
  });

  test(`${name}: a transaction that fails leaves nothing behind`, async () => {
    const store = createStore();
    await store.transaction((tx) => tx.put('shop/Order', '1', { id: '1' }));
    const failing = store.transaction(async (tx) => {
      await tx.put('shop/Order', '2', { id: '2' });
      await tx.delete('shop/Order', '1');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store.query('shop/Order')).toEqual({ items: [{ id: '1' }], total: 1 });
  });

  test(`${name}: a fork and its origin go separate ways`, async () => {
    const origin = createStore();
    await origin.transaction((tx) => tx.put('shop/Order', '1', { id: '1' }));
    const fork = origin.fork();
    await fork.transaction((tx) => tx.put('shop/Order', '2', { id: '2' }));
    await origin.transaction((tx) => tx.delete('shop/Order', '1'));
    expect((await origin.query('shop/Order')).total).toBe(0);
    expect((await fork.query('shop/Order')).total).toBe(2);
  });

  test(`${name}: entities stand in order of creation, also after they have been replaced`, async () => {
    const store = createStore();
    await store.transaction(async (tx) => {
      for (const id of ['b', 'a', 'c']) await tx.put('shop/Order', id, { id });
      await tx.put('shop/Order', 'b', { id: 'b', changed: true });
    });
    const { items } = await store.query('shop/Order');
    expect(items.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });

  test(`${name}: an equality on a list finds its members, also once it is indexed`, async () => {
    const store = createStore();
    await store.transaction((tx) => tx.put('shop/Order', '1', { id: '1', tags: 'new' }));
    expect((await store.query('shop/Order', { filter: equals('tags', 'new') })).total).toBe(1);
    await store.transaction((tx) => tx.put('shop/Order', '2', { id: '2', tags: ['old', 'new'] }));
    expect((await store.query('shop/Order', { filter: equals('tags', 'new') })).total).toBe(2);
  });

  test(`${name}: any filter, order and page gives what a plain array gives`, async () => {
    const entity = fc.record(
      {
        status: fc.constantFrom('Open', 'Paid', 'Late'),
        kind: fc.constantFrom('a', 'b'),
        amount: fc.integer({ min: 0, max: 5 }),
        isPaid: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    const comparison: fc.Arbitrary<Filter> = fc.oneof(
      fc.constantFrom('Open', 'Paid').map((value) => equals('status', value)),
      fc.constantFrom('a', 'b').map((value) => equals('kind', value)),
      fc.constantFrom('3', 3).map((value) => equals('amount', value)),
      fc.constantFrom('true', true).map((value) => equals('isPaid', value)),
      fc.integer({ min: 0, max: 5 }).map((value): Filter => ({ op: 'gte', path: 'amount', value })),
      fc.constant<Filter>({ op: 'ne', path: 'status', value: 'Open' }),
      fc.constant<Filter>({ op: 'in', path: 'status', value: ['Open', 'Late'] }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.option(entity, { nil: undefined })), { maxLength: 60 }),
        fc.array(fc.array(comparison, { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(undefined, 'amount', 'status'),
        fc.boolean(),
        fc.integer({ min: 0, max: 4 }),
        fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
        async (steps, queries, sort, descending, offset, limit) => {
          const store = createStore();
          const model = new Map<string, Entity>();
          for (const [i, [number, draft]] of steps.entries()) {
            const id = String(number);
            await store.transaction(async (tx) => {
              if (draft === undefined) expect(await tx.delete('shop/Order', id)).toBe(model.delete(id));
              else {
                model.set(id, { id, ...draft });
                await tx.put('shop/Order', id, { id, ...draft });
              }
            });
            // Queried on the way too, so that indexes made early have to follow later changes.
            const filter = allOf(...(queries[i % queries.length] ?? []));
            const order = sort === undefined ? undefined : [{ path: sort, descending }];
            const page = await store.query('shop/Order', { filter, order, offset, limit });
            const wanted = [...model.values()].filter((each) => filter === undefined || matches(filter, each));
            if (sort !== undefined) wanted.sort((a, b) => compare(a[sort], b[sort], descending));
            expect(page.items).toEqual(wanted.slice(offset, limit === undefined ? undefined : offset + limit));
            expect(page.total).toBe(wanted.length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
}

function compare(a: unknown, b: unknown, descending: boolean): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const result = a === b ? 0 : (a as number) < (b as number) ? -1 : 1;
  return descending ? -result : result;
}
