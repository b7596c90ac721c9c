import { expect, test } from 'vitest';
import { linksOf } from '../../../src/operator/links/index.ts';
import { system as billingAccount } from '../../../src/systems/billing-account/index.ts';
import type { Invoice } from '../../../src/systems/connectx/entities.ts';
import { system as connectx } from '../../../src/systems/connectx/index.ts';
import { emptyShop, join, order, stored } from '../../support/connectx-world.ts';
import { bodyOf, type TenantOfOptions, type TestTenant, tenantOf } from '../../support/tenant-of.ts';

const systems = [connectx, billingAccount];

async function operator(policies: TenantOfOptions['policies'] = {}) {
  const shop = await tenantOf({ systems, links: linksOf(systems), world: emptyShop, policies });
  const patch = async (id: string, body: object) =>
    bodyOf(await shop.call('patchBillingAccount', { path: { id }, body }));
  const open = async (customerId: string, body: object = {}) => {
    const relatedParty = [{ id: customerId, role: 'customer', '@referredType': 'Customer' }];
    const account = { name: customerId, state: 'Active', relatedParty, ...body };
    return String(bodyOf(await shop.call('createBillingAccount', { body: account })).id);
  };
  return { shop, patch, open };
}

async function invoices(shop: TestTenant, customerId: string) {
  const { data } = bodyOf(await shop.call('listCustomerInvoices', { path: { customerId } }));
  return (data as Invoice[]).map(({ invoiceDate, dueDate, totalAmount }) => [invoiceDate, dueDate, totalAmount]);
}

const account = ({ tenant }: TestTenant, id: string) => tenant.store.get('billing-account/BillingAccount', id) ?? {};
const owed = (shop: TestTenant, id: string) =>
  ((account(shop, id).accountBalance ?? []) as { amount: { value: number } }[]).map(({ amount }) => amount.value);

test('another bill day waits as Pending update for the next bill, and then holds', async () => {
  const { shop, patch } = await operator();
  const customerId = await join(shop);
  await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  await shop.act('connectx/set-payment-method', { customerId, method: 'DirectDebit' });
  await shop.advanceTo('2026-01-10T00:00:00Z');
  const cycleSpecification = { isRef: false, name: 'Fifteenth', billingPeriod: 'month', billingDateShift: 14 };
  expect(await patch('BA-000001', { billStructure: { cycleSpecification } })).toMatchObject({
    state: 'Pending update',
  });
  await shop.advanceTo('2026-03-20T00:00:00Z');
  expect(account(shop, 'BA-000001').state).toBe('Active');
  expect(await invoices(shop, customerId)).toEqual([
    ['2026-02-01', '2026-02-15', 67.2],
    // 1 to 14 March, at 28 pounds for the 28 days from 15 February on, with tax.
    ['2026-02-15', '2026-03-01', 16.8],
    ['2026-03-15', '2026-03-29', 33.6],
  ]);
});

test('a bill for a quarter comes every three months, and a customer may ask for a bill day', async () => {
  const { shop, open } = await operator();
  const customerId = await join(shop);
  const cycleSpecification = { isRef: false, name: 'Quarterly', frequency: 'quarterly', paymentDueDateOffset: 30 };
  await open(customerId, { billStructure: { cycleSpecification } });
  await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  const other = await join(shop);
  await order(shop, other, { productId: 'PRD-MOB-010', startDate: '2026-01-01' });
  await shop.act('connectx/change-bill-day', { customerId: other, billDay: 20 });
  await shop.advanceTo('2026-07-02T00:00:00Z');
  expect(await invoices(shop, customerId)).toEqual([
    ['2026-04-01', '2026-05-01', 201.6],
    ['2026-07-01', '2026-07-31', 100.8],
  ]);
  expect((await invoices(shop, other)).map(([date]) => date)).toEqual([
    '2026-01-20',
    '2026-02-20',
    '2026-03-20',
    '2026-04-20',
    '2026-05-20',
    '2026-06-20',
  ]);
});

test('a longer cycle begins where the last bill of the one before ends', async () => {
  const { shop, patch } = await operator();
  const customerId = await join(shop);
  await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  await shop.advanceTo('2026-01-10T00:00:00Z');
  await patch('BA-000001', {
    billStructure: { cycleSpecification: { isRef: false, name: 'Q', frequency: 'quarterly' } },
  });
  await shop.advanceTo('2026-06-02T00:00:00Z');
  expect((await invoices(shop, customerId)).map(([date, , amount]) => [date, amount])).toEqual([
    ['2026-02-01', 67.2],
    ['2026-03-01', 100.8],
    ['2026-06-01', 100.8],
  ]);
});

test.each([
  ['of an account that is suspended', true, false, 'Suspended', 'Suspended'],
  ['of an account that is suspended while it waits', false, false, 'Pending update', 'Suspended'],
  ['of an account that is suspended and active again before that', true, true, 'Suspended', 'Active'],
])('another cycle %s waits for the next bill day', async (_, isBefore, isLifted, ordered, then) => {
  const { shop, patch } = await operator();
  const customerId = await join(shop);
  await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  await shop.advanceTo('2026-02-02T00:00:00Z');
  await shop.act('connectx/record-payment', { invoiceId: 'INV-2026-000001', amount: 67.2, paymentMethod: 'Cash' });
  const status = (to: string) => shop.call('updateCustomer', { path: { customerId }, body: { status: to } });
  if (isBefore) await status('Suspended');
  const cycleSpecification = { isRef: false, name: 'Q', frequency: 'quarterly', billingDateShift: 9 };
  expect(await patch('BA-000001', { billStructure: { cycleSpecification } })).toMatchObject({ state: ordered });
  if (!isBefore) await status('Suspended');
  await shop.advanceTo('2026-02-15T00:00:00Z');
  if (isLifted) {
    await status('Active');
    expect(account(shop, 'BA-000001').state).toBe('Pending update');
  }
  await shop.advanceTo('2026-03-02T00:00:00Z');
  expect(account(shop, 'BA-000001').state).toBe(then);
  expect((await invoices(shop, customerId)).map(([date]) => date)).toEqual(['2026-02-01', '2026-03-01']);
  await shop.advanceTo('2026-06-12T00:00:00Z');
  expect((await invoices(shop, customerId)).map(([date]) => date)).toEqual([
    '2026-02-01',
    '2026-03-01',
    '2026-03-10',
    '2026-06-10',
  ]);
});

test('an account that was moved by hand, without another cycle, goes on where it is moved to', async () => {
  const { shop, patch, open } = await operator();
  const id = await open(await join(shop));
  for (const state of ['Pending update', 'Suspended', 'Active']) {
    expect(await patch(id, { state })).toMatchObject({ state });
  }
  await shop.advanceTo('2026-03-01T00:00:00Z');
  expect(account(shop, id).state).toBe('Active');
});

test('who pays before use is served as far as the money goes', async () => {
  const { shop, open } = await operator();
  const customerId = await join(shop);
  await open(customerId, { ratingType: 'prepaid' });
  await shop.act('connectx/top-up', { customerId, amount: 50, paymentMethod: 'Cash' });
  const subscriptionId = await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  await shop.advanceTo('2026-01-02T00:00:00Z');
  expect(await invoices(shop, customerId)).toEqual([['2026-01-01', '2026-01-01', 33.6]]);
  expect(owed(shop, 'BA-000001')).toEqual([-16.4]);
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(stored(shop, 'Subscription', subscriptionId).status).toBe('Suspended');
  expect(owed(shop, 'BA-000001')).toEqual([17.2]);
  await shop.act('connectx/top-up', { customerId, amount: 17.2, paymentMethod: 'Cash' });
  expect(stored(shop, 'Subscription', subscriptionId).status).toBe('Active');
  expect(account(shop, 'BA-000001')).toMatchObject({ paymentStatus: 'paid', state: 'Active' });
});

test('one account pays for another, and only the suspended child is without service', async () => {
  const { shop, open, patch } = await operator();
  const [parent, child] = [await join(shop, { companyName: 'Parent' }), await join(shop, { companyName: 'Child' })];
  const paying = await open(parent);
  const paid = await open(child, {
    accountRelationship: [{ relationshipType: 'isPaidBy', account: { id: paying }, validFor: {} }],
  });
  const parents = await order(shop, parent, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  const childs = await order(shop, child, { productId: 'PRD-MOB-010', startDate: '2026-01-01' });
  await shop.advanceTo('2026-01-15T00:00:00Z');
  await patch(paid, { state: 'Suspended' });
  expect(stored(shop, 'Subscription', childs).status).toBe('Suspended');
  expect(stored(shop, 'Subscription', parents).status).toBe('Active');
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(await invoices(shop, parent)).toEqual([['2026-02-01', '2026-02-15', 91.2]]);
  expect(await invoices(shop, child)).toEqual([]);
  expect([owed(shop, paying), owed(shop, paid)]).toEqual([[91.2], []]);
  await patch(paid, { state: 'Active' });
  expect(stored(shop, 'Subscription', childs).status).toBe('Active');
  // What is settled when the child leaves is its payer's as well.
  await shop.act('connectx/cancel-subscription', { subscriptionId: childs });
  expect(owed(shop, paying)[0]).toBeLessThan(91.2);
});

test('one account pays for another on the days that their relationship is valid for', async () => {
  const { shop, open } = await operator();
  const [first, second, child] = [await join(shop), await join(shop), await join(shop)];
  const paidBy = (id: string, startDateTime: string, endDateTime: string) => ({
    relationshipType: 'isPaidBy',
    account: { id },
    validFor: { startDateTime, endDateTime },
  });
  await open(child, {
    accountRelationship: [
      paidBy(await open(first), '2026-01-15T00:00:00Z', '2026-02-15T00:00:00Z'),
      paidBy(await open(second), '2026-03-01T12:00:00Z', '2026-03-31T12:00:00Z'),
    ],
  });
  await order(shop, child, { productId: 'PRD-MOB-010', startDate: '2026-01-01' });
  await shop.advanceTo('2026-05-01T00:00:00Z');
  const dates = async (customerId: string) => (await invoices(shop, customerId)).map(([date]) => date);
  expect(await dates(first)).toEqual(['2026-02-01']);
  expect(await dates(second)).toEqual(['2026-03-01']);
  expect(await dates(child)).toEqual(['2026-04-01', '2026-05-01']);
});

test('a customer may have services on several accounts, each billed and paid by itself', async () => {
  const { shop, open } = await operator();
  const customerId = await join(shop);
  await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  const mobile = await order(shop, customerId, { productId: 'PRD-MOB-010', startDate: '2026-01-01' });
  await shop.advanceTo('2026-01-01T00:00:01Z');
  const validFor = { startDateTime: '2026-01-01T00:00:00Z' };
  const second = await open(customerId, { taxExemption: [{ issuingJurisdiction: 'GB', validFor }] });
  await shop.act('billing-account/assign-subscription', { id: second, subscriptionId: mobile });
  const stranger = await join(shop);
  const others = await open(stranger);
  const wrong = shop.act('billing-account/assign-subscription', { id: others, subscriptionId: mobile });
  await expect(wrong).rejects.toMatchObject({ status: 409 });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect([owed(shop, 'BA-000001'), owed(shop, second)]).toEqual([[67.2], [20]]);
  await shop.act('connectx/record-payment', { invoiceId: 'INV-2026-000002', amount: 30, paymentMethod: 'Cash' });
  expect([owed(shop, 'BA-000001'), owed(shop, second)]).toEqual([[67.2], [-10]]);
  await shop.advanceTo('2026-03-01T00:00:00Z');
  expect([owed(shop, 'BA-000001'), owed(shop, second)]).toEqual([[100.8], [0]]);
  expect(account(shop, 'BA-000001').paymentStatus).toBe('in arrears');
  expect(account(shop, second).paymentStatus).toBe('paid');
});

test.each([
  ['announce', 201, 'Active'],
  ['block', 409, 'Active'],
  ['hold', 409, 'Suspended'],
])(
  'beyond the credit limit, the policy %s answers an order with %d and leaves the customer %s',
  async (mode, status, state) => {
    const { shop, patch } = await operator({ 'billing-account': { creditLimit: mode } });
    const customerId = await join(shop);
    await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
    await shop.advanceTo('2026-01-02T00:00:00Z');
    await patch('BA-000001', { creditLimit: { unit: 'GBP', value: 60 } });
    await shop.advanceTo('2026-02-01T00:00:00Z');
    expect(shop.events('billingAccount/attributeValueChange')).toContainEqual(
      expect.objectContaining({ description: 'What is owed has risen above the credit limit of 60 GBP.' }),
    );
    expect(stored(shop, 'Customer', customerId).status).toBe(state);
    const body = { productId: 'PRD-TV-010', startDate: '2026-02-01' };
    expect((await shop.call('createSubscription', { path: { customerId }, body })).status).toBe(status);
    await shop.act('connectx/record-payment', { invoiceId: 'INV-2026-000001', amount: 10, paymentMethod: 'Cash' });
    expect(stored(shop, 'Customer', customerId).status).toBe('Active');
    expect((await shop.call('createSubscription', { path: { customerId }, body })).status).toBe(201);
  },
);
