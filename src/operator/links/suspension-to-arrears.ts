import { defineLink } from '../../engine/system.ts';

/**
 * A suspension puts a billing account that owes something in arrears.
 *
 * The contract has no event for an overdue invoice; suspension is the first that dunning is heard of.
 */
export const suspensionToArrears = defineLink({
  name: 'suspension-to-arrears',
  channel: 'subscription/suspended',
  to: 'billing-account',
  async follow(work, { payload }) {
    const { customerId } = payload as { customerId?: string };
    if (customerId !== undefined) await work.perform('billing-account', 'mark-in-arrears', { customerId });
  },
});
