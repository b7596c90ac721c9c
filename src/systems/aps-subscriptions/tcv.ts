import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { ReadWork } from '../../engine/state/work.ts';
import type { ReadHandler } from '../../engine/system.ts';
import { decimalsOf, fromMinor, type Minor, percentOf, shareOf } from '../../lib/money.ts';
import { addDuration, addMonths, DAY, type Duration, type Instant } from '../../lib/time.ts';
import { localClock } from '../../operator/local-time.ts';
import { contractOf, type Level, priceAt, type SubscriptionContract } from './contracts.ts';
import { linkedId, RESOURCES, requireService } from './resource-store.ts';
import { SUBSCRIPTION } from './types.ts';

/** How long one term lasts, as a subscription has it. */
export interface SubscriptionPeriod {
  readonly type: string;
  readonly duration: number;
}

/** GET of all subscriptions, each with its total contract values. */
export const getBssSubscriptionsWithTcv: ReadHandler = (work, command) => {
  requireService(work, command);
  const { items } = work.query(RESOURCES, { filter: equals('aps.type', SUBSCRIPTION.id) });
  return { status: 200, body: items.map((item) => withTcv(work, item)) };
};

/**
 * The value of a contract at a time, in the smallest unit: all recurring charges without tax and usage, from the start
 * to the end of the term that runs; of one that has ended, only what was charged.
 *
 * Terms renew themselves, and a month that has begun is charged whole (both decided by this project).
 *
 * @example contractValue({ monthlyPrice: 4000, started, ended: undefined }, { type: 'YEAR', duration: 1 }, started) // 48000
 */
export function contractValue(
  contract: Pick<SubscriptionContract, 'monthlyPrice' | 'prices' | 'started' | 'ended'>,
  period: SubscriptionPeriod,
  now: Instant,
): number {
  const { monthlyPrice, prices, started, ended } = contract;
  const term = durationOf(period);
  const until = ended ?? endOfTerm(started, term, now);
  if (ended === undefined && term.months === 0) {
    // Terms of days are priced by the day, 365 to a year.
    return shareOf(monthlyPrice * 12, Math.round((until - started) / DAY), 365);
  }
  const months = monthsBegun(started, until);
  if (prices === undefined) return monthlyPrice * months;
  // A month is charged at the price that holds when it begins.
  let value = 0;
  for (let month = 0; month < months; month += 1) value += priceAt(contract, addMonths(started, month));
  return value;
}

/** Total, discount and effective total at one level, as decimal strings. */
export function levelValues(
  value: number,
  { share, discount }: Pick<Level, 'share' | 'discount'>,
  currency: string,
): { readonly total: string; readonly discTotal: string; readonly effectiveTotal: string } {
  const total = percentOf(value, share);
  const discTotal = percentOf(total, discount);
  return {
    total: toDecimal(total, currency),
    discTotal: toDecimal(discTotal, currency),
    effectiveTotal: toDecimal(total - discTotal, currency),
  };
}

/** An amount of a currency's smallest unit as a decimal string. */
function toDecimal(amount: Minor, currency: string): string {
  return fromMinor(amount, currency).toFixed(decimalsOf(currency));
}

function withTcv(work: ReadWork, subscription: Entity): Entity {
  const id = String((subscription.aps as Entity).id);
  const contract = contractOf(work, id);
  const account = linked(work, subscription, 'account');
  const vendor = linked(work, subscription, 'vendor');
  return {
    bssSubscription: {
      subscriptionId: subscription.subscriptionId,
      ...(account !== undefined && { account }),
      ...(vendor !== undefined && { vendor }),
    },
    tcvs: contract === undefined ? [] : tcvsOf(work, contract, subscription),
  };
}

function tcvsOf(work: ReadWork, contract: SubscriptionContract, subscription: Entity): Entity[] {
  const period = (subscription.subscriptionPeriod ?? { type: 'MONTH', duration: 1 }) as SubscriptionPeriod;
  const value = contractValue(contract, period, localClock(work));
  const compositeId = (id: string): Entity => {
    const account = work.get(RESOURCES, id);
    return { id, ...(account?.id !== undefined && { internalId: account.id }) };
  };
  return contract.chain.map((level) => ({
    buyer: compositeId(level.buyer),
    seller: compositeId(level.seller),
    currency: contract.currency,
    ...levelValues(value, level, contract.currency),
  }));
}

function linked(work: ReadWork, subscription: Entity, relation: string): Entity | undefined {
  const id = linkedId(subscription, relation);
  return id === undefined ? undefined : work.get(RESOURCES, id);
}

export function durationOf({ type, duration }: SubscriptionPeriod): Duration {
  // A term without length would never end the search for the one that runs.
  const count = Math.max(1, duration);
  if (type === 'DAY') return { months: 0, milliseconds: count * DAY };
  return { months: type === 'YEAR' ? 12 * count : count, milliseconds: 0 };
}

/** When the term ends that runs at a time.
 *
 * Counted from the start each time, so that a term from the 31st does not drift to the 28th. */
export function endOfTerm(started: Instant, term: Duration, now: Instant): Instant {
  const shortest = Math.max(term.months * 31 * DAY, term.milliseconds);
  let terms = Math.max(1, Math.floor((now - started) / shortest));
  const end = (count: number) =>
    addDuration(started, { months: term.months * count, milliseconds: term.milliseconds * count });
  while (end(terms) <= now) terms += 1;
  return end(terms);
}

function monthsBegun(started: Instant, until: Instant): number {
  let months = Math.max(0, Math.floor((until - started) / (31 * DAY)));
  while (addMonths(started, months) < until) months += 1;
  return months;
}
