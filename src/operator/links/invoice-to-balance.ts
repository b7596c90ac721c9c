import { defineLink } from '../link.ts';

/** An invoice raises what the customer's billing account owes. */
export const invoiceToBalance = defineLink({
  name: 'invoice-to-balance',
  channel: 'billing/invoice/created',
  to: 'billing-account',
  follow(work, { payload }) {
    const { customerId, totalAmount, currency } = payload as Invoiced;
    if (customerId === undefined || totalAmount === undefined) return;
    work.perform('billing-account', 'apply-amount', { customerId, amount: totalAmount, currency });
  },
});

interface Invoiced {
  readonly customerId?: string;
  readonly totalAmount?: number;
  readonly currency?: string;
}
