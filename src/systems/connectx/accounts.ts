import { isDeepStrictEqual } from 'node:util';
import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler } from '../../engine/system.ts';
import { Refusal } from '../../model/command.ts';
import { nextBillDate } from '../../operator/bill-days.ts';
import { localDate } from '../../operator/local-time.ts';
import { type AccountTerms, type Cycle, subscriptionsOn } from './billing/accounts.ts';
import { changeHolder, runBilling, scheduleOwnBillRuns } from './billing/bill-run.ts';
import { reinstateIfSettled } from './billing/dunning.ts';
import { type PaymentPlan, planFor, planOpenInvoices } from './billing/instalments.ts';
import { notifyBalance, openInvoices } from './billing/ledger.ts';
import { ACCOUNT_HOLDS, ACCOUNT_TERMS, CUSTOMERS, CYCLES, ON_ACCOUNT, SUBSCRIPTIONS } from './collections.ts';
import type { Subscription } from './entities.ts';

/**
 * `{accountId, customerId, isFirst, state, exemptions, isPrepaid, payers?, cycle?}`: what a billing account says takes the
 * place of what it said. A suspended account holds the services on it, an active one lets them go on.
 */
export const followAccount: ActionHandler = (work, input) => {
  const { state, isCycleKept, isCycleNew, cycle: ordered, ...facts } = input as unknown as FollowedAccount;
  const { accountId } = facts;
  const { plan } = facts;
  const before = work.get(ACCOUNT_TERMS, accountId) as AccountTerms | undefined;
  // A change of the cycle waits until it takes effect.
  const cycle = isCycleKept === true ? before?.cycle : ordered;
  const isOther = cycle?.months !== before?.cycle?.months || cycle?.billDay !== before?.cycle?.billDay;
  const from =
    isCycleNew === true && isOther ? nextBillDate(localDate(work), cycle?.billDay ?? 1) : before?.cycle?.from;
  const terms = {
    ...facts,
    ...(cycle !== undefined && { cycle: { ...cycle, from: from ?? localDate(work) }, hasCycle: 'yes' }),
  } as AccountTerms;
  work.put(ACCOUNT_TERMS, accountId, terms);
  if (cycle !== undefined && cycle.billDay !== before?.cycle?.billDay) scheduleOwnBillRuns(work);
  if (plan !== undefined && !isDeepStrictEqual(plan, before?.plan)) agreePlan(work, terms, plan);
  if (state === 'Suspended') holdWithAccount(work, terms);
  else resumeWithAccount(work, terms);
  return terms;
};

interface FollowedAccount extends AccountTerms {
  readonly state: string;
  readonly isCycleKept?: boolean;
  /** Whether it takes effect today, when the bill of the one before has been made. */
  readonly isCycleNew?: boolean;
}

/** `{accountId}`: there is no such account any more; what was on it is its customer's first one's again. */
export const forgetAccount: ActionHandler = (work, { accountId }) => {
  const terms = work.get(ACCOUNT_TERMS, String(accountId)) as AccountTerms | undefined;
  if (terms !== undefined) resumeWithAccount(work, terms);
  work.delete(ACCOUNT_TERMS, String(accountId));
  for (const { subscriptionId } of work.query(ON_ACCOUNT, { filter: equals('accountId', accountId) }).items) {
    work.delete(ON_ACCOUNT, String(subscriptionId));
  }
};

/**
 * `{subscriptionId, accountId, customerId, isFirst}`: from today on a subscription is billed to this account of its
 * customer. Refuses with 409 one of somebody else.
 */
export const assignSubscription: ActionHandler = (work, input) => {
  const { accountId, customerId, isFirst } = input;
  const subscriptionId = String(input.subscriptionId);
  const subscription = work.need(SUBSCRIPTIONS, subscriptionId) as Subscription;
  if (subscription.customerId !== customerId) {
    throw new Refusal(
      409,
      'OTHER_CUSTOMER',
      `Failed to put the subscription on the account: ${subscriptionId} is ${subscription.customerId}'s, the account ${String(customerId)}'s. Choose an account of the same customer, or let that one be the payer.`,
    );
  }
  changeHolder(work, subscription, () => {
    if (isFirst === true) work.delete(ON_ACCOUNT, subscriptionId);
    else work.put(ON_ACCOUNT, subscriptionId, { subscriptionId, accountId });
  });
  return { subscriptionId, accountId };
};

/** `{customerId, billDay}`: from here on, bills of the customer are made on this day of the month. */
export function changeBillDay(work: Work, customerId: string, billDay: number): Entity {
  work.need(CUSTOMERS, customerId);
  const cycle: Cycle = { billDay, months: 1, from: localDate(work) };
  work.put(CYCLES, customerId, { customerId, ...cycle });
  scheduleOwnBillRuns(work);
  return { customerId, billDay };
}

/** Who pays before use is billed as soon as there is something to use. */
export function billPrepaid(work: Work, customerId: string): void {
  const { items } = work.query(ACCOUNT_TERMS, { filter: equals('customerId', customerId) });
  if ((items as readonly AccountTerms[]).some(({ isPrepaid }) => isPrepaid)) runBilling(work, { customerId });
}

/** What is open on the account is paid by its new plan as well, so that what was overdue is so no longer. */
function agreePlan(work: Work, { accountId, customerId, isFirst }: AccountTerms, own: PaymentPlan): void {
  const plan = planFor(work, own);
  if (plan !== own) return;
  const holder = { customerId, accountId: isFirst ? undefined : accountId };
  const open = openInvoices(work, holder);
  planOpenInvoices(work, open, plan);
  // Nothing is owed more or less, but nothing of it is overdue any more.
  for (const currency of new Set(open.map((invoice) => invoice.currency))) notifyBalance(work, holder, 0, currency);
  reinstateIfSettled(work, customerId);
}

function holdWithAccount(work: Work, terms: AccountTerms): void {
  // What is suspended with its customer comes back with its customer.
  if (work.get(CUSTOMERS, terms.customerId)?.status === 'Suspended') return;
  for (const { subscriptionId } of subscriptionsOn(work, terms, 'Active')) {
    work.put(ACCOUNT_HOLDS, subscriptionId, { subscriptionId, accountId: terms.accountId });
    work.change(SUBSCRIPTIONS, subscriptionId, { status: 'Suspended' });
  }
}

function resumeWithAccount(work: Work, { accountId, customerId }: AccountTerms): void {
  const { items } = work.query(ACCOUNT_HOLDS, { filter: equals('accountId', accountId) });
  const isHeld = work.get(CUSTOMERS, customerId)?.status === 'Suspended';
  for (const { subscriptionId } of items) {
    const subscription = work.get(SUBSCRIPTIONS, String(subscriptionId));
    work.delete(ACCOUNT_HOLDS, String(subscriptionId));
    if (subscription?.status !== 'Suspended' || isHeld) continue;
    work.change(SUBSCRIPTIONS, String(subscriptionId), { status: 'Active' });
  }
}
