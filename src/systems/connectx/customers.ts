import { requireMove } from '../../engine/lifecycle/lifecycle.ts';
import type { Change } from '../../engine/state/change.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ResourceRules } from '../../engine/system.ts';
import { billedTo } from './billing/accounts.ts';
import { runBilling } from './billing/bill-run.ts';
import { addCharges } from './billing/charges.ts';
import { refundCredits } from './billing/payments.ts';
import { endServices, holdersOf } from './billing/services.ts';
import { CUSTOMERS, DEBTS, RESTRICTIONS } from './collections.ts';
import type { Customer } from './entities.ts';
import { customerLifecycle } from './lifecycles.ts';
import {
  activateDue,
  announceHeldAlone,
  endSubscription,
  holdWithCustomer,
  resumeWithCustomer,
  subscriptionsOf,
} from './subscriptions.ts';

/**
 * What the contract cannot say about customers: an account number, and what their state does to their subscriptions.
 * Which names go with which type the contract leaves open, so nothing is refused for that.
 */
export const customerRules: ResourceRules = {
  lifecycle: customerLifecycle,
  complete: (work, draft) => {
    if (draft.accountNumber !== undefined) return draft;
    const accountNumber = `ACC-${FIRST_ACCOUNT + work.nextNumber('connectx/$accounts')}`;
    return Object.assign({}, draft, { accountNumber });
  },
  changed: followCustomer,
};

/** Ends all of a customer's subscriptions, issues the final bill over them, and closes the account for good. */
export function terminateCustomer(work: Work, customerId: string): Entity {
  const customer = work.need(CUSTOMERS, customerId) as Customer;
  requireMove(customerLifecycle, customer, 'Terminated');
  for (const status of ['Pending', 'Active', 'Suspended']) {
    for (const subscription of subscriptionsOf(work, customerId, status)) {
      const { currency } = subscription;
      addCharges(work, billedTo(work, subscription), currency, endSubscription(work, subscription));
    }
  }
  work.delete(DEBTS, customerId);
  work.delete(RESTRICTIONS, customerId);
  work.notify('connectx/customer-terminating', { customerId });
  endServices(work, customerId);
  runBilling(work, { customerId });
  refundCredits(work, customerId);
  return work.change(CUSTOMERS, customerId, { status: 'Terminated' });
}

/** Opens a customer as somebody has written them down. */
export function openCustomer(work: Work, customer: Entity): Entity {
  return work.create(CUSTOMERS, withAddress(customer));
}

/** Changes how a customer is called and reached; an address takes the place of the one there was. */
export function updateCustomer(work: Work, { customerId, customerType: _, ...members }: Entity): Entity {
  return work.change(CUSTOMERS, String(customerId), withAddress(members, null));
}

/** Ends a customer of whom nothing runs any more; answers them as they are. */
export function closeCustomer(work: Work, customerId: string): Entity {
  const customer = work.need(CUSTOMERS, customerId);
  const isIdle = ['Pending', 'Active', 'Suspended'].every(
    (status) => subscriptionsOf(work, customerId, status).length === 0,
  );
  if (customer.status === 'Terminated' || !isIdle || holdersOf(work, customerId).length > 0) return customer;
  return terminateCustomer(work, customerId);
}

/** With an address of which what is missing is left out, or taken away. */
function withAddress({ address, ...members }: Entity, missing?: null): Entity {
  if (address === undefined) return members;
  const parts = Object.entries(address as Entity).map(([name, part]) => [name, part ?? missing] as const);
  const known = parts.filter(([, part]) => part !== undefined);
  const isEmpty = known.every(([, part]) => part === null);
  return { ...members, address: isEmpty && missing === null ? null : Object.fromEntries(known) };
}

const FIRST_ACCOUNT = 100_000;

/** How a customer is called and reached. */
const CONTACT = ['companyName', 'firstName', 'lastName', 'email', 'phone', 'address'] as const;

/** Links follow how a customer is called and reached. A Suspended customer's subscriptions are suspended and come back with them; other states leave them as they are. */
function followCustomer(work: Work, { before, after }: Change): void {
  if (before === undefined || after === undefined) return;
  if (CONTACT.some((name) => before[name] !== after[name])) {
    work.notify('connectx/customer-changed', { customerId: after.customerId });
  }
  if (before.status === after.status) return;
  const { customerId, status } = after as Customer;
  if (status === 'Suspended') {
    announceHeldAlone(work, customerId);
    holdWithCustomer(work, customerId);
  }
  if (status !== 'Active') return;
  // Whoever reinstates a customer by hand forgives the debt its power to suspend, until the next one.
  work.delete(DEBTS, customerId);
  work.delete(RESTRICTIONS, customerId);
  resumeWithCustomer(work, customerId);
  announceHeldAlone(work, customerId);
  activateDue(work, customerId);
}
