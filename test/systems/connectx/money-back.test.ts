import { expect, test } from 'vitest';
import { linksOf } from '../../../src/operator/links/index.ts';
import { system as billingAccount } from '../../../src/systems/billing-account/index.ts';
import { system as connectx } from '../../../src/systems/connectx/index.ts';
import { emptyShop, join, order, stored } from '../../support/connectx-world.ts';
import { type TenantOfOptions, type TestTenant, tenantOf } from '../../support/tenant-of.ts';

const systems = [connectx, billingAccount];

/** A customer with Fibre 100 since New Year, and the bill of 1 February: 67.20 pounds with tax. */
async function billed(policies: TenantOfOptions['policies'] = {}) {
  const shop = await tenantOf({ systems, links: linksOf(systems), world: emptyShop, policies });
  const customerId = await join(shop);
  await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  await shop.advanceTo('2026-02-01T00:00:00Z');
  return { shop, customerId, invoiceId: 'INV-2026-000001' };
}

const pay = (shop: TestTenant, amount: number, invoiceId = 'INV-2026-000001') =>
  shop.act('connectx/record-payment', { invoiceId, amount, paymentMethod: 'CreditCard' });

/** What the account owes, its payment status and state. */
function account({ tenant }: TestTenant, id = 'BA-000001') {
  const { accountBalance, paymentStatus, state } = tenant.store.get('billing-account/BillingAccount', id) ?? {};
  const [balance] = accountBalance as readonly { readonly amount: { readonly value: number } }[];
  return [balance?.amount.value, paymentStatus, state];
}

const invoiceState = (shop: TestTenant, invoiceId = 'INV-2026-000001') => stored(shop, 'Invoice', invoiceId).status;

test('a refund is owed again in the same command, a part of it too', async () => {
  const { shop } = await billed();
  await pay(shop, 67.2);
  expect(account(shop)).toEqual([0, 'paid', 'Active']);

  const part = await shop.act('connectx/refund-payment', { paymentId: 'PAY-000001', amount: 7.2 });
  expect(part).toMatchObject({ refund: { paymentId: 'PAY-000001', amount: 7.2 }, invoices: [{ status: 'Open' }] });
  expect(account(shop)).toEqual([7.2, 'due', 'Active']);
  await expect(shop.act('connectx/refund-payment', { paymentId: 'PAY-000001', amount: 60.01 })).rejects.toMatchObject({
    status: 409,
    details: { remaining: 60 },
  });
  await shop.act('connectx/refund-payment', { paymentId: 'PAY-000001' });
  expect(account(shop)).toEqual([67.2, 'due', 'Active']);
  await expect(shop.act('connectx/refund-payment', { paymentId: 'PAY-000001' })).rejects.toMatchObject({ status: 409 });
  await expect(shop.act('connectx/refund-payment', { paymentId: 'PAY-9' })).rejects.toMatchObject({ status: 404 });
});

test('a payment that is reversed has never been', async () => {
  const { shop } = await billed();
  await pay(shop, 60);
  await pay(shop, 7.2);
  await shop.act('connectx/reverse-payment', { paymentId: 'PAY-000001' });
  expect(invoiceState(shop)).toBe('Open');
  expect(account(shop)).toEqual([60, 'due', 'Active']);
  await pay(shop, 60);
  expect(account(shop)).toEqual([0, 'paid', 'Active']);
});

test('a chargeback months later makes its invoice overdue and begins dunning from that day', async () => {
  const { shop } = await billed();
  await pay(shop, 67.2);
  await shop.advanceTo('2026-02-28T12:00:00Z');
  await shop.act('connectx/charge-back-payment', { paymentId: 'PAY-000001' });
  expect(invoiceState(shop)).toBe('Overdue');
  expect(account(shop)).toEqual([67.2, 'in arrears', 'Active']);
  const effects = await shop.advanceTo('2026-03-14T12:00:00Z');
  expect(effects).toContain('2026-03-07 timer connectx/remind/INV-2026-000001');
  expect(effects).toContain('2026-03-14 timer connectx/suspend-for-debt/INV-2026-000001');
  expect(account(shop)[2]).toBe('Suspended');
});

test('what is overpaid is a credit that pays the next bill; by policy it is refused', async () => {
  const { shop, customerId } = await billed();
  expect(await pay(shop, 100)).toMatchObject({ remaining: 0, credited: 32.8, invoice: { status: 'Paid' } });
  expect(account(shop)).toEqual([-32.8, 'paid', 'Active']);
  await shop.advanceTo('2026-03-01T00:00:00Z');
  expect(account(shop)).toEqual([0.8, 'due', 'Active']);
  // What the credit has paid goes back with the payment that it came from.
  await shop.act('connectx/reverse-payment', { paymentId: 'PAY-000001' });
  expect(account(shop)).toEqual([100.8, 'in arrears', 'Active']);
  expect(await shop.act('connectx/read-account', { customerId })).toMatchObject({
    balances: [{ amount: 100.8, currency: 'GBP' }],
    invoices: [{ amountDue: 67.2 }, { amountDue: 33.6 }],
    payments: [{ paymentId: 'PAY-000001', paid: [] }],
  });

  const strict = await billed({ connectx: { overpayment: 'refuse' } });
  await expect(pay(strict.shop, 67.21)).rejects.toMatchObject({ status: 409, details: { remaining: 67.2 } });
});

test('a credit note pays what is open, a debit note is owed like an invoice', async () => {
  const { shop, customerId } = await billed();
  const adjust = (amount: number) =>
    shop.act('connectx/adjust-account', { customerId, amount, reason: 'late engineer' });
  await adjust(-17.2);
  expect(account(shop)).toEqual([50, 'due', 'Active']);
  await adjust(-60);
  expect(invoiceState(shop)).toBe('Paid');
  expect(account(shop)).toEqual([-10, 'paid', 'Active']);
  expect(await adjust(15)).toMatchObject({
    adjustment: { amount: 15, reason: 'late engineer' },
    invoice: { totalAmount: 15, taxAmount: 0, status: 'Open' },
  });
  expect(account(shop)).toEqual([5, 'due', 'Active']);
  await expect(adjust(0.001)).rejects.toMatchObject({ status: 400 });
});

test('a write-off takes a debt off the account, and with it the reason to suspend', async () => {
  const { shop, customerId } = await billed();
  await pay(shop, 7.2);
  await shop.advanceTo('2026-03-02T00:00:00Z');
  expect(stored(shop, 'Customer', customerId).status).toBe('Suspended');
  expect(await shop.act('connectx/write-off-invoice', { invoiceId: 'INV-2026-000001' })).toMatchObject({
    writeOff: { amount: 60, currency: 'GBP' },
    invoice: { status: 'Cancelled' },
  });
  expect(account(shop)).toEqual([33.6, 'due', 'Active']);
  // A payment of an invoice that is written off is lost with it.
  await shop.act('connectx/charge-back-payment', { paymentId: 'PAY-000001' });
  expect(account(shop)).toEqual([33.6, 'due', 'Active']);
  await expect(shop.act('connectx/write-off-invoice', { invoiceId: 'INV-2026-000001' })).rejects.toMatchObject({
    status: 409,
  });
});

test('a withdrawn invoice gives back what paid it, which a reversal still finds', async () => {
  const { shop } = await billed();
  await pay(shop, 50);
  await shop.act('connectx/cancel-invoice', { invoiceId: 'INV-2026-000001' });
  expect(account(shop)).toEqual([-50, 'paid', 'Active']);
  await shop.act('connectx/reverse-payment', { paymentId: 'PAY-000001' });
  expect(account(shop)).toEqual([0, 'paid', 'Active']);
});

test('a direct debit on file is collected when due; a refused one is tried again on its own schedule', async () => {
  const { shop, customerId } = await billed();
  const setMethod = (method: unknown) => shop.act('connectx/set-payment-method', { customerId, method });
  await setMethod({ type: 'DirectDebit', failures: 1, reason: 'refer to drawer' });
  expect(await shop.advanceTo('2026-02-18T00:00:00Z')).toEqual(
    [
      '2026-02-01 event billingAccount/attributeValueChange',
      '2026-02-15 timer connectx/collect/INV-2026-000001',
      '2026-02-15 event billingAccount/attributeValueChange',
      '2026-02-16 timer connectx/overdue/INV-2026-000001',
      '2026-02-16 event billingAccount/attributeValueChange',
      '2026-02-18 timer connectx/collect/INV-2026-000001',
      '2026-02-18 event billing/payment/received',
      '2026-02-18 event billingAccount/attributeValueChange',
      '2026-02-18 event billingAccount/attributeValueChange',
    ].slice(1),
  );
  expect(shop.events('billingAccount/attributeValueChange').map(({ description }) => description)).toContain(
    'Attempt 1 to collect 67.2 GBP for INV-2026-000001 has failed: refer to drawer.',
  );
  expect(account(shop)).toEqual([0, 'paid', 'Active']);
  expect(await shop.act('connectx/read-account', { customerId })).toMatchObject({
    paymentMethod: 'DirectDebit',
    collections: [
      { attempt: 1, status: 'Failed' },
      { attempt: 2, status: 'Collected' },
    ],
  });

  await setMethod('None');
  await shop.advanceTo('2026-03-20T00:00:00Z');
  expect(account(shop)).toEqual([33.6, 'in arrears', 'Active']);
  // What is overdue already is collected at once.
  await setMethod('CreditCard');
  await shop.advanceTo('2026-03-20T00:00:01Z');
  expect(account(shop)).toEqual([0, 'paid', 'Active']);
  await expect(setMethod('Barter')).rejects.toMatchObject({ status: 400 });
});

test('what a bank refuses goes on to dunning, and the debt ends by write-off in a closed account', async () => {
  const ladder = { lateFeeDays: 10, restrictionDays: 12, terminationDays: 30, collectionDays: 45, writeOffDays: 60 };
  const { shop, customerId } = await billed({ connectx: { ...ladder, collectionRetryDays: [2] } });
  await shop.act('connectx/set-payment-method', { customerId, method: { type: 'DirectDebit', failures: 100 } });
  await shop.advanceTo('2026-08-01T00:00:00Z');
  const { dunning } = (await shop.act('connectx/read-account', { customerId })) as {
    readonly dunning: readonly { readonly invoiceId: string; readonly step: string; readonly date: string }[];
  };
  expect(
    dunning.filter(({ invoiceId }) => invoiceId === 'INV-2026-000001').map(({ step, date }) => [step, date]),
  ).toEqual([
    ['reminder', '2026-02-23'],
    ['lateFee', '2026-02-26'],
    ['restriction', '2026-02-28'],
    ['suspension', '2026-03-02'],
    ['termination', '2026-03-18'],
    ['collection', '2026-04-02'],
    ['writeOff', '2026-04-17'],
  ]);
  expect(account(shop)).toEqual([0, 'paid', 'Closed']);
  expect(stored(shop, 'Customer', customerId).status).toBe('Terminated');
});

test('a step of dunning is only taken on its conditions', async () => {
  const dunningConditions = { reminder: { customerTypes: ['Business'] }, suspension: { minimumAmount: 100 } };
  const { shop, customerId } = await billed({ connectx: { dunningConditions } });
  await shop.advanceTo('2026-03-10T00:00:00Z');
  expect(stored(shop, 'Customer', customerId).status).toBe('Active');
  expect(await shop.act('connectx/read-account', { customerId })).toMatchObject({ dunning: [] });
});
