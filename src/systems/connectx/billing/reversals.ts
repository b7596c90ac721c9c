import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { fromMinor, type Minor, toMinor } from '../../../lib/money.ts';
import { Refusal } from '../../../model/command.ts';
import { localDate } from '../../../operator/local-time.ts';
import { INVOICES, PAYMENTS, REVERSALS } from '../collections.ts';
import type { Invoice, Payment } from '../entities.ts';
import { termsOf } from './accounts.ts';
import { creditsFrom, type Holder, noteUse, notifyBalance, reopen, takeCredit, usesOf } from './ledger.ts';
import { putRefund, requireAmount, useCredit } from './payments.ts';
import { refuseCredit } from './prepaid.ts';
import { addWriteOff, isWrittenOff } from './write-offs.ts';

/** Pays back a payment, or a part of it: what has paid nothing yet first, then what it paid last is owed again. */
export function refundPayment(work: Work, paymentId: string, requested?: number): Entity {
  const payment = work.need(PAYMENTS, paymentId) as Payment;
  const { customerId, currency } = payment;
  const left = leftOf(work, payment);
  if (requested !== undefined) requireAmount(requested, currency, 'refund the payment');
  const amount = requested === undefined ? left : toMinor(requested, currency);
  if (left === 0 || amount > left) throw beyond('refund', payment, left);
  const refund = putRefund(work, { paymentId, customerId, amount: fromMinor(amount, currency), currency });
  return { refund, ...takeBack(work, payment, amount) };
}

/** Takes all that is left of a payment back: it was booked in error, or its bank returned it (`ChargeBack`). */
export function reversePayment(work: Work, paymentId: string, kind: 'Reversal' | 'ChargeBack'): Entity {
  const payment = work.need(PAYMENTS, paymentId) as Payment;
  const { customerId, currency } = payment;
  const left = leftOf(work, payment);
  if (left === 0) throw beyond(kind === 'Reversal' ? 'reverse' : 'charge back', payment, left);
  const reversalId = `REV-${String(work.nextNumber(REVERSALS)).padStart(6, '0')}`;
  const amount = fromMinor(left, currency);
  const reversal = { reversalId, kind, paymentId, customerId, amount, currency, reversalDate: localDate(work) };
  work.put(REVERSALS, reversalId, reversal);
  return { [kind === 'Reversal' ? 'reversal' : 'chargeBack']: reversal, ...takeBack(work, payment, left) };
}

/** What of a payment has not been paid back or returned yet. */
function leftOf(work: Work, payment: Payment): Minor {
  const used = usesOf(payment).reduce((sum, { amount }) => sum + amount, 0);
  return creditsFrom(work, payment.paymentId).reduce((sum, { left }) => sum + left, used);
}

function takeBack(work: Work, payment: Payment, amount: Minor): Entity {
  const { paymentId, customerId, accountId, currency } = payment;
  let left = amount;
  for (const credit of creditsFrom(work, paymentId)) {
    const taken = Math.min(left, credit.left);
    if (taken === 0) break;
    takeCredit(work, credit, taken);
    left -= taken;
  }
  const invoices: Invoice[] = [];
  let lost = 0;
  for (const { invoiceId, amount: used } of usesOf(payment).toReversed()) {
    const taken = Math.min(left, used);
    if (taken === 0) break;
    left -= taken;
    noteUse(work, paymentId, invoiceId, -taken);
    const invoice = work.need(INVOICES, invoiceId) as Invoice;
    if (!isWrittenOff(work, invoiceId)) {
      invoices.push(reopen(work, invoice, taken));
      continue;
    }
    // Nobody expects it to be paid any more: what was paid of it is lost as well.
    addWriteOff(work, invoice, taken);
    lost += taken;
  }
  const holder = { customerId, accountId };
  notifyBalance(work, holder, amount - lost, currency);
  if (termsOf(work, holder)?.isPrepaid === true) refuseUnpaid(work, holder, currency, invoices);
  const present = invoices.map(({ invoiceId }) => work.need(INVOICES, invoiceId));
  return { payment: work.need(PAYMENTS, paymentId), invoices: present };
}

/** Who pays before use is served no further than the money goes that has stayed. */
function refuseUnpaid(work: Work, holder: Holder, currency: string, invoices: readonly Invoice[]): void {
  useCredit(work, holder, currency);
  for (const { invoiceId } of invoices) {
    const invoice = work.need(INVOICES, invoiceId) as Invoice;
    if (invoice.status === 'Open') refuseCredit(work, invoice);
  }
}

function beyond(what: string, { paymentId, currency }: Payment, left: Minor): Refusal {
  const remaining = fromMinor(left, currency);
  return new Refusal(
    409,
    'PAYMENT_EXHAUSTED',
    `Failed to ${what} the payment: ${remaining} ${currency} of ${paymentId} is left. ${left === 0 ? 'Choose another payment' : 'Ask for at most that'}.`,
    { details: { remaining } },
  );
}
