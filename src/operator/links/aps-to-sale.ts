import { defineLink } from '../link.ts';

/** What an account orders in the cloud marketplace is sold to the customer whose account it is, and runs at once. */
export const apsToSale = defineLink({
  name: 'aps-to-sale',
  channel: 'aps-subscriptions/ordered',
  to: 'connectx',
  isAwaited: true,
  follow(work, { payload }) {
    const { customerId, product } = payload as { customerId?: string; product: string };
    if (customerId !== undefined) work.perform('connectx', 'sell', { customerId, product });
  },
});
