import type { PolicyChange } from '../../../engine/policies/policy.ts';
import { allOf, equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { startOfDate, toDate } from '../../../lib/time.ts';
import { nextBillDate, plusDays } from '../../../operator/bill-days.ts';
import { BILLED, CALENDAR, CUSTOMERS, LAST_DAYS, PRODUCTS, SUBSCRIPTIONS } from '../collections.ts';
import type { Customer, Invoice, LineItem, Subscription } from '../entities.ts';
import { addCharges, customersWithCharges, takeCharges } from './charges.ts';
import { issueInvoice } from './invoices.ts';
import { billingPolicy } from './policy.ts';
import { chargesFor, chargesOf, creditsOf, type Period, periodsOf } from './proration.ts';
import { chargeServices } from './services.ts';

/** From when a subscription is billed, and until which day, not included, it has been. */
export interface Billed extends Entity {
  readonly from: string;
  readonly until: string;
}

/**
 * Bills everything up to the end of the current billing month that has not been billed: on a bill day the month that
 * begins, on any other day what has come since, charges that waited for a bill included. One invoice for each customer
 * and currency.
 */
export function runBilling(work: Work, customerId?: string): readonly Invoice[] {
  const policy = billingPolicy(work);
  const until = nextBillDate(toDate(work.now), policy.billDay);
  chargeServices(work, until, customerId);
  const filter = allOf(customerId === undefined ? undefined : equals('customerId', customerId), {
    op: 'in',
    path: 'status',
    value: ['Active', 'Suspended'],
  });
  const { items } = work.query(SUBSCRIPTIONS, { filter });
  const periods = new Map<string, readonly Period[]>();
  const periodsFrom = (first: string): readonly Period[] => {
    // Most have been billed until the same day, so that one calendar does for all of them.
    const known = periods.get(first) ?? periodsOf({ first, last: plusDays(until, -1) }, policy.billDay);
    periods.set(first, known);
    return known;
  };
  const invoices: Invoice[] = [];
  for (const subscriptions of byCustomer(items as readonly Subscription[])) {
    const customer = work.need(CUSTOMERS, String(subscriptions[0]?.customerId)) as Customer;
    const bill = new Bill();
    for (const subscription of subscriptions) {
      bill.add(subscription.currency, chargeUntil(work, subscription, until, periodsFrom));
    }
    invoices.push(...bill.issue(work, customer));
  }
  // Those who have nothing that runs any more, but are charged or credited all the same.
  for (const id of customersWithCharges(work, customerId)) {
    invoices.push(...new Bill().issue(work, work.need(CUSTOMERS, id) as Customer));
  }
  return invoices;
}

/**
 * What remains to be settled of a subscription that ends today: the days that were not billed yet, or a credit for those
 * billed in advance. Today still counts, unless another one of the same product type starts today and is charged for it.
 * From here on it is billed no more.
 */
export function settleSubscription(work: Work, subscription: Subscription): readonly LineItem[] {
  const { subscriptionId, customerId } = subscription;
  const billed = work.get(BILLED, subscriptionId) as Billed | undefined;
  if (billed === undefined) return [];
  work.delete(BILLED, subscriptionId);
  const { billDay } = billingPolicy(work);
  const today = toDate(work.now);
  const isReplaced = startingOn(work, subscription, today);
  const last = isReplaced ? plusDays(today, -1) : today;
  if (!isReplaced) work.put(LAST_DAYS, subscriptionId, { subscriptionId, customerId, from: billed.from, date: today });
  if (billed.until <= last) return chargesOf(subscription, { first: billed.until, last }, billDay);
  const unused = { first: plusDays(last, 1), last: plusDays(billed.until, -1) };
  return creditsOf(subscription, unused, billed.from, billDay);
}

/** Begins to bill a subscription that was activated today, from an earlier day where its start lies in the past. */
export function beginBilling(work: Work, subscription: Subscription, from: string): void {
  const { subscriptionId } = subscription;
  work.put(BILLED, subscriptionId, { subscriptionId, from, until: from });
  creditReplaced(work, subscription, from);
  expectBillRun(work);
}

/** A world that starts empty has no bill run until there is somebody to bill. */
export function expectBillRun(work: Work): void {
  if (work.get(CALENDAR, 'bill-run') === undefined) scheduleBillRun(work);
}

/** Gives back the day on which a subscription of the same product type ended, where this one is charged for it. */
function creditReplaced(work: Work, subscription: Subscription, date: string): void {
  const filter = allOf(equals('customerId', subscription.customerId), equals('date', date));
  for (const { subscriptionId, from } of work.query(LAST_DAYS, { filter }).items) {
    const ended = work.get(SUBSCRIPTIONS, String(subscriptionId)) as Subscription | undefined;
    if (ended === undefined || productTypeOf(work, ended) !== productTypeOf(work, subscription)) continue;
    work.delete(LAST_DAYS, String(subscriptionId));
    const { billDay } = billingPolicy(work);
    addCharges(work, ended, creditsOf(ended, { first: date, last: date }, String(from), billDay));
  }
}

/** Whether the customer has another subscription of the same product type that starts on a date. */
function startingOn(work: Work, { subscriptionId, customerId, ...ended }: Subscription, date: string): boolean {
  const filter = allOf(equals('customerId', customerId), equals('startDate', date), {
    op: 'ne',
    path: 'status',
    value: 'Cancelled',
  });
  const { items } = work.query(SUBSCRIPTIONS, { filter });
  const productType = productTypeOf(work, ended);
  return (items as readonly Subscription[]).some(
    (other) => other.subscriptionId !== subscriptionId && productTypeOf(work, other) === productType,
  );
}

function productTypeOf(work: Work, { productId }: Pick<Subscription, 'productId'>): unknown {
  return work.get(PRODUCTS, productId)?.productType ?? productId;
}

/** Sets the timer of the next bill day after today: one for all customers. */
export function scheduleBillRun(work: Work): void {
  const date = nextBillDate(toDate(work.now), billingPolicy(work).billDay);
  work.put(CALENDAR, 'bill-run', { date });
  work.schedule({ key: 'connectx/bill-run', due: startOfDate(date), kind: 'connectx/bill-run' });
}

/** Another bill day holds from here on: the next bill run comes on the next of the new ones. */
export function followBillDay(work: Work, { before, after }: PolicyChange): void {
  const hasMoved = before.connectx?.billDay !== after.connectx?.billDay;
  if (hasMoved && work.get(CALENDAR, 'bill-run') !== undefined) scheduleBillRun(work);
}

/** Line items that become one invoice in each currency. */
export class Bill {
  readonly #lineItems = new Map<string, LineItem[]>();

  add(currency: string, lineItems: readonly LineItem[]): void {
    const known = this.#lineItems.get(currency);
    if (known === undefined) this.#lineItems.set(currency, [...lineItems]);
    else known.push(...lineItems);
  }

  /** Issues an invoice for each currency, with the charges that waited for this customer's next bill. */
  issue(work: Work, customer: Customer): readonly Invoice[] {
    for (const { currency, lineItem } of takeCharges(work, customer.customerId)) this.add(currency, [lineItem]);
    const invoices: Invoice[] = [];
    for (const [currency, lineItems] of this.#lineItems) {
      const invoice = issueInvoice(work, customer, currency, lineItems);
      if (invoice !== undefined) invoices.push(invoice);
    }
    return invoices;
  }
}

function chargeUntil(
  work: Work,
  subscription: Subscription,
  until: string,
  periodsFrom: (first: string) => readonly Period[],
): readonly LineItem[] {
  const { subscriptionId } = subscription;
  const billed = work.get(BILLED, subscriptionId) as Billed | undefined;
  if (billed === undefined || billed.until >= until) return [];
  work.put(BILLED, subscriptionId, { ...billed, until });
  return chargesFor(subscription, periodsFrom(billed.until));
}

/** In the order of each customer's first subscription. */
function byCustomer(subscriptions: readonly Subscription[]): Iterable<readonly Subscription[]> {
  const groups = new Map<string, Subscription[]>();
  for (const subscription of subscriptions) {
    const group = groups.get(subscription.customerId);
    if (group === undefined) groups.set(subscription.customerId, [subscription]);
    else group.push(subscription);
  }
  return groups.values();
}
