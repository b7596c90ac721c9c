import { defineLink } from '../link.ts';

/** Usage that was reported to the cloud marketplace is on the next bill of its customer, or billed at once. */
export const usageToBill = defineLink({
  name: 'usage-to-bill',
  channel: 'aps-subscriptions/usage-charged',
  to: 'connectx',
  follow(work, { payload }, customers) {
    const { vendorSubscriptionId: subscriptionId, charges, isOver } = payload as UsageCharged;
    if (customers.holdingOf(work, subscriptionId) === undefined) return;
    work.perform('connectx', 'charge-usage', { subscriptionId, charges, isOver });
  },
});

interface UsageCharged {
  readonly vendorSubscriptionId: string;
  readonly charges: readonly { readonly description: string; readonly quantity: number; readonly unitPrice: number }[];
  /** Whether the subscription has ended, so that no bill comes by itself. */
  readonly isOver: boolean;
}
