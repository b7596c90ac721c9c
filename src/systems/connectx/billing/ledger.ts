import { allOf, equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { fromMinor, type Minor, toMinor } from '../../../lib/money.ts';
import { localDate } from '../../../operator/local-time.ts';
import { BALANCES, CREDITS, INVOICE_ACCOUNTS, INVOICES, PAYMENTS } from '../collections.ts';
import type { Invoice, Payment } from '../entities.ts';
import { stateOfInstalments } from './instalments.ts';

// Who owes what: invoices with what is left of them, and credits with where they came from. An invariant test adds it
// all up: what is open less what is unused is what the billing account shows.

/** Whose money it is; without an account, that of the customer's first one. */
export interface Holder {
  readonly customerId: string;
  readonly accountId?: string;
}

/** Money of a customer's that has paid nothing yet. */
interface Credit extends Entity {
  readonly creditId: string;
  readonly customerId: string;
  readonly accountId?: string;
  readonly currency: string;
  readonly left: Minor;
  /** The payment that it came with; none for what the operator has given. */
  readonly paymentId?: string;
}

const OPEN_STATES: readonly string[] = ['Open', 'Overdue'];

export function isOpen({ status }: Pick<Invoice, 'status'>): boolean {
  return OPEN_STATES.includes(status);
}

/** What is left to pay on an invoice; nothing, unless it is Open or Overdue. */
export function amountDue(work: Pick<Work, 'get'>, invoice: Invoice): Minor {
  if (!isOpen(invoice)) return 0;
  const balance = work.get(BALANCES, invoice.invoiceId);
  return balance === undefined ? toMinor(invoice.totalAmount, invoice.currency) : Number(balance.due);
}

/** Open invoices of a holder, in one currency or in all, oldest first. */
export function openInvoices(work: Work, { customerId, accountId }: Holder, currency?: string): readonly Invoice[] {
  const of = (status: string) =>
    work.query(INVOICES, { filter: allOf(equals('customerId', customerId), equals('status', status)) })
      .items as readonly Invoice[];
  return OPEN_STATES.flatMap(of)
    .filter(
      (invoice) =>
        (currency === undefined || invoice.currency === currency) &&
        accountOfInvoice(work, invoice.invoiceId) === accountId,
    )
    .sort((a, b) => (a.invoiceId < b.invoiceId ? -1 : 1));
}

/** The account that an invoice is owed on, where it is not the customer's first. */
export function accountOfInvoice(work: Pick<Work, 'get'>, invoiceId: string): string | undefined {
  const account = work.get(INVOICE_ACCOUNTS, invoiceId)?.accountId;
  return account === undefined ? undefined : String(account);
}

/** Takes an amount off what is left of an invoice, and makes it Paid with the last part. */
export function settle(work: Work, invoice: Invoice, amount: Minor): Invoice {
  const { invoiceId } = invoice;
  const due = amountDue(work, invoice) - amount;
  if (due > 0) {
    work.put(BALANCES, invoiceId, { invoiceId, due });
    const state = stateOfInstalments(work, invoice, due);
    return state === undefined ? invoice : (work.change(INVOICES, invoiceId, state) as Invoice);
  }
  work.delete(BALANCES, invoiceId);
  return work.change(INVOICES, invoiceId, { status: 'Paid' }) as Invoice;
}

/** Makes a part of an invoice owed again: Open, or Overdue where its due date has passed. */
export function reopen(work: Work, invoice: Invoice, amount: Minor): Invoice {
  const { invoiceId, totalAmount, currency, dueDate } = invoice;
  const due = amountDue(work, invoice) + amount;
  if (due === toMinor(totalAmount, currency)) work.delete(BALANCES, invoiceId);
  else work.put(BALANCES, invoiceId, { invoiceId, due });
  const state = stateOfInstalments(work, invoice, due);
  if (state === undefined && isOpen(invoice)) return invoice;
  const whole = { status: localDate(work) > dueDate ? 'Overdue' : 'Open' };
  return work.change(INVOICES, invoiceId, state ?? whole) as Invoice;
}

/** Adds to what the operator owes a customer. */
export function addCredit(
  work: Work,
  { customerId, accountId }: Holder,
  credit: { readonly currency: string; readonly amount: Minor; readonly paymentId?: string },
): void {
  const { currency, amount, paymentId } = credit;
  const creditId = `CRD-${String(work.nextNumber(CREDITS)).padStart(6, '0')}`;
  work.put(CREDITS, creditId, {
    creditId,
    customerId,
    ...(accountId !== undefined && { accountId }),
    currency,
    left: amount,
    ...(paymentId !== undefined && { paymentId }),
  });
}

/** What a customer has in credit, oldest first. */
export function creditsOf(work: Pick<Work, 'query'>, customerId: string): readonly Credit[] {
  return work.query(CREDITS, { filter: equals('customerId', customerId) }).items as readonly Credit[];
}

/** What is left of a payment that has paid nothing yet. */
export function creditsFrom(work: Pick<Work, 'query'>, paymentId: string): readonly Credit[] {
  return work.query(CREDITS, { filter: equals('paymentId', paymentId) }).items as readonly Credit[];
}

/** Takes an amount off a credit, which is gone with the last of it. */
export function takeCredit(work: Work, credit: Credit, amount: Minor): void {
  if (amount < credit.left) work.put(CREDITS, credit.creditId, { ...credit, left: credit.left - amount });
  else work.delete(CREDITS, credit.creditId);
}

/** Pays a holder's open invoices from their credits, both oldest first; answers whether anything was paid. */
export function payFromCredit(work: Work, holder: Holder, currency: string): boolean {
  const credits = creditsOf(work, holder.customerId).filter(
    (credit) => credit.currency === currency && credit.accountId === holder.accountId,
  );
  if (credits.length === 0) return false;
  let hasPaid = false;
  let open = openInvoices(work, holder, currency);
  for (const credit of credits) {
    let { left } = credit;
    while (left > 0 && open[0] !== undefined) {
      const [invoice] = open;
      const used = Math.min(left, amountDue(work, invoice));
      left -= used;
      hasPaid = true;
      if (credit.paymentId !== undefined) noteUse(work, credit.paymentId, invoice.invoiceId, used);
      if (!isOpen(settle(work, invoice, used))) open = open.slice(1);
    }
    if (left < credit.left) takeCredit(work, credit, credit.left - left);
  }
  return hasPaid;
}

/** What a payment has paid, the first use first. */
export interface Use {
  readonly invoiceId: string;
  readonly amount: Minor;
}

/** What a payment has paid of which invoices. */
export function usesOf({ uses, invoiceId, amount, currency }: Payment): readonly Use[] {
  // As a rule it has paid the invoice that it came for, and nothing has to be kept about that.
  return uses ?? [{ invoiceId, amount: toMinor(amount, currency) }];
}

/** Notes that a payment has paid a part of an invoice, or, with a negative amount, no longer does. */
export function noteUse(work: Work, paymentId: string, invoiceId: string, amount: Minor): void {
  const payment = work.need(PAYMENTS, paymentId) as Payment;
  const uses = usesOf(payment);
  const known = uses.find((use) => use.invoiceId === invoiceId);
  const after = { invoiceId, amount: (known?.amount ?? 0) + amount };
  const others = known === undefined ? [...uses, after] : uses.map((use) => (use === known ? after : use));
  work.put(PAYMENTS, paymentId, { ...payment, uses: others.filter((use) => use.amount > 0) });
}

/** Lets links know that a customer owes more (positive), less, or the same in another state. */
export function notifyBalance(work: Work, { customerId, accountId }: Holder, amount: Minor, currency: string): void {
  work.notify('connectx/balance-changed', {
    customerId,
    ...(accountId !== undefined && { accountId }),
    amount: fromMinor(amount, currency),
    currency,
  });
}
