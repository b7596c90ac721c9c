import { expect, test } from 'vitest';
import { defaultsOf } from '../../../src/engine/policies/policy-book.ts';
import { addDecimals } from '../../../src/lib/money.ts';
import { dunningDates } from '../../../src/systems/connectx/billing/dunning.ts';
import { BILLING_POLICIES } from '../../../src/systems/connectx/billing/policy.ts';
import { system as connectx } from '../../../src/systems/connectx/index.ts';
import { seededWorld } from '../../support/connectx-world.ts';
import { isReservedMailbox, isReservedNumber } from '../../support/safe-data.ts';
import { type TenantOfOptions, tenantOf } from '../../support/tenant-of.ts';

const seeded = (options: Partial<TenantOfOptions> = {}) =>
  tenantOf({ systems: [connectx], world: seededWorld, ...options });
type Seeded = Awaited<ReturnType<typeof seeded>>;

interface InvoiceRow {
  readonly invoiceId: string;
  readonly invoiceNumber: string;
  readonly customerId: string;
  readonly status: string;
  readonly invoiceDate: string;
  readonly dueDate: string;
  readonly totalAmount: number;
  readonly taxAmount: number;
  readonly lineItems: readonly { quantity: number; unitPrice: number; amount: number }[];
}

const all = async ({ tenant }: Seeded, resource: string) => tenant.store.query(`connectx/${resource}`).items;
const values = async (world: Seeded, resource: string, property: string) =>
  new Set((await all(world, resource)).map((item) => item[property]));

/** The values that the contract permits. */
function permitted({ registry }: Seeded, resource: string, property: string): Set<unknown> {
  const { schema } = registry.resource(`connectx/${resource}`).resource;
  return new Set(registry.schemas.resolve(registry.schemas.properties(schema).get(property))?.enum);
}

/** Everything in the world as text. */
async function textOf(world: Seeded): Promise<string> {
  const collections = [
    'Product',
    'Customer',
    'Subscription',
    'Invoice',
    '$payments',
    '$habits',
    '$billed',
    '$holds',
    '$debts',
    '$calendar',
  ];
  return JSON.stringify([
    await Promise.all(collections.map((name) => all(world, name))),
    await world.tenant.pending(10_000),
  ]);
}

test.each([1, 2, 3, 4, 5])('the world of seed %i shows every type and every state', async (seed) => {
  const world = await seeded({ seed });
  expect((await all(world, 'Customer')).length).toBeGreaterThanOrEqual(25);
  for (const [resource, property] of [
    ['Customer', 'customerType'],
    ['Customer', 'status'],
    ['Subscription', 'status'],
    ['Invoice', 'status'],
    ['Product', 'productType'],
    ['Product', 'status'],
  ] as const) {
    expect(await values(world, resource, property), `${resource}.${property}`).toEqual(
      permitted(world, resource, property),
    );
  }
});

test('every seeded thing is valid by its contract, and no message told of it', async () => {
  const world = await seeded();
  const { contracts } = world.registry;
  const { createValidation } = await import('../../../src/contracts/validation.ts');
  const validation = createValidation(contracts);
  for (const { resource } of world.registry.resources) {
    for (const item of await all(world, resource.name)) expect(validation.check(resource.schema)(item)).toEqual([]);
  }
  expect(world.events()).toEqual([]);
});

test('the same seed makes the same world, byte for byte; another seed another', async () => {
  const text = await textOf(await seeded());
  expect(await textOf(await seeded())).toBe(text);
  expect(await textOf(await seeded({ seed: 2 }))).not.toBe(text);
});

test('telephone numbers and mailboxes can belong to nobody', async () => {
  for (const { phone, email } of await all(await seeded(), 'Customer')) {
    expect(phone).toSatisfy(isReservedNumber);
    expect(email).toSatisfy(isReservedMailbox);
  }
});

test.each(['2026-01-01T00:00:00.000Z', '2026-03-31T13:14:15.000Z'])(
  'invoices at %s add up, have no gap in their numbers and the state of their age',
  async (now) => {
    const world = await seeded({ now });
    const invoices = (await all(world, 'Invoice')) as unknown as InvoiceRow[];
    const byYear = new Map<string, number>();
    for (const {
      invoiceId,
      invoiceNumber,
      lineItems,
      totalAmount,
      taxAmount,
      status,
      dueDate,
      invoiceDate,
    } of invoices) {
      expect(totalAmount).toBe(addDecimals(...lineItems.map(({ amount }) => amount), taxAmount));
      for (const { quantity, unitPrice, amount } of lineItems) expect(amount).toBe(quantity * unitPrice);
      const year = invoiceDate.slice(0, 4);
      byYear.set(year, (byYear.get(year) ?? 0) + 1);
      expect(invoiceNumber).toBe(`${year}-${String(byYear.get(year)).padStart(6, '0')}`);
      expect(invoiceId).toBe(`INV-${invoiceNumber}`);
      const isLate =
        dunningDates({ policies: { connectx: defaultsOf(BILLING_POLICIES) } }, { dueDate }).overdue <= Date.parse(now);
      if (status === 'Open' || status === 'Overdue') expect(status).toBe(isLate ? 'Overdue' : 'Open');
    }
    expect(invoices.map(({ invoiceDate }) => invoiceDate)).toEqual(
      invoices.map(({ invoiceDate }) => invoiceDate).sort(),
    );
  },
);

test('every open invoice has its timers, and a suspended customer has no subscription that runs', async () => {
  const world = await seeded();
  const keys = new Set((await world.tenant.pending(10_000)).map(({ key }) => key));
  const overdueOf = new Set<unknown>();
  for (const { invoiceId, status, customerId } of await all(world, 'Invoice')) {
    expect(keys.has(`connectx/overdue/${invoiceId}`)).toBe(status === 'Open');
    if (status === 'Overdue') overdueOf.add(customerId);
  }
  const customers = new Map((await all(world, 'Customer')).map(({ customerId, status }) => [customerId, status]));
  for (const [customerId, status] of customers) if (status === 'Suspended') expect(overdueOf).toContain(customerId);
  for (const { customerId, status } of await all(world, 'Subscription')) {
    if (status === 'Active') expect(customers.get(customerId)).toBe('Active');
  }
  expect(keys).toContain('connectx/bill-run');
});

test('a seeded year looks like life: bills every month, payments, suspensions and reinstatements', async () => {
  const world = await seeded();
  await world.advanceTo('2027-01-01T00:00:00Z');
  const months = new Set(world.tenant.log.read({ channel: 'billing/invoice/created' }).map(({ at }) => at.slice(0, 7)));
  expect(months.size).toBe(12);
  const moves = new Set(
    world.events('customer/updated').map(({ previousStatus, status }) => `${previousStatus} to ${status}`),
  );
  expect(moves).toEqual(new Set(['Active to Suspended', 'Suspended to Active']));
  expect(world.events('billing/payment/received').length).toBeGreaterThan(200);
  expect(world.events('subscription/cancelled')).toEqual([]);
});

test('a seeded subscription goes on being billed without a gap or a day twice', async () => {
  const world = await seeded();
  await world.advanceTo('2026-02-01T00:00:00Z');
  const invoices = (await all(world, 'Invoice')) as unknown as InvoiceRow[];
  const february = invoices.filter(({ invoiceDate }) => invoiceDate === '2026-02-01');
  const billable = (await all(world, 'Subscription')).filter(
    ({ status }) => status === 'Active' || status === 'Suspended',
  );
  expect(february.length).toBe(new Set(billable.map(({ customerId }) => customerId)).size);
  const descriptions = february.flatMap(({ lineItems }) => lineItems) as unknown as { description: string }[];
  for (const { description } of descriptions)
    expect(description).toMatch(/ - (monthly charge 1-28 Feb 2026|pro rata \d+-31 Jan 2026 \(\d+ of 31 days\))$/);
});
