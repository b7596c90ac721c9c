import { defineLink } from '../../engine/system.ts';
import { hasOverdue } from '../holdings.ts';

/** A payment lowers what the customer's billing account owes. */
export const paymentToBalance = defineLink({
  name: 'payment-to-balance',
  channel: 'billing/payment/received',
  to: 'billing-account',
  follow(work, { payload }) {
    const { customerId, amount, currency } = payload as Paid;
    if (customerId === undefined || amount === undefined) return;
    const isOverdue = hasOverdue(work, customerId);
    work.perform('billing-account', 'apply-amount', { customerId, amount: -amount, currency, isOverdue });
  },
});

interface Paid {
  readonly customerId?: string;
  readonly amount?: number;
  readonly currency?: string;
}
