import type { Work } from '../../../engine/state/work.ts';
import type { TimerHandler } from '../../../engine/system.ts';
import { fromMinor, type Minor, percentOf, toMinor } from '../../../lib/money.ts';
import { plusDays } from '../../../operator/bill-days.ts';
import { localDate } from '../../../operator/local-time.ts';
import { CUSTOMERS, DEBTS, DUNNING, INVOICES, RESTRICTIONS } from '../collections.ts';
import { terminateCustomer } from '../customers.ts';
import type { Customer, Invoice } from '../entities.ts';
import { addCharges } from './charges.ts';
import type { DunningStep } from './dunning.ts';
import { dueBy } from './instalments.ts';
import { accountOfInvoice, amountDue } from './ledger.ts';
import { billingPolicy } from './policy.ts';
import { writeOffInvoice } from './write-offs.ts';

/** What becomes of an invoice that stays unpaid, by the kind of the timer that brings it. */
export const dunningTimers: Readonly<Record<string, TimerHandler>> = {
  overdue: (work, { invoiceId }) => {
    const invoice = work.get(INVOICES, String(invoiceId)) as Invoice | undefined;
    if (invoice?.status === 'Open') work.change(INVOICES, invoice.invoiceId, { status: 'Overdue' });
  },
  remind: step('reminder', () => true),
  'charge-late-fee': step('lateFee', (work, invoice, { status }) => {
    // One who has left gets no further bill.
    if (status === 'Terminated') return false;
    const { lateFee, lateFeePercent } = billingPolicy(work);
    const { customerId, currency, invoiceId } = invoice;
    const fee = toMinor(lateFee, currency) + percentOf(amountOverdue(work, invoice), lateFeePercent);
    if (fee <= 0) return false;
    const amount = fromMinor(fee, currency);
    const description = `Late payment fee for ${invoiceId}`;
    const holder = { customerId, accountId: accountOfInvoice(work, invoiceId) };
    addCharges(work, holder, currency, [{ description, quantity: 1, unitPrice: amount, amount }]);
    return true;
  }),
  restrict: step('restriction', (work, { customerId }, { status }) => {
    if (status !== 'Active' && status !== 'Inactive') return false;
    work.put(RESTRICTIONS, customerId, { customerId, since: localDate(work) });
    return true;
  }),
  'suspend-for-debt': step('suspension', (work, { invoiceId }, { customerId, status }) => {
    // One that the operator holds already stays held for that reason: paying would not lift it.
    if (status !== 'Active' && status !== 'Inactive') return false;
    work.put(DEBTS, customerId, { customerId, invoiceId });
    work.change(CUSTOMERS, customerId, { status: 'Suspended' });
    return true;
  }),
  'terminate-for-debt': step('termination', (work, _invoice, { customerId, status }) => {
    if (status === 'Terminated') return false;
    terminateCustomer(work, customerId);
    return true;
  }),
  'hand-to-collection': step('collection', () => true),
  'write-off': step('writeOff', (work, { invoiceId }) => {
    writeOffInvoice(work, invoiceId);
    return true;
  }),
};

/** What of an invoice should have been paid by now. */
function amountOverdue(work: Work, invoice: Invoice): Minor {
  return dueBy(work, invoice, amountDue(work, invoice), plusDays(localDate(work), -1));
}

/** A step of the ladder: taken where its invoice is still overdue and its conditions are met, and noted then. */
function step(name: DunningStep, take: (work: Work, invoice: Invoice, customer: Customer) => boolean): TimerHandler {
  return (work, data) => {
    const invoice = work.get(INVOICES, String(data.invoiceId)) as Invoice | undefined;
    if (invoice?.status !== 'Overdue') return;
    const { invoiceId, customerId, currency } = invoice;
    const customer = work.need(CUSTOMERS, customerId) as Customer;
    const due = amountOverdue(work, invoice);
    const { minimumAmount = 0, customerTypes } = billingPolicy(work).dunningConditions[name] ?? {};
    if (due < toMinor(minimumAmount, currency)) return;
    if (customerTypes !== undefined && !customerTypes.includes(customer.customerType)) return;
    const amount = fromMinor(due, currency);
    const isTaken = take(work, invoice, customer);
    if (!isTaken) return;
    const stepId = `DUN-${String(work.nextNumber(DUNNING)).padStart(6, '0')}`;
    work.put(DUNNING, stepId, { stepId, step: name, customerId, invoiceId, amount, currency, date: localDate(work) });
    const accountId = accountOfInvoice(work, invoiceId);
    work.notify('connectx/dunning-step', { step: name, customerId, accountId, invoiceId, amount, currency });
  };
}
