import { defineLink } from '../link.ts';

/** An account above its credit limit keeps its customer from new services, or suspends them, where the policy says so. */
export const creditLimitToCustomer = defineLink({
  name: 'credit-limit-to-customer',
  channel: 'billing-account/credit-limit',
  to: 'connectx',
  follow(work, { payload }) {
    work.perform('connectx', 'follow-credit-limit', payload as Readonly<Record<string, unknown>>);
  },
});
