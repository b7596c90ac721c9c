import { inputOf, TEXT } from '../../engine/action-input.ts';
import { allOf, equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { ActionHandler, ErrorFacts, ReadHandler } from '../../engine/system.ts';
import { Refusal } from '../../model/command.ts';
import { defineSystem } from '../../operator/system.ts';
import { bill, billReportedUsage } from './bill.ts';
import { TERMINATED } from './contracts.ts';
import { mirrorSubscription } from './marketplace.ts';
import { configure, RESOURCES, requireService } from './resource-store.ts';
import { configureResource, getResource, listResources, unprovisionResource } from './resources.ts';
import { seedApsSubscriptions } from './seed.ts';
import { getBssSubscriptionsWithTcv } from './tcv.ts';
import { SUBSCRIPTION } from './types.ts';

/** CloudBlue's subscription billing: resources on the APS bus and the operations of the service among them. */
export const system = defineSystem({
  name: 'aps-subscriptions',
  needs: {
    operations: ['listResources', 'getResource', 'configureResource', 'getBssSubscriptionsWithTcv'],
    schemas: [
      'subscription-management-service/SubscriptionManagementService',
      'pa-account/PAAccount',
      'bss-subscription/BSSSubscription',
    ],
  },
  operations: { configureResource, unprovisionResource, bill },
  reads: { listResources, getResource, getBssSubscriptionsWithTcv, getSubscriptionsByVendorSubscriptionId },
  actions: { 'mirror-subscription': mirrorSubscription, 'set-subscription-status': setSubscriptionStatus },
  inputs: {
    'set-subscription-status': inputOf({ vendorSubscriptionId: TEXT, status: TEXT, 'serviceStatus?': TEXT }),
  },
  timers: { bill: billReportedUsage },
  errorBody,
  seed: seedApsSubscriptions,
  seedsAfter: ['connectx', 'billing-account'],
});

function getSubscriptionsByVendorSubscriptionId(...[work, command]: Parameters<ReadHandler>) {
  // Without a principal nobody asked who it is (`--auth off`): then everybody may do everything.
  if (command.principal !== undefined && !command.principal.isAdministrator) {
    throw new Refusal(
      403,
      'FORBIDDEN',
      "Failed to search subscriptions by the vendor's id: only an administrator may. Use an administrator's token.",
    );
  }
  return answerSearch(work, command);
}

const answerSearch: ReadHandler = (work, command) => {
  requireService(work, command);
  const { vendorSubscriptionId } = command.query;
  // The contract does not demand the parameter; a search for nothing finds nothing.
  if (vendorSubscriptionId === undefined) return { status: 200, body: [] };
  const { items } = work.query(RESOURCES, {
    filter: allOf(equals('vendorSubscriptionId', vendorSubscriptionId), equals('aps.type', SUBSCRIPTION.id)),
  });
  return { status: 200, body: items };
};

/**
 * `{vendorSubscriptionId, status, serviceStatus?}`: sets the state of the subscriptions that carry the vendor's id, for
 * links from the system that the subscription was sold in. Returns how many it changed.
 */
function setSubscriptionStatus(...[work, input]: Parameters<ActionHandler>): { changed: number } {
  const { items } = work.query(RESOURCES, { filter: equals('vendorSubscriptionId', input.vendorSubscriptionId) });
  const { status, serviceStatus } = input;
  const members = { status, ...(serviceStatus !== undefined && { serviceStatus }) };
  const differing = items.filter(
    (item) => item.status !== TERMINATED && Object.entries(members).some(([name, value]) => item[name] !== value),
  );
  for (const item of differing) configure(work, String((item.aps as Entity).id), members);
  return { changed: differing.length };
}

/** Names of kinds of errors. Two are seen in public clients (AccessViolation, Exception); the others are ours, in their manner. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'APS::Util::InvalidArgument',
  401: 'APS::Util::AccessViolation',
  403: 'APS::Util::AccessViolation',
  404: 'APS::Hosting::NotFound',
  409: 'APS::Hosting::Conflict',
};

function errorBody({ status, message, violations, details }: ErrorFacts): Entity {
  const type = ERROR_TYPES[status] ?? 'APS::Hosting::Exception';
  return {
    code: status,
    type,
    message,
    error: type,
    ...(violations.length > 0 && { errors: violations }),
    ...details,
  };
}
