import { defineLink } from '../link.ts';

/** An invoice is always owed on some account: where the last one was closed or deleted, another is opened. */
export const openAccountForInvoice = defineLink({
  name: 'open-account-for-invoice',
  channel: 'billing/invoice/created',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { customerId, currency } = payload as { customerId?: string; currency?: string };
    if (customerId === undefined) return;
    const name = customers.nameOf(work, customerId) ?? customerId;
    work.perform('billing-account', 'open-account', { customerId, name, currency });
  },
});
