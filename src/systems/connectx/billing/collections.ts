import { equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import type { TimerHandler } from '../../../engine/system.ts';
import { fromMinor, type Minor } from '../../../lib/money.ts';
import { DAY } from '../../../lib/time.ts';
import { plusDays } from '../../../operator/bill-days.ts';
import { localClock, localDate, localInstant, startOfLocalDate } from '../../../operator/local-time.ts';
import { COLLECTIONS, CUSTOMERS, INVOICES, MEANS } from '../collections.ts';
import type { Invoice } from '../entities.ts';
import { dueBy } from './instalments.ts';
import { accountOfInvoice, amountDue, isOpen } from './ledger.ts';
import { recordPayment } from './payments.ts';
import { billingPolicy } from './policy.ts';

/** The means of payment that a customer has on file. */
export interface Means extends Entity {
  readonly customerId: string;
  /** As the event contract names them. */
  readonly type: string;
  /** How many of the next attempts the bank refuses. */
  readonly failures: number;
  /** What the bank then says. */
  readonly reason: string;
}

/** The means that the operator collects by; by others, the customer pays. */
const COLLECTABLE: readonly string[] = ['DirectDebit', 'CreditCard'];

const USUAL_REASON = 'insufficient funds';

/**
 * Puts a means of payment on file in place of the one that was, or takes it off with `None`; from then on, what is open
 * is collected by it on its own schedule.
 */
export function setPaymentMethod(
  work: Work,
  customerId: string,
  method: { readonly type: string; readonly failures?: number; readonly reason?: string },
): Entity {
  work.need(CUSTOMERS, customerId);
  const { type, failures = 0, reason = USUAL_REASON } = method;
  if (type === 'None') work.delete(MEANS, customerId);
  else work.put(MEANS, customerId, { customerId, type, failures, reason });
  const { items } = work.query(INVOICES, { filter: equals('customerId', customerId) });
  for (const invoice of (items as readonly Invoice[]).filter(isOpen)) {
    work.cancel(`connectx/pay/${invoice.invoiceId}`);
    work.cancel(`connectx/collect/${invoice.invoiceId}`);
    scheduleCollection(work, invoice);
  }
  work.notify('connectx/payment-method-changed', { customerId, type });
  return { customerId, method: type };
}

/** Lets the means on file pay an invoice when it is due, or at once where that has passed. */
export function scheduleCollection(work: Work, { invoiceId, customerId, dueDate }: Invoice): void {
  const means = work.get(MEANS, customerId) as Means | undefined;
  if (means === undefined || !COLLECTABLE.includes(means.type)) return;
  const day = startOfLocalDate(work, plusDays(dueDate, -billingPolicy(work).collectionLeadDays));
  schedule(work, invoiceId, 1, Math.max(day, work.now));
}

/** What is paid next of an invoice: all that is left, or what of its parts is due. */
export function amountToCollect(work: Work, invoice: Invoice): Minor {
  const today = localDate(work);
  const date = invoice.dueDate > today ? invoice.dueDate : today;
  return dueBy(work, invoice, amountDue(work, invoice), date);
}

/** Collects what is left of an invoice; where the bank refuses, again some days later, as often as the policy says. */
export const collect: TimerHandler = (work, data) => {
  const invoiceId = String(data.invoiceId);
  const attempt = Number(data.attempt);
  const invoice = work.get(INVOICES, invoiceId) as Invoice | undefined;
  if (invoice === undefined || !isOpen(invoice)) return;
  const { customerId, currency } = invoice;
  const means = work.get(MEANS, customerId) as Means | undefined;
  if (means === undefined) return;
  const amount = fromMinor(amountToCollect(work, invoice), currency);
  const policy = billingPolicy(work);
  const isRefused =
    means.failures > 0 || work.random('connectx/collect', invoiceId, attempt)() < policy.collectionFailureRate;
  const collectionId = `COL-${String(work.nextNumber(COLLECTIONS)).padStart(6, '0')}`;
  work.put(COLLECTIONS, collectionId, {
    collectionId,
    invoiceId,
    customerId,
    amount,
    currency,
    paymentMethod: means.type,
    collectionDate: localDate(work),
    attempt,
    status: isRefused ? 'Failed' : 'Collected',
    ...(isRefused && { reason: means.reason }),
  });
  if (!isRefused) {
    recordPayment(work, { invoiceId, amount, paymentMethod: means.type });
    return;
  }
  if (means.failures > 0) work.put(MEANS, customerId, { ...means, failures: means.failures - 1 });
  const accountId = accountOfInvoice(work, invoiceId);
  const { reason } = means;
  work.notify('connectx/collection-failed', { customerId, accountId, invoiceId, amount, currency, attempt, reason });
  const wait = policy.collectionRetryDays[attempt - 1];
  if (wait === undefined) return;
  schedule(work, invoiceId, attempt + 1, localInstant(work, localClock(work) + wait * DAY));
};

function schedule(work: Work, invoiceId: string, attempt: number, due: number): void {
  const key = `connectx/collect/${invoiceId}`;
  work.schedule({ key, due, kind: 'connectx/collect', data: { invoiceId, attempt } });
}
