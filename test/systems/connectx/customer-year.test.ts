import { expect, test } from 'vitest';
import { join, order, shopOf, stored } from '../../support/connectx-world.ts';

test('a customer’s year, from onboarding to cancellation, with every effect in order', async () => {
  const shop = await shopOf();
  const customerId = await join(shop, { address: { city: 'London', country: 'GB' } });
  await order(shop, customerId, { productId: 'PRD-BRB-020', startDate: '2026-01-16', addons: ['PRD-ADD-030'] });
  const pay = (invoiceId: string, amount: number) =>
    shop.act('connectx/record-payment', { invoiceId, amount, paymentMethod: 'DirectDebit' });

  expect(await shop.advanceTo('2026-01-31T23:59:59Z')).toEqual([
    '2026-01-16 timer connectx/activate/SUB-000001',
    '2026-01-16 event subscription/activated',
  ]);
  expect(await shop.advanceTo('2026-02-10T12:00:00Z')).toEqual([
    '2026-02-01 timer connectx/bill-run',
    '2026-02-01 event billing/invoice/created',
  ]);
  expect(stored(shop, 'Invoice', 'INV-2026-000001')).toEqual({
    invoiceId: 'INV-2026-000001',
    invoiceNumber: '2026-000001',
    customerId,
    status: 'Open',
    invoiceDate: '2026-02-01',
    dueDate: '2026-02-15',
    totalAmount: 76.4,
    taxAmount: 12.73,
    currency: 'GBP',
    lineItems: [
      {
        description: 'Fibre 500 - pro rata 16-31 Jan 2026 (16 of 31 days)',
        quantity: 1,
        unitPrice: 19.61,
        amount: 19.61,
      },
      {
        description: 'Add-on: Static IP - pro rata 16-31 Jan 2026 (16 of 31 days)',
        quantity: 1,
        unitPrice: 2.06,
        amount: 2.06,
      },
      { description: 'Fibre 500 - monthly charge 1-28 Feb 2026', quantity: 1, unitPrice: 38, amount: 38 },
      { description: 'Add-on: Static IP - monthly charge 1-28 Feb 2026', quantity: 1, unitPrice: 4, amount: 4 },
    ],
  });
  expect(await pay('INV-2026-000001', 76.4)).toMatchObject({ remaining: 0, invoice: { status: 'Paid' } });

  // March, April and May stay unpaid.
  expect(await shop.advanceTo('2026-04-02T00:00:00Z')).toEqual([
    '2026-03-01 timer connectx/bill-run',
    '2026-03-01 event billing/invoice/created',
    '2026-03-16 timer connectx/overdue/INV-2026-000002',
    '2026-03-23 timer connectx/remind/INV-2026-000002',
    '2026-03-30 timer connectx/suspend-for-debt/INV-2026-000002',
    '2026-03-30 event customer/updated',
    '2026-03-30 event subscription/suspended',
    '2026-04-01 timer connectx/bill-run',
    '2026-04-01 event billing/invoice/created',
  ]);
  expect(await shop.advanceTo('2026-05-10T00:00:00Z')).toEqual([
    '2026-04-16 timer connectx/overdue/INV-2026-000003',
    '2026-04-23 timer connectx/remind/INV-2026-000003',
    '2026-04-30 timer connectx/suspend-for-debt/INV-2026-000003',
    '2026-05-01 timer connectx/bill-run',
    '2026-05-01 event billing/invoice/created',
  ]);

  // A part is not enough, nor is one of two overdue invoices; the one of May is not due yet and holds nobody back.
  const before = shop.events().length;
  await pay('INV-2026-000002', 50);
  await pay('INV-2026-000002', 0.4);
  expect(stored(shop, 'Customer', customerId)).toMatchObject({ status: 'Suspended' });
  await pay('INV-2026-000003', 50.4);
  expect(
    shop.tenant.log
      .read()
      .slice(before)
      .map(({ channel }) => channel),
  ).toEqual([
    'billing/payment/received',
    'billing/payment/received',
    'billing/payment/received',
    'customer/updated',
    'subscription/activated',
  ]);
  expect(shop.events('customer/updated').at(-1)).toMatchObject({ status: 'Active', previousStatus: 'Suspended' });
  expect(shop.events('subscription/activated').at(-1)).toMatchObject({
    status: 'Active',
    previousStatus: 'Suspended',
    effectiveDate: '2026-05-10',
  });
  await pay('INV-2026-000004', 50.4);

  expect(await shop.advanceTo('2026-06-10T12:00:00Z')).toEqual([
    '2026-06-01 timer connectx/bill-run',
    '2026-06-01 event billing/invoice/created',
  ]);
  await shop.act('connectx/cancel-subscription', { subscriptionId: 'SUB-000001' });
  expect(stored(shop, 'Subscription', 'SUB-000001')).toMatchObject({
    status: 'Cancelled',
    endDate: '2026-06-10',
  });
  expect(shop.events('subscription/cancelled')).toMatchObject([
    { previousStatus: 'Active', effectiveDate: '2026-06-10' },
  ]);
  expect(stored(shop, 'Invoice', 'INV-2026-000006')).toMatchObject({
    status: 'Paid',
    totalAmount: -33.6,
    taxAmount: -5.6,
    lineItems: [
      { description: 'Credit: Fibre 500 - unused 11-30 Jun 2026 (20 of 30 days)', amount: -25.33 },
      { description: 'Credit: Add-on: Static IP - unused 11-30 Jun 2026 (20 of 30 days)', amount: -2.67 },
    ],
  });
  // What is left of June's invoice, after the credit.
  expect(await pay('INV-2026-000005', 16.8)).toMatchObject({ remaining: 0, credited: 0 });
  await shop.act('connectx/terminate-customer', { customerId });

  expect(await shop.advanceTo('2027-01-01T00:00:00Z')).toEqual([
    '2026-07-01 timer connectx/bill-run',
    '2026-08-01 timer connectx/bill-run',
    '2026-09-01 timer connectx/bill-run',
    '2026-10-01 timer connectx/bill-run',
    '2026-11-01 timer connectx/bill-run',
    '2026-12-01 timer connectx/bill-run',
    '2027-01-01 timer connectx/bill-run',
  ]);
  expect(shop.tenant.log.read().map(({ at, channel }) => `${at.slice(0, 10)} ${channel}`)).toEqual([
    '2026-01-01 customer/created',
    '2026-01-16 subscription/activated',
    '2026-02-01 billing/invoice/created',
    '2026-02-10 billing/payment/received',
    '2026-03-01 billing/invoice/created',
    '2026-03-30 customer/updated',
    '2026-03-30 subscription/suspended',
    '2026-04-01 billing/invoice/created',
    '2026-05-01 billing/invoice/created',
    '2026-05-10 billing/payment/received',
    '2026-05-10 billing/payment/received',
    '2026-05-10 billing/payment/received',
    '2026-05-10 customer/updated',
    '2026-05-10 subscription/activated',
    '2026-05-10 billing/payment/received',
    '2026-06-01 billing/invoice/created',
    '2026-06-10 subscription/cancelled',
    '2026-06-10 billing/invoice/created',
    '2026-06-10 billing/payment/received',
    '2026-06-10 customer/updated',
  ]);
});
