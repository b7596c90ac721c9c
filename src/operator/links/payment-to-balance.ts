import { defineLink } from '../link.ts';

/** A payment lowers what the customer's billing account owes. */
export const paymentToBalance = defineLink({
  name: 'payment-to-balance',
  channel: 'billing/payment/received',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { customerId, amount, currency } = payload as Paid;
    if (customerId === undefined || amount === undefined) return;
    const isOverdue = customers.hasOverdue(work, customerId);
    work.perform('billing-account', 'apply-amount', { customerId, amount: -amount, currency, isOverdue });
  },
});

interface Paid {
  readonly customerId?: string;
  readonly amount?: number;
  readonly currency?: string;
}
