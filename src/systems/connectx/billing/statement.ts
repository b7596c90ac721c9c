import { equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { fromMinor, toMinor } from '../../../lib/money.ts';
import {
  ADJUSTMENTS,
  COLLECTIONS,
  CUSTOMERS,
  DUNNING,
  INVOICES,
  MEANS,
  PAYMENTS,
  REFUNDS,
  RESTRICTIONS,
  REVERSALS,
  WRITE_OFFS,
} from '../collections.ts';
import type { Invoice, Payment } from '../entities.ts';
import { describeInstalments } from './instalments.ts';
import { amountDue, creditsOf, isOpen, usesOf } from './ledger.ts';

/**
 * Everything about the money of a customer, each oldest first: what was billed and how much of it is left, what was
 * paid and for which invoices, what went back, what was tried to collect, the steps of dunning; and what it all comes to.
 */
export function readAccount(work: Work, customerId: string): Entity {
  work.need(CUSTOMERS, customerId);
  const of = (collection: string) => work.query(collection, { filter: equals('customerId', customerId) }).items;
  const invoices = (of(INVOICES) as readonly Invoice[]).map((invoice) => {
    const { invoiceId, invoiceDate, dueDate, status, totalAmount, currency } = invoice;
    const amount = fromMinor(amountDue(work, invoice), currency);
    const instalments = describeInstalments(work, invoice, amountDue(work, invoice));
    const inParts = instalments.length > 0 && { instalments };
    return { invoiceId, invoiceDate, dueDate, status, totalAmount, amountDue: amount, currency, ...inParts };
  });
  const payments = (of(PAYMENTS) as readonly Payment[]).map((payment) => {
    const { uses: _, ...shown } = payment;
    const paid = usesOf(payment).map((use) => ({
      invoiceId: use.invoiceId,
      amount: fromMinor(use.amount, payment.currency),
    }));
    return { ...shown, paid };
  });
  const credits = creditsOf(work, customerId).map(({ left, ...credit }) => ({
    ...credit,
    amount: fromMinor(left, credit.currency),
  }));
  const method = work.get(MEANS, customerId)?.type;
  return {
    customerId,
    balances: balancesOf(invoices, credits),
    ...(method !== undefined && { paymentMethod: method }),
    isRestricted: work.get(RESTRICTIONS, customerId) !== undefined,
    invoices,
    payments,
    credits,
    refunds: of(REFUNDS),
    reversals: of(REVERSALS),
    adjustments: of(ADJUSTMENTS),
    writeOffs: of(WRITE_OFFS).map(({ lost: _, ...writeOff }) => writeOff),
    collections: of(COLLECTIONS),
    dunning: of(DUNNING),
  };
}

/**
 * What all customers owe or, negative, have in credit, in each currency; without those for whom it is nothing. Whoever keeps
 * the accounts can be asked whether they agree.
 */
export function listBalances(work: Work): Entity {
  const balances = work.query(CUSTOMERS).items.flatMap(({ customerId }) => {
    const id = String(customerId);
    const invoices = openInvoicesOf(work, id).map((invoice) => ({
      amountDue: fromMinor(amountDue(work, invoice), invoice.currency),
      currency: invoice.currency,
    }));
    const credits = creditsOf(work, id).map(({ left, currency }) => ({ amount: fromMinor(left, currency), currency }));
    return balancesOf(invoices, credits)
      .filter(({ amount }) => amount !== 0)
      .map((balance) => ({ customerId: id, ...balance }));
  });
  return { balances };
}

function openInvoicesOf(work: Work, customerId: string): readonly Invoice[] {
  const invoices = work.query(INVOICES, { filter: equals('customerId', customerId) }).items as readonly Invoice[];
  return invoices.filter(isOpen);
}

interface Amount {
  readonly amount: number;
  readonly currency: string;
}

/** What is owed in each currency: what is left of invoices less what is in credit. */
function balancesOf(
  invoices: readonly { readonly amountDue: number; readonly currency: string }[],
  credits: readonly Amount[],
): readonly Amount[] {
  const owed = invoices.map((invoice) => ({ amount: invoice.amountDue, currency: invoice.currency }));
  const unused = credits.map(({ amount, currency }) => ({ amount: -amount, currency }));
  const sums = new Map<string, number>();
  for (const { amount, currency } of [...owed, ...unused]) {
    sums.set(currency, (sums.get(currency) ?? 0) + toMinor(amount, currency));
  }
  return [...sums].map(([currency, minor]) => ({ amount: fromMinor(minor, currency), currency }));
}
