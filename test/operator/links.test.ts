import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Entity } from '../../src/engine/state/store/store.ts';
import { linksOf } from '../../src/operator/links/index.ts';
import { loadSystems } from '../../src/operator/load-systems.ts';
import { syntheticWorld } from '../../src/operator/synthetic-world.ts';
import { emptyShop, join, order } from '../support/connectx-world.ts';
import { bodyOf, type TestTenant, tenantOf } from '../support/tenant-of.ts';

const systems = await loadSystems();
const links = linksOf(systems);

let shop: TestTenant;

beforeAll(async () => {
  shop = await tenantOf({ systems, links, world: emptyShop });
  shop.tenant.apply({ kind: 'snapshot' });
});

beforeEach(() => void shop.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' }));

function accounts({ tenant }: TestTenant, customerId?: string): readonly Entity[] {
  const { items } = tenant.store.query('billing-account/BillingAccount');
  return items.filter(
    ({ relatedParty }) => customerId === undefined || (relatedParty as Entity[])[0]?.id === customerId,
  );
}

function owed(world: TestTenant, customerId: string): readonly [unknown, unknown] {
  const [account] = accounts(world, customerId);
  const [balance] = (account?.accountBalance ?? []) as { amount: { value: number } }[];
  return [balance?.amount.value, account?.paymentStatus];
}

function openInvoices(
  { tenant }: TestTenant,
  customerId: string,
): readonly { invoiceId: string; totalAmount: number }[] {
  const { items } = tenant.store.query('connectx/Invoice');
  const open = items.filter(
    (item) => item.customerId === customerId && (item.status === 'Open' || item.status === 'Overdue'),
  );
  return open as unknown as { invoiceId: string; totalAmount: number }[];
}

async function subscribe(world: TestTenant, customerId: string): Promise<string> {
  const subscriptionId = await order(world, customerId, { productId: 'PRD-BRB-020', startDate: '2026-01-01' });
  const { items } = world.tenant.store.query('connectx/Subscription');
  const stored = items.find((item) => item.subscriptionId === subscriptionId);
  if (stored?.status === 'Pending') await world.act('connectx/activate-subscription', { subscriptionId });
  return subscriptionId;
}

describe('a billing account', () => {
  test('is opened Active with the first activated subscription, and once', async () => {
    const customerId = await join(shop);
    expect(accounts(shop)).toEqual([]);
    await subscribe(shop, customerId);
    await subscribe(shop, customerId);
    expect(accounts(shop)).toEqual([
      expect.objectContaining({
        name: 'Ada Marsh',
        state: 'Active',
        relatedParty: [expect.objectContaining({ id: customerId, name: 'Ada Marsh' })],
      }),
    ]);
  });

  test('follows invoice and payment, and tells of both', async () => {
    const customerId = await join(shop);
    await subscribe(shop, customerId);
    await shop.advanceTo('2026-02-01T12:00:00Z');
    const [invoice] = openInvoices(shop, customerId);
    const total = invoice?.totalAmount ?? 0;
    expect(total).toBeGreaterThan(0);
    expect(owed(shop, customerId)).toEqual([total, 'due']);
    const pay = (amount: number) =>
      shop.act('connectx/record-payment', { invoiceId: invoice?.invoiceId, amount, paymentMethod: 'CreditCard' });
    const before = shop.events().length;
    await pay(1);
    expect(owed(shop, customerId)[1]).toBe('due');
    await pay(Number((total - 1).toFixed(2)));
    expect(owed(shop, customerId)).toEqual([0, 'paid']);
    const channels = shop.tenant.log
      .read({})
      .slice(before)
      .map(({ channel, payload }) => [channel, (payload as Entity).fieldPath]);
    expect(channels).toEqual([
      ['billing/payment/received', undefined],
      ['billingAccount/attributeValueChange', 'accountBalance'],
      ['billing/payment/received', undefined],
      ['billingAccount/attributeValueChange', 'accountBalance'],
      ['billingAccount/attributeValueChange', 'paymentStatus'],
    ]);
  });

  test('is in arrears while an invoice is overdue, and suspended with its customer', async () => {
    const customerId = await join(shop);
    await subscribe(shop, customerId);
    const stateOf = () => accounts(shop, customerId)[0]?.state;
    await shop.advanceTo('2026-02-16T00:00:00Z');
    expect([owed(shop, customerId)[1], stateOf()]).toEqual(['in arrears', 'Active']);
    await shop.advanceTo('2026-03-02T00:00:00Z');
    expect([owed(shop, customerId)[1], stateOf()]).toEqual(['in arrears', 'Suspended']);
    const [overdue] = openInvoices(shop, customerId);
    const { invoiceId, totalAmount: amount } = overdue ?? {};
    await shop.act('connectx/record-payment', { invoiceId, amount, paymentMethod: 'CreditCard' });
    // March's invoice is open, but not due yet.
    expect([owed(shop, customerId)[1], stateOf()]).toEqual(['due', 'Active']);
  });

  test('is taken out of arrears by a credit that pays what is overdue', async () => {
    const customerId = await join(shop);
    await subscribe(shop, customerId);
    const second = await subscribe(shop, customerId);
    await shop.advanceTo('2026-02-15T12:00:00Z');
    const [invoice] = openInvoices(shop, customerId);
    const { invoiceId, totalAmount = 0 } = invoice ?? {};
    await shop.act('connectx/record-payment', { invoiceId, amount: totalAmount - 1, paymentMethod: 'CreditCard' });
    await shop.advanceTo('2026-02-16T00:00:00Z');
    expect(owed(shop, customerId)[1]).toBe('in arrears');
    await shop.act('connectx/cancel-subscription', { subscriptionId: second });
    expect(owed(shop, customerId)).toEqual([expect.any(Number), 'paid']);
  });

  test('is closed with the customer that leaves, once the last bill is paid', async () => {
    const customerId = await join(shop);
    await subscribe(shop, customerId);
    await shop.advanceTo('2026-02-20T00:00:00Z');
    await shop.act('connectx/terminate-customer', { customerId });
    expect(accounts(shop, customerId)[0]?.state).toBe('Pending closed');
    for (const { invoiceId, totalAmount } of openInvoices(shop, customerId)) {
      const [rest] = owed(shop, customerId);
      const amount = Math.min(totalAmount, Number(rest));
      await shop.act('connectx/record-payment', { invoiceId, amount, paymentMethod: 'CreditCard' });
    }
    expect(owed(shop, customerId)).toEqual([0, 'paid']);
    expect(accounts(shop, customerId)[0]?.state).toBe('Closed');
  });

  test('is in arrears when dunning suspends, and paid when all is paid', async () => {
    const customerId = await join(shop);
    await subscribe(shop, customerId);
    await shop.advanceTo('2026-03-15T00:00:00Z');
    expect(shop.events('subscription/suspended')).toHaveLength(1);
    expect(owed(shop, customerId)[1]).toBe('in arrears');
    for (const { invoiceId, totalAmount } of openInvoices(shop, customerId)) {
      await shop.act('connectx/record-payment', { invoiceId, amount: totalAmount, paymentMethod: 'CreditCard' });
    }
    expect(owed(shop, customerId)).toEqual([0, 'paid']);
  });

  test('is closed with the customer that leaves in credit, once that is paid out', async () => {
    const customerId = await join(shop);
    await subscribe(shop, customerId);
    await shop.advanceTo('2026-02-01T00:00:00Z');
    const [invoice] = await openInvoices(shop, customerId);
    const { invoiceId, totalAmount: amount } = invoice ?? {};
    await shop.act('connectx/record-payment', { invoiceId, amount, paymentMethod: 'CreditCard' });
    await shop.act('connectx/terminate-customer', { customerId });
    expect(await owed(shop, customerId)).toEqual([0, 'paid']);
    expect((await accounts(shop, customerId))[0]?.state).toBe('Closed');
    const { items: refunds } = shop.tenant.store.query('connectx/$refunds');
    expect(refunds).toMatchObject([{ refundId: 'RFD-000001', customerId, currency: 'GBP' }]);
    // What was used of February in 2026 is one of its 28 days.
    expect(Number(refunds[0]?.amount)).toBeCloseTo((38 - 1.36) * 1.2, 1);
  });

  test('that was closed by hand is followed by another one with the next invoice', async () => {
    const customerId = await join(shop);
    await subscribe(shop, customerId);
    const [first] = await accounts(shop, customerId);
    for (const state of ['Pending closed', 'Closed']) {
      await shop.act('billing-account/set-state', { id: first?.id, state });
    }
    await shop.advanceTo('2026-02-01T00:00:00Z');
    const [invoice] = await openInvoices(shop, customerId);
    expect(await accounts(shop, customerId)).toMatchObject([
      { id: first?.id, state: 'Closed' },
      { state: 'Active', accountBalance: [{ amount: { value: invoice?.totalAmount } }] },
    ]);
  });

  test.each([
    ['in force', { startDateTime: '2026-01-01T00:00:00Z' }, 'GB', 0],
    ['that has ended', { startDateTime: '2025-01-01T00:00:00Z', endDateTime: '2026-01-31T00:00:00Z' }, 'GB', 15.2],
    ['that is still to come', { startDateTime: '2026-02-02T00:00:00Z' }, 'GB', 15.2],
    ['of another country', {}, 'FR', 15.2],
  ])('with an exemption %s is taxed accordingly', async (_which, validFor, issuingJurisdiction, tax) => {
    const customerId = await join(shop);
    await subscribe(shop, customerId);
    const [account] = await accounts(shop, customerId);
    await shop.call('patchBillingAccount', {
      path: { id: String(account?.id) },
      body: { taxExemption: [{ issuingJurisdiction, validFor }] },
    });
    await shop.advanceTo('2026-02-01T00:00:00Z');
    expect(await openInvoices(shop, customerId)).toMatchObject([{ taxAmount: tax, totalAmount: 76 + tax }]);
  });

  test('owes no more because somebody is suspended for another reason', async () => {
    const customerId = await join(shop);
    const subscriptionId = await subscribe(shop, customerId);
    await shop.act('connectx/suspend-subscription', { subscriptionId });
    expect(owed(shop, customerId)[1]).toBe('paid');
  });
});

describe('links', () => {
  test('do nothing where a system is not served', async () => {
    const connectx = await loadSystems(['connectx']);
    const alone = await tenantOf({ systems: connectx, links: linksOf(connectx), world: emptyShop });
    const customerId = await join(alone);
    const subscriptionId = await subscribe(alone, customerId);
    await alone.act('connectx/cancel-subscription', { subscriptionId });
    expect(alone.events('subscription/*')).toHaveLength(2);
  });

  test('can be left out one by one', async () => {
    const fewer = linksOf(systems, ['open-billing-account']);
    const world = await tenantOf({ systems, links: fewer, world: emptyShop });
    await subscribe(world, await join(world));
    expect(accounts(world)).toEqual([]);
  });

  test('have names of their own', () => {
    expect(new Set(links.map(({ name }) => name)).size).toBe(links.length);
  });
});

describe('the starting world', () => {
  let world: TestTenant;

  beforeAll(async () => {
    world = await tenantOf({ systems, links, world: syntheticWorld(systems) });
  });

  test('has an account for every customer with a subscription that was activated, with what it owes', async () => {
    const { items: subscriptions } = world.tenant.store.query('connectx/Subscription');
    const customers = new Set(
      subscriptions.filter(({ status }) => status !== 'Pending').map(({ customerId }) => String(customerId)),
    );
    expect(new Set(accounts(world).map(({ relatedParty }) => (relatedParty as Entity[])[0]?.id))).toEqual(customers);
    for (const customerId of customers) {
      const open = openInvoices(world, customerId);
      const total = open.reduce((sum, { totalAmount }) => sum + totalAmount, 0);
      expect(owed(world, customerId)[0]).toBeCloseTo(total, 5);
    }
    expect(new Set(accounts(world).map(({ state }) => state)).size).toBeGreaterThan(3);
  });

  test('has telephone users only while their company is a customer', async () => {
    const { items: subscribers } = world.tenant.store.query('macd/Subscriber');
    expect(subscribers.length).toBeGreaterThan(10);
    for (const { externalCustomerId, goLiveDate, activation_state } of subscribers) {
      const customer = world.tenant.store.get('connectx/Customer', String(externalCustomerId));
      expect(String(goLiveDate) > String(customer?.createdAt)).toBe(true);
      expect(activation_state).toBe(customer?.status === 'Terminated' ? 'Disconnected' : 'Live');
    }
    expect(new Set(subscribers.map(({ activation_state }) => activation_state)).size).toBe(2);
  });

  test('mirrors subscriptions, and their states from then on', async () => {
    const { items } = world.tenant.store.query('aps-subscriptions/$resources');
    const mirrors = items.filter(({ vendorSubscriptionId }) => vendorSubscriptionId !== undefined);
    expect(mirrors.length).toBeGreaterThan(2);
    const active = mirrors.find(({ status }) => status === 'ACTIVE');
    const subscriptionId = active?.vendorSubscriptionId;
    const { id } = (active?.aps ?? {}) as { id: string };
    const mirror = async () => bodyOf(await world.call('getResource', { path: { apsId: id } }));
    await world.act('connectx/suspend-subscription', { subscriptionId });
    expect(await mirror()).toMatchObject({
      status: 'ADMINISTRATIVE_HOLD',
      serviceStatus: 'STOPPED',
      aps: { revision: 2 },
    });
    await world.act('connectx/resume-subscription', { subscriptionId });
    expect(await mirror()).toMatchObject({ status: 'ACTIVE', serviceStatus: 'RUNNING' });
    await world.act('connectx/cancel-subscription', { subscriptionId });
    expect(await mirror()).toMatchObject({ status: 'TERMINATED', serviceStatus: 'REMOVED', aps: { revision: 4 } });
  });
});

describe('the cloud marketplace', () => {
  const SUBSCRIPTION = 'http://www.odin.com/billing/Subscription/1.0';

  const mirrors = ({ tenant }: TestTenant): readonly Entity[] =>
    tenant.store.query('aps-subscriptions/$resources').items.filter(({ aps }) => (aps as Entity).type === SUBSCRIPTION);

  test('shows what is sold in the same command, in one account for each customer', async () => {
    const customerId = await join(shop);
    for (const productId of ['PRD-BRB-010', 'PRD-MOB-010']) {
      await order(shop, customerId, { productId, startDate: '2026-02-01' });
    }
    const sold = mirrors(shop);
    expect(sold).toMatchObject([
      { vendorSubscriptionId: 'SUB-000001', name: 'Fibre 100', status: 'NEW', serviceStatus: 'NOT_EXIST' },
      { vendorSubscriptionId: 'SUB-000002', name: 'SIM Only 10 GB', status: 'NEW' },
    ]);
    expect(sold[0]?.account).toEqual(sold[1]?.account);
    await shop.advanceTo('2026-02-01T00:00:00Z');
    expect(mirrors(shop).map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
  });

  test('tells apart why a subscription is on hold, and shows both reasons', async () => {
    const customerId = await join(shop);
    const subscriptionId = await subscribe(shop, customerId);
    const status = () => mirrors(shop)[0]?.status;
    await shop.advanceTo('2026-03-02T00:00:00Z');
    expect(status()).toBe('CREDIT_HOLD');
    for (const { invoiceId, totalAmount: amount } of await openInvoices(shop, customerId)) {
      await shop.act('connectx/record-payment', { invoiceId, amount, paymentMethod: 'CreditCard' });
    }
    expect(status()).toBe('ACTIVE');
    await shop.act('connectx/suspend-subscription', { subscriptionId });
    expect(status()).toBe('ADMINISTRATIVE_HOLD');
    // The bill of April stays unpaid.
    await shop.advanceTo('2026-05-01T00:00:00Z');
    expect(status()).toBe('FULL_HOLD');
  });
});
