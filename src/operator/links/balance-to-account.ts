import { defineLink } from '../link.ts';

/**
 * What no channel of the selling system announces (refunds, reversals, chargebacks, write-offs, credits that pay, withdrawn
 * invoices) still changes what is owed on the billing account, or whether anything on it is overdue.
 */
export const balanceToAccount = defineLink({
  name: 'balance-to-account',
  channel: 'connectx/balance-changed',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { customerId, accountId, amount, currency } = payload as Changed;
    if (amount > 0 && accountId === undefined) {
      // One that was closed is owed on no more: another takes its place.
      const name = customers.nameOf(work, customerId) ?? customerId;
      work.perform('billing-account', 'open-account', { customerId, name, currency });
    }
    const isOverdue = customers.hasOverdue(work, customerId, accountId);
    work.perform('billing-account', 'apply-amount', { customerId, accountId, amount, currency, isOverdue });
    const { until } = customers.membershipOf(work, customerId) ?? {};
    if (amount > 0 && until !== undefined) {
      work.perform('billing-account', 'follow-customer', { customerId, status: 'Terminated' });
    }
  },
});

interface Changed {
  readonly customerId: string;
  /** Where it is not the customer's first account. */
  readonly accountId?: string;
  /** What is owed more; less, where it is negative. */
  readonly amount: number;
  readonly currency: string;
}
