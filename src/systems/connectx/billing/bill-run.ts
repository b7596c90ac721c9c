import { allOf, equals } from '../../../engine/store/filter.ts';
import type { Entity } from '../../../engine/store/store.ts';
import type { Work } from '../../../engine/work.ts';
import { startOfDate, toDate } from '../../../lib/time.ts';
import { BILLED, CALENDAR, CUSTOMERS, SUBSCRIPTIONS } from '../collections.ts';
import type { Customer, Invoice, LineItem, Subscription } from '../entities.ts';
import { issueInvoice } from './invoices.ts';
import { billingPolicy } from './policy.ts';
import { chargesFor, chargesOf, creditsOf, nextBillDate, type Period, periodsOf, plusDays } from './proration.ts';

/** From when a subscription is billed, and until which day, not included, it has been. */
export interface Billed extends Entity {
  readonly from: string;
  readonly until: string;
}

/**
 * Bills everything up to the end of the current billing month that has not been billed: on a bill day the month that
 * begins, on any other day what has come since. One invoice for each customer and currency.
 */
export function runBilling(work: Work, customerId?: string): readonly Invoice[] {
  const policy = billingPolicy(work);
  const until = nextBillDate(toDate(work.now), policy.billDay);
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
  return invoices;
}

/**
 * What remains to be settled of a subscription that ends today, a day that still counts: the days that were not billed
 * yet, or a credit for those billed in advance. From here on it is billed no more.
 */
export function settleSubscription(work: Work, subscription: Subscription): readonly LineItem[] {
  const { subscriptionId } = subscription;
  const billed = work.get(BILLED, subscriptionId) as Billed | undefined;
  if (billed === undefined) return [];
  work.delete(BILLED, subscriptionId);
  const { billDay } = billingPolicy(work);
  const today = toDate(work.now);
  if (billed.until <= today) return chargesOf(subscription, { first: billed.until, last: today }, billDay);
  const unused = { first: plusDays(today, 1), last: plusDays(billed.until, -1) };
  return creditsOf(subscription, unused, billed.from, billDay);
}

/** Begins to bill a subscription that was activated today. */
export function beginBilling(work: Work, subscriptionId: string): void {
  const today = toDate(work.now);
  work.put(BILLED, subscriptionId, { subscriptionId, from: today, until: today });
  // A world that starts empty has no bill run until there is somebody to bill.
  if (work.get(CALENDAR, 'bill-run') === undefined) scheduleBillRun(work);
}

/** Sets the timer of the next bill day after today: one for all customers. */
export function scheduleBillRun(work: Work): void {
  const date = nextBillDate(toDate(work.now), billingPolicy(work).billDay);
  work.put(CALENDAR, 'bill-run', { date });
  work.schedule({ key: 'connectx/bill-run', due: startOfDate(date), kind: 'connectx/bill-run' });
}

/** Line items that become one invoice in each currency. */
export class Bill {
  readonly #lineItems = new Map<string, LineItem[]>();

  add(currency: string, lineItems: readonly LineItem[]): void {
    const known = this.#lineItems.get(currency);
    if (known === undefined) this.#lineItems.set(currency, [...lineItems]);
    else known.push(...lineItems);
  }

  issue(work: Work, customer: Customer): readonly Invoice[] {
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
