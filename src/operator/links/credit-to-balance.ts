import { defineLink } from '../link.ts';

/** A credit lowered the balance when it was given; once it has paid an invoice, nothing may be overdue any more. */
export const creditToBalance = defineLink({
  name: 'credit-to-balance',
  channel: 'connectx/credit-used',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { customerId, currency } = payload as { customerId: string; currency: string };
    const { isOverdue } = customers.debtOf(work, customerId, currency);
    work.perform('billing-account', 'apply-amount', { customerId, amount: 0, currency, isOverdue });
  },
});
