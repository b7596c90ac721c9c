import { defineLink } from '../link.ts';

/** A customer who is called something else is so on their billing accounts. */
export const customerNameToAccount = defineLink({
  name: 'customer-name-to-account',
  channel: 'connectx/customer-changed',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { customerId } = payload as { customerId: string };
    const name = customers.nameOf(work, customerId);
    if (name !== undefined) work.perform('billing-account', 'rename-customer', { customerId, name });
  },
});
