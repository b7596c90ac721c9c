import type { Work } from '../../engine/state/work.ts';
import type { CustomerRecords } from '../customer-records.ts';
import { defineLink } from '../link.ts';

/** Whoever opens an account in the cloud marketplace is a customer from then on, and shows there in the same command. */
export const apsToCustomer = defineLink({
  name: 'aps-to-customer',
  channel: 'aps-subscriptions/account-ordered',
  to: 'connectx',
  isAwaited: true,
  follow(work, { payload }, customers) {
    const { customer, vendor } = payload as { customer: Readonly<Record<string, unknown>>; vendor: string };
    const { customerId } = work.perform('connectx', 'open-customer', customer) as { readonly customerId: string };
    const name = customers.nameOf(work, customerId) ?? customerId;
    work.perform('aps-subscriptions', 'open-account', {
      customer: { ...customers.customerOf(work, customerId), number: customerId, name },
      vendor,
    });
  },
});

/** What is changed of an account in the cloud marketplace is changed of the customer. */
export const apsToCustomerChange = defineLink({
  name: 'aps-to-customer-change',
  channel: 'aps-subscriptions/account-changed',
  to: 'connectx',
  follow(work, { payload }, customers) {
    const { customerId, customer } = payload as { customerId: string; customer: Readonly<Record<string, unknown>> };
    work.perform('connectx', 'update-customer', { ...customer, customerId });
    showInAps(work, customerId, customers);
  },
});

/** A customer whose account in the cloud marketplace is deleted leaves, unless something of theirs runs that it does not show. */
export const apsToLeaving = defineLink({
  name: 'aps-to-leaving',
  channel: 'aps-subscriptions/account-removed',
  to: 'connectx',
  follow(work, { payload }) {
    const { customerId } = payload as { customerId: string };
    work.perform('connectx', 'close-customer', { customerId });
  },
});

/** A customer who moves, or is reached differently, does so in the cloud marketplace as well. */
export const customerToAps = defineLink({
  name: 'customer-to-aps',
  channel: 'connectx/customer-changed',
  to: 'aps-subscriptions',
  follow(work, { payload }, customers) {
    showInAps(work, (payload as { customerId: string }).customerId, customers);
  },
});

function showInAps(work: Work, customerId: string, customers: CustomerRecords): void {
  const name = customers.nameOf(work, customerId) ?? customerId;
  const customer = { ...customers.customerOf(work, customerId), number: customerId, name };
  work.perform('aps-subscriptions', 'update-account', { customer });
}
