import { defineLink } from '../link.ts';

/** Usage that was reported to the cloud marketplace is on the next bill of its customer, or billed at once. */
export const usageToBill = defineLink({
  name: 'usage-to-bill',
  channel: 'aps-subscriptions/usage-charged',
  to: 'connectx',
  follow(work, { payload }, customers) {
    const { vendorSubscriptionId: subscriptionId, charges, isOver } = payload as UsageCharged;
    if (customers.holdingOf(work, subscriptionId) === undefined) return;
    const billed = charges.map(({ description, quantity, unitPrice }) =>
      work.perform('connectx', 'add-charge', { subscriptionId, description, quantity, unitPrice }),
    );
    const [first] = billed as readonly { readonly customerId: string }[];
    if (isOver && first !== undefined) work.perform('connectx', 'run-billing', { customerId: first.customerId });
  },
});

interface UsageCharged {
  readonly vendorSubscriptionId: string;
  readonly charges: readonly { readonly description: string; readonly quantity: number; readonly unitPrice: number }[];
  /** Whether the subscription has ended, so that no bill comes by itself. */
  readonly isOver: boolean;
}
