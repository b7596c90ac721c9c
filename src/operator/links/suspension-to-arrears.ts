import { defineLink } from '../../engine/system.ts';
import { debtOf } from '../holdings.ts';

/**
 * A suspension puts the billing account of a customer with an overdue invoice in arrears.
 *
 * The contract has no event for an overdue invoice; suspension is the first that dunning is heard of. Who is suspended
 * for another reason owes no more than before.
 */
export const suspensionToArrears = defineLink({
  name: 'suspension-to-arrears',
  channel: 'subscription/suspended',
  to: 'billing-account',
  async follow(work, { payload }) {
    const { customerId } = payload as { customerId?: string };
    if (customerId === undefined || !(await debtOf(work, customerId, '')).isOverdue) return;
    await work.perform('billing-account', 'mark-in-arrears', { customerId });
  },
});
