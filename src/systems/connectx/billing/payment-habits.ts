import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import type { TimerHandler } from '../../../engine/system.ts';
import { integerBetween } from '../../../engine/values/random.ts';
import { fromMinor } from '../../../lib/money.ts';
import { DAY, HOUR, type Instant, MINUTE, startOfDate } from '../../../lib/time.ts';
import { localInstant } from '../../../operator/local-time.ts';
import { HABITS, INVOICES, MEANS } from '../collections.ts';
import type { Invoice } from '../entities.ts';
import { amountToCollect, scheduleCollection } from './collections.ts';
import { isOpen } from './ledger.ts';
import { recordPayment } from './payments.ts';

/** How a customer pays by itself. */
export interface Habit extends Entity {
  readonly habit: string;
  readonly paymentMethod: string;
}

/** Lets an invoice be paid without being asked for: by the means on file, else by the customer's habit. */
export function schedulePayment(work: Work, invoice: Invoice): void {
  const { invoiceId, customerId } = invoice;
  if (work.get(MEANS, customerId) !== undefined) {
    scheduleCollection(work, invoice);
    return;
  }
  const habit = work.get(HABITS, customerId) as Habit | undefined;
  if (habit === undefined) return;
  const due = habitualPayment(work, invoiceId, habit.habit, invoice.dueDate);
  if (due === undefined) return;
  work.schedule({ key: `connectx/pay/${invoiceId}`, due, kind: 'connectx/pay', data: { invoiceId } });
}

/** When a customer with this habit pays; `undefined`: never. */
export function habitualPayment(
  work: Pick<Work, 'random' | 'policies'>,
  invoiceId: string,
  habit: string,
  dueDate: string,
): Instant | undefined {
  const random = work.random('connectx/payment', invoiceId);
  const days =
    habit === 'prompt' ? -integerBetween(random, 1, 10) : habit === 'late' ? integerBetween(random, 3, 24) : undefined;
  if (days === undefined) return undefined;
  const officeHour = integerBetween(random, 8, 17) * HOUR + integerBetween(random, 0, 59) * MINUTE;
  return localInstant(work, startOfDate(dueDate) + days * DAY + officeHour);
}

/** Pays what is left of an invoice, by the customer's usual means. */
export const payByHabit: TimerHandler = (work, data) => {
  const invoiceId = String(data.invoiceId);
  const invoice = work.get(INVOICES, invoiceId) as Invoice | undefined;
  if (invoice === undefined || !isOpen(invoice)) return;
  const habit = work.need(HABITS, invoice.customerId) as Habit;
  const amount = fromMinor(amountToCollect(work, invoice), invoice.currency);
  recordPayment(work, { invoiceId, amount, paymentMethod: habit.paymentMethod });
};
