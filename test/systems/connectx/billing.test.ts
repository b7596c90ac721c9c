import { expect, test } from 'vitest';
import { registerWebhook, webhookFollower } from '../../../src/engine/delivery/webhooks.ts';
import { defaultsOf } from '../../../src/engine/policies/policy-book.ts';
import { BILLING_POLICIES } from '../../../src/systems/connectx/billing/policy.ts';
import { taxRateOf } from '../../../src/systems/connectx/billing/tax.ts';
import { emptyShop, join, order, shopOf, stored } from '../../support/connectx-world.ts';
import { bodyOf, type TestTenant } from '../../support/tenant-of.ts';

/** On the eve of a bill day, with a service that starts on it. */
async function shopOnTheEve(): Promise<TestTenant> {
  const shop = await shopOf({ now: '2026-01-31T00:00:00.000Z' });
  await order(shop, await join(shop), { productId: 'PRD-MOB-010', startDate: '2026-02-01' });
  return shop;
}

const pay = (shop: TestTenant, amount: unknown, invoiceId = 'INV-2026-000001') =>
  shop.act('connectx/record-payment', { invoiceId, amount, paymentMethod: 'BankTransfer' });

test('a service that starts on the bill day is on that day’s bill', async () => {
  const shop = await shopOnTheEve();
  // Somebody has to be billed already for there to be a bill run on that day.
  await order(shop, await join(shop), { productId: 'PRD-TV-010', startDate: '2026-01-31' });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(
    shop.tenant.log
      .read()
      .slice(-4)
      .map(({ channel }) => channel)
      .sort(),
  ).toEqual(['billing/invoice/created', 'billing/invoice/created', 'subscription/activated', 'subscription/activated']);
  expect(stored(shop, 'Invoice', 'INV-2026-000001').lineItems).toMatchObject([{ amount: 10 }]);
});

test('billing can be run on any day and bills nothing twice', async () => {
  const shop = await shopOf();
  const customerId = await join(shop);
  await order(shop, customerId, { productId: 'PRD-MOB-010', startDate: '2026-01-01' });
  await shop.advanceTo('2026-01-10T00:00:00Z');
  expect(await shop.act('connectx/run-billing', { customerId })).toMatchObject({
    invoices: [{ invoiceDate: '2026-01-10', totalAmount: 12 }],
  });
  expect(await shop.act('connectx/run-billing')).toEqual({ invoices: [] });
  await expect(shop.act('connectx/run-billing', { customerId: 'CUS-9' })).rejects.toMatchObject({ status: 404 });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  expect(stored(shop, 'Invoice', 'INV-2026-000002').lineItems).toMatchObject([
    { description: 'SIM Only 10 GB - monthly charge 1-28 Feb 2026' },
  ]);
});

test('the message about an invoice says what, how much and until when', async () => {
  const shop = await shopOnTheEve();
  await shop.act('connectx/activate-subscription', { subscriptionId: 'SUB-000001' });
  await shop.act('connectx/run-billing');
  expect(shop.events('billing/invoice/created')).toMatchObject([
    {
      invoiceId: 'INV-2026-000001',
      invoiceNumber: '2026-000001',
      customerId: 'CUS-000001',
      // One day of January, at 10 pounds for 31 days, with 20 % tax.
      totalAmount: 0.38,
      currency: 'GBP',
      dueDate: '2026-02-14',
    },
  ]);
});

test('payments: a part, the rest, and one too many', async () => {
  const shop = await billed();
  expect(await pay(shop, 5)).toMatchObject({
    remaining: 7,
    invoice: { status: 'Open' },
    payment: { paymentId: 'PAY-000001', paymentDate: '2026-02-01' },
  });
  expect(await pay(shop, 7)).toMatchObject({ remaining: 0, invoice: { status: 'Paid' } });
  await expect(pay(shop, 1)).rejects.toMatchObject({ status: 409, code: 'INVOICE_NOT_PAYABLE' });
  expect(shop.events('billing/payment/received')).toMatchObject([
    {
      paymentId: 'PAY-000001',
      invoiceId: 'INV-2026-000001',
      customerId: 'CUS-000001',
      amount: 5,
      currency: 'GBP',
      paymentMethod: 'BankTransfer',
    },
    { paymentId: 'PAY-000002', amount: 7 },
  ]);
  expect((await shop.tenant.pending(10)).map(({ kind }) => kind)).toEqual(['connectx/bill-run']);
});

test.each([[0], [-1], [0.001], ['12'], [undefined], [Number.NaN]])(
  'the amount %j is refused with 400',
  async (amount) => {
    const shop = await billed();
    await expect(pay(shop, amount)).rejects.toMatchObject({ status: 400, violations: [{ path: '/amount' }] });
    expect(shop.events('billing/payment/received')).toEqual([]);
  },
);

test('an action names all that its input lacks', async () => {
  const shop = await shopOf();
  await expect(shop.act('connectx/record-payment', {})).rejects.toMatchObject({
    status: 400,
    violations: [{ path: '/invoiceId' }, { path: '/amount' }, { path: '/paymentMethod' }],
  });
  await expect(shop.act('connectx/cancel-subscription', { subscriptionId: 'SUB-9' })).rejects.toMatchObject({
    status: 404,
  });
});

test('a cancelled invoice takes no payment, and what was paid of it pays the next one', async () => {
  const shop = await billed();
  await pay(shop, 5);
  await shop.act('connectx/cancel-invoice', { invoiceId: 'INV-2026-000001' });
  await expect(pay(shop, 1)).rejects.toMatchObject({ status: 409 });
  await shop.advanceTo('2026-03-01T00:00:00Z');
  expect(await pay(shop, 6, 'INV-2026-000002')).toMatchObject({ remaining: 1 });
});

test('cancelling the last overdue invoice reinstates; a hold by hand stays, whatever is paid', async () => {
  const shop = await billed();
  await shop.advanceTo('2026-03-02T00:00:00Z');
  expect(stored(shop, 'Customer', 'CUS-000001')).toMatchObject({ status: 'Suspended' });
  await shop.act('connectx/cancel-invoice', { invoiceId: 'INV-2026-000001' });
  expect(stored(shop, 'Customer', 'CUS-000001')).toMatchObject({ status: 'Active' });
  await shop.call('updateCustomer', { path: { customerId: 'CUS-000001' }, body: { status: 'Suspended' } });
  await pay(shop, 12, 'INV-2026-000002');
  expect(stored(shop, 'Customer', 'CUS-000001')).toMatchObject({ status: 'Suspended' });
});

test('a configuration changes single values of the policy, and nonsense is refused', async () => {
  const policies = { connectx: { billDay: 15, dueDays: 7, suspensionDays: 3, taxRates: { GB: 25 } } };
  const shop = await shopOf({ policies });
  await order(shop, await join(shop), { productId: 'PRD-MOB-010', startDate: '2026-01-05' });
  await shop.advanceTo('2026-01-31T00:00:00Z');
  expect(stored(shop, 'Invoice', 'INV-2026-000001')).toMatchObject({
    status: 'Overdue',
    invoiceDate: '2026-01-15',
    dueDate: '2026-01-22',
    totalAmount: 16.54,
    lineItems: [
      { description: 'SIM Only 10 GB - pro rata 5-14 Jan 2026 (10 of 31 days)', amount: 3.23 },
      { description: 'SIM Only 10 GB - monthly charge 15 Jan - 14 Feb 2026', amount: 10 },
    ],
  });
  expect(stored(shop, 'Customer', 'CUS-000001')).toMatchObject({ status: 'Suspended' });
  await expect(shopOf({ policies: { connectx: { billDay: 31 } } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test.each([
  [{ customerType: 'Individual', address: { country: 'DE' } }, 19],
  [{ customerType: 'Individual', address: { country: 'DE' }, billingAddress: { country: 'FR' } }, 20],
  [{ customerType: 'Business', address: { country: ' ireland ' } }, 23],
  [{ customerType: 'Government', address: { country: 'AU' } }, 0],
  [{ customerType: 'Individual' }, 20],
  [{ customerType: 'Individual', address: { country: 'ZZ' } }, 20],
])('%j pays %d per cent', (facts, rate) => {
  const customer = { customerId: 'CUS-000001', status: 'Active', ...facts };
  expect(taxRateOf(customer, defaultsOf(BILLING_POLICIES), { day: { start: 0, end: 1 } })).toBe(rate);
});

test('invoices are filtered by date and state', async () => {
  const shop = await billed();
  await shop.advanceTo('2026-04-01T00:00:00Z');
  const ids = async (query: Readonly<Record<string, unknown>>) => {
    const { data } = bodyOf(await shop.call('listCustomerInvoices', { path: { customerId: 'CUS-000001' }, query }));
    return (data as { invoiceId: string }[]).map(({ invoiceId }) => Number(invoiceId.slice(-1)));
  };
  expect(await ids({})).toEqual([1, 2, 3]);
  expect(await ids({ fromDate: '2026-03-01' })).toEqual([2, 3]);
  expect(await ids({ fromDate: '2026-02-02', toDate: '2026-03-01' })).toEqual([2]);
  expect(await ids({ status: 'Overdue' })).toEqual([1, 2]);
});

/** On 1 February, with February billed. */
async function billed(): Promise<TestTenant> {
  const shop = await shopOf({ now: '2026-02-01T00:00:00.000Z' });
  await order(shop, await join(shop), { productId: 'PRD-MOB-010', startDate: '2026-02-01' });
  await shop.act('connectx/run-billing');
  return shop;
}

test('many are billed in portions at one instant, each once, as few are in one step', async () => {
  const billed = async (customers: number, listeners = 0) => {
    const shop = await shopOf({
      world: (work) => {
        emptyShop(work);
        const webhook = { url: 'https://listener.example', channels: ['*'] };
        for (let each = 0; each < listeners; each += 1) registerWebhook(work, webhook, (hex) => hex);
      },
      parts: { eventFollowers: [webhookFollower] },
    });
    for (let each = 0; each < customers; each += 1) {
      const customerId = await join(shop);
      await order(shop, customerId, { productId: 'PRD-BRB-020', startDate: '2026-01-16' });
      if (each % 10 === 0) await order(shop, customerId, { productId: 'PRD-MOB-010', startDate: '2026-01-20' });
    }
    const steps: number[] = [];
    shop.tenant.follow(({ consequences: { events } }) => {
      const invoices = events.filter(({ channel }) => channel === 'billing/invoice/created');
      if (invoices.length > 0) steps.push(invoices.length);
    });
    await shop.tenant.advance(Date.UTC(2026, 1, 1));
    const invoices = shop.tenant.store.query('connectx/Invoice').items;
    return {
      steps,
      customers: invoices.map(({ customerId }) => customerId),
      bills: invoices.map((each) => each.lineItems),
    };
  };
  const [few, many] = [await billed(2), await billed(130)];
  expect([few.steps, many.steps]).toEqual([[2], [1, 25, 25, 25, 25, 25, 4]]);
  expect(new Set(many.customers).size).toBe(130);
  expect(many.bills).toEqual(many.bills.map((_, each) => few.bills[each % 10 === 0 ? 0 : 1]));

  // What is delivered to many who listen takes as long as more bills do.
  const heard = await billed(100, 50);
  expect(Math.max(...heard.steps)).toBeLessThan(10);
  expect(heard.customers).toEqual((await billed(100)).customers);
  expect(heard.bills).toEqual(many.bills.slice(0, 100));
});
