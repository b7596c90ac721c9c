import { expect, test } from 'vitest';
import type { Invoice } from '../../../src/systems/connectx/entities.ts';
import { join, order, shopOf, stored } from '../../support/connectx-world.ts';
import { bodyOf, type TestTenant } from '../../support/tenant-of.ts';

async function onFibre100() {
  const shop = await shopOf();
  const customerId = await join(shop);
  const subscriptionId = await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  return { shop, customerId, subscriptionId };
}

async function lines(shop: TestTenant, customerId: string, invoice: number) {
  const { data } = bodyOf(await shop.call('listCustomerInvoices', { path: { customerId } }));
  const { lineItems = [] } = (data as Invoice[]).at(invoice) ?? {};
  return lineItems.map(({ description, amount }) => `${description}: ${amount}`);
}

test('an upgrade in place bills the old plan up to the day before and the new one from that day', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  await shop.advanceTo('2026-01-16T10:00:00Z');
  await shop.act('connectx/change-plan', { subscriptionId, productId: 'PRD-BRB-020' });
  expect(stored(shop, 'Subscription', subscriptionId)).toMatchObject({ productName: 'Fibre 500', monthlyCharge: 38 });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(await lines(shop, customerId, 0)).toEqual([
    'Fibre 500 - pro rata 16-31 Jan 2026 (16 of 31 days): 19.61',
    'Fibre 500 - monthly charge 1-28 Feb 2026: 38',
    'Fibre 100 - pro rata 1-15 Jan 2026 (15 of 31 days): 13.55',
  ]);
});

test('a downgrade in a month that is billed comes back with the next bill, to the day', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  await shop.advanceTo('2026-02-01T12:00:00Z');
  await shop.act('connectx/change-price', { subscriptionId, monthlyCharge: 14, effectiveDate: '2026-02-15' });
  expect(stored(shop, 'Subscription', subscriptionId)).toMatchObject({ monthlyCharge: 28 });
  await shop.advanceTo('2026-03-01T00:00:00Z');
  expect(await lines(shop, customerId, -1)).toEqual([
    'Fibre 100 - monthly charge 1-31 Mar 2026: 14',
    'Credit: Fibre 100 - unused 15-28 Feb 2026 (14 of 28 days): -14',
    'Fibre 100 - pro rata 15-28 Feb 2026 (14 of 28 days): 7',
  ]);
  // Cancelled in the same month: what was charged comes back, and no more.
  await shop.act('connectx/cancel-subscription', { subscriptionId });
  expect(await lines(shop, customerId, -1)).toEqual([
    'Credit: Fibre 100 - unused 2-31 Mar 2026 (30 of 31 days): -13.55',
  ]);
});

test('add-ons come and go in place', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  await shop.advanceTo('2026-01-11T00:00:00Z');
  const change = (action: string, addonId: string) => shop.act(`connectx/${action}`, { subscriptionId, addonId });
  await change('add-addon', 'PRD-ADD-030');
  await expect(change('add-addon', 'PRD-ADD-030')).rejects.toMatchObject({ status: 400 });
  await expect(change('remove-addon', 'PRD-ADD-010')).rejects.toMatchObject({ status: 400 });
  await shop.advanceTo('2026-01-21T00:00:00Z');
  await change('remove-addon', 'PRD-ADD-030');
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect((await lines(shop, customerId, 0)).filter((line) => line.includes('Static IP'))).toEqual([
    'Add-on: Static IP - pro rata 11-20 Jan 2026 (10 of 31 days): 1.29',
  ]);
});

test('what makes no sense is refused and changes nothing', async () => {
  const { shop, subscriptionId } = await onFibre100();
  await shop.advanceTo('2026-01-02T00:00:00Z');
  const before = stored(shop, 'Subscription', subscriptionId);
  const change = (productId: string, more = {}) =>
    shop.act('connectx/change-plan', { subscriptionId, productId, ...more });
  await expect(change('PRD-MOB-010')).rejects.toMatchObject({ status: 400 });
  await expect(change('PRD-ADD-030')).rejects.toMatchObject({ status: 400 });
  await expect(change('PRD-9')).rejects.toMatchObject({ status: 400 });
  await expect(change('PRD-BRB-020', { effectiveDate: '2026-01-01' })).rejects.toMatchObject({ status: 400 });
  await expect(change('PRD-BRB-020', { effectiveDate: 'soon' })).rejects.toMatchObject({ status: 400 });
  expect(stored(shop, 'Subscription', subscriptionId)).toEqual(before);
  await shop.act('connectx/cancel-subscription', { subscriptionId });
  await expect(change('PRD-BRB-020')).rejects.toMatchObject({ status: 409 });
});

test('one-off and usage charges go on the next bill', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  const charge = (input: object) => shop.act('connectx/add-charge', { ...input });
  await charge({ customerId, description: 'Activation fee', amount: 25 });
  await charge({ subscriptionId, description: 'Data overage', quantity: 2.5, unitPrice: 1.99 });
  await expect(charge({ customerId, description: 'Nothing' })).rejects.toMatchObject({ status: 400 });
  await expect(charge({ customerId: 'CUS-9', description: 'Fee', amount: 1 })).rejects.toMatchObject({ status: 404 });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect((await lines(shop, customerId, 0)).slice(-2)).toEqual(['Activation fee: 25', 'Data overage: 4.98']);
});

test('a cancellation ahead bills to its last day, neither more nor less', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  const cancel = (endDate?: string) => shop.act('connectx/cancel-subscription', { subscriptionId, endDate });
  await shop.advanceTo('2026-01-20T00:00:00Z');
  await expect(cancel('2025-12-31')).rejects.toMatchObject({ status: 400 });
  await cancel('2026-02-14');
  expect(stored(shop, 'Subscription', subscriptionId)).toMatchObject({ status: 'Active', endDate: '2026-02-14' });
  await shop.advanceTo('2026-03-01T00:00:00Z');
  expect(stored(shop, 'Subscription', subscriptionId)).toMatchObject({ status: 'Cancelled', endDate: '2026-02-14' });
  expect(await lines(shop, customerId, 0)).toEqual([
    'Fibre 100 - monthly charge 1-31 Jan 2026: 28',
    'Fibre 100 - pro rata 1-14 Feb 2026 (14 of 28 days): 14',
  ]);
  expect(await lines(shop, customerId, 1)).toEqual([]);
});
