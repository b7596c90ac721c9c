import { defineLink } from '../link.ts';

/** What is sold shows in the cloud marketplace, in an account of the customer's own there. */
export const saleToAps = defineLink({
  name: 'sale-to-aps',
  channel: 'connectx/subscription-sold',
  to: 'aps-subscriptions',
  follow(work, { payload }, customers) {
    const { subscriptionId, customerId } = payload as { subscriptionId: string; customerId: string };
    const name = customers.nameOf(work, customerId) ?? customerId;
    work.perform('aps-subscriptions', 'mirror-subscription', {
      customer: { ...customers.customerOf(work, customerId), number: customerId, name },
      holding: customers.holdingOf(work, subscriptionId),
    });
  },
});
