import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Entity } from '../../../src/engine/state/store/store.ts';
import { linksOf } from '../../../src/operator/links/index.ts';
import { loadSystems } from '../../../src/operator/load-systems.ts';
import type { System } from '../../../src/operator/system.ts';
import { emptyShop, join, order } from '../../support/connectx-world.ts';
import { bodyOf, type TestTenant, tenantOf } from '../../support/tenant-of.ts';

let systems: readonly System[];
let world: TestTenant;
let customerId: string;
let accountId: string;

beforeAll(async () => {
  systems = (await loadSystems()).filter(({ name }) => name === 'connectx' || name === 'billing-account');
});

beforeEach(async () => {
  world = await tenantOf({ systems, links: linksOf(systems), world: emptyShop });
  customerId = await join(world);
  await order(world, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  await world.advanceTo('2026-01-01T00:00:01Z');
  [accountId] = world.tenant.store.query('billing-account/BillingAccount').items.map(({ id }) => String(id)) as [
    string,
  ];
});

const agree = (plan: Entity) =>
  world.call('patchBillingAccount', { path: { id: accountId }, body: { paymentPlan: [plan] } }).then(bodyOf);
const statement = async () => (await world.act('connectx/read-account', { customerId })) as { invoices: Entity[] };
const account = () => world.tenant.store.get('billing-account/BillingAccount', accountId) ?? {};
const pay = (amount: number) =>
  world.act('connectx/record-payment', { invoiceId: 'INV-2026-000001', amount, paymentMethod: 'Cash' });

test('by a payment plan an invoice is paid in parts, each due on its own day, to the penny', async () => {
  await agree({ status: 'Effective', numberOfPayments: 3, paymentFrequency: 'monthly' });
  await world.advanceTo('2026-02-01T00:00:01Z');

  const [invoice] = (await statement()).invoices;
  expect(invoice).toMatchObject({ status: 'Open', dueDate: '2026-02-15', totalAmount: 67.2 });
  expect(invoice?.instalments).toEqual([
    { number: 1, amount: 22.4, amountDue: 22.4, dueDate: '2026-02-15' },
    { number: 2, amount: 22.4, amountDue: 22.4, dueDate: '2026-03-15' },
    { number: 3, amount: 22.4, amountDue: 22.4, dueDate: '2026-04-15' },
  ]);
  const notes = world.events('billingAccount/attributeValueChange').map(({ description }) => description);
  expect(notes.join()).toContain('INV-2026-000001 is paid in 3 parts: 22.4 GBP by 2026-02-15');
});

test('a part that is late is dunned by itself, and with its payment the invoice waits for the next one', async () => {
  await agree({ numberOfPayments: 3 });
  await world.advanceTo('2026-02-20T00:00:00Z');
  expect((await statement()).invoices[0]).toMatchObject({ status: 'Overdue' });
  expect(account().paymentStatus).toBe('in arrears');

  await pay(22.4);
  expect((await statement()).invoices[0]).toMatchObject({ status: 'Open', dueDate: '2026-03-15', amountDue: 44.8 });
  expect(account().paymentStatus).toBe('due');

  const effects = await world.advanceTo('2026-03-31T00:00:00Z');
  expect(effects.filter((effect) => effect.includes('INV-2026-000001'))).toEqual([
    '2026-03-16 timer connectx/overdue/INV-2026-000001',
    '2026-03-23 timer connectx/remind/INV-2026-000001',
    '2026-03-30 timer connectx/suspend-for-debt/INV-2026-000001',
  ]);
  const { dunning } = (await statement()) as unknown as { dunning: Entity[] };
  expect(dunning.filter(({ invoiceId }) => invoiceId === 'INV-2026-000001').at(-1)).toMatchObject({ amount: 22.4 });
});

test('a direct debit collects part by part', async () => {
  await agree({ numberOfPayments: 2, paymentFrequency: 'weekly' });
  await world.act('connectx/set-payment-method', { customerId, method: 'DirectDebit' });
  const effects = await world.advanceTo('2026-02-28T00:00:00Z');
  expect(effects.filter((effect) => effect.includes('connectx/collect/'))).toEqual([
    '2026-02-15 timer connectx/collect/INV-2026-000001',
    '2026-02-22 timer connectx/collect/INV-2026-000001',
  ]);
  expect((await statement()).invoices[0]).toMatchObject({ status: 'Paid', amountDue: 0 });
});

test('a plan that is agreed on a debt makes it due anew, and the customer is served again', async () => {
  await world.advanceTo('2026-03-02T00:00:01Z');
  expect(world.tenant.store.get('connectx/Customer', customerId)?.status).toBe('Suspended');

  await agree({ numberOfPayments: 4 });
  expect((await statement()).invoices[0]).toMatchObject({ status: 'Open', dueDate: '2026-03-02' });
  expect(world.tenant.store.get('connectx/Customer', customerId)?.status).toBe('Active');
  expect(account()).toMatchObject({ state: 'Active', paymentStatus: 'due' });
});

test('the payment of a part that is taken back makes that part due again', async () => {
  await agree({ numberOfPayments: 3 });
  await world.advanceTo('2026-02-10T00:00:00Z');
  const { payment } = (await pay(22.4)) as { payment: Entity };
  await world.advanceTo('2026-02-18T00:00:00Z');
  await world.act('connectx/charge-back-payment', { paymentId: payment.paymentId });
  expect((await statement()).invoices[0]).toMatchObject({ status: 'Overdue', dueDate: '2026-02-15', amountDue: 67.2 });
});

test('one that is not in effect, or of a single part, changes nothing', async () => {
  await agree({ status: 'Ineffective', numberOfPayments: 3 });
  await world.advanceTo('2026-02-01T00:00:01Z');
  expect((await statement()).invoices[0]).not.toHaveProperty('instalments');
});
