import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { OperationHandler } from '../../engine/system.ts';
import type { Outcome } from '../../model/command.ts';
import { followAccount, provisionAccount } from './accounts.ts';
import { customerOf } from './customer-numbers.ts';
import { notSold, provisionedBy } from './new-resource.ts';
import { configure, refuseMembers, requireResource, typeOf } from './resource-store.ts';
import { ACCOUNT, SUBSCRIPTION } from './types.ts';

/** POST of a resource: a subscription is ordered, an account opened. */
export const provisionResource: OperationHandler = (work, command) => {
  const { type } = (command.body as { readonly aps: { readonly type: string } }).aps;
  if (type === ACCOUNT.id) return provisionAccount(work, command.body as Entity);
  if (type === SUBSCRIPTION.id) return provisionSubscription(work, command.body as Order);
  const types = `${SUBSCRIPTION.id} or ${ACCOUNT.id}`;
  return refuseMembers([{ path: '/aps/type', message: `must be ${types}: nothing else is ordered here` }]);
};

/**
 * The account orders from the system that sells, which shows here what it has sold. Where none is served there is nobody
 * to order from.
 */
function provisionSubscription(work: Work, { account, servicePlan, name }: Order): Outcome {
  const buyer = requireResource(work, account.aps.id);
  if (typeOf(buyer) !== ACCOUNT.id) refuseMembers([{ path: '/account/aps/id', message: 'must lead to an account' }]);
  const product = servicePlan?.aps.id ?? name;
  const sold = provisionedBy(work, () =>
    work.notify('aps-subscriptions/ordered', { customerId: customerOf(work, account.aps.id), product }),
  );
  if (sold !== undefined) return { status: 201, body: sold };
  throw notSold(`order "${String(product)}"`, 'nobody sells to this account');
}

/** PUT that lets a subscription run again. */
export const enableResource: OperationHandler = (work, { path }) => ({
  status: 200,
  body: changeStatus(work, path.apsId ?? '', 'ACTIVE'),
});

/** PUT that puts a subscription on hold. */
export const disableResource: OperationHandler = (work, { path }) => ({
  status: 200,
  body: changeStatus(work, path.apsId ?? '', 'ADMINISTRATIVE_HOLD'),
});

/**
 * Moves a subscription to a state, here and in the system that sold it, which may know better: one that is overdue as
 * well is on full hold. What that system refuses is refused.
 */
export function changeStatus(work: Work, id: string, status: string): Entity {
  const before = requireResource(work, id);
  if (typeOf(before) !== SUBSCRIPTION.id) {
    refuseMembers([{ path: '/aps/type', message: `must be ${SUBSCRIPTION.id}: nothing else is enabled or disabled` }]);
  }
  return configureByClient(work, id, { status });
}

/** Changes a resource as somebody on the bus has asked for, and lets the system follow that sold it. */
export function configureByClient(work: Work, id: string, members: Entity): Entity {
  const before = requireResource(work, id);
  const status = members.status === before.status ? undefined : members.status;
  const withService = status === undefined ? members : { ...SERVICE_STATUS[String(status)], ...members };
  const after = configure(work, id, withService);
  followAccount(work, before, after);
  if (status === undefined || typeOf(after) !== SUBSCRIPTION.id) return requireResource(work, id);
  work.notify('aps-subscriptions/status-changed', {
    vendorSubscriptionId: after.vendorSubscriptionId,
    status,
    previousStatus: before.status,
  });
  return requireResource(work, id);
}

/** The order of a subscription; its schema demands an account, and something to order. */
interface Order extends Entity {
  readonly account: { readonly aps: { readonly id: string } };
  readonly servicePlan?: { readonly aps: { readonly id: string } };
  readonly name?: string;
}

/** How the service stands while its contract has a state. */
const SERVICE_STATUS: Readonly<Record<string, { readonly serviceStatus: string }>> = {
  ACTIVE: { serviceStatus: 'RUNNING' },
  GRACE: { serviceStatus: 'RUNNING' },
  ADMINISTRATIVE_HOLD: { serviceStatus: 'STOPPED' },
  CREDIT_HOLD: { serviceStatus: 'STOPPED' },
  FULL_HOLD: { serviceStatus: 'STOPPED' },
  EXPIRED: { serviceStatus: 'STOPPED' },
  TERMINATED: { serviceStatus: 'REMOVED' },
};
