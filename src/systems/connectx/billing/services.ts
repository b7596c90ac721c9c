import { allOf, equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { fromMinor, toMinor } from '../../../lib/money.ts';
import { plusDays } from '../../../operator/bill-days.ts';
import { localDate } from '../../../operator/local-time.ts';
import { PRODUCTS, SERVICES, SERVICES_BILLED } from '../collections.ts';
import type { LineItem, SubscriptionTerms } from '../entities.ts';
import { cycleOf, payerFor } from './accounts.ts';
import { addCharges } from './charges.ts';
import type { Holder } from './ledger.ts';
import { chargesFor, creditsOf, type Period, periodsOf } from './proration.ts';

/** What somebody at a customer has from a date on, in place of what they had. */
export interface ServicesOfHolder {
  readonly customerId: string;
  /** Who has them, for example a telephone user's name. */
  readonly holder: string;
  /** `YYYY-MM-DD`; one that has passed is charged, or credited, back to. */
  readonly date: string;
  readonly services: readonly {
    readonly kind: string;
    readonly name: string;
    readonly count: number;
    readonly price: number;
  }[];
  /** Whether what is no longer there has never been: it is not charged for a day. */
  readonly isWithdrawn?: boolean;
}

/** One piece of a service that is charged by the month beside subscriptions, for example a line of a telephone user. */
interface Service extends Entity {
  readonly key: string;
  readonly customerId: string;
  readonly holder: string;
  readonly kind: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  /** The first day that is charged. */
  readonly from: string;
  /** Until which day, not included, it has been billed, where that is not as far as its customer's others. */
  readonly until?: string;
  /** The last day that is charged, once it has ended. */
  readonly last?: string;
}

/**
 * Begins and ends pieces of service so that somebody has what is asked for. The first and the last day count, and no day
 * is charged twice; what has been billed in advance is credited, on the customer's next bill.
 */
export function setServices(work: Work, wanted: ServicesOfHolder): void {
  const { customerId, holder, date, services, isWithdrawn } = wanted;
  const known = work.query(SERVICES, { filter: equals('holder', holder) }).items as readonly Service[];
  for (const service of known) {
    const isElsewhere = service.customerId !== customerId;
    if (isElsewhere && service.last === undefined) endService(work, service, plusDays(date, -1));
  }
  const kinds = new Set([...known.map(({ kind }) => kind), ...services.map(({ kind }) => kind)]);
  for (const kind of kinds) {
    const running = known.filter(
      (each) => each.kind === kind && each.customerId === customerId && each.last === undefined,
    );
    const asked = services.find((each) => each.kind === kind);
    const count = asked?.count ?? 0;
    for (const service of running.slice(count)) {
      endService(work, service, isWithdrawn === true ? plusDays(service.from, -1) : date);
    }
    for (let number = running.length + 1; asked !== undefined && number <= count; number += 1) {
      const key = `${customerId}/${holder}/${kind}/${number}`;
      const { last } = (work.get(SERVICES, key) ?? {}) as Partial<Service>;
      const from = last !== undefined && last >= date ? plusDays(last, 1) : date;
      const { name, price } = asked;
      const currency = currencyOf(work);
      work.put(SERVICES, key, { key, customerId, holder, kind, name, price, currency, from, until: from });
    }
  }
}

/** Ends all services of a customer today. */
export function endServices(work: Work, customerId: string): void {
  const today = localDate(work);
  for (const service of runningServices(work, customerId)) endService(work, service, today);
}

/** Who of a customer has services that run. */
export function holdersOf(work: Work, customerId: string): readonly string[] {
  return [...new Set(runningServices(work, customerId).map(({ holder }) => holder))];
}

/** The customer who is charged for what somebody has, as long as it runs. */
export function payerOf(work: Work, holder: string): string | undefined {
  const { items } = work.query(SERVICES, { filter: equals('holder', holder) });
  return (items as readonly Service[]).find(({ last }) => last === undefined)?.customerId;
}

/** Until which day, not included, a holder is billed now, by months that begin on which day; nothing, if not today. */
export type BillPeriod = (holder: Holder) => { readonly until: string; readonly billDay: number } | undefined;

/** Puts all services on the next bill of who pays for them, as far as they have not been billed. */
export function chargeServices(work: Work, customerId: string | undefined, periodOf: BillPeriod): void {
  // A customer has many, most of them alike and billed until the same day: what is the same for all is found once.
  const payers = new Map<string, Payer | undefined>();
  const bills = new Map<string, ServiceBill>();
  for (const service of runningServices(work, customerId)) {
    let payer = payers.get(service.customerId);
    if (payer === undefined && !payers.has(service.customerId)) {
      payer = findPayer(work, service.customerId, periodOf);
      payers.set(service.customerId, payer);
    }
    if (payer === undefined) continue;
    const { until, billed } = payer;
    const first = service.until ?? billed;
    if (first >= until) continue;
    // One more that has been billed as far as the others says so with them.
    const own = billed > until ? until : undefined;
    if (service.until !== undefined) work.put(SERVICES, service.key, withUntil(service, own));
    billOf(bills, payer, service.currency).add(service, spanOf(payer, first));
  }
  for (const [payingFor, payer] of payers) {
    if (payer === undefined || payer.billed >= payer.until) continue;
    work.put(SERVICES_BILLED, payingFor, { customerId: payingFor, until: payer.until });
  }
  for (const { holder, currency, lineItems } of bills.values()) addCharges(work, holder, currency, lineItems);
}

/** Who is billed today for the services of a customer. */
interface Payer {
  readonly holder: Holder;
  /** Tells one holder from another. */
  readonly name: string;
  readonly until: string;
  readonly billDay: number;
  /** Until which day, not included, most services of the customer have been billed. */
  readonly billed: string;
  /** By currency. */
  readonly bills: Map<string, ServiceBill>;
  /** By the first day. */
  readonly spans: Map<string, Span>;
}

/** Days that are billed now, and how they are told from others. */
interface Span {
  readonly name: string;
  readonly periods: readonly Period[];
}

function findPayer(work: Work, customerId: string, periodOf: BillPeriod): Payer | undefined {
  const holder = payerFor(work, { customerId });
  const period = periodOf(holder);
  if (period === undefined) return undefined;
  const { until, billDay } = period;
  const billed = billedUntil(work, customerId);
  return { holder, name: JSON.stringify(holder), until, billDay, billed, bills: new Map(), spans: new Map() };
}

function billOf(all: Map<string, ServiceBill>, { bills, name, holder }: Payer, currency: string): ServiceBill {
  const known = bills.get(currency);
  if (known !== undefined) return known;
  // One may pay for several customers.
  const key = `${name}/${currency}`;
  const bill = all.get(key) ?? new ServiceBill(holder, currency);
  all.set(key, bill);
  bills.set(currency, bill);
  return bill;
}

function spanOf({ spans, until, billDay }: Payer, first: string): Span {
  const known = spans.get(first);
  if (known !== undefined) return known;
  const periods = periodsOf({ first, last: plusDays(until, -1) }, billDay);
  const span = { name: `${first}/${until}/${billDay}`, periods };
  spans.set(first, span);
  return span;
}

/** Until which day, not included, the services of a customer have been billed, but for those that say otherwise. */
function billedUntil(work: Work, customerId: string): string {
  return String(work.get(SERVICES_BILLED, customerId)?.until ?? '');
}

/** A service that says itself how far it has been billed, or no longer does. */
function withUntil({ until: _, ...service }: Service, until: string | undefined): Service {
  return until === undefined ? service : { ...service, until };
}

/** What one holder is charged for services: those alike of a whole month are one line of a larger quantity. */
class ServiceBill {
  readonly #lines = new Map<string, LineItem>();
  /** How many services of one name, price and span there are, each charged by whole months. */
  readonly #alike = new Map<string, { readonly lines: readonly LineItem[]; count: number }>();

  readonly holder: Holder;
  readonly currency: string;

  constructor(holder: Holder, currency: string) {
    this.holder = holder;
    this.currency = currency;
  }

  add(service: Service, { name, periods }: Span): void {
    const kind = `${service.name}/${service.price}/${name}`;
    const alike = this.#alike.get(kind);
    if (alike !== undefined) {
      alike.count += 1;
      return;
    }
    const lines = linesOf(service, periods);
    if (periods.every(isWhole)) this.#alike.set(kind, { lines, count: 1 });
    for (const line of lines) addLine(this.#lines, line, this.currency);
  }

  get lineItems(): readonly LineItem[] {
    for (const { lines, count } of this.#alike.values()) {
      for (const line of lines) addLine(this.#lines, line, this.currency, count - 1);
    }
    return [...this.#lines.values()];
  }
}

function runningServices(work: Work, customerId?: string): readonly Service[] {
  const filter = customerId === undefined ? undefined : equals('customerId', customerId);
  const { items } = work.query(SERVICES, { filter: allOf(filter) });
  return (items as readonly Service[]).filter(({ last }) => last === undefined);
}

/** Settles a service up to its last day; one that ends before it began has never been. */
function endService(work: Work, service: Service, last: string): void {
  const { key, from, currency, until = billedUntil(work, service.customerId) } = service;
  const holder = payerFor(work, { customerId: service.customerId });
  const { billDay } = cycleOf(work, holder);
  if (until <= last) {
    addCharges(work, holder, currency, linesOf(service, periodsOf({ first: until, last }, billDay)));
  } else {
    const first = last < from ? from : plusDays(last, 1);
    if (first < until) {
      const terms = termsOf(service, `${service.name} ${service.holder}`);
      addCharges(work, holder, currency, creditsOf(terms, { first, last: plusDays(until, -1) }, from, billDay));
    }
  }
  if (last < from) work.delete(SERVICES, key);
  else work.put(SERVICES, key, withUntil({ ...service, last }, plusDays(last, 1)));
}

/** A part of a month names who had the service; whole months are the same for all, so that they can be added up. */
function linesOf(service: Service, periods: readonly Period[]): readonly LineItem[] {
  return periods.flatMap((period) =>
    chargesFor(termsOf(service, isWhole(period) ? service.name : `${service.name} ${service.holder}`), [period]),
  );
}

function isWhole({ days, daysOfMonth }: Period): boolean {
  return days === daysOfMonth;
}

function termsOf({ customerId, price, currency, from }: Service, productName: string): SubscriptionTerms {
  return { customerId, productId: '', productName, status: 'Active', startDate: from, monthlyCharge: price, currency };
}

/** Adds so many lines to those of the same description and price, as one line of a larger quantity. */
function addLine(lines: Map<string, LineItem>, line: LineItem, currency: string, count = 1): void {
  if (line.amount === 0 || count === 0) return;
  const key = `${line.description} ${line.unitPrice}`;
  const { description, unitPrice } = line;
  const quantity = (lines.get(key)?.quantity ?? 0) + count * line.quantity;
  const amount = fromMinor(quantity * toMinor(unitPrice, currency), currency);
  lines.set(key, { description, quantity, unitPrice, amount });
}

/** The catalogue's: what is charged beside it has the same. */
function currencyOf(work: Work): string {
  const [product] = work.query(PRODUCTS, { limit: 1 }).items;
  return String(product?.currency ?? 'GBP');
}
