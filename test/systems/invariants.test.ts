import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { fromMinor, toMinor } from '../../src/lib/money.ts';
import { Refusal } from '../../src/model/command.ts';
import { linksOf } from '../../src/operator/links/index.ts';
import { loadSystems } from '../../src/operator/load-systems.ts';
import { syntheticWorld } from '../../src/operator/synthetic-world.ts';
import { amountDue, creditsOf } from '../../src/systems/connectx/billing/ledger.ts';
import type { Invoice, Payment, Subscription } from '../../src/systems/connectx/entities.ts';
import { emptyShop, join, order } from '../support/connectx-world.ts';
import { type TestTenant, tenantOf } from '../support/tenant-of.ts';

type Row = Readonly<Record<string, unknown>>;

let world: TestTenant;
/** Of connectx and billing accounts alone, with nobody in it. */
let small: TestTenant;
let whole: TestTenant;

beforeAll(async () => {
  const systems = (await loadSystems()).filter(({ name }) => name !== 'simulator');
  whole = await tenantOf({ systems, links: linksOf(systems), world: syntheticWorld(systems, { customers: 7 }) });
  whole.tenant.apply({ kind: 'snapshot' });
  const money = systems.filter(({ name }) => name === 'connectx' || name === 'billing-account');
  small = await tenantOf({ systems: money, links: linksOf(money), world: emptyShop });
  small.tenant.apply({ kind: 'snapshot' });
});

const rows = <T = Row>(collection: string) => world.tenant.store.query(collection).items as unknown as readonly T[];

/** One of the rows there are just now, by a number that means the same thing each time it is drawn. */
const pickRow = <T>(items: readonly T[], draw: number): T | undefined => items[draw % Math.max(1, items.length)];

const subscriptionId = (draw: number) =>
  pickRow(rows<Subscription>('connectx/Subscription'), draw)?.subscriptionId ?? '-';
const customerId = (draw: number) => String(pickRow(rows('connectx/Customer'), draw)?.customerId);
const invoiceId = (draw: number) => pickRow(rows<Invoice>('connectx/Invoice').toReversed(), draw)?.invoiceId ?? '-';
const paymentId = (draw: number) => pickRow(rows<Payment>('connectx/$payments').toReversed(), draw)?.paymentId ?? '-';
const accountId = (draw: number) => String(pickRow(rows('billing-account/BillingAccount'), draw)?.id);
const dateIn = (days: number) => new Date(world.tenant.now() + days * 86_400_000).toISOString().slice(0, 10);

/** What somebody may do: a word of what it is, and two numbers that say to whom and how much. */
const COMMANDS: Readonly<Record<string, (who: number, how: number) => Promise<unknown>>> = {
  wait: (_, days) => world.advanceTo(new Date(world.tenant.now() + (1 + (days % 70)) * 86_400_000).toISOString()),
  join: (_, how) =>
    world.call('createCustomer', {
      body: { customerType: how % 3 === 0 ? 'Government' : 'Individual', email: 'a@example.com' },
    }),
  order: (who, how) =>
    world.call('createSubscription', {
      path: { customerId: customerId(who) },
      body: {
        productId: PRODUCTS[how % PRODUCTS.length],
        startDate: dateIn((how % 60) - 20),
        addons: how % 4 === 0 ? ['PRD-ADD-030'] : [],
      },
    }),
  hold: (who, how) =>
    world.call('updateCustomer', {
      path: { customerId: customerId(who) },
      body: { status: ['Suspended', 'Active', 'Inactive'][how % 3] },
    }),
  suspend: (who) => world.act('connectx/suspend-subscription', { subscriptionId: subscriptionId(who) }),
  resume: (who) => world.act('connectx/resume-subscription', { subscriptionId: subscriptionId(who) }),
  cancel: (who, how) =>
    world.act('connectx/cancel-subscription', {
      subscriptionId: subscriptionId(who),
      ...(how % 2 === 0 && { endDate: dateIn(how % 50) }),
    }),
  leave: (who) => world.act('connectx/terminate-customer', { customerId: customerId(who) }),
  changePlan: (who, how) =>
    world.act('connectx/change-plan', {
      subscriptionId: subscriptionId(who),
      productId: PRODUCTS[how % PRODUCTS.length],
      ...(how % 3 === 0 && { effectiveDate: dateIn(how % 20) }),
    }),
  changePrice: (who, how) =>
    world.act('connectx/change-price', { subscriptionId: subscriptionId(who), monthlyCharge: (how % 5000) / 100 }),
  changeBillDay: (who, how) =>
    world.act('connectx/change-bill-day', { customerId: customerId(who), billDay: 1 + (how % 28) }),
  bill: (who) => world.act('connectx/run-billing', { customerId: customerId(who) }),
  charge: (who, how) =>
    world.act('connectx/add-charge', {
      customerId: customerId(who),
      description: 'Use',
      quantity: how % 7,
      unitPrice: 1.31,
    }),
  pay: (who, how) =>
    world.act('connectx/record-payment', {
      invoiceId: invoiceId(who),
      amount: (1 + (how % 9000)) / 100,
      paymentMethod: 'Cash',
    }),
  topUp: (who, how) =>
    world.act('connectx/top-up', { customerId: customerId(who), amount: 1 + (how % 90), paymentMethod: 'Cash' }),
  refund: (who, how) =>
    world.act('connectx/refund-payment', {
      paymentId: paymentId(who),
      ...(how % 2 === 0 && { amount: (1 + how) / 100 }),
    }),
  reverse: (who) => world.act('connectx/reverse-payment', { paymentId: paymentId(who) }),
  chargeBack: (who) => world.act('connectx/charge-back-payment', { paymentId: paymentId(who) }),
  withdraw: (who) => world.act('connectx/cancel-invoice', { invoiceId: invoiceId(who) }),
  writeOff: (who) => world.act('connectx/write-off-invoice', { invoiceId: invoiceId(who) }),
  adjust: (who, how) =>
    world.act('connectx/adjust-account', {
      customerId: customerId(who),
      amount: ((how % 8000) - 4000) / 100,
      reason: 'x',
    }),
  payBy: (who, how) =>
    world.act('connectx/set-payment-method', {
      customerId: customerId(who),
      method: how % 3 === 0 ? 'None' : { type: 'DirectDebit', failures: how % 4 },
    }),
  moveAccount: (who, how) =>
    world.call('patchBillingAccount', { path: { id: accountId(who) }, body: { state: STATES[how % STATES.length] } }),
  exempt: (who, how) =>
    world.call('patchBillingAccount', {
      path: { id: accountId(who) },
      body: { taxExemption: how % 2 === 0 ? [{ issuingJurisdiction: 'GB', validFor: {} }] : [] },
    }),
  prepay: (who, how) =>
    world.call('patchBillingAccount', {
      path: { id: accountId(who) },
      body: { ratingType: how % 2 === 0 ? 'prepaid' : 'postpaid' },
    }),
  cycle: (who, how) =>
    world.call('patchBillingAccount', {
      path: { id: accountId(who) },
      body: {
        billStructure: {
          cycleSpecification: {
            isRef: false,
            name: 'x',
            frequency: how % 2 === 0 ? 'monthly' : 'quarterly',
            dateShift: how % 28,
          },
        },
      },
    }),
  payFor: (who, how) =>
    world.call('patchBillingAccount', {
      path: { id: accountId(who) },
      body: { accountRelationship: [{ relationshipType: 'isPaidBy', account: { id: accountId(how) }, validFor: {} }] },
    }),
  openSecond: (who) =>
    world.call('createBillingAccount', {
      body: { name: 'Second', state: 'Active', relatedParty: [{ id: customerId(who), role: 'customer' }] },
    }),
  assign: (who, how) =>
    world.act('billing-account/assign-subscription', { id: accountId(how), subscriptionId: subscriptionId(who) }),
  remove: (who) => world.call('deleteBillingAccount', { path: { id: accountId(who) } }),
};

const PRODUCTS = ['PRD-BRB-010', 'PRD-BRB-020', 'PRD-BRB-030', 'PRD-MOB-010', 'PRD-TV-010'];
const STATES = ['Suspended', 'Active', 'Pending update', 'Pending closed', 'Closed'];

/** Does it; a refusal is an answer too, and anything else that is thrown is a mistake. */
async function perform(name: string, who: number, how: number): Promise<void> {
  try {
    const outcome = await COMMANDS[name]?.(who, how);
    if (outcome instanceof Refusal && outcome.status >= 500) throw outcome;
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) throw error;
  }
}

/** What is owed on the accounts of each customer, in each currency. */
function accountsOwed(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { relatedParty, accountBalance = [] } of rows('billing-account/BillingAccount')) {
    const [party] = relatedParty as readonly { readonly id: string }[];
    for (const { amount } of accountBalance as readonly {
      readonly amount: { readonly unit: string; readonly value: number };
    }[]) {
      const key = `${party?.id}/${amount.unit}`;
      sums[key] = (sums[key] ?? 0) + toMinor(amount.value, amount.unit);
    }
  }
  return withoutZeros(sums);
}

/** What is left of the invoices of each customer less what they have in credit. */
function ledgerOwed(): Record<string, number> {
  const { store } = world.tenant;
  const sums: Record<string, number> = {};
  for (const invoice of rows<Invoice>('connectx/Invoice')) {
    const key = `${invoice.customerId}/${invoice.currency}`;
    sums[key] = (sums[key] ?? 0) + amountDue(store as never, invoice);
  }
  for (const { customerId: id } of rows('connectx/Customer')) {
    for (const { currency, left } of creditsOf(store, String(id))) {
      sums[`${id}/${currency}`] = (sums[`${id}/${currency}`] ?? 0) - left;
    }
  }
  return withoutZeros(sums);
}

const withoutZeros = (sums: Record<string, number>) =>
  Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));

/** How a subscription of connectx stands in the marketplace. */
const MARKETPLACE: Readonly<Record<string, readonly string[]>> = {
  Pending: ['NEW'],
  Active: ['ACTIVE', 'GRACE'],
  Suspended: ['ADMINISTRATIVE_HOLD', 'CREDIT_HOLD', 'FULL_HOLD'],
  Cancelled: ['TERMINATED', 'EXPIRED'],
};

function checkInvariants(): void {
  expect(accountsOwed()).toEqual(ledgerOwed());
  for (const { invoiceId: id, lineItems, taxAmount, totalAmount, currency } of rows<Invoice>('connectx/Invoice')) {
    const sum = lineItems.reduce(
      (total, { amount }) => total + toMinor(amount, currency),
      toMinor(taxAmount, currency),
    );
    expect([id, totalAmount]).toEqual([id, fromMinor(sum, currency)]);
  }
  for (const { id, state, accountBalance = [] } of rows('billing-account/BillingAccount')) {
    if (state !== 'Closed') continue;
    for (const { amount } of accountBalance as readonly { readonly amount: { readonly value: number } }[]) {
      expect([id, amount.value]).toEqual([id, 0]);
    }
  }
  const mirrored = new Map(
    rows('aps-subscriptions/$resources').flatMap((resource) => {
      const { vendorSubscriptionId, status } = resource as { vendorSubscriptionId?: string; status?: string };
      return vendorSubscriptionId === undefined ? [] : [[vendorSubscriptionId, status] as const];
    }),
  );
  expect(mirrored.size).toBeGreaterThan(0);
  for (const { subscriptionId: id, status } of rows<Subscription>('connectx/Subscription')) {
    const there = mirrored.get(id);
    if (there !== undefined) expect(MARKETPLACE[status], `${id} is ${status} and ${there}`).toContain(there);
  }
  const owners = new Map<string, unknown>();
  for (const subscriber of rows('macd/Subscriber')) {
    const { username, lines = [], devices = [] } = subscriber as { username?: string; lines?: Row[]; devices?: Row[] };
    for (const owned of [
      ...lines.map(({ DDI, ddi }) => DDI ?? ddi),
      ...devices.map(({ Name, name }) => Name ?? name),
    ]) {
      if (typeof owned !== 'string' || owned === '') continue;
      expect(owners.get(owned) ?? username).toBe(username);
      owners.set(owned, username);
    }
  }
}

const commands = fc.array(
  fc.tuple(
    fc.constantFrom('wait', 'wait', 'wait', 'order', 'pay', ...Object.keys(COMMANDS)),
    fc.nat(200),
    fc.nat(10_000),
  ),
  { minLength: 5, maxLength: 30 },
);

test('whatever is done in whatever order, all systems tell the same story of the same money', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (history) => {
      world = whole;
      world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
      checkInvariants();
      for (const [name, who, how] of history) {
        await perform(name, who, how);
        checkInvariants();
      }
      await perform('wait', 0, 69);
      checkInvariants();
    }),
    { numRuns: Number(process.env.INVARIANT_RUNS ?? 12), seed: Number(process.env.INVARIANT_SEED ?? 1) },
  );
}, 60_000);

/** How many days the lines of all invoices charge, less those that they give back. */
function daysBilled(): number {
  const lines = rows<Invoice>('connectx/Invoice').flatMap(({ lineItems }) => lineItems);
  return lines.reduce((sum, { description }) => {
    const part = /\((\d+) of \d+ days\)/.exec(description);
    if (part !== null) return sum + (description.startsWith('Credit: ') ? -1 : 1) * Number(part[1]);
    return description.includes(' - monthly charge ') ? sum + daysIn(description) : sum;
  }, 0);
}

/** The days of `… 1-28 Feb 2026` or `… 15 Jan - 14 Feb 2026`, as an invoice writes them. */
function daysIn(description: string): number {
  const [, span = ''] = description.split(' - monthly charge ');
  const [, from = '', to = ''] = /^(.*?)(?: - |-)(.*)$/.exec(span) ?? [];
  const end = Date.parse(`${to} UTC`);
  const [day, month = to.split(' ')[1], year = to.split(' ')[2]] = from.split(' ');
  return Math.round((end - Date.parse(`${day} ${month} ${year} UTC`)) / 86_400_000) + 1;
}

const changes = fc.array(
  fc.tuple(
    fc.constantFrom('wait', 'wait', 'changePlan', 'changePrice', 'changeBillDay', 'suspend', 'resume', 'bill', 'cycle'),
    fc.nat(10_000),
  ),
  { maxLength: 20 },
);

test('the days that a service runs are the days that are billed, however it and its cycle change', async () => {
  await fc.assert(
    fc.asyncProperty(changes, fc.nat(60), fc.boolean(), async (history, start, isAhead) => {
      world = small;
      world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
      const customer = await join(world);
      const startDate = dateIn(start - 30);
      const subscription = await order(world, customer, { productId: 'PRD-BRB-010', startDate });
      await perform('wait', 0, 40);
      for (const [name, how] of history) await perform(name, 0, how);
      const endDate = dateIn(isAhead ? 17 : 0);
      await world.act('connectx/cancel-subscription', { subscriptionId: subscription, endDate });
      await perform('wait', 0, 69);
      await perform('wait', 0, 69);
      await perform('wait', 0, 69);
      const served = Math.round((Date.parse(endDate) - Date.parse(startDate)) / 86_400_000) + 1;
      expect(daysBilled()).toBe(served);
    }),
    { numRuns: Number(process.env.INVARIANT_RUNS ?? 12), seed: Number(process.env.INVARIANT_SEED ?? 1) },
  );
}, 60_000);
