import type { Work } from '../../engine/state/work.ts';
import type { CustomerRecords } from '../customer-records.ts';
import { defineLink } from '../link.ts';

/** What becomes of a subscription in the cloud marketplace becomes of it where it was sold. */
export const apsToStanding = defineLink({
  name: 'aps-to-standing',
  channel: 'aps-subscriptions/status-changed',
  to: 'connectx',
  follow(work, { payload }, customers) {
    const { vendorSubscriptionId: subscriptionId, status } = payload as StatusChanged;
    const action = subscriptionId === undefined ? undefined : actionFor(work, customers, subscriptionId, status);
    if (action !== undefined) work.perform('connectx', action, { subscriptionId });
  },
});

interface StatusChanged {
  readonly vendorSubscriptionId?: string;
  readonly status: string;
}

/** What is to be done there; nothing where it stands so already. */
function actionFor(work: Work, customers: CustomerRecords, subscriptionId: string, status: string) {
  const known = customers.holdingOf(work, subscriptionId)?.status;
  if (known === undefined || known === 'Cancelled') return undefined;
  switch (status) {
    case 'ACTIVE':
    case 'GRACE':
      if (known === 'Pending') return 'activate-subscription';
      return known === 'Suspended' ? 'resume-subscription' : undefined;
    case 'ADMINISTRATIVE_HOLD':
    case 'FULL_HOLD':
      return 'suspend-subscription';
    case 'EXPIRED':
      return known === 'Active' ? 'suspend-subscription' : undefined;
    case 'TERMINATED':
      return 'cancel-subscription';
    default:
      return undefined;
  }
}
