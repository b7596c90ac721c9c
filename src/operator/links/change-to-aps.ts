import { defineLink } from '../link.ts';

/** Another plan, add-on or price of a subscription is worth another contract in the cloud marketplace. */
export const changeToAps = defineLink({
  name: 'change-to-aps',
  channel: 'connectx/subscription-changed',
  to: 'aps-subscriptions',
  follow(work, { payload }, customers) {
    const { subscriptionId } = payload as { subscriptionId: string };
    const holding = customers.holdingOf(work, subscriptionId);
    if (holding !== undefined) work.perform('aps-subscriptions', 'update-subscription', { holding });
  },
});
