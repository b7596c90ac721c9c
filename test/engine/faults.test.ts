import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FaultEffect, FaultRequest } from '../../src/engine/faults/fault.ts';
import { addFault, faultsOf, takeFault } from '../../src/engine/faults/faults.ts';
import { createMemoryStore } from '../../src/engine/state/store/memory-store.ts';
import type { Tenant } from '../../src/engine/tenant.ts';
import { perform } from '../support/perform.ts';
import { shopTenant } from '../support/shop.ts';

const REQUEST = { kind: 'request', system: 'shop', method: 'POST', path: '/orders', template: '/orders' } as const;

test('the first fault that matches strikes, until it is used up', async () => {
  const tenant = shopTenant();
  await add(tenant, { match: { operationId: 'createOrder' }, fault: { status: 500 }, times: 2 });
  await add(tenant, { match: { path: '/orders' }, fault: { status: 429 } });

  expect(await strikes(tenant, 4)).toEqual(['FLT-000001', 'FLT-000001', 'FLT-000002', 'FLT-000002']);
  expect(await faultsOf(tenant.store)).toMatchObject([
    { times: 0, seen: 2, used: 2 },
    { seen: 2, used: 2 },
  ]);
});

test('a fault that has not its chance leaves the next one to strike', async () => {
  const tenant = shopTenant();
  await add(tenant, { match: {}, fault: { status: 500 }, probability: 0.5 });
  await add(tenant, { match: {}, fault: { status: 429 } });

  const struck = await strikes(tenant, 200);

  const first = struck.filter((id) => id === 'FLT-000001').length;
  expect(first).toBeGreaterThan(70);
  expect(first).toBeLessThan(130);
  expect(struck).not.toContain(undefined);
});

test('a fault strikes each of a place', async () => {
  const tenant = shopTenant();
  await add(tenant, { match: {}, fault: { status: 500 }, every: 3 });
  const struck = await strikes(tenant, 7);
  expect(struck.map((id) => id !== undefined)).toEqual([false, false, true, false, false, true, false]);
});

test('a limit lets so many by in a minute of the clock, and strikes what comes beyond', async () => {
  const tenant = shopTenant();
  await add(tenant, { match: {}, fault: { status: 429 }, perMinute: 2 });
  expect((await strikes(tenant, 4)).map((id) => id !== undefined)).toEqual([false, false, true, true]);
  await tenant.advance(tenant.now() + 60_000);
  expect((await strikes(tenant, 3)).map((id) => id !== undefined)).toEqual([false, false, true]);
});

test('a fault strikes in its window alone', async () => {
  const tenant = shopTenant();
  const [from, until] = [60_000, 120_000].map((later) => new Date(tenant.now() + later).toISOString());
  await add(tenant, { match: {}, fault: { status: 503 }, from, until });
  const struck = [];
  for (let minute = 0; minute < 3; minute += 1) {
    struck.push((await strikes(tenant, 1))[0] !== undefined);
    await tenant.advance(tenant.now() + 60_000);
  }
  expect(struck).toEqual([false, true, false]);
});

test('a window that ends before it begins, or is no time, is refused', () => {
  const tenant = shopTenant();
  const noon = '2026-01-01T12:00:00Z';
  expect(() => add(tenant, { match: {}, fault: { status: 503 }, from: noon, until: noon })).toThrow('makes no sense');
  expect(() => add(tenant, { match: {}, fault: { status: 503 }, from: 'noon' })).toThrow('makes no sense');
});

test('the same seed and the same requests meet the same faults, also after a snapshot has come back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.array(
        fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), times: fc.integer({ min: 1, max: 9 }) }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      async (seed, faults) => {
        const [one, other] = [await tenantOf(seed), await tenantOf(seed)];
        for (const fault of faults) {
          for (const tenant of [one, other]) await add(tenant, { match: {}, fault: { status: 500 }, ...fault });
        }
        expect(await strikes(one, 10)).toEqual(await strikes(other, 10));
        one.apply({ kind: 'snapshot' });
        const after = await strikes(one, 10);
        one.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
        expect(await strikes(one, 10)).toEqual(after);
      },
    ),
    { numRuns: 50 },
  );
});

const EFFECTS: fc.Arbitrary<FaultEffect> = fc.constantFrom<FaultEffect>(
  { drop: true },
  { duplicate: true },
  { reorder: true },
  { disconnect: true },
  { latency: 'PT1M' },
  { reorder: true, duplicate: true },
);

test('whatever faults strike on their way, the log is as without, and what is carried comes of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.array(fc.record({ effect: EFFECTS, probability: fc.constantFrom(0.3, 0.7, 1) }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 20 }),
      async (seed, faults, count) => {
        const [plain, faulty] = [await tenantOf(seed), await tenantOf(seed)];
        for (const { effect, probability } of faults) {
          await add(faulty, { match: { channel: 'order/*' }, fault: effect, probability });
        }
        const heard: string[] = [];
        faulty.feed.subscribe(({ id }) => heard.push(id));
        for (const tenant of [plain, faulty]) {
          for (let n = 0; n < count; n += 1)
            await perform(tenant, (work) => work.emit('order/created', { orderId: String(n) }));
        }
        await faulty.advance(faulty.now() + 60_000);

        expect(faulty.log.read()).toEqual(plain.log.read());
        // Must be the same for one who reads it later as for one who has listened.
        expect(faulty.feed.read().map(({ id }) => id)).toEqual(heard);
        const ids = new Set(faulty.log.read().map(({ id }) => id));
        for (const id of heard) {
          expect(ids.has(id)).toBe(true);
          expect(heard.filter((other) => other === id).length).toBeLessThanOrEqual(2);
        }
        if (faults.every(({ effect }) => effect.drop !== true && effect.reorder !== true)) {
          expect(new Set(heard)).toEqual(ids);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('a command that is undone uses no fault up', async () => {
  const tenant = shopTenant();
  await add(tenant, { match: { channel: '*' }, fault: { drop: true }, times: 1 });

  const undone = () =>
    perform(tenant, (work) => {
      work.emit('order/created', {});
      throw new Error('undone');
    });

  expect(undone).toThrow('undone');
  expect(await faultsOf(tenant.store)).toMatchObject([{ times: 1, used: 0 }]);
});

test('an event that waits for the next on its channel is carried on in a copy of the tenant too', async () => {
  const tenant = shopTenant();
  await add(tenant, { match: { channel: 'order/created' }, fault: { reorder: true }, times: 1 });
  await emit(tenant, 'order/created', 'A');
  tenant.apply({ kind: 'snapshot' });
  tenant.apply({ kind: 'reset' });
  tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
  const heard: string[] = [];
  tenant.feed.subscribe(({ id }) => heard.push(id));

  await emit(tenant, 'order/paid', 'B');
  await emit(tenant, 'order/created', 'C');

  expect(heard).toEqual(['B', 'C', 'A']);
});

test.each<[string, FaultRequest]>([
  ['/match/target', { match: { channel: '*', target: '*' }, fault: { drop: true } }],
  ['/match/method', { match: { target: '*', method: 'POST' }, fault: { drop: true } }],
  ['/match/system', { match: { target: '*', system: 'shop' }, fault: { drop: true } }],
  ['/fault/reorder', { match: {}, fault: { reorder: true } }],
  ['/fault', { match: {}, fault: { reset: false } }],
  ['/fault/latency', { match: {}, fault: { latency: '2 seconds' } }],
])('a fault that makes no sense is refused: %s', async (path, request) => {
  const refused = () => add(shopTenant(), request);

  expect(refused).toThrow(expect.objectContaining({ status: 400, violations: [expect.objectContaining({ path })] }));
});

function tenantOf(seed: number): Tenant {
  const clock = { now: Date.UTC(2026, 0, 1), mode: 'manual', rate: 1 } as const;
  return shopTenant({}, { start: { seed, clock, store: createMemoryStore() } });
}

function add(tenant: Tenant, request: FaultRequest) {
  return perform(tenant, (work) => addFault(work, request));
}

function emit(tenant: Tenant, channel: string, eventId: string) {
  return perform(tenant, (work) => work.emit(channel, { eventId }));
}

async function strikes(tenant: Tenant, count: number): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  for (let n = 0; n < count; n += 1) {
    ids.push(
      perform(tenant, (work) => takeFault(work, { ...REQUEST, operationId: 'createOrder', isReceiver: false }))?.id,
    );
  }
  return ids;
}
