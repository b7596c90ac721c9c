import type { Work } from '../../engine/state/work.ts';
import { integerBetween, pick, type RandomSource } from '../../engine/values/random.ts';
import { DAY, formatInstant, HOUR, type Instant, startOfDate } from '../../lib/time.ts';
import { billDateOf, nextBillDate, plusDays } from '../../operator/bill-days.ts';
import type { Cast, CastMember } from '../../operator/cast.ts';
import { CATALOGUE, type CatalogueProduct } from '../../operator/catalogue.ts';
import { localDate, localDay } from '../../operator/local-time.ts';
import { scheduleBillRun } from './billing/bill-run.ts';
import { dunningDates } from './billing/dunning.ts';
import { draftInvoice, numberInvoice } from './billing/invoices.ts';
import { habitualPayment } from './billing/payment-habits.ts';
import { type BillingPolicy, billingPolicy } from './billing/policy.ts';
import { priceIn } from './billing/prices.ts';
import { chargesOf } from './billing/proration.ts';
import { BILLED, CUSTOMERS, DEBTS, HABITS, HOLDS, INVOICES, PAYMENTS, PRODUCTS, SUBSCRIPTIONS } from './collections.ts';
import type { Customer, Invoice, SubscriptionTerms } from './entities.ts';

/**
 * Fills the starting world: the catalogue, the cast as customers, what they have taken, and the bills of the last three
 * bill days as this policy would have made them, paid or not by each one's habit. What is open has its timers set, so
 * that time goes on from here as if it had always run. Older bills are not kept.
 */
export function seedConnectx(work: Work, cast: Cast): void {
  const policy = billingPolicy(work);
  const calendar = createCalendar(work, policy);
  seedCatalogue(work, cast);
  const plans = inOrderOfOpening(
    cast.members.map((member) => planMember(work, member, calendar, cast)),
    work.random('connectx/seed', 'opening'),
  );
  // Bill day by bill day, so that invoice numbers rise with their dates.
  for (const billDate of calendar.billDates) for (const plan of plans) planInvoice(work, plan, billDate, policy);
  for (const plan of plans) seedMember(work, plan);
  for (const invoice of plans.flatMap((plan) => plan.invoices).sort(byNumber)) seedInvoice(work, invoice);
  scheduleBillRun(work);
}

/** The dates that the starting world is built around. */
interface Calendar {
  readonly today: string;
  /** The last three bill days, today included if it is one. */
  readonly billDates: readonly [first: string, second: string, third: string];
  /** The bill day before these, and the one to come. */
  readonly before: string;
  readonly next: string;
}

/** What is going to be a customer, with all that belongs to it. */
interface Plan {
  readonly member: CastMember;
  readonly customer: Customer;
  readonly subscriptions: PlannedSubscription[];
  readonly invoices: PlannedInvoice[];
  /** One bill of theirs was issued in error and withdrawn. */
  readonly hasWithdrawnInvoice: boolean;
}

interface PlannedSubscription {
  readonly draft: SubscriptionTerms;
  /** Until which day, not included, it has been billed. */
  billedUntil: string;
}

interface PlannedInvoice {
  readonly invoice: Invoice;
  readonly habit: Pick<CastMember, 'habit' | 'paymentMethod'>;
  /** When it was or will be paid. */
  readonly paid: Instant | undefined;
  /** When its debt suspended the customer, if that has come. */
  readonly suspended: Instant | undefined;
}

function createCalendar(work: Work, { billDay }: BillingPolicy): Calendar {
  const today = localDate(work);
  const third = billDateOf(today, billDay);
  const [second, first, before] = lastBillDates(third, billDay);
  return { today, billDates: [first, second, third], before, next: nextBillDate(today, billDay) };
}

function lastBillDates(date: string, billDay: number): [string, string, string] {
  const second = billDateOf(plusDays(date, -1), billDay);
  const first = billDateOf(plusDays(second, -1), billDay);
  return [second, first, billDateOf(plusDays(first, -1), billDay)];
}

function seedCatalogue(work: Work, { operator }: Cast): void {
  for (const { isDiscontinued, ...product } of CATALOGUE) {
    work.create(PRODUCTS, {
      ...product,
      currency: operator.currency,
      status: isDiscontinued ? 'Discontinued' : 'Active',
    });
  }
}

/** The stories go round by the member's number, so that even a small cast shows every state. */
function planMember(work: Work, member: CastMember, calendar: Calendar, cast: Cast): Plan {
  const random = work.random('connectx/seed', member.number);
  const { index, habit } = member;
  const { billDates, before, today } = calendar;
  const [first, second] = billDates;
  const hasLeft = habit !== 'never' && index % 18 === 12;
  const isInactive = habit !== 'never' && index % 12 === 8;
  const isCurrent = !hasLeft && !isInactive;
  const take = (
    status: string,
    startDate: string,
    more: { billedUntil?: string; endDate?: string; isOld?: boolean } = {},
  ) => {
    const { billedUntil = startDate, endDate, isOld = false } = more;
    const facts = { customerId: member.number, status, startDate, ...(endDate !== undefined && { endDate }) };
    return { draft: { ...orderOf(work, member, random, isOld, cast.operator.currency), ...facts }, billedUntil };
  };
  const days = (low: number, high: number) => integerBetween(random, low, high);
  const subscriptions: PlannedSubscription[] = [];
  if (isCurrent) {
    // Whoever never pays has come just before the first bill that is kept: an older debt would have ended it earlier.
    const startDate = habit === 'never' ? between(random, before, first) : plusDays(before, -days(10, 700));
    subscriptions.push(
      take('Active', startDate, { billedUntil: habit === 'never' ? startDate : first, isOld: index % 8 === 1 }),
    );
    if (index % 5 === 3 && habit !== 'never') subscriptions.push(take('Active', between(random, first, second)));
    if (index % 6 === 5 && habit !== 'never') subscriptions.push(take('Pending', plusDays(today, days(3, 25))));
    if (index % 9 === 2 && habit !== 'never')
      subscriptions.push(take('Suspended', plusDays(before, -days(10, 300)), { billedUntil: first }));
  }
  if (!isCurrent || index % 7 === 4) {
    const endDate = plusDays(first, -days(5, 120));
    subscriptions.push(take('Cancelled', plusDays(endDate, -days(60, 700)), { endDate, isOld: true }));
  }
  const began = Math.min(...subscriptions.map(({ draft }) => startOfDate(draft.startDate)));
  const createdAt = Math.min(began - days(1, 5) * DAY + days(8, 17) * HOUR, startOfDate(today) - DAY);
  const ended = subscriptions[0]?.draft.endDate;
  const updatedAt = isCurrent || ended === undefined ? createdAt : startOfDate(ended) + 10 * HOUR;
  const customer = {
    customerId: member.number,
    customerType: member.type,
    status: hasLeft ? 'Terminated' : isInactive ? 'Inactive' : 'Active',
    ...(member.firstName !== undefined && { firstName: member.firstName, lastName: member.lastName }),
    ...(member.companyName !== undefined && { companyName: member.companyName }),
    email: member.email,
    phone: member.phone,
    address: { ...member.address },
    billingAddress: { ...member.address },
    createdAt: formatInstant(createdAt),
    updatedAt: formatInstant(updatedAt),
  };
  return { member, customer, subscriptions, invoices: [], hasWithdrawnInvoice: isCurrent && index % 13 === 6 };
}

/** Numbers are given as accounts are opened: each account is older than those with a higher number. */
function inOrderOfOpening(plans: readonly Plan[], random: RandomSource): readonly Plan[] {
  const gap = (60 * DAY) / plans.length;
  let next = Number.POSITIVE_INFINITY;
  const opened = plans.toReversed().map((plan): Plan => {
    const { createdAt, updatedAt } = plan.customer;
    const own = Date.parse(String(createdAt));
    next = Math.min(own, next - Math.ceil(gap * (0.2 + random())));
    const opening = formatInstant(next);
    return {
      ...plan,
      customer: { ...plan.customer, createdAt: opening, updatedAt: updatedAt === createdAt ? opening : updatedAt },
    };
  });
  return opened.toReversed();
}

/** What somebody has ordered: a product that fits them, and add-ons that fit it. */
function orderOf(work: Work, member: CastMember, random: RandomSource, isOld: boolean, home: string) {
  const sold = CATALOGUE.filter(({ productId, isDiscontinued }) => {
    const isForCompanies = FOR_COMPANIES.has(productId);
    return isOld
      ? isDiscontinued
      : !isDiscontinued &&
          (isForCompanies ? member.type !== 'Individual' : !FOR_PEOPLE.has(productId) || member.type === 'Individual');
  }).filter(({ productType }) => productType !== 'Addon');
  const product = pick(random, sold);
  const { productId, productName, productType } = product;
  const fitting = ADDONS[productType].filter(() => random() < 0.25);
  const policy = billingPolicy(work);
  const currency = currencyFor(member, policy, home);
  const priceOf = (product: CatalogueProduct) => priceIn({ ...product, currency: home }, currency, policy) ?? 0;
  return {
    productId,
    productName,
    monthlyCharge: priceOf(product),
    currency,
    addons: CATALOGUE.filter((each) => fitting.includes(each.productId)).map((addon) => ({
      addonId: addon.productId,
      addonName: addon.productName,
      charge: priceOf(addon),
    })),
  };
}

/** What a member is charged in: by policy the currency of their country, where everything has a price in it. */
function currencyFor({ address }: CastMember, policy: BillingPolicy, home: string): string {
  const local = policy.currencyBy === 'country' ? policy.currencies[address.country] : home;
  if (local === undefined || local === home) return home;
  return CATALOGUE.every((each) => priceIn({ ...each, currency: home }, local, policy) !== undefined) ? local : home;
}

const FOR_COMPANIES: ReadonlySet<string> = new Set(['PRD-MOB-040', 'PRD-MOB-050', 'PRD-BRB-050', 'PRD-BUN-030']);
const FOR_PEOPLE: ReadonlySet<string> = new Set([
  'PRD-MOB-010',
  'PRD-TV-010',
  'PRD-TV-020',
  'PRD-TV-030',
  'PRD-BUN-010',
  'PRD-BUN-020',
]);
const ADDONS: Readonly<Record<CatalogueProduct['productType'], readonly string[]>> = {
  Mobile: ['PRD-ADD-010', 'PRD-ADD-020', 'PRD-ADD-040', 'PRD-ADD-050', 'PRD-ADD-060'],
  Broadband: ['PRD-ADD-030', 'PRD-ADD-070'],
  TV: ['PRD-ADD-070'],
  Bundle: ['PRD-ADD-010', 'PRD-ADD-060', 'PRD-ADD-070'],
  Addon: [],
};

/** Bills one customer as the bill run of that day would have. */
function planInvoice(work: Work, plan: Plan, billDate: string, policy: BillingPolicy): void {
  const until = nextBillDate(billDate, policy.billDay);
  const billable = plan.subscriptions.filter(
    ({ draft, billedUntil }) => (draft.status === 'Active' || draft.status === 'Suspended') && billedUntil <= billDate,
  );
  const lineItems = billable.flatMap((planned) => {
    const charges = chargesOf(planned.draft, { first: planned.billedUntil, last: plusDays(until, -1) }, policy.billDay);
    planned.billedUntil = until;
    return charges;
  });
  const currency = billable[0]?.draft.currency;
  if (currency === undefined) return;
  const { member, customer, invoices } = plan;
  const draft = draftInvoice(
    customer,
    { lineItems, currency, invoiceDate: billDate, day: localDay(work, billDate) },
    policy,
  );
  const numbers = numberInvoice(work, billDate);
  const paid = habitualPayment(work, numbers.invoiceId, member.habit, draft.dueDate);
  const { overdue, suspend } = dunningDates(work, draft);
  const isPaid = paid !== undefined && paid <= work.now;
  const isWithdrawn = plan.hasWithdrawnInvoice && invoices.length === 0;
  const status = isWithdrawn ? 'Cancelled' : isPaid ? 'Paid' : overdue <= work.now ? 'Overdue' : 'Open';
  invoices.push({
    invoice: { ...numbers, ...draft, status },
    habit: member,
    paid: isWithdrawn ? undefined : paid,
    suspended: status === 'Overdue' && suspend <= work.now ? suspend : undefined,
  });
}

function seedMember(work: Work, plan: Plan): void {
  const { member, subscriptions } = plan;
  const { customerId } = plan.customer;
  const debt = plan.invoices.find(({ suspended }) => suspended !== undefined);
  const suspension =
    debt?.suspended === undefined ? {} : { status: 'Suspended', updatedAt: formatInstant(debt.suspended) };
  work.create(CUSTOMERS, { ...plan.customer, ...suspension });
  work.put(HABITS, customerId, { customerId, habit: member.habit, paymentMethod: member.paymentMethod });
  if (debt !== undefined) work.put(DEBTS, customerId, { customerId, invoiceId: debt.invoice.invoiceId });
  for (const { draft, billedUntil } of subscriptions) {
    const isHeld = debt !== undefined && draft.status === 'Active';
    const { subscriptionId } = work.create(SUBSCRIPTIONS, { ...draft, ...(isHeld && { status: 'Suspended' }) });
    const id = String(subscriptionId);
    if (isHeld) work.put(HOLDS, id, { subscriptionId: id, customerId });
    if (draft.status === 'Active' || draft.status === 'Suspended') {
      work.put(BILLED, id, { subscriptionId: id, from: draft.startDate, until: billedUntil });
    }
  }
}

function seedInvoice(work: Work, { invoice, habit, paid }: PlannedInvoice): void {
  work.create(INVOICES, invoice);
  const { invoiceId, customerId, totalAmount: amount, currency } = invoice;
  if (paid === undefined) return;
  if (paid > work.now) {
    work.schedule({ key: `connectx/pay/${invoiceId}`, due: paid, kind: 'connectx/pay', data: { invoiceId } });
    return;
  }
  const paymentId = `PAY-${String(work.nextNumber(PAYMENTS)).padStart(6, '0')}`;
  const { paymentMethod } = habit;
  work.put(PAYMENTS, paymentId, {
    paymentId,
    invoiceId,
    customerId,
    amount,
    currency,
    paymentMethod,
    paymentDate: localDate(work, paid),
  });
}

function byNumber(a: PlannedInvoice, b: PlannedInvoice): number {
  return a.invoice.invoiceNumber < b.invoice.invoiceNumber ? -1 : 1;
}

/** A date after one and before another. */
function between(random: RandomSource, after: string, before: string): string {
  const length = Math.round((startOfDate(before) - startOfDate(after)) / DAY);
  return plusDays(after, integerBetween(random, 1, length - 1));
}
