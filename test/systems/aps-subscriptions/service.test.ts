import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { syntheticWorld } from '../../../src/operator/synthetic-world.ts';
import { system as apsSubscriptions } from '../../../src/systems/aps-subscriptions/index.ts';
import { contractValue, levelValues } from '../../../src/systems/aps-subscriptions/tcv.ts';
import { type TestTenant, tenantOf } from '../../support/tenant-of.ts';
import { ask } from '../../support/wire.ts';

interface Resource {
  readonly aps: { readonly id: string; readonly type: string; readonly revision: number; readonly modified: string };
  readonly [member: string]: unknown;
}

const SUBSCRIPTION = 'http://www.odin.com/billing/Subscription/1.0';
const ACCOUNT = 'http://parallels.com/aps/types/pa/account/1.2';

let world: TestTenant;
let service: string;

beforeAll(async () => {
  world = await tenantOf({
    systems: [apsSubscriptions],
    world: syntheticWorld([apsSubscriptions]),
  });
  world.tenant.apply({ kind: 'snapshot' });
  service = (await list(''))[0]?.aps.id ?? '';
});

beforeEach(() => void world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' }));

async function list(rawQuery: string): Promise<readonly Resource[]> {
  return (await ask(world, 'listResources', { rawQuery })).body as readonly Resource[];
}

async function firstSubscription(): Promise<Resource> {
  const [first] = await list(`implementing(${SUBSCRIPTION})`);
  if (first === undefined) throw new Error('There is no subscription.');
  return first;
}

test('what was terminated stays so, and what expired can be renewed', async () => {
  const { aps } = await firstSubscription();
  const setStatus = async (status: string) =>
    (await ask(world, 'configureResource', { path: { apsId: aps.id }, body: { aps: {}, status } })).status;
  expect([await setStatus('EXPIRED'), await setStatus('ACTIVE')]).toEqual([200, 200]);
  expect([await setStatus('TERMINATED'), await setStatus('ACTIVE'), await setStatus('EXPIRED')]).toEqual([
    200, 409, 409,
  ]);
});

describe('the list of resources', () => {
  test('begins with the instance of the service', async () => {
    const all = await list('');
    expect(all[0]?.aps.type).toBe('http://www.odin.com/oa/billing/bss-subscription-service/1.0');
    expect(all.length).toBeGreaterThan(5);
  });

  test('tells its range, and 206 where the page is not everything', async () => {
    const total = (await list('')).length;
    const all = await ask(world, 'listResources');
    expect([all.status, all.headers?.['content-range']]).toEqual([200, `items 0-${total - 1}/${total}`]);
    const page = await ask(world, 'listResources', { rawQuery: 'limit(1,2)' });
    expect([page.status, page.headers?.['content-range']]).toEqual([206, `items 1-2/${total}`]);
    const none = await ask(world, 'listResources', { rawQuery: 'name=eq=nobody' });
    expect([none.status, none.headers?.['content-range'], none.body]).toEqual([200, 'items */0', []]);
  });

  test('finds by implemented type', async () => {
    const implementing = await list('implementing(http://aps-standard.org/types/core/account/1.0)');
    expect(new Set(implementing.map(({ aps }) => aps.type))).toEqual(new Set([ACCOUNT]));
    expect(await list('implementing(http://aps-standard.org/types/core/resource/1.0)')).toEqual(await list(''));
  });

  test('selects members, and keeps the envelope whole', async () => {
    const [first] = await list(`implementing(${SUBSCRIPTION}),select(aps.id,name,account.aps.id)`);
    expect(Object.keys(first ?? {})).toEqual(['aps', 'name', 'account']);
    expect(Object.keys(first?.account as object)).toEqual(['aps']);
  });

  test('refuses an operator that it does not know, in the APS form of an error', async () => {
    const { status, body } = await ask(world, 'listResources', { rawQuery: 'near(name,1)' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 400, type: 'APS::Util::InvalidArgument', error: 'APS::Util::InvalidArgument' });
    expect((body as { message: string }).message).toContain('"near"');
  });
});

describe('one resource', () => {
  test('configure sets members, revision and time', async () => {
    const { aps } = await firstSubscription();
    await world.advanceTo('2026-01-02T00:00:00Z');
    const { status, body } = await ask(world, 'configureResource', {
      path: { apsId: aps.id },
      body: { aps: { id: aps.id }, name: 'Renamed' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'Renamed',
      aps: { id: aps.id, revision: 2, modified: '2026-01-02T00:00:00.000Z' },
    });
    expect((await ask(world, 'getResource', { path: { apsId: aps.id } })).body).toEqual(body);
  });

  test.each([
    ['a value outside the type', { status: 'PAUSED' }],
    ['another id', { aps: { id: '00000000-0000-4000-8000-000000000000' } }],
    ['another type', { aps: { type: ACCOUNT } }],
  ])('configure refuses %s and changes nothing', async (_, body) => {
    const before = await firstSubscription();
    const { status } = await ask(world, 'configureResource', { path: { apsId: before.aps.id }, body });
    expect(status).toBe(400);
    expect(await firstSubscription()).toEqual(before);
  });

  test('what is final cannot change', async () => {
    const [account] = await list(`implementing(${ACCOUNT})`);
    const { status } = await ask(world, 'configureResource', {
      path: { apsId: account?.aps.id ?? '' },
      body: { id: 99 },
    });
    expect(status).toBe(400);
  });

  test('unprovision deletes it, but neither the service nor an account that others name', async () => {
    const subscription = await firstSubscription();
    const account = (subscription.account as Resource).aps.id;
    expect((await ask(world, 'unprovisionResource', { path: { apsId: service } })).status).toBe(409);
    expect((await ask(world, 'unprovisionResource', { path: { apsId: account } })).status).toBe(409);
    expect((await ask(world, 'unprovisionResource', { path: { apsId: subscription.aps.id } })).status).toBe(204);
    expect((await ask(world, 'getResource', { path: { apsId: subscription.aps.id } })).status).toBe(404);
  });
});

describe('total contract value', () => {
  test('adds up on every level of every subscription', async () => {
    const { body } = await ask(world, 'getBssSubscriptionsWithTcv', { path: { 'aps-id': service } });
    const tcvs = (body as { tcvs: Record<string, string>[] }[]).flatMap((entry) => entry.tcvs);
    expect(tcvs.length).toBeGreaterThan(0);
    for (const { total, discTotal, effectiveTotal } of tcvs) {
      expect(Number(effectiveTotal)).toBeCloseTo(Number(total) - Number(discTotal), 5);
      expect(total).toMatch(/^\d+\.\d{2}$/);
    }
    expect((body as { tcvs: unknown[] }[]).map((entry) => entry.tcvs.length)).toContain(2);
  });

  test('counts to the end of the term that runs, and of an ended one what was charged', () => {
    const started = Date.UTC(2026, 0, 31);
    const yearly = { type: 'YEAR', duration: 1 };
    const monthly = { type: 'MONTH', duration: 1 };
    const contract = { monthlyPrice: 4000, started };
    expect(contractValue(contract, yearly, started)).toBe(48_000);
    expect(contractValue(contract, yearly, Date.UTC(2027, 0, 31))).toBe(96_000);
    expect(contractValue(contract, monthly, Date.UTC(2026, 1, 27))).toBe(4000);
    expect(contractValue(contract, monthly, Date.UTC(2026, 1, 28))).toBe(8000);
    expect(contractValue({ ...contract, ended: Date.UTC(2026, 3, 1) }, yearly, Date.UTC(2028, 0, 1))).toBe(12_000);
    expect(contractValue(contract, { type: 'DAY', duration: 30 }, started)).toBe(Math.round((4000 * 12 * 30) / 365));
  });

  test('is written in the decimals of its currency', () => {
    expect(levelValues(48_000, { share: 100, discount: 10 }, 'GBP')).toEqual({
      total: '480.00',
      discTotal: '48.00',
      effectiveTotal: '432.00',
    });
    expect(levelValues(48_000, { share: 85, discount: 0 }, 'JPY').total).toBe('40800');
    expect(levelValues(48_000, { share: 100, discount: 0 }, 'KWD').total).toBe('48.000');
  });

  test('operations of the service are refused on another resource', async () => {
    const { aps } = await firstSubscription();
    expect((await ask(world, 'getBssSubscriptionsWithTcv', { path: { 'aps-id': aps.id } })).status).toBe(400);
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect((await ask(world, 'getBssSubscriptionsWithTcv', { path: { 'aps-id': unknown } })).status).toBe(404);
  });
});

describe('search by the id of the vendor', () => {
  const principal = (isAdministrator: boolean) => ({ subject: 'x', scopes: [], isAdministrator });

  test('is open to an administrator, or where nobody asks', async () => {
    const { vendorSubscriptionId } = await firstSubscription();
    for (const who of [undefined, principal(true)]) {
      const { body } = await ask(world, 'getSubscriptionsByVendorSubscriptionId', {
        path: { 'aps-id': service },
        query: { vendorSubscriptionId },
        principal: who,
      });
      expect((body as Resource[]).map((found) => found.vendorSubscriptionId)).toEqual([vendorSubscriptionId]);
    }
  });

  test('is closed to others', async () => {
    const request = { path: { 'aps-id': service }, query: { vendorSubscriptionId: 'x' }, principal: principal(false) };
    const { status, body } = await ask(world, 'getSubscriptionsByVendorSubscriptionId', request);
    expect([status, (body as { type: string }).type]).toEqual([403, 'APS::Util::AccessViolation']);
  });
});

describe('bill', () => {
  test('bills what runs on the next billing date, and what has ended at once', async () => {
    const [running, ended] = await list(`implementing(${SUBSCRIPTION})`);
    const ids = [running?.aps.id ?? '', ended?.aps.id ?? ''];
    await ask(world, 'configureResource', { path: { apsId: ids[1] ?? '' }, body: { status: 'TERMINATED' } });
    const { status } = await ask(world, 'bill', { path: { 'aps-id': service }, body: { subscriptionUuids: ids } });
    expect(status).toBe(204);
    const waiting = await world.tenant.pending(10);
    expect(waiting.map(({ key }) => key)).toEqual([`aps-subscriptions/bill/${ids[0]}`]);
    expect(await world.advanceTo('2026-03-01T00:00:00Z')).toEqual([
      expect.stringMatching(`^2026-02-01 timer aps-subscriptions/bill/${ids[0]}`),
    ]);
  });

  test('names all unknown subscriptions and bills none', async () => {
    const { aps } = await firstSubscription();
    const unknown = ['00000000-0000-4000-8000-000000000001', service];
    const { status, body } = await ask(world, 'bill', {
      path: { 'aps-id': service },
      body: { subscriptionUuids: [aps.id, ...unknown] },
    });
    expect(status).toBe(400);
    expect((body as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual([
      '/subscriptionUuids/1',
      '/subscriptionUuids/2',
    ]);
    for (const id of unknown) expect((body as { message: string }).message).toContain(id);
    expect(await world.tenant.pending(10)).toEqual([]);
  });
});
