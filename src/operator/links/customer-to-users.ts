import { defineLink } from '../link.ts';

/** The telephone users of a customer who is terminated are disconnected with them. */
export const customerToUsers = defineLink({
  name: 'customer-to-users',
  channel: 'connectx/customer-terminating',
  to: 'macd',
  follow(work, { payload }, customers) {
    const { customerId } = payload as { customerId: string };
    const usernames = customers.holdersOf(work, customerId);
    if (usernames.length > 0) work.perform('macd', 'disconnect-users', { usernames });
  },
});
