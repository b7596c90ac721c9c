import { defineLink } from '../link.ts';

/** A subscription that the cloud marketplace mirrors has the same standing there. */
export const mirrorToAps = defineLink({
  name: 'mirror-to-aps',
  channel: 'connectx/subscription-standing',
  to: 'aps-subscriptions',
  follow(work, { payload }) {
    const { subscriptionId, status, holds } = payload as Standing;
    work.perform('aps-subscriptions', 'set-subscription-status', {
      vendorSubscriptionId: subscriptionId,
      ...stateOf(status, holds),
    });
  },
});

/** How a subscription stands: its event does not say why one is on hold. */
interface Standing {
  readonly subscriptionId: string;
  readonly status: string;
  readonly holds: { readonly administrative: boolean; readonly credit: boolean };
}

function stateOf(status: string, { administrative, credit }: Standing['holds']) {
  if (status !== 'Suspended') return STATES[status];
  const hold = administrative && credit ? 'FULL_HOLD' : credit ? 'CREDIT_HOLD' : 'ADMINISTRATIVE_HOLD';
  return { status: hold, serviceStatus: 'STOPPED' };
}

/** What each other state is called there. */
const STATES: Readonly<Record<string, { readonly status: string; readonly serviceStatus: string }>> = {
  Active: { status: 'ACTIVE', serviceStatus: 'RUNNING' },
  Cancelled: { status: 'TERMINATED', serviceStatus: 'REMOVED' },
};
