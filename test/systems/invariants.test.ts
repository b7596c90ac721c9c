import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { fromMinor, toMinor } from '../../src/lib/money.ts';
import { linksOf } from '../../src/operator/links/index.ts';
import { loadSystems } from '../../src/operator/load-systems.ts';
import { syntheticWorld } from '../../src/operator/synthetic-world.ts';
import { createTraffic } from '../../src/operator/traffic.ts';
import { amountDue, creditsOf } from '../../src/systems/connectx/billing/ledger.ts';
import type { Invoice, Subscription } from '../../src/systems/connectx/entities.ts';
import { emptyShop, join, order } from '../support/connectx-world.ts';
import { dateIn, type History, historyOf, rowsOf, type Step } from '../support/operator-history.ts';
import { type TestTenant, tenantOf } from '../support/tenant-of.ts';

type Row = Readonly<Record<string, unknown>>;

let world: TestTenant;
/** Of connectx and billing accounts alone, with nobody in it. */
let small: TestTenant;
let whole: TestTenant;
let history: History;

beforeAll(async () => {
  const systems = (await loadSystems()).filter(({ name }) => name !== 'simulator');
  history = historyOf(systems);
  const { timers } = createTraffic(systems);
  whole = await tenantOf({
    systems,
    links: linksOf(systems),
    timers,
    world: syntheticWorld(systems, { customers: 7 }),
  });
  whole.tenant.apply({ kind: 'snapshot' });
  // Must have something to compare.
  expect(rowsOf(whole, 'aps-subscriptions/$customers').length).toBeGreaterThan(0);
  const money = systems.filter(({ name }) => name === 'connectx' || name === 'billing-account');
  small = await tenantOf({ systems: money, links: linksOf(money), world: emptyShop });
  small.tenant.apply({ kind: 'snapshot' });
});

const rows = <T = Row>(collection: string) => rowsOf<T>(world, collection);

/** The numbers of customers, by the account that is theirs. */
function rowsById(collection: string): ReadonlyMap<string, string> {
  const { store } = world.tenant;
  return new Map(
    rows('aps-subscriptions/$resources').flatMap(({ aps }) => {
      const id = String((aps as Row).id);
      const number = store.get(collection, id)?.number;
      return number === undefined ? [] : [[id, String(number)] as const];
    }),
  );
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
  // A term that is over keeps the service on hold until it is renewed.
  Suspended: ['ADMINISTRATIVE_HOLD', 'CREDIT_HOLD', 'FULL_HOLD', 'EXPIRED'],
  Cancelled: ['TERMINATED'],
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
  for (const { subscriptionId: id, status } of rows<Subscription>('connectx/Subscription')) {
    const there = mirrored.get(id);
    if (there !== undefined) expect(MARKETPLACE[status], `${id} is ${status} and ${there}`).toContain(there);
  }
  checkNames();
  checkTelephones();
}

/** Every system calls a customer the same, and reaches them at the same place. */
function checkNames(): void {
  const numbers = rowsById('aps-subscriptions/$customers');
  const customers = new Map(rows('connectx/Customer').map((each) => [String(each.customerId), each]));
  const nameOf = ({ companyName, firstName, lastName }: Row) =>
    String(companyName ?? [firstName, lastName].filter((part) => part !== undefined).join(' '));
  for (const { aps, companyName, adminContact, addressPostal } of rows('aps-subscriptions/$resources')) {
    const number = numbers.get(String((aps as Row).id));
    const customer = number === undefined ? undefined : customers.get(number);
    if (number === undefined || customer === undefined) continue;
    const { address } = customer as { readonly address?: Row };
    const name = nameOf(customer) || number;
    expect([number, companyName, (adminContact as Row).email, (addressPostal as Row).countryName]).toEqual([
      number,
      name,
      customer.email,
      address?.country,
    ]);
  }
  for (const { id, relatedParty } of rows('billing-account/BillingAccount')) {
    for (const party of (relatedParty ?? []) as readonly Row[]) {
      const customer = customers.get(String(party.id));
      if (customer === undefined || party.name === undefined) continue;
      expect([id, party.name]).toEqual([id, nameOf(customer) || party.id]);
    }
  }
}

/** Everything that users of telephones have has one owner, and is charged to one customer as long as they have it. */
function checkTelephones(): void {
  const owners = new Map<string, unknown>();
  const charged = new Map<string, Set<unknown>>();
  for (const { holder, customerId: payer, last } of rows('connectx/$services')) {
    if (last === undefined) charged.set(String(holder), (charged.get(String(holder)) ?? new Set()).add(payer));
  }
  for (const { username, activation_state, customer, location, user, hardwareGroup } of rows<Subscriber>(
    'macd/Subscriber',
  )) {
    if (activation_state === 'Disconnected') {
      expect([username, charged.has(username)]).toEqual([username, false]);
      continue;
    }
    const { Lines = [], Devices = [], FMC = [] } = user;
    for (const owned of [
      ...Lines.flatMap(({ DDI }) => (DDI === undefined ? [] : [`number ${DDI}`])),
      ...Lines.map(({ ExtensionNumber }) => `extension ${ExtensionNumber} at ${customer} ${location}`),
      ...(Devices ?? []).map(({ Name }) => `device ${Name}`),
      ...(FMC ?? []).map(({ MobileNumber }) => `mobile number ${MobileNumber}`),
    ]) {
      expect([owned, owners.get(owned) ?? username]).toEqual([owned, username]);
      owners.set(owned, username);
    }
    if (hardwareGroup !== undefined) {
      const site = `${customer} ${location}`;
      expect([hardwareGroup, owners.get(`group ${hardwareGroup}`) ?? site]).toEqual([hardwareGroup, site]);
      owners.set(`group ${hardwareGroup}`, site);
    }
    const payers = [...(charged.get(username) ?? [])];
    expect([username, payers.length <= (activation_state === 'Live' ? 1 : 0)]).toEqual([username, true]);
  }
}

interface Subscriber {
  readonly username: string;
  readonly activation_state: string;
  readonly customer: string;
  readonly location: string;
  readonly hardwareGroup?: string;
  readonly user: {
    readonly Lines?: readonly { readonly ExtensionNumber: string; readonly DDI?: string }[];
    readonly Devices?: readonly { readonly Name: string }[] | null;
    readonly FMC?: readonly { readonly MobileNumber: string }[] | null;
  };
}

/** How many histories are tried, and from which seed: `npm run invariants` tries many more. */
const RUNS = { numRuns: Number(process.env.INVARIANT_RUNS ?? 12), seed: Number(process.env.INVARIANT_SEED ?? 1) };

/** The histories of a run: most of what is done is that time goes by, and that somebody buys or pays. */
function histories(): fc.Arbitrary<readonly Step[]> {
  const names = fc.constantFrom('wait', 'wait', 'wait', 'order', 'pay', 'waitSeconds', 'addUser', ...history.names);
  return fc.array(fc.tuple(names, fc.nat(200), fc.nat(10_000)), { minLength: 5, maxLength: 30 });
}

test(
  'whatever is done in whatever order, all systems tell the same story of the same money',
  async () => {
    await fc.assert(
      fc.asyncProperty(histories(), async (steps) => {
        world = whole;
        world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
        checkInvariants();
        for (const step of steps) {
          await history.perform(world, step);
          checkInvariants();
        }
        await history.perform(world, ['wait', 0, 69]);
        checkInvariants();
      }),
      RUNS,
    );
  },
  RUNS.numRuns * 5_000,
);

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

test(
  'the days that a service runs are the days that are billed, however it and its cycle change',
  async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(60), fc.constantFrom(-9, 0, 17), async (steps, start, ahead) => {
        world = small;
        world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
        const customer = await join(world);
        const startDate = dateIn(world, start - 30);
        const subscription = await order(world, customer, { productId: 'PRD-BRB-010', startDate });
        await history.perform(world, ['wait', 0, 40]);
        for (const [name, how] of steps) await history.perform(world, [name, 0, how]);
        const cancel = async (days: number): Promise<string> => {
          const endDate = dateIn(world, days);
          await world.act('connectx/cancel-subscription', { subscriptionId: subscription, endDate });
          return endDate;
        };
        // Not before the present terms began: then from today on.
        const endDate = await cancel(ahead).catch(() => cancel(0));
        await history.perform(world, ['wait', 0, 69]);
        await history.perform(world, ['wait', 0, 69]);
        await history.perform(world, ['wait', 0, 69]);
        const served = Math.round((Date.parse(endDate) - Date.parse(startDate)) / 86_400_000) + 1;
        expect(daysBilled()).toBe(served);
      }),
      RUNS,
    );
  },
  RUNS.numRuns * 5_000,
);
