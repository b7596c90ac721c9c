import { defineLink } from '../link.ts';

/**
 * An overdue invoice puts its customer's billing account in arrears. The contract has no event for it, so the selling
 * system announces it to links alone; the payment after which nothing is overdue any more takes the arrears back.
 */
export const overdueToArrears = defineLink({
  name: 'overdue-to-arrears',
  channel: 'connectx/invoice-overdue',
  to: 'billing-account',
  follow(work, { payload }) {
    const { customerId, accountId } = payload as { customerId: string; accountId?: string };
    work.perform('billing-account', 'mark-in-arrears', { customerId, accountId });
  },
});
