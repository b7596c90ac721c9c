import { allOf, equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { billDateOf, nextBillDate } from '../../../operator/bill-days.ts';
import { ACCOUNT_TERMS, CUSTOMERS, CYCLES, ON_ACCOUNT } from '../collections.ts';
import type { Subscription } from '../entities.ts';
import type { PaymentPlan } from './instalments.ts';
import type { Holder } from './ledger.ts';
import { billingPolicy } from './policy.ts';
import type { TaxExemption } from './tax.ts';
import { holdsToday, type ValidFor } from './validity.ts';

/** What a billing account says that billing has to know. */
export interface AccountTerms extends Entity {
  readonly accountId: string;
  readonly customerId: string;
  /** Whether it is the customer's first account: what is on no other one is billed to it. */
  readonly isFirst: boolean;
  readonly exemptions: readonly TaxExemption[];
  readonly isPrepaid: boolean;
  /** Who pay what is billed to it, each for a period; without an account, on the first one of that customer. */
  readonly payers?: readonly Payer[];
  /** The only one, in worlds that earlier versions have kept. */
  readonly payer?: Payer;
  readonly cycle?: Cycle;
  /** How invoices on it are paid in parts; without one, in one part or as the policy has it. */
  readonly plan?: PaymentPlan;
}

/** Who pays for another, and when. */
export interface Payer extends Holder {
  readonly validFor?: ValidFor;
}

/** When bills are made. */
export interface Cycle {
  /** Day of the month, 1 to 28. */
  readonly billDay: number;
  /** How many months a bill is for. */
  readonly months: number;
  /** A date in the month of a bill. */
  readonly from: string;
  /** Days from a bill to its due date; default: the policy's. */
  readonly dueDays?: number;
}

/** A payer who is paid for by another, and so on: further up nobody is looked for. */
const MOST_PAYERS = 10;

/** The account that is first or, where one is named, that one. */
export function termsOf(
  work: Pick<Work, 'get' | 'query'>,
  { customerId, accountId }: Holder,
): AccountTerms | undefined {
  if (accountId !== undefined) return work.get(ACCOUNT_TERMS, accountId) as AccountTerms | undefined;
  const { items } = work.query(ACCOUNT_TERMS, { filter: equals('customerId', customerId) });
  return (items as readonly AccountTerms[]).find(({ isFirst }) => isFirst);
}

/** The account that a subscription is on, where it is not its customer's first. */
function accountOfSubscription(work: Pick<Work, 'get'>, subscriptionId: string): string | undefined {
  const accountId = work.get(ON_ACCOUNT, subscriptionId)?.accountId;
  return accountId === undefined ? undefined : String(accountId);
}

/** Who is billed for a subscription, and on which account. */
export function billedTo(work: Work, subscription: Pick<Subscription, 'subscriptionId' | 'customerId'>): Holder {
  const { customerId, subscriptionId } = subscription;
  return payerFor(work, { customerId, accountId: accountOfSubscription(work, subscriptionId) });
}

/** Who pays what is billed to an account today, and on which of theirs; one who has left pays for nobody any more. */
export function payerFor(work: Work, billed: Holder): Holder {
  let holder = billed;
  for (let height = 0; height < MOST_PAYERS; height += 1) {
    const terms = termsOf(work, holder);
    const payer = terms?.payers?.find(({ validFor }) => holdsToday(work, validFor)) ?? terms?.payer;
    if (payer === undefined || work.get(CUSTOMERS, payer.customerId)?.status === 'Terminated') break;
    const { customerId, accountId } = payer;
    holder = accountId === undefined ? { customerId } : { customerId, accountId };
  }
  return holder;
}

/** When a holder's bills are made: by the account, else as the customer has asked, else by policy. */
export function cycleOf(work: Work, holder: Holder): Cycle {
  const own = termsOf(work, holder)?.cycle ?? (work.get(CYCLES, holder.customerId) as Cycle | undefined);
  return own ?? { billDay: billingPolicy(work).billDay, months: 1, from: '1970-01-01' };
}

/** The first date of a holder's bill after a date: of each so many months, the one that a bill is made in. */
export function nextCycleDate(date: string, { billDay, months, from }: Cycle): string {
  let next = nextBillDate(date, billDay);
  for (let skipped = 1; skipped < months && !isBillMonth(next, months, from); skipped += 1) {
    next = nextBillDate(next, billDay);
  }
  return next;
}

/** Whether a holder's bill is made on a date. */
export function isCycleDate(date: string, { billDay, months, from }: Cycle): boolean {
  return billDateOf(date, billDay) === date && isBillMonth(date, months, from);
}

/** All bill days that some account or customer has asked for. */
export function ownBillDays(work: Work): readonly number[] {
  const terms = work.query(ACCOUNT_TERMS, { filter: equals('hasCycle', 'yes') }).items as readonly AccountTerms[];
  const cycles = [...terms.flatMap(({ cycle }) => cycle ?? []), ...(work.query(CYCLES).items as unknown as Cycle[])];
  return [...new Set(cycles.map(({ billDay }) => billDay))].sort((a, b) => a - b);
}

/** The subscriptions on one account of a customer, in one state. */
export function subscriptionsOn(
  work: Work,
  { accountId, customerId, isFirst }: AccountTerms,
  status: string,
): readonly Subscription[] {
  const filter = allOf(equals('customerId', customerId), equals('status', status));
  const items = work.query('connectx/Subscription', { filter }).items as readonly Subscription[];
  return items.filter(({ subscriptionId }) => {
    const named = accountOfSubscription(work, subscriptionId);
    return named === accountId || (named === undefined && isFirst);
  });
}

function isBillMonth(date: string, months: number, from: string): boolean {
  const count = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return (count(date) - count(from)) % months === 0;
}
