import { allOf, equals } from '../../../engine/state/store/filter.ts';
import type { Work } from '../../../engine/state/work.ts';
import type { TimerHandler } from '../../../engine/system.ts';
import { DAY, type Instant, startOfDate } from '../../../lib/time.ts';
import { CUSTOMERS, DEBTS, INVOICES } from '../collections.ts';
import type { Customer, Invoice } from '../entities.ts';
import { type BillingPolicy, billingPolicy } from './policy.ts';

/** What happens to an unpaid invoice, and when. */
export interface DunningDates {
  readonly overdue: Instant;
  readonly remind: Instant;
  readonly suspend: Instant;
}

/** The steps of dunning, by the kind of their timer. */
export const dunningTimers: Readonly<Record<string, TimerHandler>> = {
  overdue: (work, { invoiceId }) => {
    const invoice = work.get(INVOICES, String(invoiceId)) as Invoice | undefined;
    if (invoice?.status !== 'Open') return;
    work.change(INVOICES, invoice.invoiceId, { status: 'Overdue' });
    work.notify('connectx/invoice-overdue', { customerId: invoice.customerId });
  },
  // No channel of the contract carries a reminder: it is an effect of the clock that a test can wait for.
  remind: () => {},
  'suspend-for-debt': (work, { invoiceId }) => {
    const invoice = work.get(INVOICES, String(invoiceId)) as Invoice | undefined;
    if (invoice?.status !== 'Overdue') return;
    const customer = work.need(CUSTOMERS, invoice.customerId) as Customer;
    // One that the operator holds already stays held for that reason: paying would not lift it.
    if (customer.status !== 'Active' && customer.status !== 'Inactive') return;
    work.put(DEBTS, customer.customerId, { customerId: customer.customerId, invoiceId: invoice.invoiceId });
    work.change(CUSTOMERS, customer.customerId, { status: 'Suspended' });
  },
};

/** When an invoice becomes Overdue, is reminded of and leads to suspension. */
export function dunningDates({ dueDate }: Pick<Invoice, 'dueDate'>, policy: BillingPolicy): DunningDates {
  const overdue = startOfDate(dueDate) + DAY;
  return {
    overdue,
    remind: overdue + policy.reminderDays * DAY,
    suspend: overdue + policy.suspensionDays * DAY,
  };
}

/** Sets the timers that an invoice in its present state waits for, in place of those of the state it was in. */
export function armDunning(work: Work, invoice: Invoice, before: string | undefined): void {
  const { invoiceId, status } = invoice;
  let dates: DunningDates | undefined;
  for (const { kind, state, date } of STEPS) {
    const key = `${kind}/${invoiceId}`;
    if (state === before) work.cancel(key);
    if (state !== status) continue;
    dates ??= dunningDates(invoice, billingPolicy(work));
    if (dates[date] > work.now) work.schedule({ key, due: dates[date], kind, data: { invoiceId } });
  }
  if (status === 'Paid' || status === 'Cancelled') work.cancel(`connectx/pay/${invoiceId}`);
}

/** The timers of each state that waits for something. */
const STEPS = [
  { kind: 'connectx/overdue', state: 'Open', date: 'overdue' },
  { kind: 'connectx/remind', state: 'Overdue', date: 'remind' },
  { kind: 'connectx/suspend-for-debt', state: 'Overdue', date: 'suspend' },
] as const;

/** Reinstates a customer that was suspended for a debt, once nothing of theirs is overdue any more. */
export function reinstateIfSettled(work: Work, customerId: string): void {
  if (work.get(DEBTS, customerId) === undefined) return;
  const filter = allOf(equals('customerId', customerId), equals('status', 'Overdue'));
  const { total } = work.query(INVOICES, { filter, limit: 1 });
  if (total > 0) return;
  work.delete(DEBTS, customerId);
  const customer = work.need(CUSTOMERS, customerId);
  if (customer.status === 'Suspended') work.change(CUSTOMERS, customerId, { status: 'Active' });
}
