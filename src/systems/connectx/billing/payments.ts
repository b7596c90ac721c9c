import { requireMove } from '../../../engine/lifecycle/lifecycle.ts';
import { equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { fromMinor, isExact, type Minor, toMinor } from '../../../lib/money.ts';
import { Refusal } from '../../../model/command.ts';
import { localDate } from '../../../operator/local-time.ts';
import { BALANCES, CUSTOMERS, INVOICES, PAYMENTS, REFUNDS } from '../collections.ts';
import type { Invoice, Payment } from '../entities.ts';
import { invoiceLifecycle } from '../lifecycles.ts';
import { currencyOf } from './currency.ts';
import { reinstateIfSettled } from './dunning.ts';
import {
  accountOfInvoice,
  addCredit,
  amountDue,
  creditsOf,
  type Holder,
  isOpen,
  noteUse,
  notifyBalance,
  payFromCredit,
  settle,
  takeCredit,
  usesOf,
} from './ledger.ts';
import { billingPolicy } from './policy.ts';

/** A payment as it comes in; `amount` is in the invoice's currency. */
export interface PaymentRequest {
  readonly invoiceId: string;
  readonly amount: number;
  readonly paymentMethod: string;
}

/** What came of a payment. */
export interface PaymentResult {
  readonly payment: Payment;
  readonly invoice: Invoice;
  /** What is left to pay on the invoice. */
  readonly remaining: number;
  /** What was paid beyond that, and waits as a credit for the customer's next bill. */
  readonly credited: number;
}

/**
 * Books a payment to an invoice. The last part makes it Paid; a part leaves it as it is, with the rest remembered. What
 * is more than is left is a credit, or refused with 409 by policy, as is any payment to an invoice that is Paid or
 * Cancelled.
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
  requireAmount(request.amount, currency, 'record the payment');
  const due = amountDue(work, invoice);
  const paid = toMinor(request.amount, currency);
  const excess = Math.max(0, paid - due);
  if (excess > 0 && billingPolicy(work).overpayment === 'refuse') {
    const left = fromMinor(due, currency);
    throw new Refusal(
      409,
      'PAYMENT_TOO_HIGH',
      `Failed to record the payment: ${request.amount} ${currency} is more than the ${left} ${currency} left on invoice ${invoiceId}. Pay at most that.`,
      { details: { remaining: left } },
    );
  }
  const accountId = accountOfInvoice(work, invoiceId);
  const payment: Payment = {
    paymentId: `PAY-${String(work.nextNumber(PAYMENTS)).padStart(6, '0')}`,
    invoiceId,
    customerId,
    amount: request.amount,
    currency,
    paymentMethod: request.paymentMethod,
    paymentDate: localDate(work),
  };
  work.put(PAYMENTS, payment.paymentId, {
    ...payment,
    ...(accountId !== undefined && { accountId }),
    ...(excess > 0 && { uses: [{ invoiceId, amount: due }] }),
  });
  const holder = { customerId, accountId };
  const after = settle(work, invoice, paid - excess);
  if (excess > 0) {
    addCredit(work, holder, { currency, amount: excess, paymentId: payment.paymentId });
    payFromCredit(work, holder, currency);
  }
  work.emit('billing/payment/received', payment);
  reinstateIfSettled(work, customerId);
  refundIfGone(work, customerId);
  return {
    payment,
    invoice: after,
    remaining: fromMinor(due - paid + excess, currency),
    credited: fromMinor(excess, currency),
  };
}

/** Money that comes without an invoice. */
export interface TopUpRequest {
  readonly customerId: string;
  readonly amount: number;
  readonly paymentMethod: string;
}

/** Books money in advance of any bill: it pays what is open, and then waits as a credit. */
export function topUp(work: Work, { customerId, amount, paymentMethod }: TopUpRequest): Entity {
  work.need(CUSTOMERS, customerId);
  const currency = currencyOf(work, customerId);
  requireAmount(amount, currency, 'top up the account');
  const paymentId = `PAY-${String(work.nextNumber(PAYMENTS)).padStart(6, '0')}`;
  const payment = { paymentId, customerId, amount, currency, paymentMethod, paymentDate: localDate(work) };
  work.put(PAYMENTS, paymentId, { ...payment, uses: [] });
  const holder = { customerId };
  addCredit(work, holder, { currency, amount: toMinor(amount, currency), paymentId });
  payFromCredit(work, holder, currency);
  work.emit('billing/payment/received', payment);
  reinstateIfSettled(work, customerId);
  refundIfGone(work, customerId);
  return { payment };
}

/** Withdraws an invoice; what has been paid of it becomes a credit. */
export function cancelInvoice(work: Work, invoiceId: string): Invoice {
  const invoice = work.need(INVOICES, invoiceId) as Invoice;
  requireMove(invoiceLifecycle, invoice, 'Cancelled');
  const { customerId, currency } = invoice;
  const holder = { customerId, accountId: accountOfInvoice(work, invoiceId) };
  const total = toMinor(invoice.totalAmount, currency);
  const paid = total - amountDue(work, invoice);
  work.delete(BALANCES, invoiceId);
  const after = work.change(INVOICES, invoiceId, { status: 'Cancelled' }) as Invoice;
  notifyBalance(work, holder, -total, currency);
  if (paid > 0) {
    const withoutPayment = paid - freePayments(work, invoice, holder);
    if (withoutPayment > 0) addCredit(work, holder, { currency, amount: withoutPayment });
    useCredit(work, holder, currency);
  }
  reinstateIfSettled(work, customerId);
  return after;
}

/** Turns what payments have paid of an invoice into credits of those payments; answers how much that is. */
function freePayments(work: Work, { invoiceId, currency, customerId }: Invoice, holder: Holder): Minor {
  let freed = 0;
  const payments = work.query(PAYMENTS, { filter: equals('customerId', customerId) }).items as readonly Payment[];
  for (const payment of payments) {
    const use = usesOf(payment).find((each) => each.invoiceId === invoiceId);
    if (use === undefined) continue;
    const { paymentId } = payment;
    noteUse(work, paymentId, invoiceId, -use.amount);
    addCredit(work, holder, { currency, amount: use.amount, paymentId });
    freed += use.amount;
  }
  return freed;
}

/** Sets a customer's credit against their open invoices, the oldest first. No money moves, so no payment is announced. */
export function useCredit(work: Work, holder: Holder, currency: string): void {
  const { customerId } = holder;
  if (payFromCredit(work, holder, currency)) {
    notifyBalance(work, holder, 0, currency);
    reinstateIfSettled(work, customerId);
  }
  refundIfGone(work, customerId);
}

/** Pays out all that a customer has in credit: one who leaves has no further bill that it could pay. */
export function refundCredits(work: Work, customerId: string): void {
  const totals = new Map<string, { holder: Holder; currency: string; amount: Minor }>();
  for (const credit of creditsOf(work, customerId)) {
    const { accountId, currency, left } = credit;
    const key = `${String(accountId)}/${currency}`;
    const known = totals.get(key) ?? { holder: { customerId, accountId }, currency, amount: 0 };
    totals.set(key, { ...known, amount: known.amount + left });
    takeCredit(work, credit, left);
  }
  for (const { holder, currency, amount } of totals.values()) {
    const refund = putRefund(work, { customerId, amount: fromMinor(amount, currency), currency });
    notifyBalance(work, holder, toMinor(Number(refund.amount), currency), currency);
  }
}

/** Pays out what a customer has in credit on one account that is no more; without one of its own, on the first. */
export function payOutCredit(work: Work, accountId: string, { customerId, accountId: own }: Holder): void {
  for (const credit of creditsOf(work, customerId).filter((each) => each.accountId === own)) {
    const { currency, left } = credit;
    takeCredit(work, credit, left);
    putRefund(work, { customerId, amount: fromMinor(left, currency), currency });
    notifyBalance(work, { customerId, accountId }, left, currency);
  }
}

/** Writes down what is paid out to a customer. */
export function putRefund(
  work: Work,
  refund: {
    readonly customerId: string;
    readonly amount: number;
    readonly currency: string;
    readonly paymentId?: string;
  },
): Entity {
  const refundId = `RFD-${String(work.nextNumber(REFUNDS)).padStart(6, '0')}`;
  const entity = { refundId, ...refund, refundDate: localDate(work) };
  work.put(REFUNDS, refundId, entity);
  return entity;
}

/** Refuses with 400 an amount of money that is not above nothing, or finer than its currency. */
export function requireAmount(amount: number, currency: string, what: string): void {
  if (amount > 0 && isExact(amount, currency)) return;
  throw new Refusal(
    400,
    'INVALID_REQUEST',
    `Failed to ${what}: the amount must be positive, and no finer than ${currency}. Send more than zero.`,
    {
      violations: [
        { in: 'body', path: '/amount', message: `must be above 0 and have no more decimals than ${currency} has` },
      ],
    },
  );
}

function refundIfGone(work: Work, customerId: string): void {
  if (work.get(CUSTOMERS, customerId)?.status === 'Terminated') refundCredits(work, customerId);
}
