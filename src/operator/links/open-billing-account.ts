import { defineLink } from '../link.ts';

/** A customer whose subscription is activated gets a billing account, if it has none. */
export const openBillingAccount = defineLink({
  name: 'open-billing-account',
  channel: 'subscription/activated',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { customerId } = payload as { customerId?: string };
    if (customerId === undefined) return;
    const name = customers.nameOf(work, customerId) ?? customerId;
    work.perform('billing-account', 'open-account', { customerId, name });
  },
});
