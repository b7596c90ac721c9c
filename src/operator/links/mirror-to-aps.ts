import { defineLink } from '../link.ts';

/** A subscription that the cloud marketplace mirrors has the same state there. */
export const mirrorToAps = defineLink({
  name: 'mirror-to-aps',
  channel: 'subscription/*',
  to: 'aps-subscriptions',
  follow(work, { channel, payload }) {
    const { subscriptionId } = payload as { subscriptionId?: string };
    const state = STATES[channel];
    if (subscriptionId === undefined || state === undefined) return;
    work.perform('aps-subscriptions', 'set-subscription-status', {
      vendorSubscriptionId: subscriptionId,
      ...state,
    });
  },
});

/** What each event means there. A suspension is taken for one over money: the event does not say why. */
const STATES: Readonly<Record<string, { readonly status: string; readonly serviceStatus: string }>> = {
  'subscription/activated': { status: 'ACTIVE', serviceStatus: 'RUNNING' },
  'subscription/suspended': { status: 'CREDIT_HOLD', serviceStatus: 'STOPPED' },
  'subscription/cancelled': { status: 'TERMINATED', serviceStatus: 'REMOVED' },
};
