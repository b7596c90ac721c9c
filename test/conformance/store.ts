import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allOf, equals, type Filter, matches } from '../../src/engine/state/store/filter.ts';
import type { Entity, Store, StoreTransaction } from '../../src/engine/state/store/store.ts';
import { rehearse, transact } from '../../src/engine/state/transact.ts';

/**
 * What every correct store does; a new one calls this and adds only what is special to it.
 *
 * @example testStore('memory', createMemoryStore);
 */
export function testStore(name: string, createStore: () => Store): void {
  test(`${name}: a transaction reads what it has written, and it stays once the transaction has ended`, () => {
    const store = createStore();
    transact(store, (tx) => {
      tx.put('shop/Order', '1', { id: '1' });
      expect(tx.get('shop/Order', '1')).toEqual({ id: '1' });
      expect(tx.query('shop/Order').total).toBe(1);
    });
    expect(store.get('shop/Order', '1')).toEqual({ id: '1' });
  });

  test(`${name}: a transaction that fails leaves nothing behind, and what it deleted keeps its place`, () => {
    const store = createStore();
    transact(store, (tx) => {
      for (const id of ['1', '2']) tx.put('shop/Order', id, { id, state: 'Open' });
    });
    expect(store.query('shop/Order', { filter: equals('state', 'Open') }).total).toBe(2);
    const failing = () =>
      transact(store, (tx) => {
        tx.put('shop/Order', '3', { id: '3', state: 'Open' });
        tx.put('shop/Order', '2', { id: '2', state: 'Paid' });
        tx.delete('shop/Order', '1');
        tx.put('shop/Order', '1', { id: '1', state: 'Late' });
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    const items = ['1', '2'].map((id) => ({ id, state: 'Open' }));
    expect(store.query('shop/Order')).toEqual({ items, total: 2 });
    expect(store.query('shop/Order', { filter: equals('state', 'Open') })).toEqual({ items, total: 2 });
  });

  test(`${name}: what is added stands behind everything else, and leaves what is there`, () => {
    const store = createStore();
    transact(store, (tx) => {
      for (const id of ['2', '1']) expect(tx.add('shop/Order', id, { id, state: 'Open' })).toBe(true);
      expect(tx.add('shop/Order', '2', { id: '2', state: 'Paid' })).toBe(false);
    });
    const items = ['2', '1'].map((id) => ({ id, state: 'Open' }));
    expect(store.query('shop/Order', { filter: equals('state', 'Open') })).toEqual({ items, total: 2 });
    const failing = () =>
      transact(store, (tx) => {
        tx.add('shop/Order', '3', { id: '3', state: 'Open' });
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(store.query('shop/Order').items).toEqual(items);
  });

  test(`${name}: its size is the number of all things, while a transaction runs, once it has failed, and in what is made of it`, () => {
    const store = createStore();
    const { writes } = transact(store, (tx) => {
      for (const id of ['1', '2', '2']) tx.put('shop/Order', id, { id });
      tx.put('shop/Bill', '1', { id: '1' });
      expect(store.size).toBe(3);
    });
    const failing = () =>
      transact(store, (tx) => {
        tx.add('shop/Order', '3', { id: '3' });
        for (const id of ['1', '1', '3', 'none']) tx.delete('shop/Order', id);
        tx.put('shop/Order', '1', { id: '1' });
        expect(store.size).toBe(3);
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(store.size).toBe(3);
    expect(store.fork((collection) => collection === 'shop/Bill').size).toBe(1);
    expect(store.before(writes).size).toBe(0);
    transact(store, (tx) => tx.delete('shop/Order', '1'));
    expect([store.size, store.fork().size]).toEqual([2, 2]);
  });

  test(`${name}: a fork and its origin go separate ways`, () => {
    const origin = createStore();
    transact(origin, (tx) => tx.put('shop/Order', '1', { id: '1' }));
    const fork = origin.fork();
    transact(fork, (tx) => tx.put('shop/Order', '2', { id: '2' }));
    transact(origin, (tx) => tx.delete('shop/Order', '1'));
    expect(origin.query('shop/Order').total).toBe(0);
    expect(fork.query('shop/Order').total).toBe(2);
  });

  test(`${name}: forks of what many have in common keep apart, however each is changed`, () => {
    const state = fc.option(fc.constantFrom('Open', 'Closed'), { nil: undefined });
    const step = fc.record({ at: fc.nat(3), id: fc.nat(99), state, isFork: fc.boolean() });
    const open = { filter: equals('state', 'Open') };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const entries = Array.from({ length: 100 }, (_, id) => [String(id), { id, state: 'Open' }] as const);
        const store = createStore();
        transact(store, (tx) => tx.putAll('shop/Order', entries));
        expect(store.query('shop/Order', open).total).toBe(100);
        const all = [{ store, expected: new Map<string, Entity>(entries) }];
        for (const { at, id, state, isFork } of steps) {
          const { store, expected } = all[at % all.length] as (typeof all)[number];
          if (isFork && all.length < 4) all.push({ store: store.fork(), expected: new Map(expected) });
          transact(store, (tx) => {
            if (state === undefined) tx.delete('shop/Order', String(id));
            else tx.put('shop/Order', String(id), { id, state });
          });
          if (state === undefined) expected.delete(String(id));
          else expected.set(String(id), { id, state });
        }
        for (const { store, expected } of all) {
          const items = [...expected.values()].filter((each) => each.state === 'Open');
          expect(store.query('shop/Order', open)).toEqual({ items, total: items.length });
          expect(store.query('shop/Order', { ...open, offset: 40, limit: 7 }).items).toEqual(items.slice(40, 47));
        }
      }),
    );
  });

  test(`${name}: it can be seen as it was before its last writes, which stay`, () => {
    const write = fc.record({
      collection: fc.constantFrom('shop/Order', 'shop/Bill'),
      id: fc.constantFrom('1', '2', '3'),
      state: fc.option(fc.constantFrom('Open', 'Paid'), { nil: undefined }),
    });
    const some = fc.array(write, { maxLength: 8 });
    fc.assert(
      fc.property(some, fc.array(some, { maxLength: 4 }), (first, later) => {
        const store = createStore();
        const apply = (writes: typeof first) =>
          transact(store, (tx) => {
            for (const { collection, id, state } of writes) {
              if (state === undefined) tx.delete(collection, id);
              else tx.put(collection, id, { id, state });
            }
          }).writes;
        const seen = (of: Pick<Store, 'query'>) =>
          ['shop/Order', 'shop/Bill'].flatMap((collection) => [
            of.query(collection),
            of.query(collection, { filter: equals('state', 'Open') }),
          ]);
        apply(first);
        const before = seen(store);
        const writes = later.flatMap(apply);
        const after = seen(store);
        expect(seen(store.before(writes))).toEqual(before);
        expect(seen(store)).toEqual(after);
      }),
    );
  });

  test(`${name}: what has any of several values is found page by page, as one list in order of creation`, () => {
    const state = fc.constantFrom('Open', 'Late', 'Paid', 'true', '7', '');
    const wanted = fc.uniqueArray(fc.oneof(state, fc.constantFrom(7, true)), { maxLength: 4 });
    const write = fc.record({ id: fc.nat({ max: 150 }), state });
    fc.assert(
      fc.property(fc.array(write, { minLength: 20, maxLength: 300 }), wanted, (writes, value) => {
        const store = createStore();
        const filter: Filter = { op: 'in', path: 'state', value };
        const model = new Map<number, Entity>();
        for (const { id, state: of } of writes) {
          model.set(id, { id, state: of });
          transact(store, (tx) => tx.put('shop/Order', String(id), { id, state: of }));
          // The index is there from the first question on.
          if (model.size === 5) store.query('shop/Order', { filter });
        }
        const all = [...model.values()].filter((entity) => matches(filter, entity));
        expect(store.query('shop/Order', { filter })).toEqual({ items: all, total: all.length });
        for (const [offset, limit] of [
          [0, 1],
          [3, 7],
          [40, 200],
          [500, 1],
        ] as const) {
          const items = all.slice(offset, offset + limit);
          expect(store.query('shop/Order', { filter, offset, limit })).toEqual({ items, total: all.length });
        }
      }),
    );
  });

  test(`${name}: entities stand in order of creation, also after they have been replaced`, () => {
    const store = createStore();
    transact(store, (tx) => {
      for (const id of ['b', 'a', 'c']) tx.put('shop/Order', id, { id });
      tx.put('shop/Order', 'b', { id: 'b', changed: true });
    });
    const { items } = store.query('shop/Order');
    expect(items.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });

  test(`${name}: what comes first by a number does so however things come, change, leave and are taken back`, () => {
    const step = fc.record({
      id: fc.integer({ min: 0, max: 120 }).map(String),
      does: fc.constantFrom('put', 'put', 'put', 'delete', 'delete', 'anew'),
      due: fc.constantFrom(1, 1, 1, 2, 3, 50, -7),
      isTakenBack: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 250 }), fc.integer({ min: 1, max: 5 }), (steps, limit) => {
        const store = createStore();
        const model = new Map<string, Entity>();
        const soonest = { order: [{ path: 'due' }], limit };
        transact(store, (tx) => {
          for (let number = 0; number < 100; number += 1) {
            model.set(String(number), { id: String(number), due: 1 });
            tx.put('shop/Reminder', String(number), { id: String(number), due: 1 });
          }
        });
        const wanted = () => [...model.values()].sort((a, b) => Number(a.due) - Number(b.due)).slice(0, limit);
        for (const { id, does, due, isTakenBack } of steps) {
          const write = (tx: StoreTransaction) => {
            if (does !== 'put') tx.delete('shop/Reminder', id);
            if (does !== 'delete') tx.put('shop/Reminder', id, { id, due });
          };
          if (isTakenBack) rehearse(store, write);
          else {
            transact(store, write);
            if (does !== 'put') model.delete(id);
            if (does !== 'delete') model.set(id, { id, due });
          }
          expect(store.query('shop/Reminder', soonest)).toEqual({ items: wanted(), total: model.size });
        }
        expect(store.fork().query('shop/Reminder', soonest).items).toEqual(wanted());
      }),
    );
  });

  test(`${name}: an equality on a list finds its members, also once it is indexed`, () => {
    const store = createStore();
    transact(store, (tx) => tx.put('shop/Order', '1', { id: '1', tags: 'new' }));
    expect(store.query('shop/Order', { filter: equals('tags', 'new') }).total).toBe(1);
    transact(store, (tx) => tx.put('shop/Order', '2', { id: '2', tags: ['old', 'new'] }));
    expect(store.query('shop/Order', { filter: equals('tags', 'new') }).total).toBe(2);
  });

  test(`${name}: any filter, order and page gives what a plain array gives`, () => {
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
    fc.assert(
      fc.property(
        // Often so many that a group no longer counts as few.
        fc.oneof(fc.constant(0), fc.integer({ min: 25, max: 90 })),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.option(entity, { nil: undefined })), { maxLength: 60 }),
        fc.array(fc.array(comparison, { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(undefined, 'amount', 'status'),
        fc.boolean(),
        fc.integer({ min: 0, max: 4 }),
        fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
        (crowd, steps, queries, sort, descending, offset, limit) => {
          const store = createStore();
          const model = new Map<string, Entity>();
          transact(store, (tx) => {
            for (let number = 5; number < crowd; number += 1) {
              const member = {
                id: String(number),
                status: number % 7 === 0 ? 'Late' : 'Open',
                kind: 'a',
                amount: number % 4,
              };
              model.set(member.id, member);
              tx.put('shop/Order', member.id, member);
            }
          });
          // Some indexes are there before things become few, or many.
          for (const query of queries) store.query('shop/Order', { filter: allOf(...query) });
          for (const [i, [number, draft]] of steps.entries()) {
            const id = String(number);
            transact(store, (tx) => {
              if (draft === undefined) expect(tx.delete('shop/Order', id)).toBe(model.delete(id));
              else {
                model.set(id, { id, ...draft });
                tx.put('shop/Order', id, { id, ...draft });
              }
            });
            // Queried on the way too, so that indexes made early have to follow later changes.
            const filter = allOf(...(queries[i % queries.length] ?? []));
            const order = sort === undefined ? undefined : [{ path: sort, descending }];
            const page = store.query('shop/Order', { filter, order, offset, limit });
            const wanted = [...model.values()].filter((each) => filter === undefined || matches(filter, each));
            if (sort !== undefined) wanted.sort((a, b) => compare(a[sort], b[sort], descending));
            expect(page.items).toEqual(wanted.slice(offset, limit === undefined ? undefined : offset + limit));
            expect(page.total).toBe(wanted.length);
          }
        },
      ),
      { numRuns: 120 },
    );
  });
}

function compare(a: unknown, b: unknown, descending: boolean): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const result = a === b ? 0 : (a as number) < (b as number) ? -1 : 1;
  return descending ? -result : result;
}
