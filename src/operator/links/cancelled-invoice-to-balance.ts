import { defineLink } from '../link.ts';

/** A withdrawn invoice is owed no more; what has been paid of it is the customer's to use up. */
export const cancelledInvoiceToBalance = defineLink({
  name: 'cancelled-invoice-to-balance',
  channel: 'connectx/invoice-cancelled',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { customerId, totalAmount, currency } = payload as Cancelled;
    const { isOverdue } = customers.debtOf(work, customerId, currency);
    work.perform('billing-account', 'apply-amount', { customerId, amount: -totalAmount, currency, isOverdue });
  },
});

interface Cancelled {
  readonly customerId: string;
  readonly totalAmount: number;
  readonly currency: string;
}
