import type { Work } from '../../engine/state/work.ts';
import { CUSTOMERS, DEBTS, HOLDS } from './collections.ts';
import type { Subscription } from './entities.ts';

/** Why a subscription is on hold; neither for one that is not. */
export interface Holds {
  /** By request: for this one service, or for all of its customer. */
  readonly administrative: boolean;
  /** Because its customer owes what is overdue. */
  readonly credit: boolean;
}

/** Lets links know how a subscription stands: its event does not say why it is on hold, nor that a second reason has come. */
export function announceStanding(work: Work, subscription: Subscription): void {
  const { subscriptionId, customerId, status } = subscription;
  work.notify('connectx/subscription-standing', {
    subscriptionId,
    customerId,
    status,
    holds: holdsOf(work, subscription),
  });
}

function holdsOf(work: Work, { subscriptionId, customerId, status }: Subscription): Holds {
  if (status !== 'Suspended') return { administrative: false, credit: false };
  const isCustomerHeld = work.get(CUSTOMERS, customerId)?.status === 'Suspended';
  const isInDebt = work.get(DEBTS, customerId) !== undefined;
  const isHeldAlone = work.get(HOLDS, subscriptionId) === undefined;
  return { administrative: isHeldAlone || (isCustomerHeld && !isInDebt), credit: isCustomerHeld && isInDebt };
}
