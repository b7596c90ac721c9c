import { defineLink } from '../link.ts';

/** What is in credit on a billing account that is closed or deleted is paid out. */
export const creditToRefund = defineLink({
  name: 'credit-to-refund',
  channel: 'billing-account/closed-in-credit',
  to: 'connectx',
  follow(work, { payload }) {
    work.perform('connectx', 'pay-out-credit', payload as Readonly<Record<string, unknown>>);
  },
});
