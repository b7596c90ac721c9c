import { defineLink } from '../link.ts';

/** The means of payment on file is the default one of the customer's billing account. */
export const paymentMethodToAccount = defineLink({
  name: 'payment-method-to-account',
  channel: 'connectx/payment-method-changed',
  to: 'billing-account',
  follow(work, { payload }) {
    const { customerId, type } = payload as { customerId: string; type: string };
    work.perform('billing-account', 'set-payment-method', { customerId, type });
  },
});
