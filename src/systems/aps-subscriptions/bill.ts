import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { OperationHandler, TimerHandler } from '../../engine/system.ts';
import type { Instant } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import { billDayOf, nextBillDate } from '../../operator/bill-days.ts';
import { localDate, startOfLocalDate } from '../../operator/local-time.ts';
import { contractOf, isEnded, putContract } from './contracts.ts';
import { RESOURCES, requireService, subjectOf, typeOf } from './resource-store.ts';
import { SUBSCRIPTION } from './types.ts';
import { chargeUsage, hasRecorded } from './usage.ts';

/**
 * POST of the subscriptions that have usage reported from outside. Those that have ended are billed the same day (at
 * once, right after this command), all others on the next billing date. The source says nothing of subscriptions that
 * do not exist: naming one refuses the whole report (decided by this project).
 */
export const bill: OperationHandler = (work, command) => {
  requireService(work, command);
  const { subscriptionUuids = [], comment } = command.body as {
    subscriptionUuids?: readonly string[];
    comment?: string;
  };
  const found = subscriptionUuids.map((id) => work.get(RESOURCES, id));
  const unknown = subscriptionUuids
    .map((id, index) => ({ id, index }))
    .filter(({ index }) => !isSubscription(found[index]));
  if (unknown.length > 0) {
    const ids = unknown.map(({ id }) => id).join(', ');
    throw new Refusal(
      400,
      'UNKNOWN_SUBSCRIPTIONS',
      `Failed to bill: no subscription has the id ${ids}. Leave out what is unknown and report the rest again.`,
      {
        violations: unknown.map(({ id, index }) => ({
          in: 'body',
          path: `/subscriptionUuids/${index}`,
          message: `no subscription has the id ${id}`,
        })),
      },
    );
  }
  for (const [index, id] of subscriptionUuids.entries()) {
    const subscription = found[index] as Entity;
    const isOver = isEnded(subscription);
    const due = isOver ? work.now : nextBillingDate(work);
    const key = billKey(id);
    const subject = subjectOf(subscription);
    const isReported = work.get(REPORTED, id) !== undefined;
    work.schedule({ key, due, kind: 'aps-subscriptions/bill', data: { id, comment }, subject });
    // Reported again before it is billed, it is the same usage, unless more has been recorded meanwhile.
    if (isReported && !hasRecorded(work, id)) continue;
    work.put(REPORTED, id, { id });
    const charges = chargeUsage(work, id, comment);
    // It waits for the next bill of whoever sold the subscription, or is billed at once.
    const { vendorSubscriptionId } = subscription;
    if (charges.length > 0) work.notify('aps-subscriptions/usage-charged', { vendorSubscriptionId, charges, isOver });
  }
  return { status: 204 };
};

/** Bills what was reported; no event follows, because the contract has no channel for it. */
export const billReportedUsage: TimerHandler = (work, { id, comment }) => {
  work.delete(REPORTED, String(id));
  const contract = contractOf(work, String(id));
  if (contract === undefined) return;
  const entry = { at: work.nowText, ...(typeof comment === 'string' && { comment }) };
  putContract(work, String(id), { ...contract, bills: [...contract.bills, entry] });
};

/** Gives up billing a subscription that is deleted. */
export function cancelBill(work: Work, id: string): void {
  work.cancel(billKey(id));
  work.delete(REPORTED, id);
}

/** By subscription: that its usage has been reported and waits for its billing date. */
const REPORTED = 'aps-subscriptions/$reported';

/** The operator bills everybody on one day of the month. */
function nextBillingDate(work: Work): Instant {
  return startOfLocalDate(work, nextBillDate(localDate(work), billDayOf(work.policies)));
}

function billKey(id: string): string {
  return `aps-subscriptions/bill/${id}`;
}

function isSubscription(resource: Entity | undefined): boolean {
  return resource !== undefined && typeOf(resource) === SUBSCRIPTION.id;
}
