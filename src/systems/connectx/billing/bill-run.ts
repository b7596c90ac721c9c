import type { PolicyChange } from '../../../engine/policies/policy.ts';
import { allOf, equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { nextBillDate, plusDays } from '../../../operator/bill-days.ts';
import { localDate, startOfLocalDate } from '../../../operator/local-time.ts';
import { BILLED, CALENDAR, LAST_DAYS, PRODUCTS, SUBSCRIPTIONS } from '../collections.ts';
import type { Invoice, LineItem, Subscription } from '../entities.ts';
import { billedTo, type Cycle, cycleOf, isCycleDate, nextCycleDate, ownBillDays } from './accounts.ts';
import { addCharges, holdersWithCharges, takeCharges } from './charges.ts';
import { issueInvoice } from './invoices.ts';
import type { Holder } from './ledger.ts';
import { billingPolicy } from './policy.ts';
import { chargesFor, chargesOf, creditsOf, type Period, periodsOf } from './proration.ts';
import { chargeServices } from './services.ts';

/** From when a subscription is billed, and until which day, not included, it has been. */
export interface Billed extends Entity {
  readonly from: string;
  readonly until: string;
  /** The bill day that it was billed by last, as its months begin on it; default: the policy's. */
  readonly billDay?: number;
}

/**
 * Bills everything up to the end of the current billing period that has not been billed, for one customer or all of them: on a
 * bill day the month that begins, on any other day what has come since, charges that waited for a bill included. One
 * invoice for each account and currency.
 */
export function runBilling(work: Work, { customerId }: { readonly customerId?: string } = {}): readonly Invoice[] {
  const day = new BillDay(work, false);
  return day.billAll(day.bills(customerId), customerId);
}

/** Whom a bill run bills as one step at most, and in each step where there are more; others wait for that. */
const FEW = 50;
const PORTION = 25;

/** What a step may lead to for each of them, by what the first bill has led to: each event is delivered to all who listen. */
const EFFECTS_EACH = 10;

/**
 * Bills all whose bills are made today, as `runBilling` does; where they are many, in portions at the same instant, between
 * which others have their turn.
 */
export function runBillDay(work: Work): void {
  const day = new BillDay(work, true);
  const [first, ...rest] = [...day.bills()].filter(({ holder }) => day.isDue(holder));
  const before = work.effects;
  if (first !== undefined) day.bill(first.holder, first.subscriptions);
  const share = Math.min(1, EFFECTS_EACH / Math.max(1, work.effects - before));
  if (rest.length <= Math.ceil(FEW * share)) {
    day.billAll(rest);
    return;
  }
  const size = Math.ceil(PORTION * share);
  for (let from = 0; from < rest.length; from += size) {
    const portion = rest.slice(from, from + size).map(({ holder, subscriptions }) => ({
      holder,
      subscriptionIds: subscriptions.map(({ subscriptionId }) => subscriptionId),
    }));
    schedulePortion(work, String(from + 1), { bills: portion });
  }
  schedulePortion(work, 'charges', {});
}

function schedulePortion(work: Work, name: string, data: Entity): void {
  const kind = 'connectx/bill-portion';
  work.schedule({ key: `${kind}/${name}`, due: work.now, kind, data });
}

/** Bills one portion of a bill run, as things stand now; without one, those who have nothing but charges. */
export function billPortion(work: Work, { bills }: Entity): void {
  const day = new BillDay(work, true);
  if (bills === undefined) {
    day.billCharges();
    return;
  }
  for (const { holder, subscriptionIds } of bills as readonly PlannedBill[]) {
    const subscriptions = subscriptionIds.flatMap(
      (id) => (work.get(SUBSCRIPTIONS, id) as Subscription | undefined) ?? [],
    );
    day.bill(
      holder,
      subscriptions.filter(({ status }) => RUNNING.includes(status)),
    );
  }
}

/** Who is to be billed for which subscriptions. */
interface PlannedBill {
  readonly holder: Holder;
  readonly subscriptionIds: readonly string[];
}

/** Who may be billed, for which subscriptions. */
interface HeldSubscriptions {
  readonly holder: Holder;
  readonly subscriptions: readonly Subscription[];
}

const RUNNING: readonly string[] = ['Active', 'Suspended'];

/** Issues what a subscription that has ended comes to, to whoever is billed for it. */
export function issueFinalBill(work: Work, subscription: Subscription, lineItems: readonly LineItem[]): void {
  const bill = new Bill();
  bill.add(subscription.currency, lineItems);
  bill.issue(work, billedTo(work, subscription));
}

/**
 * What remains to be settled of a subscription that ends today, or ended on a day that has passed: the days that were not billed yet, or a credit for those
 * billed in advance. That day still counts, unless another one of the same product type starts on it and is charged for it.
 * From here on it is billed no more.
 */
export function settleSubscription(work: Work, subscription: Subscription, endDate: string): readonly LineItem[] {
  const { subscriptionId, customerId } = subscription;
  const billed = work.get(BILLED, subscriptionId) as Billed | undefined;
  if (billed === undefined) return [];
  work.delete(BILLED, subscriptionId);
  const billDay = billDayFor(work, subscription, billed);
  const isReplaced = startingOn(work, subscription, endDate);
  const last = isReplaced ? plusDays(endDate, -1) : endDate;
  if (!isReplaced) {
    work.put(LAST_DAYS, subscriptionId, { subscriptionId, customerId, from: billed.from, billDay, date: endDate });
  }
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

/**
 * Bills a subscription at other terms from today on: what has been used at the old ones goes on the next bill, and so
 * does the difference for what was billed in advance.
 */
export function changeTerms(work: Work, before: Subscription, after: Subscription): void {
  const { subscriptionId, currency } = before;
  const billed = work.get(BILLED, subscriptionId) as Billed | undefined;
  if (billed === undefined) return;
  const billDay = billDayFor(work, before, billed);
  const today = localDate(work);
  const holder = billedTo(work, before);
  if (billed.until <= today) {
    addCharges(work, holder, currency, chargesOf(before, { first: billed.until, last: plusDays(today, -1) }, billDay));
    work.put(BILLED, subscriptionId, { ...billed, from: today, until: today });
    return;
  }
  const rest = { first: today, last: plusDays(billed.until, -1) };
  addCharges(work, holder, currency, creditsOf(before, rest, billed.from, billDay));
  addCharges(work, holder, currency, chargesOf(after, rest, billDay));
  work.put(BILLED, subscriptionId, { ...billed, from: today });
}

/** Lets what is billed of a subscription from today on go to another account: nothing is billed to both. */
export function changeHolder(work: Work, subscription: Subscription, change: () => void): void {
  const billed = work.get(BILLED, subscription.subscriptionId) as Billed | undefined;
  const before = billedTo(work, subscription);
  change();
  if (billed === undefined) return;
  const { subscriptionId, currency } = subscription;
  const billDay = billDayFor(work, subscription, billed);
  const today = localDate(work);
  if (billed.until < today) {
    const used = { first: billed.until, last: plusDays(today, -1) };
    addCharges(work, before, currency, chargesOf(subscription, used, billDay));
    work.put(BILLED, subscriptionId, { ...billed, from: today, until: today });
  }
}

/** Gives back the day on which a subscription of the same product type ended, where this one is charged for it. */
function creditReplaced(work: Work, subscription: Subscription, date: string): void {
  const filter = allOf(equals('customerId', subscription.customerId), equals('date', date));
  for (const { subscriptionId, from, billDay } of work.query(LAST_DAYS, { filter }).items) {
    const ended = work.get(SUBSCRIPTIONS, String(subscriptionId)) as Subscription | undefined;
    if (ended === undefined || productTypeOf(work, ended) !== productTypeOf(work, subscription)) continue;
    work.delete(LAST_DAYS, String(subscriptionId));
    const credits = creditsOf(ended, { first: date, last: date }, String(from), Number(billDay));
    addCharges(work, billedTo(work, ended), ended.currency, credits);
  }
}

/** The day of the month on which the months of a subscription begin that were billed last. */
function billDayFor(work: Work, subscription: Subscription, { billDay }: Billed): number {
  return billDay ?? cycleOf(work, billedTo(work, subscription)).billDay;
}

/** Whether the customer has another subscription of the same product type that starts on a date. */
function startingOn(work: Work, { subscriptionId, customerId, ...ended }: Subscription, date: string): boolean {
  const { items } = work.query(SUBSCRIPTIONS, {
    filter: allOf(equals('customerId', customerId), equals('startDate', date)),
  });
  const productType = productTypeOf(work, ended);
  return (items as readonly Subscription[]).some(
    (other) =>
      other.subscriptionId !== subscriptionId &&
      productTypeOf(work, other) === productType &&
      // One that has ended as well has used the day if it was charged for it.
      (other.status !== 'Cancelled' || work.get(LAST_DAYS, other.subscriptionId)?.date === date),
  );
}

function productTypeOf(work: Work, { productId }: Pick<Subscription, 'productId'>): unknown {
  return work.get(PRODUCTS, productId)?.productType ?? productId;
}

/** How long the last day of what has ended is remembered, in case something that starts on it is ordered late. */
const LAST_DAYS_KEPT = 366;

/** Forgets the last days that nothing is ordered back to any more. */
export function forgetLastDays(work: Work): void {
  const value = plusDays(localDate(work), -LAST_DAYS_KEPT);
  const { items } = work.query(LAST_DAYS, { filter: { op: 'lt', path: 'date', value } });
  for (const { subscriptionId } of items) work.delete(LAST_DAYS, String(subscriptionId));
}

/** Sets the timer of the next bill day after today: one for all customers who have no bill day of their own. */
export function scheduleBillRun(work: Work): void {
  const date = nextBillDate(localDate(work), billingPolicy(work).billDay);
  work.put(CALENDAR, 'bill-run', { date });
  work.schedule({ key: 'connectx/bill-run', due: startOfLocalDate(work, date), kind: 'connectx/bill-run' });
}

/** Sets the timers of the bill days that accounts or customers have of their own, one for all who share one. */
export function scheduleOwnBillRuns(work: Work): void {
  for (const billDay of ownBillDays(work)) {
    const due = startOfLocalDate(work, nextBillDate(localDate(work), billDay));
    const key = `connectx/bill-run/${billDay}`;
    work.schedule({ key, due, kind: 'connectx/bill-run', data: { billDay } });
  }
}

/** Another bill day or time zone holds from here on: the next bill run comes on the next of the new days. */
export function followBillDay(work: Work, { before, after }: PolicyChange): void {
  const isElsewhere = before.operator?.timeZone !== after.operator?.timeZone;
  const hasMoved = isElsewhere || before.connectx?.billDay !== after.connectx?.billDay;
  if (hasMoved && work.get(CALENDAR, 'bill-run') !== undefined) scheduleBillRun(work);
  if (isElsewhere) scheduleOwnBillRuns(work);
}

/** What bills of one day have in common: what most of them find out is found out once. */
class BillDay {
  readonly #work: Work;
  readonly #isBillDay: boolean;
  readonly #today: string;
  readonly #periods = new Map<string, readonly Period[]>();
  readonly #ends = new Map<string, string | undefined>();

  constructor(work: Work, isBillDay: boolean) {
    this.#work = work;
    this.#isBillDay = isBillDay;
    this.#today = localDate(work);
  }

  /** Who may be billed, for which subscriptions; what services come to is charged to them before. */
  bills(customerId?: string): Iterable<HeldSubscriptions> {
    const ofOne = customerId === undefined ? undefined : equals('customerId', customerId);
    const filter = allOf(ofOne, { op: 'in', path: 'status', value: RUNNING });
    const { items } = this.#work.query(SUBSCRIPTIONS, { filter });
    chargeServices(this.#work, customerId, (holder) => {
      const cycle = cycleOf(this.#work, holder);
      const until = this.#untilOf(cycle);
      return until === undefined ? undefined : { until, billDay: cycle.billDay };
    });
    return byHolder(this.#work, items as readonly Subscription[]);
  }

  /** Issues all of these, and then what charges alone come to. */
  billAll(bills: Iterable<HeldSubscriptions>, customerId?: string): readonly Invoice[] {
    const invoices: Invoice[] = [];
    for (const { holder, subscriptions } of bills) invoices.push(...this.bill(holder, subscriptions));
    return [...invoices, ...this.billCharges(customerId)];
  }

  /** Whether a bill of a holder is made today. */
  isDue(holder: Holder): boolean {
    return this.#untilOf(cycleOf(this.#work, holder)) !== undefined;
  }

  /** Issues what a holder is billed for these subscriptions; nothing where no bill is made today. */
  bill(holder: Holder, subscriptions: readonly Subscription[]): readonly Invoice[] {
    const cycle = cycleOf(this.#work, holder);
    const until = this.#untilOf(cycle);
    if (until === undefined) return [];
    const bill = new Bill();
    for (const subscription of subscriptions) {
      const lineItems = chargeUntil(this.#work, subscription, { until, cycle, periodsFrom: this.#periodsFrom });
      bill.add(subscription.currency, lineItems);
    }
    return bill.issue(this.#work, holder);
  }

  /** Bills those who have nothing that runs any more, but are charged or credited all the same. */
  billCharges(customerId?: string): readonly Invoice[] {
    const holders = holdersWithCharges(this.#work, customerId);
    return holders.flatMap((holder) => (this.isDue(holder) ? new Bill().issue(this.#work, holder) : []));
  }

  /** Until when, not included, bills of a cycle are for; `undefined` where none is made today. */
  #untilOf(cycle: Cycle): string | undefined {
    // Most have the same.
    const key = `${cycle.billDay}/${cycle.months}/${cycle.from}`;
    if (!this.#ends.has(key)) {
      const isDue = !this.#isBillDay || isCycleDate(this.#today, cycle);
      this.#ends.set(key, isDue ? nextCycleDate(this.#today, cycle) : undefined);
    }
    return this.#ends.get(key);
  }

  readonly #periodsFrom = (first: string, until: string, billDay: number): readonly Period[] => {
    // Most have been billed until the same day, so that one calendar does for all of them.
    const key = `${first}/${until}/${billDay}`;
    const known = this.#periods.get(key) ?? periodsOf({ first, last: plusDays(until, -1) }, billDay);
    this.#periods.set(key, known);
    return known;
  };
}

/** Line items that become one invoice in each currency. */
class Bill {
  readonly #lineItems = new Map<string, LineItem[]>();

  add(currency: string, lineItems: readonly LineItem[]): void {
    const known = this.#lineItems.get(currency);
    if (known === undefined) this.#lineItems.set(currency, [...lineItems]);
    else known.push(...lineItems);
  }

  /** Issues an invoice for each currency, with the charges that waited for this holder's next bill. */
  issue(work: Work, holder: Holder): readonly Invoice[] {
    for (const { currency, lineItem } of takeCharges(work, holder)) this.add(currency, [lineItem]);
    const invoices: Invoice[] = [];
    for (const [currency, lineItems] of this.#lineItems) {
      const invoice = issueInvoice(work, holder, currency, lineItems);
      if (invoice !== undefined) invoices.push(invoice);
    }
    return invoices;
  }
}

interface Until {
  readonly until: string;
  readonly cycle: Cycle;
  readonly periodsFrom: (first: string, until: string, billDay: number) => readonly Period[];
}

function chargeUntil(
  work: Work,
  subscription: Subscription,
  { until, cycle, periodsFrom }: Until,
): readonly LineItem[] {
  const { subscriptionId, endDate } = subscription;
  const billed = work.get(BILLED, subscriptionId) as Billed | undefined;
  if (billed === undefined) return [];
  // One that is going to end is billed no further than it goes.
  const end = endDate !== undefined && endDate < plusDays(until, -1) ? plusDays(endDate, 1) : until;
  if (billed.until >= end) return [];
  const { billDay } = cycle;
  work.put(BILLED, subscriptionId, { subscriptionId, from: billed.from, until: end, billDay });
  return chargesFor(subscription, periodsFrom(billed.until, end, billDay));
}

/** Who is billed for which subscriptions, in the order of each one's first. */
function byHolder(work: Work, subscriptions: readonly Subscription[]): Iterable<HeldSubscriptions> {
  const groups = new Map<string, { readonly holder: Holder; readonly subscriptions: Subscription[] }>();
  for (const subscription of subscriptions) {
    const holder = billedTo(work, subscription);
    const key = `${holder.customerId}/${holder.accountId ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { holder, subscriptions: [subscription] });
    else group.subscriptions.push(subscription);
  }
  return groups.values();
}
