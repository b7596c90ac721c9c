import { defineLink } from '../../engine/system.ts';

/** A customer whose subscription is activated gets a billing account, if it has none. */
export const openBillingAccount = defineLink({
  name: 'open-billing-account',
  channel: 'subscription/activated',
  to: 'billing-account',
  follow(work, { payload }) {
    const { customerId } = payload as { customerId?: string };
    if (customerId === undefined) return;
    const customer = work.get('connectx/Customer', customerId);
    const { companyName, firstName, lastName } = customer ?? {};
    const name = companyName ?? [firstName, lastName].filter((part) => part !== undefined).join(' ');
    work.perform('billing-account', 'open-account', { customerId, name: name === '' ? customerId : name });
  },
});
