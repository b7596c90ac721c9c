import { requireMove } from '../../../engine/lifecycle/lifecycle.ts';
import { allOf, equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import type { TimerHandler } from '../../../engine/system.ts';
import { integerBetween, type RandomSource } from '../../../engine/values/random.ts';
import { fromMinor, isExact, type Minor, toMinor } from '../../../lib/money.ts';
import { DAY, HOUR, type Instant, MINUTE, startOfDate, toDate } from '../../../lib/time.ts';
import { Refusal } from '../../../model/command.ts';
import { BALANCES, CREDITS, CUSTOMERS, HABITS, INVOICES, PAYMENTS, REFUNDS } from '../collections.ts';
import type { Invoice } from '../entities.ts';
import { invoiceLifecycle } from '../lifecycles.ts';
import { reinstateIfSettled } from './dunning.ts';

/** A payment as it comes in; `amount` is in the invoice's currency. */
export interface PaymentRequest {
  readonly invoiceId: string;
  readonly amount: number;
  readonly paymentMethod: string;
}

/** What came of a payment. */
export interface PaymentResult {
  readonly payment: Entity;
  readonly invoice: Invoice;
  /** What is left to pay on the invoice. */
  readonly remaining: number;
}

/** How a customer pays by itself. */
export interface Habit extends Entity {
  readonly habit: string;
  readonly paymentMethod: string;
}

/**
 * Books a payment to an invoice. The last part makes it Paid; a part leaves it as it is, with the rest remembered.
 * Refuses with 409 what is more than is left, and any payment to an invoice that is Paid or Cancelled.
 */
export function recordPayment(work: Work, request: PaymentRequest): PaymentResult {
  const invoice = work.need(INVOICES, request.invoiceId) as Invoice;
  const { invoiceId, customerId, currency } = invoice;
  if (!isOpen(invoice)) {
    throw new Refusal(
      409,
      'INVOICE_NOT_PAYABLE',
      `Failed to record the payment: invoice ${invoiceId} is ${invoice.status}. Pay an invoice that is Open or Overdue.`,
    );
  }
  if (!(request.amount > 0) || !isExact(request.amount, currency)) {
    const violations = [
      {
        in: 'body' as const,
        path: '/amount',
        message: `must be above 0 and have no more decimals than ${currency} has`,
      },
    ];
    throw new Refusal(
      400,
      'INVALID_REQUEST',
      'Failed to record the payment: the amount must be positive. Send more than zero.',
      {
        violations,
      },
    );
  }
  const due = amountDue(work, invoice);
  const paid = toMinor(request.amount, currency);
  if (paid > due) {
    const left = fromMinor(due, currency);
    throw new Refusal(
      409,
      'PAYMENT_TOO_HIGH',
      `Failed to record the payment: ${request.amount} ${currency} is more than the ${left} ${currency} left on invoice ${invoiceId}. Pay at most that.`,
      {
        details: { remaining: left },
      },
    );
  }
  const payment = {
    paymentId: `PAY-${String(work.nextNumber(PAYMENTS)).padStart(6, '0')}`,
    invoiceId,
    customerId,
    amount: request.amount,
    currency,
    paymentMethod: request.paymentMethod,
    paymentDate: toDate(work.now),
  };
  work.put(PAYMENTS, payment.paymentId, payment);
  const after = settle(work, invoice, paid);
  work.emit('billing/payment/received', payment);
  reinstateIfSettled(work, customerId);
  return { payment, invoice: after, remaining: fromMinor(due - paid, currency) };
}

/** Withdraws an invoice; what has been paid of it becomes a credit. */
export function cancelInvoice(work: Work, invoiceId: string): Invoice {
  const invoice = work.need(INVOICES, invoiceId) as Invoice;
  requireMove(invoiceLifecycle, invoice, 'Cancelled');
  const { customerId, currency } = invoice;
  const paid = toMinor(invoice.totalAmount, currency) - amountDue(work, invoice);
  work.delete(BALANCES, invoiceId);
  const after = work.change(INVOICES, invoiceId, { status: 'Cancelled' }) as Invoice;
  work.notify('connectx/invoice-cancelled', { customerId, totalAmount: invoice.totalAmount, currency });
  if (paid > 0) {
    addCredit(work, customerId, currency, paid);
    useCredit(work, customerId, currency);
  }
  reinstateIfSettled(work, customerId);
  return after;
}

/** Adds to what the operator owes a customer. */
export function addCredit(work: Work, customerId: string, currency: string, amount: Minor): void {
  setCredit(work, customerId, currency, creditOf(work, customerId, currency) + amount);
}

/** Sets a customer's credit against their open invoices, the oldest first. No money moves, so no payment is announced. */
export function useCredit(work: Work, customerId: string, currency: string): void {
  let credit = creditOf(work, customerId, currency);
  if (credit <= 0) return;
  const filter = allOf(equals('customerId', customerId), equals('currency', currency), {
    op: 'in',
    path: 'status',
    value: OPEN_STATES,
  });
  const { items } = work.query(INVOICES, { filter });
  for (const invoice of items as readonly Invoice[]) {
    if (credit === 0) break;
    const used = Math.min(credit, amountDue(work, invoice));
    credit -= used;
    settle(work, invoice, used);
  }
  setCredit(work, customerId, currency, credit);
  work.notify('connectx/credit-used', { customerId, currency });
  reinstateIfSettled(work, customerId);
  if (work.get(CUSTOMERS, customerId)?.status === 'Terminated') refundCredits(work, customerId);
}

/** Pays out all that a customer has in credit: one who leaves has no further bill that it could pay. */
export function refundCredits(work: Work, customerId: string): void {
  const { items } = work.query(CREDITS, { filter: equals('customerId', customerId) });
  for (const { currency, credit } of items as readonly Credit[]) {
    if (credit <= 0) continue;
    setCredit(work, customerId, currency, 0);
    const refundId = `RFD-${String(work.nextNumber(REFUNDS)).padStart(6, '0')}`;
    const refund = {
      refundId,
      customerId,
      amount: fromMinor(credit, currency),
      currency,
      refundDate: toDate(work.now),
    };
    work.put(REFUNDS, refundId, refund);
    work.notify('connectx/credit-refunded', refund);
  }
}

/** Lets a customer who has a habit pay an invoice when it is their way to. */
export function schedulePayment(work: Work, invoice: Invoice): void {
  const { invoiceId, customerId } = invoice;
  const habit = work.get(HABITS, customerId) as Habit | undefined;
  if (habit === undefined) return;
  const due = habitualPayment(work.random('connectx/payment', invoiceId), habit.habit, invoice.dueDate);
  if (due === undefined) return;
  work.schedule({ key: `connectx/pay/${invoiceId}`, due, kind: 'connectx/pay', data: { invoiceId } });
}

/** When a customer with this habit pays; `undefined`: never. */
export function habitualPayment(random: RandomSource, habit: string, dueDate: string): Instant | undefined {
  const days =
    habit === 'prompt' ? -integerBetween(random, 1, 10) : habit === 'late' ? integerBetween(random, 3, 24) : undefined;
  if (days === undefined) return undefined;
  const officeHour = integerBetween(random, 8, 17) * HOUR + integerBetween(random, 0, 59) * MINUTE;
  return startOfDate(dueDate) + days * DAY + officeHour;
}

/** Pays what is left of an invoice, by the customer's usual means. */
export const payByHabit: TimerHandler = (work, data) => {
  const invoiceId = String(data.invoiceId);
  const invoice = work.get(INVOICES, invoiceId) as Invoice | undefined;
  if (invoice === undefined || !isOpen(invoice)) return;
  const habit = work.need(HABITS, invoice.customerId) as Habit;
  const amount = fromMinor(amountDue(work, invoice), invoice.currency);
  recordPayment(work, { invoiceId, amount, paymentMethod: habit.paymentMethod });
};

const OPEN_STATES = ['Open', 'Overdue'];

function isOpen(invoice: Invoice): boolean {
  return OPEN_STATES.includes(invoice.status);
}

function amountDue(work: Work, { invoiceId, totalAmount, currency }: Invoice): Minor {
  const balance = work.get(BALANCES, invoiceId);
  return balance === undefined ? toMinor(totalAmount, currency) : Number(balance.due);
}

/** Takes an amount off what is left of an invoice, and makes it Paid with the last part. */
function settle(work: Work, invoice: Invoice, amount: Minor): Invoice {
  const { invoiceId } = invoice;
  const due = amountDue(work, invoice) - amount;
  if (due > 0) {
    work.put(BALANCES, invoiceId, { invoiceId, due });
    return invoice;
  }
  work.delete(BALANCES, invoiceId);
  return work.change(INVOICES, invoiceId, { status: 'Paid' }) as Invoice;
}

interface Credit extends Entity {
  readonly currency: string;
  readonly credit: Minor;
}

function creditOf(work: Work, customerId: string, currency: string): Minor {
  return Number(work.get(CREDITS, `${customerId}/${currency}`)?.credit ?? 0);
}

function setCredit(work: Work, customerId: string, currency: string, credit: Minor): void {
  work.put(CREDITS, `${customerId}/${currency}`, { customerId, currency, credit });
}
