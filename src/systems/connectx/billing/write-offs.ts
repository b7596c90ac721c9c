import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { fromMinor, type Minor } from '../../../lib/money.ts';
import { Refusal } from '../../../model/command.ts';
import { localDate } from '../../../operator/local-time.ts';
import { BALANCES, INVOICES, WRITE_OFFS } from '../collections.ts';
import type { Invoice } from '../entities.ts';
import { reinstateIfSettled } from './dunning.ts';
import { accountOfInvoice, amountDue, isOpen, notifyBalance } from './ledger.ts';

/** Gives up what is left of an invoice: it is owed no more, and counts as a loss. What has been paid of it stays paid. */
export function writeOffInvoice(work: Work, invoiceId: string): Entity {
  const invoice = work.need(INVOICES, invoiceId) as Invoice;
  if (!isOpen(invoice)) {
    throw new Refusal(
      409,
      'INVOICE_NOT_OPEN',
      `Failed to write off the invoice: ${invoiceId} is ${invoice.status}. Write off one that is Open or Overdue.`,
    );
  }
  const { customerId, currency } = invoice;
  const due = amountDue(work, invoice);
  work.delete(BALANCES, invoiceId);
  const writeOff = addWriteOff(work, invoice, due);
  const after = work.change(INVOICES, invoiceId, { status: 'Cancelled' });
  notifyBalance(work, { customerId, accountId: accountOfInvoice(work, invoiceId) }, -due, currency);
  reinstateIfSettled(work, customerId);
  return { writeOff, invoice: after };
}

/** Writes down that an amount is lost, beside what of the same invoice has been. */
export function addWriteOff(work: Work, { invoiceId, customerId, currency }: Invoice, amount: Minor): Entity {
  const known = work.get(WRITE_OFFS, invoiceId);
  const lost = Number(known?.lost ?? 0) + amount;
  const writeOff = { invoiceId, customerId, amount: fromMinor(lost, currency), currency, date: localDate(work), lost };
  work.put(WRITE_OFFS, invoiceId, writeOff);
  const { lost: _, ...shown } = writeOff;
  return shown;
}

export function isWrittenOff(work: Pick<Work, 'get'>, invoiceId: string): boolean {
  return work.get(WRITE_OFFS, invoiceId) !== undefined;
}
