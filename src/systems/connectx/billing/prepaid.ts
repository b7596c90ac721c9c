import type { Work } from '../../../engine/state/work.ts';
import { CUSTOMERS, DEBTS, INVOICES } from '../collections.ts';
import type { Customer, Invoice } from '../entities.ts';

/** Who pays before use and has not paid gets nothing: the bill is overdue at once, and the services are suspended. */
export function refuseCredit(work: Work, { invoiceId, customerId }: Invoice): Invoice {
  const overdue = work.change(INVOICES, invoiceId, { status: 'Overdue' }) as Invoice;
  const { status } = work.need(CUSTOMERS, customerId) as Customer;
  if (status !== 'Active' && status !== 'Inactive') return overdue;
  work.put(DEBTS, customerId, { customerId, invoiceId });
  work.change(CUSTOMERS, customerId, { status: 'Suspended' });
  return overdue;
}
