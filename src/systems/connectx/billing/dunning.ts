import { allOf, equals } from '../../../engine/state/store/filter.ts';
import type { Work } from '../../../engine/state/work.ts';
import type { Instant } from '../../../lib/time.ts';
import { plusDays } from '../../../operator/bill-days.ts';
import { localDate, startOfLocalDate } from '../../../operator/local-time.ts';
import { CUSTOMERS, DEBTS, INVOICES, LIMITS, MEANS, RESTRICTIONS } from '../collections.ts';
import type { Invoice } from '../entities.ts';
import { billingPolicy } from './policy.ts';

/** The rungs of dunning in their usual order; how many days after Overdue each comes is a policy, 0 for never. */
export const DUNNING_STEPS = [
  { step: 'reminder', kind: 'connectx/remind', days: 'reminderDays' },
  { step: 'lateFee', kind: 'connectx/charge-late-fee', days: 'lateFeeDays' },
  { step: 'restriction', kind: 'connectx/restrict', days: 'restrictionDays' },
  { step: 'suspension', kind: 'connectx/suspend-for-debt', days: 'suspensionDays' },
  { step: 'termination', kind: 'connectx/terminate-for-debt', days: 'terminationDays' },
  { step: 'collection', kind: 'connectx/hand-to-collection', days: 'collectionDays' },
  { step: 'writeOff', kind: 'connectx/write-off', days: 'writeOffDays' },
] as const;

export type DunningStep = (typeof DUNNING_STEPS)[number]['step'];

/** When an invoice becomes Overdue, and when that leads to suspension, if ever. */
export interface DunningDates {
  readonly overdue: Instant;
  readonly suspend: Instant;
}

/** When an invoice that stays unpaid becomes Overdue, and when that leads to suspension. */
export function dunningDates(work: Pick<Work, 'policies'>, { dueDate }: Pick<Invoice, 'dueDate'>): DunningDates {
  const overdue = plusDays(dueDate, 1);
  const { suspensionDays } = billingPolicy(work);
  return {
    overdue: startOfLocalDate(work, overdue),
    suspend:
      suspensionDays === 0 ? Number.POSITIVE_INFINITY : startOfLocalDate(work, plusDays(overdue, suspensionDays)),
  };
}

/** Sets the timers that an invoice in its present state waits for, in place of those of the state it was in. */
export function armDunning(work: Work, invoice: Invoice, before: string | undefined): void {
  const { invoiceId, customerId, status, dueDate } = invoice;
  if (before === 'Open') work.cancel(`connectx/overdue/${invoiceId}`);
  if (before === 'Overdue') for (const { kind } of DUNNING_STEPS) work.cancel(`${kind}/${invoiceId}`);
  if (status === 'Open') arm(work, invoiceId, 'connectx/overdue', plusDays(dueDate, 1));
  // What a payment is taken back of, as after a chargeback, has been overdue for no time yet, however old it is.
  if (status === 'Overdue') armLadder(work, invoice, before === 'Paid' ? localDate(work) : plusDays(dueDate, 1));
  if (status === 'Paid' || status === 'Cancelled') {
    work.cancel(`connectx/pay/${invoiceId}`);
    // Whoever has no means on file is collected from by no timer.
    if (work.get(MEANS, customerId) !== undefined) work.cancel(`connectx/collect/${invoiceId}`);
  }
}

/** Sets the timers of all steps for an invoice that is overdue since a date. */
function armLadder(work: Work, { invoiceId }: Invoice, since: string): void {
  const policy = billingPolicy(work);
  for (const { kind, days } of DUNNING_STEPS) {
    if (policy[days] > 0) arm(work, invoiceId, kind, plusDays(since, policy[days]));
  }
}

function arm(work: Work, invoiceId: string, kind: string, date: string): void {
  const due = startOfLocalDate(work, date);
  if (due > work.now) work.schedule({ key: `${kind}/${invoiceId}`, due, kind, data: { invoiceId } });
}

/** Reinstates a customer that was suspended or restricted for a debt, once nothing of theirs is overdue any more. */
export function reinstateIfSettled(work: Work, customerId: string): void {
  const isSuspended = work.get(DEBTS, customerId) !== undefined;
  const isRestricted = work.get(RESTRICTIONS, customerId) !== undefined;
  if (!isSuspended && !isRestricted) return;
  const filter = allOf(equals('customerId', customerId), equals('status', 'Overdue'));
  const { total } = work.query(INVOICES, { filter, limit: 1 });
  if (total > 0) return;
  work.delete(RESTRICTIONS, customerId);
  if (!isSuspended) return;
  work.delete(DEBTS, customerId);
  const customer = work.need(CUSTOMERS, customerId);
  const isOverLimit = work.get(LIMITS, customerId)?.isHeld === true;
  if (customer.status === 'Suspended' && !isOverLimit) work.change(CUSTOMERS, customerId, { status: 'Active' });
}
