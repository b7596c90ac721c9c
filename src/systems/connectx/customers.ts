import type { Entity } from '../../engine/store/store.ts';
import type { Change, ResourceRules } from '../../engine/system.ts';
import type { Work } from '../../engine/work.ts';
import { Bill } from './billing/bill-run.ts';
import { CUSTOMERS, DEBTS } from './collections.ts';
import type { Customer } from './entities.ts';
import { customerLifecycle, needMove } from './lifecycles.ts';
import {
  activateDue,
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
  complete: async (work, draft) => {
    if (draft.accountNumber !== undefined) return draft;
    return { ...draft, accountNumber: `ACC-${FIRST_ACCOUNT + (await work.nextNumber('connectx/$accounts'))}` };
  },
  changed: followCustomer,
};

/** Ends all of a customer's subscriptions, issues the final bill over them, and closes the account for good. */
export async function terminateCustomer(work: Work, customerId: string): Promise<Entity> {
  const customer = (await work.need(CUSTOMERS, customerId)) as Customer;
  needMove(customerLifecycle, customer, 'Terminated');
  const bill = new Bill();
  for (const status of ['Pending', 'Active', 'Suspended']) {
    for (const subscription of await subscriptionsOf(work, customerId, status)) {
      bill.add(subscription.currency, await endSubscription(work, subscription));
    }
  }
  await work.delete(DEBTS, customerId);
  await bill.issue(work, customer);
  return work.change(CUSTOMERS, customerId, { status: 'Terminated' });
}

const FIRST_ACCOUNT = 100_000;

/** A Suspended customer's subscriptions are suspended and come back with them; other states leave them as they are. */
async function followCustomer(work: Work, { before, after }: Change): Promise<void> {
  if (before === undefined || after === undefined || before.status === after.status) return;
  const { customerId, status } = after as Customer;
  if (status === 'Suspended') await holdWithCustomer(work, customerId);
  if (status !== 'Active') return;
  // Whoever reinstates a customer by hand forgives the debt its power to suspend, until the next one.
  await work.delete(DEBTS, customerId);
  await resumeWithCustomer(work, customerId);
  await activateDue(work, customerId);
}
