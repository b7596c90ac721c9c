import { expect, test } from 'vitest';
import type { Invoice } from '../../../src/systems/connectx/entities.ts';
import { join, order, shopOf } from '../../support/connectx-world.ts';
import { bodyOf, type TestTenant } from '../../support/tenant-of.ts';

const FIBRE_100 = 'PRD-BRB-010';
const FIBRE_500 = 'PRD-BRB-020';

async function lineItems(shop: TestTenant, customerId: string): Promise<readonly string[]> {
  const { data } = bodyOf(await shop.call('listCustomerInvoices', { path: { customerId } }));
  return (data as Invoice[]).flatMap((invoice) => invoice.lineItems.map(({ description }) => description));
}

async function onFibre100(startDate = '2026-01-01') {
  const shop = await shopOf();
  const customerId = await join(shop);
  const subscriptionId = await order(shop, customerId, { productId: FIBRE_100, startDate });
  return { shop, customerId, subscriptionId };
}

test('a change of plan bills every day of the month once', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  await shop.advanceTo('2026-01-16T10:00:00Z');
  await order(shop, customerId, { productId: FIBRE_500, startDate: '2026-01-16' });
  await shop.act('connectx/cancel-subscription', { subscriptionId });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(await lineItems(shop, customerId)).toEqual([
    'Fibre 100 - pro rata 1-15 Jan 2026 (15 of 31 days)',
    'Fibre 500 - pro rata 16-31 Jan 2026 (16 of 31 days)',
    'Fibre 500 - monthly charge 1-28 Feb 2026',
  ]);
});

test('a change of plan that begins with the cancellation gives the shared day back on the next bill', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  await shop.advanceTo('2026-01-16T10:00:00Z');
  await shop.act('connectx/cancel-subscription', { subscriptionId });
  await order(shop, customerId, { productId: FIBRE_500, startDate: '2026-01-16' });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(await lineItems(shop, customerId)).toEqual([
    'Fibre 100 - pro rata 1-16 Jan 2026 (16 of 31 days)',
    'Fibre 500 - pro rata 16-31 Jan 2026 (16 of 31 days)',
    'Fibre 500 - monthly charge 1-28 Feb 2026',
    'Credit: Fibre 100 - unused 16 Jan 2026 (1 of 31 days)',
  ]);
});

test('a day is given back to what is ordered for it later, for a year', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  await shop.act('connectx/top-up', { customerId, amount: 2_000, paymentMethod: 'Cash' });
  await shop.advanceTo('2026-01-16T10:00:00Z');
  await shop.act('connectx/cancel-subscription', { subscriptionId });
  const kept = () => shop.tenant.store.query('connectx/$lastDays').items.length;
  await shop.advanceTo('2027-01-01T00:00:01Z');
  expect(kept()).toBe(1);
  await order(shop, customerId, { productId: FIBRE_500, startDate: '2026-01-16' });
  await shop.advanceTo('2027-02-01T00:00:00Z');
  expect(await lineItems(shop, customerId)).toContain('Credit: Fibre 100 - unused 16 Jan 2026 (1 of 31 days)');
  expect(kept()).toBe(0);
  await shop.act('connectx/terminate-customer', { customerId });
  expect(kept()).toBe(1);
  await shop.advanceTo('2028-03-01T00:00:00Z');
  expect(kept()).toBe(0);
});

test('a change of plan within a month that was billed in advance credits it from the day of the change on', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  await shop.advanceTo('2026-02-10T10:00:00Z');
  await order(shop, customerId, { productId: FIBRE_500, startDate: '2026-02-10' });
  await shop.act('connectx/cancel-subscription', { subscriptionId });
  expect((await lineItems(shop, customerId)).at(-1)).toBe('Credit: Fibre 100 - unused 10-28 Feb 2026 (19 of 28 days)');
});

test('another type of product that starts on the day of a cancellation replaces nothing', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  await shop.advanceTo('2026-01-16T10:00:00Z');
  await order(shop, customerId, { productId: 'PRD-MOB-010', startDate: '2026-01-16' });
  await shop.act('connectx/cancel-subscription', { subscriptionId });
  expect(await lineItems(shop, customerId)).toEqual(['Fibre 100 - pro rata 1-16 Jan 2026 (16 of 31 days)']);
});

test('a start in the past is billed from that day on', async () => {
  const { shop, customerId } = await onFibre100('2025-11-15');
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(await lineItems(shop, customerId)).toEqual([
    'Fibre 100 - pro rata 15-30 Nov 2025 (16 of 30 days)',
    'Fibre 100 - monthly charge 1-31 Dec 2025',
    'Fibre 100 - monthly charge 1-31 Jan 2026',
    'Fibre 100 - monthly charge 1-28 Feb 2026',
  ]);
});

test('a start in the past is refused where the policy says so', async () => {
  const shop = await shopOf({ policies: { connectx: { backdatedStart: 'refuse' } } });
  const path = { customerId: await join(shop) };
  const subscribe = (startDate: string) =>
    shop.call('createSubscription', { path, body: { productId: FIBRE_100, startDate } });
  expect(await subscribe('2025-12-31')).toMatchObject({
    status: 400,
    violations: [{ in: 'body', path: '/startDate', message: 'must not lie in the past: today is 2026-01-01' }],
  });
  expect((await subscribe('2026-01-01')).status).toBe(201);
});

test('a cancellation for a day that has passed gives back what was billed after it', async () => {
  const { shop, customerId, subscriptionId } = await onFibre100();
  await shop.advanceTo('2026-02-10T10:00:00Z');
  await expect(shop.act('connectx/cancel-subscription', { subscriptionId, endDate: '2025-12-31' })).rejects.toThrow(
    'Name 2026-01-01 or a later day',
  );
  await shop.act('connectx/cancel-subscription', { subscriptionId, endDate: '2026-01-20' });
  expect((await lineItems(shop, customerId)).slice(2)).toEqual([
    'Credit: Fibre 100 - unused 21-31 Jan 2026 (11 of 31 days)',
    'Credit: Fibre 100 - unused 1-28 Feb 2026 (28 of 28 days)',
  ]);
  expect(shop.events('subscription/cancelled')).toMatchObject([{ effectiveDate: '2026-01-20' }]);
});

test('a cancellation in the past is refused where the policy says so', async () => {
  const shop = await shopOf({ policies: { connectx: { backdatedEnd: 'refuse' } } });
  const subscriptionId = await order(shop, await join(shop), { productId: FIBRE_100, startDate: '2026-01-01' });
  await shop.advanceTo('2026-02-10T10:00:00Z');
  const cancel = shop.act('connectx/cancel-subscription', { subscriptionId, endDate: '2026-01-20' });
  await expect(cancel).rejects.toMatchObject({ status: 400 });
});

test('an order that had to wait for its customer is billed from its activation', async () => {
  const { shop, customerId } = await onFibre100('2026-01-10');
  const setStatus = (status: string) => shop.call('updateCustomer', { path: { customerId }, body: { status } });
  await setStatus('Inactive');
  await shop.advanceTo('2026-01-20T00:00:00Z');
  await setStatus('Active');
  await shop.act('connectx/run-billing');
  expect(await lineItems(shop, customerId)).toEqual(['Fibre 100 - pro rata 20-31 Jan 2026 (12 of 31 days)']);
});

test('an add-on that is named twice is refused with its place', async () => {
  const shop = await shopOf();
  const body = { productId: FIBRE_100, startDate: '2026-02-01', addons: ['PRD-ADD-010', 'PRD-ADD-010'] };
  expect(await shop.call('createSubscription', { path: { customerId: await join(shop) }, body })).toMatchObject({
    status: 400,
    violations: [{ in: 'body', path: '/addons/1', message: 'must not repeat "PRD-ADD-010": an add-on is taken once' }],
  });
});
