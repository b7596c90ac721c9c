import type { Entity } from '../../engine/state/store/store.ts';
import { defineLink } from '../link.ts';

/** A payment lowers what the customer's billing account owes. */
export const paymentToBalance = defineLink({
  name: 'payment-to-balance',
  channel: 'billing/payment/received',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { invoiceId, customerId, amount, currency } = payload as Paid;
    if (customerId === undefined || amount === undefined) return;
    const accountId = invoiceId === undefined ? undefined : customers.accountOf(work, invoiceId);
    // Who pays in advance may have no account yet.
    const name = customers.nameOf(work, customerId) ?? customerId;
    const opened = work.perform('billing-account', 'open-account', { customerId, name, currency }) as Entity;
    const isOverdue = customers.hasOverdue(work, customerId, accountId);
    work.perform('billing-account', 'apply-amount', {
      customerId,
      accountId: accountId ?? opened.id,
      amount: -amount,
      currency,
      isOverdue,
    });
  },
});

interface Paid {
  readonly invoiceId?: string;
  readonly customerId?: string;
  readonly amount?: number;
  readonly currency?: string;
}
