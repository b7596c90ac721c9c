import { defineLink } from '../link.ts';

/** What is paid out to a customer is no longer in their favour. */
export const refundToBalance = defineLink({
  name: 'refund-to-balance',
  channel: 'connectx/credit-refunded',
  to: 'billing-account',
  follow(work, { payload }) {
    const { customerId, amount, currency } = payload as Refunded;
    work.perform('billing-account', 'apply-amount', { customerId, amount, currency });
  },
});

interface Refunded {
  readonly customerId: string;
  readonly amount: number;
  readonly currency: string;
}
