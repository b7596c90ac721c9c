import { defineLink } from '../link.ts';

/** What becomes of a subscription in the cloud marketplace becomes of it where it was sold. */
export const apsToStanding = defineLink({
  name: 'aps-to-standing',
  channel: 'aps-subscriptions/status-changed',
  to: 'connectx',
  follow(work, { payload }, customers) {
    const change = payload as StatusChanged;
    const { vendorSubscriptionId: subscriptionId } = change;
    const known = subscriptionId === undefined ? undefined : customers.holdingOf(work, subscriptionId)?.status;
    const action = known === undefined ? undefined : actionFor(known, change);
    if (action !== undefined) work.perform('connectx', action, { subscriptionId });
  },
});

interface StatusChanged {
  readonly vendorSubscriptionId?: string;
  readonly status: string;
  readonly previousStatus: string;
}

/** What is to be done there; nothing where it stands so already. */
function actionFor(known: string, { status, previousStatus }: StatusChanged): string | undefined {
  if (known === 'Cancelled') return undefined;
  switch (status) {
    case 'ACTIVE':
    case 'GRACE':
      if (known === 'Pending') return 'activate-subscription';
      return known === 'Suspended' ? 'resume-subscription' : undefined;
    case 'ADMINISTRATIVE_HOLD':
    case 'CREDIT_HOLD':
    case 'FULL_HOLD':
      // Whether there is a debt as well is known there: what is asked for is a hold by request.
      return 'suspend-subscription';
    case 'EXPIRED':
      // Its payment alone must not let one that is over run again.
      return known === 'Active' || previousStatus === 'CREDIT_HOLD' ? 'suspend-subscription' : undefined;
    case 'TERMINATED':
      return 'cancel-subscription';
    default:
      return undefined;
  }
}
