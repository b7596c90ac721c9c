import { defineLink } from '../link.ts';

/** A customer that is suspended, reinstated or terminated takes its billing account along. */
export const customerToAccount = defineLink({
  name: 'customer-to-account',
  channel: 'customer/updated',
  to: 'billing-account',
  follow(work, { payload }) {
    const { customerId, status, previousStatus } = payload as Updated;
    if (customerId === undefined || previousStatus === undefined || previousStatus === status) return;
    work.perform('billing-account', 'follow-customer', { customerId, status });
  },
});

interface Updated {
  readonly customerId?: string;
  readonly status?: string;
  readonly previousStatus?: string;
}
