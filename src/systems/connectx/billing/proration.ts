import { fromMinor, type Minor, shareOf, toMinor } from '../../../lib/money.ts';
import { DAY, startOfDate } from '../../../lib/time.ts';
import { billDateOf, nextBillDate, plusDays } from '../../../operator/bill-days.ts';
import type { LineItem, SubscriptionTerms } from '../entities.ts';

/** Dates from the first to the last, both included, as `YYYY-MM-DD`. */
export interface Span {
  readonly first: string;
  readonly last: string;
}

/** A part of one billing month, with the length of that month. */
export interface Period extends Span {
  readonly days: number;
  readonly daysOfMonth: number;
  /** As an invoice writes it, for example `16-28 Feb 2026`. */
  readonly text: string;
}

/**
 * A span of dates, cut at the bill days; none where it ends before it begins.
 *
 * @example periodsOf({ first: '2026-01-16', last: '2026-02-28' }, 1) // 16-31 January (16 of 31), all of February (28 of 28)
 */
export function periodsOf({ first, last }: Span, billDay: number): readonly Period[] {
  const periods: Period[] = [];
  for (let from = first; from <= last; ) {
    const next = nextBillDate(from, billDay);
    const to = plusDays(next, -1) < last ? plusDays(next, -1) : last;
    const daysOfMonth = daysBetween(billDateOf(from, billDay), next);
    const days = daysBetween(from, next) - daysBetween(plusDays(to, 1), next);
    periods.push({ first: from, last: to, days, daysOfMonth, text: rangeText({ first: from, last: to }) });
    from = next;
  }
  return periods;
}

/** What a monthly price comes to for a part of a month, rounded half-up. */
function prorate(price: Minor, { days, daysOfMonth }: Pick<Period, 'days' | 'daysOfMonth'>): Minor {
  return shareOf(price, days, daysOfMonth);
}

/** The line items that charge a subscription and its add-ons for a span of dates. */
export function chargesOf(subscription: SubscriptionTerms, span: Span, billDay: number): readonly LineItem[] {
  return chargesFor(subscription, periodsOf(span, billDay));
}

/** The same for a span that has been cut into its periods. */
export function chargesFor(subscription: SubscriptionTerms, periods: readonly Period[]): readonly LineItem[] {
  const { currency } = subscription;
  const lineItems: LineItem[] = [];
  for (const period of periods) {
    const isWhole = period.days === period.daysOfMonth;
    const when = isWhole ? `monthly charge ${period.text}` : `pro rata ${period.text} (${partText(period)})`;
    for (const { name, price } of pricesOf(subscription)) {
      lineItems.push(lineItem([name, ' - ', when], prorate(toMinor(price, currency), period), currency));
    }
  }
  return lineItems;
}

/**
 * The line items that give back a span of dates billed in advance, of which it is the last part.
 *
 * A month's credit is what was charged for it less the part that was used, so that both together make the charge,
 * however each is rounded.
 *
 * @param began the day of activation: in its month, the charge covered only what came from then on
 */
export function creditsOf(
  subscription: SubscriptionTerms,
  span: Span,
  began: string,
  billDay: number,
): readonly LineItem[] {
  const { currency } = subscription;
  return periodsOf(span, billDay).flatMap((period) => {
    const month = billDateOf(period.first, billDay);
    const chargedDays = daysBetween(month < began ? began : month, plusDays(period.last, 1));
    return pricesOf(subscription).map(({ name, price }) => {
      const minor = toMinor(price, currency);
      const { daysOfMonth } = period;
      const used = prorate(minor, { days: chargedDays - period.days, daysOfMonth });
      const credit = prorate(minor, { days: chargedDays, daysOfMonth }) - used;
      return lineItem(['Credit: ', name, ' - unused ', period.text, ` (${partText(period)})`], -credit, currency);
    });
  });
}

function pricesOf(subscription: SubscriptionTerms): readonly { name: string; price: number }[] {
  const prices = [{ name: subscription.productName, price: subscription.monthlyCharge }];
  for (const { addonName, charge } of subscription.addons ?? []) {
    prices.push({ name: `Add-on: ${addonName}`, price: charge });
  }
  return prices;
}

/** The description is joined, because V8 keeps what is added up as all its pieces: a world of years has a million lines. */
function lineItem(description: readonly string[], minor: Minor, currency: string): LineItem {
  const amount = fromMinor(minor, currency);
  // One piece at its price: a fraction of a month as the quantity would seldom multiply to a whole amount.
  return { description: description.join(''), quantity: 1, unitPrice: amount, amount };
}

function daysBetween(from: string, to: string): number {
  return Math.round((startOfDate(to) - startOfDate(from)) / DAY);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** For example `16-28 Feb 2026`, `15 Jan - 14 Feb 2026`. */
function rangeText({ first, last }: Span): string {
  const [from, to] = [partsOf(first), partsOf(last)];
  const end = `${to.day} ${to.month} ${to.year}`;
  if (first === last) return end;
  if (from.year !== to.year) return `${from.day} ${from.month} ${from.year} - ${end}`;
  return from.month === to.month ? `${from.day}-${end}` : `${from.day} ${from.month} - ${end}`;
}

function partText({ days, daysOfMonth }: Period): string {
  return `${days} of ${daysOfMonth} days`;
}

function partsOf(date: string): { year: string; month: string; day: number } {
  const [year = '', month = '', day = ''] = date.split('-');
  return { year, month: MONTHS[Number(month) - 1] ?? '', day: Number(day) };
}
