import type { Entity } from '../../engine/store/store.ts';
import { Refusal } from '../../model/command.ts';
import type { Lifecycle } from '../../model/lifecycle.ts';

/**
 * A customer. The project's own rules: an Inactive customer takes no new subscriptions, but what runs goes on and is
 * billed; a Suspended one has to be reinstated before it can be made Inactive; Terminated is only reached by action.
 */
export const customerLifecycle: Lifecycle = {
  resource: 'Customer',
  property: 'status',
  initial: 'Active',
  moves: [
    { from: 'Active', to: 'Inactive', when: 'the account is closed to new orders' },
    { from: 'Inactive', to: 'Active', when: 'the account is opened to new orders again' },
    { from: 'Active', to: 'Suspended', when: 'an overdue invoice stays unpaid, or the operator holds the account' },
    { from: 'Inactive', to: 'Suspended', when: 'an overdue invoice stays unpaid, or the operator holds the account' },
    { from: 'Suspended', to: 'Active', when: 'the last overdue invoice is settled, or the operator lifts the hold' },
    { from: 'Active', to: 'Terminated', when: 'the action terminate-customer' },
    { from: 'Inactive', to: 'Terminated', when: 'the action terminate-customer' },
    { from: 'Suspended', to: 'Terminated', when: 'the action terminate-customer' },
  ],
};

/** A subscription. A resumption is announced as an activation, because the contract has no channel of its own for it. */
export const subscriptionLifecycle: Lifecycle = {
  resource: 'Subscription',
  property: 'status',
  initial: 'Pending',
  moves: [
    {
      from: 'Pending',
      to: 'Active',
      when: 'the start date comes, or the action activate-subscription',
      announces: 'subscription/activated',
    },
    {
      from: 'Active',
      to: 'Suspended',
      when: 'its customer is suspended, or the action suspend-subscription',
      announces: 'subscription/suspended',
    },
    {
      from: 'Suspended',
      to: 'Active',
      when: 'its customer is reinstated, or the action resume-subscription',
      announces: 'subscription/activated',
    },
    {
      from: 'Pending',
      to: 'Cancelled',
      when: 'its customer is terminated, or the action cancel-subscription',
      announces: 'subscription/cancelled',
    },
    {
      from: 'Active',
      to: 'Cancelled',
      when: 'its customer is terminated, or the action cancel-subscription',
      announces: 'subscription/cancelled',
    },
    {
      from: 'Suspended',
      to: 'Cancelled',
      when: 'its customer is terminated, or the action cancel-subscription',
      announces: 'subscription/cancelled',
    },
  ],
};

/** An invoice. A part payment is no state: what is left stays Open or Overdue. */
export const invoiceLifecycle: Lifecycle = {
  resource: 'Invoice',
  property: 'status',
  initial: 'Open',
  moves: [
    { from: 'Open', to: 'Paid', when: 'its last part is paid' },
    { from: 'Open', to: 'Overdue', when: 'the day after the due date comes' },
    { from: 'Overdue', to: 'Paid', when: 'its last part is paid' },
    { from: 'Open', to: 'Cancelled', when: 'the action cancel-invoice' },
    { from: 'Overdue', to: 'Cancelled', when: 'the action cancel-invoice' },
  ],
};

/**
 * Refuses a move that a life cycle does not have, also one to the state that the thing is in already: a patch may
 * repeat a state, but an action is expected to change something.
 *
 * @param only the one state that this action moves from, where another action makes the same move from another
 */
export function requireMove(lifecycle: Lifecycle, entity: Entity, to: string, only?: string): void {
  const from = entity[lifecycle.property];
  const legal = lifecycle.moves.filter((move) => move.from === from).map((move) => move.to);
  const isOther = only !== undefined && from !== only;
  if (legal.includes(to) && !isOther) return;
  const why = isOther ? `this only goes from ${only}` : 'its life cycle has no such move';
  const hint = legal.length === 0 ? `${String(from)} is final.` : `Legal from ${String(from)}: ${legal.join(', ')}.`;
  throw new Refusal(
    409,
    'ILLEGAL_TRANSITION',
    `Failed to move the ${lifecycle.resource} from ${String(from)} to ${to}: ${why}. ${hint}`,
    {
      details: { from, to, legal },
    },
  );
}
