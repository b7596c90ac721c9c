import { defineLink } from '../link.ts';

/** An invoice raises what the customer's billing account owes. */
export const invoiceToBalance = defineLink({
  name: 'invoice-to-balance',
  channel: 'billing/invoice/created',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { invoiceId, customerId, totalAmount, currency } = payload as Invoiced;
    if (customerId === undefined || totalAmount === undefined) return;
    const accountId = invoiceId === undefined ? undefined : customers.accountOf(work, invoiceId);
    work.perform('billing-account', 'apply-amount', { customerId, accountId, amount: totalAmount, currency });
  },
});

interface Invoiced {
  readonly invoiceId?: string;
  readonly customerId?: string;
  readonly totalAmount?: number;
  readonly currency?: string;
}
