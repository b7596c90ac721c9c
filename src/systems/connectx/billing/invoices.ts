import type { Work } from '../../../engine/state/work.ts';
import type { ResourceRules } from '../../../engine/system.ts';
import { fromMinor, toMinor } from '../../../lib/money.ts';
import { toDate } from '../../../lib/time.ts';
import { plusDays } from '../../../operator/bill-days.ts';
import { INVOICES } from '../collections.ts';
import type { Customer, Invoice, LineItem } from '../entities.ts';
import { invoiceLifecycle } from '../lifecycles.ts';
import { armDunning } from './dunning.ts';
import { addCredit, schedulePayment, useCredit } from './payments.ts';
import { type BillingPolicy, billingPolicy } from './policy.ts';
import { type TaxFacts, taxOn } from './tax.ts';
import { exemptionsOf } from './tax-exemptions.ts';

/** What an invoice says before it has a number. */
export type InvoiceDraft = Pick<
  Invoice,
  'customerId' | 'invoiceDate' | 'dueDate' | 'totalAmount' | 'taxAmount' | 'currency' | 'lineItems'
>;

/** Invoices only come from billing; whatever becomes of one, the timers that wait for its payment follow. */
export const invoiceRules: ResourceRules = {
  lifecycle: invoiceLifecycle,
  changed: (work, { before, after }) => {
    if (after !== undefined && after.status !== before?.status)
      armDunning(work, after as Invoice, before?.status as string);
  },
};

/** Adds up an invoice: `totalAmount` is the sum of the line items' amounts and `taxAmount`. */
export function draftInvoice(
  customer: Customer,
  facts: TaxFacts & { readonly lineItems: readonly LineItem[]; readonly currency: string },
  policy: BillingPolicy,
): InvoiceDraft {
  const { lineItems, currency, invoiceDate } = facts;
  const net = lineItems.reduce((sum, { amount }) => sum + toMinor(amount, currency), 0);
  const tax = taxOn(net, customer, policy, facts);
  return {
    customerId: customer.customerId,
    invoiceDate,
    dueDate: plusDays(invoiceDate, policy.dueDays),
    totalAmount: fromMinor(net + tax, currency),
    taxAmount: fromMinor(tax, currency),
    currency,
    lineItems,
  };
}

/** The next number of the year's series, which has no gaps: a command that fails gives its number back. */
export function numberInvoice(work: Work, invoiceDate: string): Pick<Invoice, 'invoiceId' | 'invoiceNumber'> {
  const year = invoiceDate.slice(0, 4);
  const number = work.nextNumber(`connectx/$invoices/${year}`);
  const invoiceNumber = `${year}-${String(number).padStart(6, '0')}`;
  return { invoiceId: `INV-${invoiceNumber}`, invoiceNumber };
}

/**
 * Issues today's invoice over some line items, and sets what the customer has in credit against it; none where there is
 * nothing to bill. One that comes to nothing or less is settled as it is issued, and what it gives back is a credit.
 */
export function issueInvoice(
  work: Work,
  customer: Customer,
  currency: string,
  lineItems: readonly LineItem[],
): Invoice | undefined {
  if (lineItems.length === 0) return undefined;
  const invoiceDate = toDate(work.now);
  const exemptions = exemptionsOf(work, customer.customerId);
  const draft = draftInvoice(customer, { lineItems, currency, invoiceDate, exemptions }, billingPolicy(work));
  const status = draft.totalAmount > 0 ? 'Open' : 'Paid';
  const numbers = numberInvoice(work, invoiceDate);
  const invoice = work.create(INVOICES, Object.assign({ status }, numbers, draft)) as Invoice;
  if (draft.totalAmount < 0) addCredit(work, customer.customerId, currency, -toMinor(draft.totalAmount, currency));
  useCredit(work, customer.customerId, currency);
  const issued = work.need(INVOICES, invoice.invoiceId) as Invoice;
  if (issued.status === 'Open') schedulePayment(work, issued);
  return issued;
}
