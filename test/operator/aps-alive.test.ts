import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Entity } from '../../src/engine/state/store/store.ts';
import { linksOf } from '../../src/operator/links/index.ts';
import { syntheticWorld } from '../../src/operator/synthetic-world.ts';
import { system as aps } from '../../src/systems/aps-subscriptions/index.ts';
import { system as connectx } from '../../src/systems/connectx/index.ts';
import { join, order, stored } from '../support/connectx-world.ts';
import { bodyOf, type TestTenant, tenantOf } from '../support/tenant-of.ts';
import { ask } from '../support/wire.ts';

const systems = [connectx, aps];
const SUBSCRIPTION = 'http://www.odin.com/billing/Subscription/1.0';

let world: TestTenant;
let customerId: string;
let subscriptionId: string;

beforeAll(async () => {
  world = await tenantOf({ systems, links: linksOf(systems), world: syntheticWorld(systems) });
  customerId = await join(world);
  subscriptionId = await order(world, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  await world.advanceTo('2026-01-01T00:00:01Z');
  world.tenant.apply({ kind: 'snapshot' });
});

beforeEach(() => void world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' }));

interface Resource extends Entity {
  readonly aps: { readonly id: string };
  readonly account: { readonly aps: { readonly id: string } };
  readonly status: string;
}

async function mirror(of = subscriptionId): Promise<Resource> {
  const [found] = (await ask(world, 'listResources', { rawQuery: `vendorSubscriptionId=eq=${of}` })).body as Resource[];
  if (found === undefined) throw new Error(`Nothing mirrors ${of}.`);
  return found;
}

/** Both sides, as `<connectx> <APS>`. */
const sides = async () => `${stored(world, 'Subscription', subscriptionId).status} ${(await mirror()).status}`;

async function put(status: string) {
  const { aps: envelope } = await mirror();
  return ask(world, 'configureResource', { path: { apsId: envelope.id }, body: { status } });
}

async function toggle(operation: 'enableResource' | 'disableResource') {
  const { aps: envelope } = await mirror();
  return (await ask(world, operation, { path: { apsId: envelope.id } })).status;
}

async function totals(of = subscriptionId): Promise<readonly string[]> {
  const [service] = (await ask(world, 'listResources')).body as Resource[];
  const { subscriptionId: number } = await mirror(of);
  const { body } = await ask(world, 'getBssSubscriptionsWithTcv', { path: { 'aps-id': service?.aps.id ?? '' } });
  const one = (body as Entity[]).find(({ bssSubscription }) => (bssSubscription as Entity).subscriptionId === number);
  return ((one?.tcvs ?? []) as Entity[]).map(({ total }) => String(total));
}

describe('what APS does to a subscription', () => {
  test('holds it and lets it run again where it was sold', async () => {
    expect(await toggle('disableResource')).toBe(200);
    expect(await sides()).toBe('Suspended ADMINISTRATIVE_HOLD');
    expect(await toggle('enableResource')).toBe(200);
    expect(await sides()).toBe('Active ACTIVE');
  });

  test('ends it for good', async () => {
    expect((await put('TERMINATED')).status).toBe(200);
    expect(await sides()).toBe('Cancelled TERMINATED');
    expect([(await put('ACTIVE')).status, await toggle('enableResource')]).toEqual([409, 409]);
  });

  test('unprovisions it, which cancels it where it was sold', async () => {
    const { aps: envelope } = await mirror();
    expect((await ask(world, 'unprovisionResource', { path: { apsId: envelope.id } })).status).toBe(204);
    expect(stored(world, 'Subscription', subscriptionId)).toMatchObject({ status: 'Cancelled' });
  });

  test('is refused where the seller refuses it, and nothing has changed', async () => {
    await ask(world, 'updateCustomer', { path: { customerId }, body: { status: 'Suspended' } });
    const before = await sides();
    expect(await toggle('enableResource')).toBe(409);
    expect(await sides()).toBe(before);
  });
});

test('an account orders in APS what connectx then sells it', async () => {
  const { account } = await mirror();
  const body = { aps: { type: SUBSCRIPTION }, account, servicePlan: { aps: { id: 'PRD-MOB-020' } } };
  const { status, body: sold } = await ask(world, 'provisionResource', { body });
  expect([status, sold]).toEqual([201, expect.objectContaining({ name: 'Smart 50 GB', status: 'ACTIVE' })]);
  const { vendorSubscriptionId } = sold as Entity;
  expect(stored(world, 'Subscription', String(vendorSubscriptionId))).toMatchObject({ customerId, status: 'Active' });
  const unknown = { ...body, servicePlan: { aps: { id: 'PRD-XXX-999' } } };
  expect((await ask(world, 'provisionResource', { body: unknown })).status).toBe(400);
});

describe('an account in APS', () => {
  const ACCOUNT = 'http://parallels.com/aps/types/pa/account/1.2';
  const adminContact = { email: 'hello@finch.example', givenName: 'Fay', familyName: 'Finch' };
  const finch = { companyName: 'Finch Ltd', personal: false, adminContact, addressPostal: { countryName: 'DE' } };
  const opening = (more: Entity = {}) =>
    ask(world, 'provisionResource', { body: { aps: { type: ACCOUNT }, ...finch, ...more } });
  const read = async (id: string) => (await ask(world, 'getResource', { path: { apsId: id } })).body as Entity;
  const known = async () => {
    const { account } = await mirror();
    return account.aps.id;
  };
  const customers = () => world.tenant.store.query('connectx/Customer').items;

  test('is opened by whoever is a customer then, and may order', async () => {
    const { status, body } = await opening({ billingContact: { email: 'bills@finch.example' } });
    expect([status, body]).toEqual([201, expect.objectContaining({ ...finch, type: 'CLIENT' })]);
    expect(body).toMatchObject({ billingContact: { email: 'bills@finch.example' } });
    expect(customers().at(-1)).toMatchObject({
      customerType: 'Business',
      status: 'Active',
      companyName: 'Finch Ltd',
      email: 'hello@finch.example',
      address: { country: 'DE' },
    });
    expect(world.events('customer/created')).toHaveLength(2);
    const account = { aps: { id: (body as Resource).aps.id } };
    const order = { aps: { type: SUBSCRIPTION }, account, name: 'Fibre 100' };
    expect((await ask(world, 'provisionResource', { body: order })).status).toBe(201);
  });

  test('is a person, where it is personal, and may be a reseller’s customer', async () => {
    const { items } = world.tenant.store.query('aps-subscriptions/$resources');
    const reseller = items.find(({ type }) => type === 'RESELLER') as unknown as Resource;
    const { status, body } = await opening({ personal: true, parent: { aps: { id: reseller.aps.id } } });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        parent: expect.objectContaining({ aps: expect.objectContaining({ id: reseller.aps.id }) }),
      }),
    ]);
    expect(customers().at(-1)).toMatchObject({ customerType: 'Individual', firstName: 'Fay', lastName: 'Finch' });
  });

  test.each([
    [{ adminContact: {} }, '/adminContact/email'],
    [{ adminContact: { email: 'nobody' } }, '/adminContact/email'],
    [{ type: 'RESELLER' }, '/type'],
    [{ personal: 'yes' }, '/personal'],
  ])('is refused with %j', async (more, path) => {
    const { status, body } = await opening(more);
    expect([status, body]).toEqual([400, expect.objectContaining({ errors: [expect.objectContaining({ path })] })]);
    expect(customers()).toHaveLength(37);
  });

  test('is refused below the account of another customer', async () => {
    expect((await opening({ parent: { aps: { id: await known() } } })).status).toBe(400);
  });

  test('follows a customer who moves', async () => {
    const body = { email: 'ada@example.org', phone: '+441632960001', address: { city: 'Leeds', country: 'GB' } };
    await ask(world, 'updateCustomer', { path: { customerId }, body });
    expect(await read(await known())).toMatchObject({
      addressPostal: { locality: 'Leeds', countryName: 'GB' },
      adminContact: { email: 'ada@example.org', telVoice: '+441632960001', givenName: 'Ada' },
    });
  });

  test('is what its customer follows: contact, name and address, which is taken whole', async () => {
    const apsId = await known();
    await ask(world, 'updateCustomer', {
      path: { customerId },
      body: { address: { street: '1 Mill Lane', city: 'Leeds' } },
    });
    const body = {
      adminContact: { email: 'eve@example.org', givenName: 'Eve', familyName: 'Marsh' },
      addressPostal: { locality: 'York' },
    };
    expect((await ask(world, 'configureResource', { path: { apsId }, body })).status).toBe(200);
    expect(stored(world, 'Customer', customerId)).toMatchObject({
      firstName: 'Eve',
      email: 'eve@example.org',
      address: { city: 'York' },
    });
    expect(stored(world, 'Customer', customerId).address).toEqual({ city: 'York' });
    expect(await read(apsId)).toMatchObject({ companyName: 'Eve Marsh', addressPostal: { locality: 'York' } });
    expect(world.events('customer/updated').at(-1)).toMatchObject({ customerId, email: 'eve@example.org' });
  });

  test('is deleted once nothing is linked to it, and its customer leaves', async () => {
    const apsId = await known();
    const remove = async (id: string) => (await ask(world, 'unprovisionResource', { path: { apsId: id } })).status;
    expect(await remove(apsId)).toBe(409);
    const { aps: envelope } = await mirror();
    expect([await remove(envelope.id), await remove(apsId)]).toEqual([204, 204]);
    expect(stored(world, 'Customer', customerId).status).toBe('Terminated');
  });
});

test('holds of two reasons are full, and each is lifted by itself', async () => {
  await world.advanceTo('2026-03-02T12:00:00Z');
  expect(await sides()).toBe('Suspended CREDIT_HOLD');
  await toggle('disableResource');
  expect(await sides()).toBe('Suspended FULL_HOLD');
  await toggle('enableResource');
  expect(await sides()).toBe('Suspended CREDIT_HOLD');
  await world.act('connectx/suspend-subscription', { subscriptionId });
  expect(await sides()).toBe('Suspended FULL_HOLD');
});

describe('a term that does not renew itself', () => {
  beforeEach(async () => {
    const { aps: envelope } = await mirror();
    await world.act('aps-subscriptions/set-renewal', { id: envelope.id, renewal: 'manual' });
    const { subscriptionPeriod } = await mirror();
    const isYear = (subscriptionPeriod as Entity).type === 'YEAR';
    // Whoever pays is not dunned meanwhile.
    await ask(world, 'configureResource', {
      path: { apsId: envelope.id },
      body: { subscriptionPeriod: { type: 'MONTH', duration: 1 } },
    });
    if (isYear) await world.act('aps-subscriptions/set-renewal', { id: envelope.id, renewal: 'manual' });
  });

  test('ends in grace, expires, and is terminated in the end', async () => {
    await world.advanceTo('2026-02-01T12:00:00Z');
    expect(await sides()).toBe('Active GRACE');
    await world.advanceTo('2026-02-15T12:00:00Z');
    expect(await sides()).toBe('Suspended EXPIRED');
    await world.advanceTo('2026-03-18T00:00:00Z');
    expect(await sides()).toBe('Cancelled TERMINATED');
  });

  test.each(['2026-02-03T00:00:00Z', '2026-02-16T12:00:00Z'])('is renewed at %s', async (at) => {
    await world.advanceTo(at);
    const { aps: envelope } = await mirror();
    await world.act('aps-subscriptions/renew-subscription', { id: envelope.id });
    expect(await sides()).toBe('Active ACTIVE');
  });
});

test('the value of a contract follows prices, from the next month on, and ends with it', async () => {
  const { subscriptionPeriod } = await mirror();
  const months = (subscriptionPeriod as Entity).type === 'YEAR' ? 12 : 1;
  expect(Number((await totals()).at(-1))).toBe(28 * months);
  const holding = { subscriptionId, productName: 'Fibre 500', monthlyCharge: 38, currency: 'GBP' };
  await world.act('aps-subscriptions/update-subscription', { holding });
  await world.advanceTo('2026-02-20T00:00:00Z');
  // January had begun at the old price.
  expect(Number((await totals()).at(-1))).toBe(28 + 38 * (months === 12 ? 11 : 1));
  await put('TERMINATED');
  expect(Number((await totals()).at(-1))).toBe(28 + 38);
});

describe('usage that is reported', () => {
  async function report(id: string) {
    const [service] = (await ask(world, 'listResources')).body as Resource[];
    const body = { subscriptionUuids: [id], comment: 'Backup' };
    return (await ask(world, 'bill', { path: { 'aps-id': service?.aps.id ?? '' }, body })).status;
  }
  const lines = async () =>
    (bodyOf(await world.call('listCustomerInvoices', { path: { customerId } })).data as Entity[])
      .flatMap(({ lineItems }) => lineItems as Entity[])
      .filter(({ description }) => String(description).startsWith('Backup'));

  test('is charged as it was recorded, on the next bill, and can be read with what each level pays', async () => {
    const { aps: envelope } = await mirror();
    const usage = { id: envelope.id, quantity: 120, unitPrice: 0.05, description: 'Backup GB' };
    await world.act('aps-subscriptions/record-usage', usage);
    expect(await report(envelope.id)).toBe(204);
    // The same report again is the same usage.
    expect(await report(envelope.id)).toBe(204);
    const { charges } = (await world.act('aps-subscriptions/list-charges', { id: envelope.id })) as {
      charges: Entity[];
    };
    expect(charges).toMatchObject([{ state: 'billed', amount: 6, levels: [{ amount: 6 }] }]);
    expect(await lines()).toEqual([]);
    await world.advanceTo('2026-02-01T00:00:00Z');
    expect(await lines()).toEqual([{ description: 'Backup GB', quantity: 120, unitPrice: 0.05, amount: 6 }]);
  });

  test('of one that has ended is billed at once; what nobody recorded is found by the seed', async () => {
    const { aps: envelope } = await mirror();
    await put('TERMINATED');
    expect(await report(envelope.id)).toBe(204);
    expect(await lines()).toMatchObject([{ description: 'Backup', unitPrice: 0.1 }]);
  });
});
