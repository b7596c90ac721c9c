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
    { from: 'Active', to: 'Terminated', when: 'the action terminate-customer', by: ['terminate-customer'] },
    { from: 'Inactive', to: 'Terminated', when: 'the action terminate-customer', by: ['terminate-customer'] },
    { from: 'Suspended', to: 'Terminated', when: 'the action terminate-customer', by: ['terminate-customer'] },
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
      by: ['activate-subscription'],
      announces: 'subscription/activated',
    },
    {
      from: 'Active',
      to: 'Suspended',
      when: 'its customer is suspended, or the action suspend-subscription',
      by: ['suspend-subscription'],
      announces: 'subscription/suspended',
    },
    {
      from: 'Suspended',
      to: 'Active',
      when: 'its customer is reinstated, or the action resume-subscription',
      by: ['resume-subscription'],
      announces: 'subscription/activated',
    },
    {
      from: 'Pending',
      to: 'Cancelled',
      when: 'its customer is terminated, or the action cancel-subscription',
      by: ['cancel-subscription'],
      announces: 'subscription/cancelled',
    },
    {
      from: 'Active',
      to: 'Cancelled',
      when: 'its customer is terminated, or the action cancel-subscription',
      by: ['cancel-subscription'],
      announces: 'subscription/cancelled',
    },
    {
      from: 'Suspended',
      to: 'Cancelled',
      when: 'its customer is terminated, or the action cancel-subscription',
      by: ['cancel-subscription'],
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
    { from: 'Open', to: 'Paid', when: 'its last part is paid', by: ['record-payment'] },
    { from: 'Open', to: 'Overdue', when: 'the day after the due date comes' },
    { from: 'Overdue', to: 'Paid', when: 'its last part is paid', by: ['record-payment'] },
    { from: 'Overdue', to: 'Open', when: 'what was due of it by instalments is paid, or a payment plan is agreed' },
    { from: 'Paid', to: 'Open', when: 'a payment of it is taken back before it is due' },
    { from: 'Paid', to: 'Overdue', when: 'a payment of it is taken back after the due date' },
    {
      from: 'Open',
      to: 'Cancelled',
      when: 'the action cancel-invoice, or it is written off',
      by: ['cancel-invoice', 'write-off-invoice'],
    },
    {
      from: 'Overdue',
      to: 'Cancelled',
      when: 'the action cancel-invoice, or it is written off',
      by: ['cancel-invoice', 'write-off-invoice'],
    },
  ],
};
