import type { Work } from '../../../engine/state/work.ts';
import type { ResourceRules } from '../../../engine/system.ts';
import { fromMinor, toMinor } from '../../../lib/money.ts';
import { plusDays } from '../../../operator/bill-days.ts';
import { localDate, localDay } from '../../../operator/local-time.ts';
import { CUSTOMERS, INVOICE_ACCOUNTS, INVOICES } from '../collections.ts';
import type { Customer, Invoice, LineItem } from '../entities.ts';
import { invoiceLifecycle } from '../lifecycles.ts';
import { termsOf } from './accounts.ts';
import { armDunning } from './dunning.ts';
import { planFor, planInstalments } from './instalments.ts';
import { accountOfInvoice, addCredit, type Holder, isOpen } from './ledger.ts';
import { schedulePayment } from './payment-habits.ts';
import { useCredit } from './payments.ts';
import { type BillingPolicy, billingPolicy } from './policy.ts';
import { refuseCredit } from './prepaid.ts';
import { type TaxFacts, taxOn } from './tax.ts';

/** What an invoice says before it has a number. */
export type InvoiceDraft = Pick<
  Invoice,
  'customerId' | 'invoiceDate' | 'dueDate' | 'totalAmount' | 'taxAmount' | 'currency' | 'lineItems'
>;

/** Invoices only come from billing; whatever becomes of one, the timers that wait for its payment follow. */
export const invoiceRules: ResourceRules = {
  lifecycle: invoiceLifecycle,
  changed: (work, { before, after }) => {
    if (after === undefined || (after.status === before?.status && after.dueDate === before?.dueDate)) return;
    const invoice = after as Invoice;
    armDunning(work, invoice, before?.status as string | undefined);
    // The next part of an invoice is paid as the one before it was.
    if (before !== undefined && after.dueDate !== before.dueDate && isOpen(invoice)) schedulePayment(work, invoice);
    if (invoice.status !== 'Overdue') return;
    const { customerId, invoiceId } = invoice;
    work.notify('connectx/invoice-overdue', { customerId, accountId: accountOfInvoice(work, invoiceId) });
  },
};

/** Adds up an invoice: `totalAmount` is the sum of the line items' amounts and `taxAmount`. */
export function draftInvoice(
  customer: Customer,
  facts: TaxFacts & {
    readonly lineItems: readonly LineItem[];
    readonly currency: string;
    /** `YYYY-MM-DD` */
    readonly invoiceDate: string;
    readonly isTaxed?: boolean;
    readonly dueDays?: number;
  },
  policy: BillingPolicy,
): InvoiceDraft {
  const { lineItems, currency, invoiceDate, isTaxed = true, dueDays = policy.dueDays } = facts;
  const net = lineItems.reduce((sum, { amount }) => sum + toMinor(amount, currency), 0);
  const tax = isTaxed ? taxOn(net, customer, policy, facts) : 0;
  return {
    customerId: customer.customerId,
    invoiceDate,
    dueDate: plusDays(invoiceDate, dueDays),
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

/** What an invoice is issued with beyond its line items. */
export interface IssueOptions {
  /** Whether tax is added; not to a note, whose amount includes it. Default: true. */
  readonly isTaxed?: boolean;
}

/**
 * Issues today's invoice over some line items, and sets what the customer has in credit against it; none where there is
 * nothing to bill. One that comes to nothing or less is settled as it is issued, and what it gives back is a credit.
 */
export function issueInvoice(
  work: Work,
  holder: Holder,
  currency: string,
  lineItems: readonly LineItem[],
  { isTaxed = true }: IssueOptions = {},
): Invoice | undefined {
  if (lineItems.length === 0) return undefined;
  const { customerId, accountId } = holder;
  const customer = work.need(CUSTOMERS, customerId) as Customer;
  const invoiceDate = localDate(work);
  const terms = termsOf(work, holder);
  const exemptions = terms?.exemptions ?? [];
  const dueDays = terms?.isPrepaid === true ? 0 : terms?.cycle?.dueDays;
  const facts = { lineItems, currency, invoiceDate, day: localDay(work, invoiceDate), exemptions, isTaxed, dueDays };
  const draft = draftInvoice(customer, facts, billingPolicy(work));
  const status = draft.totalAmount > 0 ? 'Open' : 'Paid';
  const numbers = numberInvoice(work, invoiceDate);
  const { invoiceId } = numbers;
  if (accountId !== undefined) work.put(INVOICE_ACCOUNTS, invoiceId, { invoiceId, accountId });
  work.create(INVOICES, Object.assign({ status }, numbers, draft));
  if (draft.totalAmount < 0) addCredit(work, holder, { currency, amount: -toMinor(draft.totalAmount, currency) });
  const plan = terms?.isPrepaid === true || status !== 'Open' ? undefined : planFor(work, terms?.plan);
  if (plan !== undefined) {
    planInstalments(work, { invoiceId, ...draft } as Invoice, plan, toMinor(draft.totalAmount, currency));
  }
  useCredit(work, holder, currency);
  const issued = work.need(INVOICES, invoiceId) as Invoice;
  if (issued.status === 'Open' && terms?.isPrepaid === true) return refuseCredit(work, issued);
  if (issued.status === 'Open') schedulePayment(work, issued);
  return issued;
}
