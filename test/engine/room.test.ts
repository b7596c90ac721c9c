import { expect, test } from 'vitest';
import { type Room, Rooms } from '../../src/engine/state/room.ts';
import { Snapshots } from '../../src/engine/state/snapshots.ts';
import type { Work } from '../../src/engine/state/work.ts';
import type { Tenant } from '../../src/engine/tenant.ts';
import type { Refusal } from '../../src/model/command.ts';
import { perform } from '../support/perform.ts';
import { shopTenant } from '../support/shop.ts';

const ORDER = 'shop/Order';
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/** Makes an order each minute, and sets itself for the next. */
const timers = {
  tick: (work: Work) => {
    work.create(ORDER, {});
    work.schedule({ key: 'tick', due: work.now + MINUTE, kind: 'shop/tick' });
  },
};

/** What each of the tenants may hold, and all together, of which each has half for itself. */
function tenantsWithin(bound: { readonly each: number; readonly all: number }, tenants = 2): Tenant[] {
  const rooms = new Rooms({ ...bound, tenants });
  return Array.from({ length: tenants }, (_, index) =>
    shopTenant(
      { timers },
      {
        name: `t${index}`,
        rooms,
        reportFailure: () => {},
      },
    ),
  );
}

const beginTicking = (tenant: Tenant) =>
  perform(tenant, (work) => work.schedule({ key: 'tick', due: START + MINUTE, kind: 'shop/tick' }));
const order = (tenant: Tenant) => perform(tenant, (work) => work.create(ORDER, {}).orderId as string);
const orders = (tenant: Tenant) => tenant.store.query(ORDER).total;
const refusalOf = (promise: Promise<unknown>): Promise<Refusal> =>
  promise.then(
    () => Promise.reject(new Error('It was not refused.')),
    (error) => error,
  );

test('an advance ends where what is due has no room, says where the clock stands, and goes on once there is room', async () => {
  const [tenant, other] = tenantsWithin({ each: 10, all: 100 }) as [Tenant, Tenant];
  beginTicking(tenant);
  const refusal = await refusalOf(tenant.advance(START + 60 * MINUTE));
  expect(refusal).toMatchObject({ status: 507, code: 'STATE_FULL' });
  expect(refusal.message).toMatch(
    /^Failed to advance the clock any further: the tenant "t0" holds 10 things .* raise --max-entities\. The clock stands at 2026-01-01T00:\d\d:00\.000Z\.$/,
  );
  const held = orders(tenant);
  expect(refusal.message).toContain(`00:${String(held + 1).padStart(2, '0')}:00`);
  expect(tenant.now()).toBe(START + (held + 1) * MINUTE);
  // Nothing of what was due has happened, and it still is.
  expect(tenant.pending(10)).toMatchObject([{ key: 'tick', due: tenant.now() }]);
  expect(() => order(tenant)).toThrow(expect.objectContaining({ code: 'STATE_FULL' }));
  expect(orders(tenant)).toBe(held);
  order(other);

  // What makes it smaller is always taken, and makes room at once.
  perform(tenant, (work) => {
    for (const id of ['ORD-000001', 'ORD-000002', 'ORD-000003']) work.remove(ORDER, id);
  });
  expect(orders(tenant)).toBe(held - 2);
  await tenant.advance(START + (held + 2) * MINUTE);
  expect(orders(tenant)).toBe(held - 1);

  tenant.apply({ kind: 'reset' });
  expect(orders(tenant)).toBe(0);
  order(tenant);
});

test('a clock that runs stands still where what is due has no room, and says why', async () => {
  const [tenant] = tenantsWithin({ each: 10, all: 100 }) as [Tenant];
  beginTicking(tenant);
  tenant.apply({ kind: 'clock', mode: 'real', rate: 1_000_000 });
  await expect.poll(() => tenant.clock().mode).toBe('manual');
  expect(tenant.stoppedBy).toContain(
    'Failed to run the clock of the tenant "t0" any further: the tenant "t0" holds 10',
  );
  expect(tenant.activity.newest).toMatchObject({ kind: 'clock', title: tenant.stoppedBy });
  const held = orders(tenant);

  tenant.apply({ kind: 'reset' });
  expect(tenant.stoppedBy).toBeUndefined();
  expect([held > 0, orders(tenant)]).toEqual([true, 0]);
});

test('where all together hold too much, who holds more than its part may not grow, and anybody else may', async () => {
  const [large, small] = tenantsWithin({ each: 100, all: 20 }) as [Tenant, Tenant];
  beginTicking(large);
  const refusal = await refusalOf(large.advance(START + 60 * MINUTE));
  expect(refusal).toMatchObject({ status: 507, code: 'STATE_FULL' });
  expect(refusal.message).toContain('raise --max-entities-total. The clock stands at');
  expect(large.fullness?.code).toBe('STATE_FULL');

  expect(small.fullness).toBeUndefined();
  for (let each = 0; each < 6; each += 1) order(small);
  // One that is gone holds nothing.
  await large.close();
  for (let each = 0; each < 8; each += 1) order(small);
  expect(small.fullness).toBeUndefined();
});

test('those that hold any share what there is, and once they hold twice as much each has its part of as many as there may be', () => {
  const rooms = new Rooms({ each: 1_000, all: 120, tenants: 60 });
  const [first, second, third, fourth] = Array.from({ length: 4 }, () => rooms.take()) as [Room, Room, Room, Room];
  const canGrow = (room: Room, things: number) => {
    room.hold(things);
    return room.refusal() === undefined;
  };
  expect(canGrow(first, 119)).toBe(true);
  expect(canGrow(first, 120)).toBe(true);
  expect(canGrow(first, 121)).toBe(false);
  expect([canGrow(second, 60), canGrow(second, 61)]).toEqual([true, false]);
  expect([canGrow(third, 40), canGrow(third, 41)]).toEqual([true, false]);
  expect([canGrow(fourth, 2), canGrow(fourth, 16), canGrow(fourth, 17)]).toEqual([true, true, false]);
  // Of who is gone nothing is left, and others may have its part.
  first.hold(0);
  expect([canGrow(fourth, 40), canGrow(third, 41)]).toEqual([true, false]);
});

test('the oldest snapshots are forgotten where they hold too much that is nowhere else', () => {
  const [tenant] = tenantsWithin({ each: 100, all: 60 }, 1) as [Tenant];
  for (let each = 0; each < 10; each += 1) {
    for (let made = 0; made < 5; made += 1) order(tenant);
    tenant.apply({ kind: 'snapshot' });
    tenant.apply({ kind: 'snapshot' });
    tenant.apply({ kind: 'reset' });
  }
  const ids = tenant.snapshots.map(({ id }) => Number(id.slice(-2)));
  expect(ids.length).toBeLessThan(20);
  expect(ids.at(-1)).toBe(20);
});

test('a snapshot that would have to be forgotten at once is refused, and leaves those there are', () => {
  const [first, second] = tenantsWithin({ each: 100, all: 40 }) as [Tenant, Tenant];
  const keep = (tenant: Tenant, orderCount: number) => {
    for (let made = 0; made < orderCount; made += 1) order(tenant);
    tenant.apply({ kind: 'snapshot' });
  };
  keep(first, 5);
  expect(() => keep(second, 16)).toThrow(
    expect.objectContaining({ code: 'STATE_FULL', message: expect.stringContaining('raise --max-entities-total') }),
  );
  expect([first.snapshots.length, second.snapshots.length]).toEqual([1, 0]);

  perform(second, (work) => {
    for (let number = 1; number <= 9; number += 1) work.remove(ORDER, `ORD-00000${number}`);
  });
  second.apply({ kind: 'snapshot' });
  expect(second.snapshots.map(({ id }) => id)).toEqual(['SNAP-000001']);
});

test('where snapshots are taken again in another process, one without room keeps its number, and later ones theirs', () => {
  const [tenant] = tenantsWithin({ each: 100, all: 40 }, 1) as [Tenant];
  const snapshots = new Snapshots(new Rooms({ each: 100, all: 20, tenants: 1 }));
  expect([5, 11, 5].map((things) => snapshots.add(tenant.snapshot(), things))).toEqual([true, false, true]);
  expect(snapshots.items.map(({ id }) => id)).toEqual(['SNAP-000003']);
  snapshots.add(tenant.snapshot(), 11);
  snapshots.giveBack();
  snapshots.add(tenant.snapshot(), 5);
  expect(snapshots.items.map(({ id }) => id)).toEqual(['SNAP-000004']);
});
