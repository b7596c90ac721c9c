import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler, TimerHandler } from '../../engine/system.ts';
import { DAY } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import { localClock, localInstant } from '../../operator/local-time.ts';
import { contractOf, putContract } from './contracts.ts';
import { TERMINATED } from './lifecycle.ts';
import { changeStatus } from './orders.ts';
import { apsPolicy } from './policy.ts';
import { RESOURCES, requireResource, subjectOf } from './resource-store.ts';
import { durationOf, endOfTerm, type SubscriptionPeriod } from './tcv.ts';

/** `{id, renewal: "automatic" | "manual"}`: whether the term of a subscription renews itself. Returns the resource. */
export const setRenewal: ActionHandler = (work, input) => {
  const id = String(input.id);
  const subscription = requireResource(work, id);
  const contract = contractOf(work, id);
  if (contract === undefined) throw notRenewable(id, 'it has no contract');
  putContract(work, id, { ...contract, isRenewed: input.renewal === 'automatic' });
  awaitEndOfTerm(work, id);
  return subscription;
};

/** `{id}`: lets a subscription in GRACE or EXPIRED run on, for another term. Returns the resource. */
export const renewSubscription: ActionHandler = (work, input) => {
  const id = String(input.id);
  const { status } = requireResource(work, id);
  if (status !== 'GRACE' && status !== 'EXPIRED') throw notRenewable(id, `it is ${String(status)}`);
  return changeStatus(work, id, 'ACTIVE');
};

/** Sets the timer of the end of a term that does not renew itself, and takes it back of one that does. */
export function awaitEndOfTerm(work: Work, id: string): void {
  const contract = contractOf(work, id);
  const subscription = work.get(RESOURCES, id);
  if (contract === undefined || subscription === undefined) return;
  if (contract.isRenewed !== false || subscription.status === TERMINATED) {
    work.cancel(termKey(id));
    return;
  }
  const period = (subscription.subscriptionPeriod ?? { type: 'MONTH', duration: 1 }) as SubscriptionPeriod;
  const due = localInstant(work, endOfTerm(contract.started, durationOf(period), localClock(work)));
  work.schedule({
    key: termKey(id),
    due,
    kind: 'aps-subscriptions/end-term',
    data: { id },
    subject: subjectOf(subscription),
  });
}

/** The term is over, or the grace, or the time in which it could be renewed: the next state is less. */
export const endTerm: TimerHandler = (work, data) => {
  const id = String(data.id);
  const subscription = work.get(RESOURCES, id) as Entity | undefined;
  if (subscription === undefined || subscription.status === TERMINATED) return;
  if (subscription.status === 'NEW') {
    // What has not begun does not end: its next term may be one that has.
    awaitEndOfTerm(work, id);
    return;
  }
  const { graceDays, expiredDays } = apsPolicy(work);
  const next = NEXT[String(subscription.status)] ?? 'EXPIRED';
  const days = next === 'GRACE' ? graceDays : expiredDays;
  changeStatus(work, id, next);
  if (next === TERMINATED) return;
  const due = localInstant(work, localClock(work) + days * DAY);
  const subject = subjectOf(subscription);
  work.schedule({ key: termKey(id), due, kind: 'aps-subscriptions/end-term', data: { id }, subject });
};

/** Gives up what waits for the end of a subscription that is deleted. */
export function cancelEndOfTerm(work: Work, id: string): void {
  work.cancel(termKey(id));
}

/** What follows on each state when its time is over; one on hold gets no grace. */
const NEXT: Readonly<Record<string, string>> = { ACTIVE: 'GRACE', GRACE: 'EXPIRED', EXPIRED: TERMINATED };

function termKey(id: string): string {
  return `aps-subscriptions/end-term/${id}`;
}

function notRenewable(id: string, why: string): Refusal {
  return new Refusal(
    409,
    'ILLEGAL_TRANSITION',
    `Failed to renew the subscription "${id}": ${why}. Only one in GRACE or EXPIRED is renewed.`,
  );
}
