import { beforeAll, beforeEach, expect, test } from 'vitest';
import { Refusal } from '../../../src/model/command.ts';
import { linksOf } from '../../../src/operator/links/index.ts';
import { syntheticWorld } from '../../../src/operator/synthetic-world.ts';
import { system as billingAccount } from '../../../src/systems/billing-account/index.ts';
import type { Invoice, Subscription } from '../../../src/systems/connectx/entities.ts';
import { system as connectx } from '../../../src/systems/connectx/index.ts';
import { join, order, shopOf, stored } from '../../support/connectx-world.ts';
import { type TestTenant, tenantOf } from '../../support/tenant-of.ts';

const BY_COUNTRY = { connectx: { currencyBy: 'country' } };

let shop: TestTenant;

beforeAll(async () => {
  shop = await shopOf({ policies: BY_COUNTRY });
  shop.tenant.apply({ kind: 'snapshot' });
});

beforeEach(() => void shop.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' }));

const livingIn = (country: string, more = {}) => join(shop, { address: { country }, ...more });
const fibre = (customerId: string, more = {}) =>
  order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01', ...more });

/** What an order is refused with. */
async function refusalOf(customerId: string, productId = 'PRD-BRB-010'): Promise<unknown> {
  const body = { productId, startDate: '2026-01-01' };
  const answer = await shop.call('createSubscription', { path: { customerId }, body });
  return answer instanceof Refusal ? [answer.status, answer.code] : answer.status;
}

test.each([
  ['GB', 'GBP', 28, 67.2],
  ['UK', 'GBP', 28, 67.2],
  ['Germany', 'EUR', 32, 76.16],
  ['IE', 'EUR', 32, 78.72],
  ['US', 'USD', 40, 89.6],
])('a customer in %s orders, and is billed and taxed, in %s', async (country, currency, monthlyCharge, totalAmount) => {
  const customerId = await livingIn(country);
  const subscription = stored(shop, 'Subscription', await fibre(customerId));
  expect(subscription).toMatchObject({ currency, monthlyCharge });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(shop.tenant.store.query('connectx/Invoice').items).toMatchObject([{ currency, totalAmount }]);
});

test('an add-on costs what it costs in the currency of its plan', async () => {
  const subscription = await fibre(await livingIn('FR'), { addons: ['PRD-ADD-030'] });
  expect(stored(shop, 'Subscription', subscription).addons).toMatchObject([{ addonId: 'PRD-ADD-030', charge: 5 }]);
});

test('an address without a country is at home', async () => {
  expect(stored(shop, 'Subscription', await fibre(await join(shop)))).toMatchObject({ currency: 'GBP' });
});

test('an order is refused where the country has no currency, no rate of tax, or the product no price', async () => {
  expect(await refusalOf(await livingIn('SE'))).toEqual([409, 'COUNTRY_NOT_SERVED']);
  expect(await refusalOf(await livingIn('AU'))).toEqual([409, 'NO_PRICE']);
  await shop.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
  const world = await shopOf({ policies: { connectx: { currencyBy: 'country', currencies: { SE: 'EUR' } } } });
  const customerId = await join(world, { address: { country: 'SE' } });
  const body = { productId: 'PRD-BRB-010', startDate: '2026-01-01' };
  const untaxed = await world.call('createSubscription', { path: { customerId }, body });
  expect(untaxed).toMatchObject({ status: 409, message: expect.stringContaining('no rate of tax for SE') });
  const exempt = await join(world, { customerType: 'Government', address: { country: 'SE' } });
  expect((await world.call('createSubscription', { path: { customerId: exempt }, body })).status).toBe(201);
});

test('a price list of the policy comes before that of the catalogue', async () => {
  const prices = { EUR: { 'PRD-BRB-010': 31.5 }, AUD: { 'PRD-BRB-010': 59 } };
  const world = await shopOf({ policies: { connectx: { currencyBy: 'country', prices } } });
  for (const [country, monthlyCharge] of [
    ['DE', 31.5],
    ['AU', 59],
  ] as const) {
    const subscription = await order(world, await join(world, { address: { country } }), {
      productId: 'PRD-BRB-010',
      startDate: '2026-01-01',
    });
    expect(stored(world, 'Subscription', subscription)).toMatchObject({ monthlyCharge });
  }
});

test('a change of plan keeps the currency of the subscription, whatever the address has become', async () => {
  const customerId = await livingIn('DE');
  const subscriptionId = await fibre(customerId);
  await shop.advanceTo('2026-01-10T00:00:00Z');
  await shop.call('updateCustomer', { path: { customerId }, body: { address: { country: 'GB' } } });
  const changed = await shop.act('connectx/change-plan', { subscriptionId, productId: 'PRD-BRB-020' });
  expect(changed).toMatchObject({ currency: 'EUR', monthlyCharge: 44 });
  const second = stored(
    shop,
    'Subscription',
    await order(shop, customerId, { productId: 'PRD-MOB-010', startDate: '2026-01-10' }),
  );
  expect(second).toMatchObject({ currency: 'GBP', monthlyCharge: 10 });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  const invoices = shop.tenant.store.query('connectx/Invoice').items as unknown as Invoice[];
  expect(invoices.map(({ currency }) => currency).sort()).toEqual(['EUR', 'GBP']);
});

test('money that is booked before anything was ordered is in the currency of the country', async () => {
  const customerId = await livingIn('DE');
  await shop.act('connectx/adjust-account', { customerId, amount: -5, reason: 'Welcome' });
  await shop.act('connectx/top-up', { customerId, amount: 20, paymentMethod: 'BankTransfer' });
  await fibre(customerId);
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(await shop.act('connectx/read-account', { customerId })).toMatchObject({
    balances: [{ amount: 51.16, currency: 'EUR' }],
  });
});

test('the operator sells in its own currency unless told otherwise, and taxes whom it has no rate for as at home', async () => {
  const world = await shopOf();
  const customerId = await join(world, { address: { country: 'SE' } });
  await order(world, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  await world.advanceTo('2026-02-01T00:00:00Z');
  expect(world.tenant.store.query('connectx/Invoice').items).toMatchObject([{ currency: 'GBP', totalAmount: 67.2 }]);
});

test('those of the starting world are billed, and owe on their accounts, in the currency of their country', async () => {
  const systems = [connectx, billingAccount];
  const world = await tenantOf({
    systems,
    links: linksOf(systems),
    world: syntheticWorld(systems),
    policies: BY_COUNTRY,
  });
  await world.advanceTo('2026-03-02T00:00:00Z');
  const rows = <T>(collection: string) => world.tenant.store.query(collection).items as unknown as T[];
  const currencies = new Set(rows<Subscription>('connectx/Subscription').map(({ currency }) => currency));
  expect([...currencies].sort()).toEqual(['EUR', 'GBP', 'USD']);
  for (const { customerId, currency } of rows<Invoice>('connectx/Invoice')) {
    const account = rows<{ relatedParty: { id: string }[]; accountBalance?: { amount: { unit: string } }[] }>(
      'billing-account/BillingAccount',
    ).find(({ relatedParty }) => relatedParty[0]?.id === customerId);
    const units = (account?.accountBalance ?? []).map(({ amount }) => amount.unit);
    expect([customerId, units]).toEqual([customerId, [currency]]);
  }
});
