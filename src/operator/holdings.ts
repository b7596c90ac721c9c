import { allOf, equals } from '../engine/store/filter.ts';
import type { Entity } from '../engine/store/store.ts';
import type { Work } from '../engine/work.ts';
import { addDecimals } from '../lib/money.ts';
import { type Instant, parseInstant } from '../lib/time.ts';
import type { CastMember } from './cast.ts';
import { CATALOGUE } from './catalogue.ts';

/** One product that a customer has, as the other systems need to know it. */
export interface Holding {
  readonly subscriptionId: string;
  readonly productName: string;
  /** What it costs a month, as a decimal number. */
  readonly monthlyCharge: number;
  readonly currency: string;
  readonly status: string;
  /** `YYYY-MM-DD` */
  readonly startDate: string;
  readonly endDate?: string;
}

/** From when to when somebody has been a customer. */
export interface Membership {
  readonly since: Instant;
  /** Only of one that has left. */
  readonly until?: Instant;
}

/** What a customer owes. */
export interface Debt {
  readonly amount: number;
  readonly currency: string;
  readonly isOverdue: boolean;
}

const CUSTOMERS = 'connectx/Customer';
const SUBSCRIPTIONS = 'connectx/Subscription';
const INVOICES = 'connectx/Invoice';

/**
 * What a customer has, read from the system that sold it; where that system is not served, one product from the
 * catalogue, so that the others still have something to show.
 */
export function holdingsOf(work: Work, member: CastMember, currency: string): readonly Holding[] {
  if (!isSoldHere(work)) return [inventedHolding(work, member, currency)];
  const { items } = work.query(SUBSCRIPTIONS, { filter: equals('customerId', member.number) });
  return items.map((item) => toHolding(item, currency));
}

/** How long a customer has been one, as the system that keeps customers has it; nothing where that is not served. */
export function membershipOf(work: Work, member: CastMember): Membership | undefined {
  const customer = work.get(CUSTOMERS, member.number);
  const since = parseInstant(String(customer?.createdAt));
  if (customer === undefined || since === undefined) return undefined;
  return { since, ...(customer.status === 'Terminated' && { until: parseInstant(String(customer.updatedAt)) }) };
}

/** What a customer has not paid yet. */
export function debtOf(work: Work, customerId: string, currency: string): Debt {
  const { items } = work.query(INVOICES, { filter: equals('customerId', customerId) });
  const open = items.filter(({ status }) => status === 'Open' || status === 'Overdue');
  const amount = addDecimals(...open.map(({ totalAmount }) => Number(totalAmount ?? 0)));
  return { amount, currency, isOverdue: open.some(({ status }) => status === 'Overdue') };
}

/** Whether a customer has not paid what was due by now. */
export function hasOverdue(work: Work, customerId: string): boolean {
  const filter = allOf(equals('customerId', customerId), equals('status', 'Overdue'));
  return work.query(INVOICES, { filter, limit: 1 }).total > 0;
}

function isSoldHere(work: Work): boolean {
  const { total } = work.query(CUSTOMERS, { limit: 1 });
  return total > 0;
}

function toHolding(subscription: Entity, currency: string): Holding {
  return {
    subscriptionId: String(subscription.subscriptionId),
    productName: String(subscription.productName ?? subscription.productId),
    monthlyCharge: Number(subscription.monthlyCharge ?? 0),
    currency: String(subscription.currency ?? currency),
    status: String(subscription.status),
    startDate: String(subscription.startDate),
    ...(typeof subscription.endDate === 'string' && { endDate: subscription.endDate }),
  };
}

function inventedHolding(work: Work, member: CastMember, currency: string): Holding {
  const sold = CATALOGUE.filter((product) => !product.isDiscontinued && product.productType !== 'Addon');
  const product = sold[member.index % sold.length] ?? sold[0];
  return {
    subscriptionId: `SUB-${String(member.index).padStart(6, '0')}`,
    productName: product?.productName ?? 'Telephone',
    monthlyCharge: product?.monthlyPrice ?? 0,
    currency,
    status: 'Active',
    startDate: work.nowText.slice(0, 10),
  };
}
