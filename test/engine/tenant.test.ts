import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Work } from '../../src/engine/state/work.ts';
import { defineSystem } from '../../src/engine/system.ts';
import type { Tenant } from '../../src/engine/tenant.ts';
import { Refusal } from '../../src/model/command.ts';
import { answered } from '../support/attempts.ts';
import { perform } from '../support/perform.ts';
import { shopTenant } from '../support/shop.ts';

const ORDER = 'shop/Order';
const START = Date.UTC(2026, 0, 1);
const SECOND = 1000;

const orderLifecycle = {
  resource: 'Order',
  property: 'state',
  initial: 'Open',
  moves: [
    { from: 'Open', to: 'Paid', when: 'it is paid', announces: 'order/paid' },
    { from: 'Paid', to: 'Shipped', when: 'it leaves' },
  ],
};

test('creating gives an id, defaults and times, and is announced with the stored values', async () => {
  const tenant = shopTenant();
  const order = await perform(tenant, (work) => work.create(ORDER, { note: 'first' }));
  expect(order).toEqual({
    orderId: 'ORD-000001',
    state: 'Open',
    amount: 1,
    note: 'first',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  });
  const [event] = tenant.log.read();
  expect(event).toMatchObject({
    channel: 'order/created',
    payload: { orderId: 'ORD-000001', state: 'Open', tenant: 'default' },
  });
  expect(event?.payload).toMatchObject({ eventId: event?.id });
});

test('a command that throws leaves no state, no timer, no event and no used number', async () => {
  const tenant = shopTenant({ timers: { ring: () => {} } });
  const failing = () =>
    perform(tenant, (work) => {
      work.create(ORDER, {});
      work.schedule({ key: 'a', due: START + SECOND, kind: 'shop/ring' });
      throw new Refusal(409, 'IN_USE', 'no');
    });
  expect(failing).toThrow('no');
  expect(await tenant.store.query(ORDER)).toEqual({ items: [], total: 0 });
  expect(await tenant.pending(10)).toEqual([]);
  expect(tenant.log.read()).toEqual([]);
  expect((await perform(tenant, (work) => work.create(ORDER, {}))).orderId).toBe('ORD-000001');
});

test('a change that changes nothing announces nothing and leaves the update time', async () => {
  const tenant = shopTenant({ resources: { Order: { lifecycle: orderLifecycle } } });
  await perform(tenant, (work) => work.create(ORDER, { note: 'x' }));
  await tenant.advance(START + SECOND);
  const after = await perform(tenant, (work) => work.change(ORDER, 'ORD-000001', { note: 'x', state: 'Open' }));
  expect(after.updatedAt).toBe('2026-01-01T00:00:00.000Z');
  expect(tenant.log.read()).toHaveLength(1);
});

test('a move of the life cycle is announced with the previous state; any other is refused with the legal ones', async () => {
  const tenant = shopTenant({ resources: { Order: { lifecycle: orderLifecycle } } });
  await perform(tenant, (work) => work.create(ORDER, {}));
  const illegal = () => perform(tenant, (work) => work.change(ORDER, 'ORD-000001', { state: 'Shipped' }));
  expect(illegal).toThrow(
    expect.objectContaining({ status: 409, details: { from: 'Open', to: 'Shipped', legal: ['Paid'] } }),
  );
  await perform(tenant, (work) => work.change(ORDER, 'ORD-000001', { state: 'Paid' }));
  expect(tenant.log.read({ channel: 'order/paid' }).map(({ payload }) => payload)).toMatchObject([
    { state: 'Paid', previousState: 'Open' },
  ]);
});

test('removing a thing removes what stands below it', async () => {
  const tenant = shopTenant();
  await perform(tenant, (work) => {
    work.create(ORDER, {});
    work.create('shop/Line', { orderId: 'ORD-000001' });
    work.remove(ORDER, 'ORD-000001');
  });
  expect((await tenant.store.query('shop/Line')).total).toBe(0);
});

test('creating one kind of thing does not shift the ids of another', async () => {
  const [plain, mixed] = [shopTenant(), shopTenant()];
  const order = async (tenant: Tenant) => (await perform(tenant, (work) => work.create(ORDER, {}))).orderId;
  await perform(mixed, (work) => work.create('shop/Line', { orderId: 'none' }));
  expect(await order(mixed)).toBe(await order(plain));
  expect(mixed.log.read()[0]?.id).toBe(plain.log.read()[0]?.id);
});

test('while an advance runs many timers, others have their turn, and what they do happens where the clock stands', async () => {
  const tenant = shopTenant({ timers: { ring: () => {} } });
  perform(tenant, (work) => {
    for (let second = 1; second <= 3_000; second += 1) {
      work.schedule({ key: `ring ${second}`, due: START + second * SECOND, kind: 'shop/ring' });
    }
  });
  const advance = tenant.advance(START + 3_000 * SECOND);
  await new Promise((resolve) => setImmediate(resolve));
  const { createdAt } = perform(tenant, (work) => work.create(ORDER, {}));
  expect(Date.parse(String(createdAt))).toBeGreaterThan(START);
  expect(Date.parse(String(createdAt))).toBeLessThan(START + 3_000 * SECOND);
  expect((await advance).count).toBe(3_001);
});

test('while a timer fires, now is its due time, and what it sets inside the interval fires too', async () => {
  const fired: string[] = [];
  const tenant = shopTenant({
    timers: {
      ring: (work, { name }) => {
        fired.push(`${name}@${work.nowText}`);
        if (name === 'first')
          work.schedule({ key: 'second', due: work.now + SECOND, kind: 'shop/ring', data: { name: 'second' } });
      },
    },
  });
  await perform(tenant, (work) =>
    work.schedule({ key: 'first', due: START + SECOND, kind: 'shop/ring', data: { name: 'first' } }),
  );
  const result = await tenant.advance(START + 5 * SECOND);
  expect(fired).toEqual(['first@2026-01-01T00:00:01.000Z', 'second@2026-01-01T00:00:02.000Z']);
  expect(result).toMatchObject({ from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:05.000Z', count: 2 });
});

test('a timer that re-arms itself at the same instant is cut off, and the tenant lives on', async () => {
  const failures: string[] = [];
  const tenant = shopTenant(
    { timers: { again: (work) => work.schedule({ key: 'again', due: work.now, kind: 'shop/again' }) } },
    { reportFailure: (message) => failures.push(message) },
  );
  await perform(tenant, (work) => work.schedule({ key: 'again', due: START + SECOND, kind: 'shop/again' }));
  await expect(tenant.advance(START + 60 * SECOND)).rejects.toMatchObject({ status: 409, code: 'RUNAWAY_TIMER' });
  expect(failures).toEqual(['timer again failed']);
  expect((await tenant.advance(START + 60 * SECOND)).to).toBe('2026-01-01T00:01:00.000Z');
});

test('an advance goes forward only, and not within another', async () => {
  const tenant = shopTenant();
  await expect(tenant.advance(START - 1)).rejects.toMatchObject({ status: 400 });
  const first = tenant.advance(START + SECOND);
  await expect(tenant.advance(START + SECOND)).rejects.toMatchObject({ status: 409 });
  await first;
});

test('what an advance has left behind whose client has gone happens in turns, and not all with the next command', async () => {
  let rung = 0;
  const ring = () => {
    rung += 1;
    for (const end = performance.now() + 0.2; performance.now() < end; );
  };
  const tenant = shopTenant({ timers: { ring } });
  await perform(tenant, (work) => {
    for (let key = 0; key < 400; key += 1) work.schedule({ key: `${key}`, due: START + SECOND, kind: 'shop/ring' });
  });
  const gone = tenant.advance(START + SECOND, {}, { isWanted: () => false });
  await expect(gone).rejects.toThrow('the client has gone');

  const before = rung;
  await perform(tenant, (work) => work.create(ORDER, {}));
  expect(rung - before).toBeLessThan(100);
  await expect.poll(() => rung).toBe(400);
});

test('a receiver may call back into the tenant while advance waits for it', async () => {
  const tenant: Tenant = shopTenant(
    {},
    {
      transport: {
        send: async () => {
          await perform(tenant, (work) => work.create(ORDER, { note: `at ${work.nowText}` }));
          return answered(204);
        },
      },
    },
  );
  await perform(tenant, (work) =>
    work.deliver({ kind: 'callback', url: 'http://receiver.test/', body: {}, due: work.now + SECOND }),
  );
  const { effects } = await tenant.advance(START + 2 * SECOND);
  expect(effects.map(({ at, kind }) => `${at} ${kind}`)).toEqual([
    '2026-01-01T00:00:01.000Z event',
    '2026-01-01T00:00:01.000Z delivery',
  ]);
});

test('72 hours of retries play on a standing clock, and the delivery ends as failed', async () => {
  const tenant = shopTenant({}, { transport: { send: async () => answered(500) } });
  await perform(tenant, (work) => work.deliver({ kind: 'callback', url: 'http://receiver.test/', body: {} }));
  await tenant.advance(START + 100 * 3600 * SECOND);
  const { items } = await tenant.store.query('$deliveries');
  expect(items[0]).toMatchObject({ state: 'failed' });
  expect(items[0]?.attempts).toHaveLength(10);
});

test('a snapshot brings everything back: state, clock, timers, numbers and log', async () => {
  const tenant = shopTenant({ timers: { ring: () => {} } });
  await perform(tenant, (work) => {
    work.create(ORDER, {});
    work.schedule({ key: 'ring', due: START + 10 * SECOND, kind: 'shop/ring' });
  });
  tenant.apply({ kind: 'snapshot' });
  await tenant.advance(START + 20 * SECOND);
  const second = (work: Work) => work.create(ORDER, {});
  const before = await perform(tenant, second);
  tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
  expect(tenant.now()).toBe(START);
  expect(await tenant.pending(10)).toHaveLength(1);
  expect(tenant.log.read()).toHaveLength(1);
  expect((await perform(tenant, second)).orderId).toBe(before.orderId);
});

test('timers fire by due time, ties in the order they were set, whatever is set and cancelled', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          key: fc.integer({ min: 0, max: 9 }),
          due: fc.integer({ min: 0, max: 20 }),
          isCancel: fc.boolean(),
        }),
      ),
      fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 4 }),
      async (steps, moves) => {
        const fired: number[] = [];
        const system = defineSystem({
          name: 'shop',
          timers: {
            ring: (_work, { key }) => {
              fired.push(Number(key));
            },
          },
        });
        const tenant = shopTenant(system);
        const model: { key: number; due: number }[] = [];
        await perform(tenant, (work) => {
          for (const { key, due, isCancel } of steps) {
            const index = model.findIndex((timer) => timer.key === key);
            if (index >= 0) model.splice(index, 1);
            if (isCancel) work.cancel(String(key));
            else {
              model.push({ key, due: due + 1 });
              work.schedule({ key: String(key), due: START + due + 1, kind: 'shop/ring', data: { key } });
            }
          }
        });
        let now = 0;
        for (const move of moves) {
          now += move;
          await tenant.advance(START + now);
          const due = model.filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due);
          expect(fired).toEqual(due.map(({ key }) => key));
        }
      },
    ),
  );
});
