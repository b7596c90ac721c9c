import { inputOf, TEXT } from '../../engine/action-input.ts';
import { allOf, equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { ActionHandler, ErrorFacts, KeptKind, ReadHandler } from '../../engine/system.ts';
import { Refusal } from '../../model/command.ts';
import { defineSystem } from '../../operator/system.ts';
import { bill, billReportedUsage } from './bill.ts';
import { SUBSCRIPTION_LIFECYCLE, TERMINATED } from './lifecycle.ts';
import { mirrorSubscription, openAccount, updateAccount, updateSubscription } from './marketplace.ts';
import { disableResource, enableResource, provisionResource } from './orders.ts';
import { APS_POLICIES } from './policy.ts';
import type {} from './refusal-codes.ts';
import { configure, RESOURCES, requireService } from './resource-store.ts';
import { configureResource, getResource, listResources, unprovisionResource } from './resources.ts';
import { seedApsSubscriptions } from './seed.ts';
import { getBssSubscriptionsWithTcv } from './tcv.ts';
import { endTerm, renewSubscription, setRenewal } from './terms.ts';
import { type ApsType, SUBSCRIPTION, TYPES } from './types.ts';
import { listCharges, recordUsage } from './usage.ts';

const BUYER = inputOf({ number: TEXT, name: { type: 'string' }, 'address?': { type: 'object' } });

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
  operations: { provisionResource, configureResource, enableResource, disableResource, unprovisionResource, bill },
  kept: Object.fromEntries(TYPES.map((type) => [type.name, toKeptKind(type)])),
  lifecycles: { BSSSubscription: SUBSCRIPTION_LIFECYCLE },
  policies: APS_POLICIES,
  reads: { listResources, getResource, getBssSubscriptionsWithTcv, getSubscriptionsByVendorSubscriptionId },
  actions: {
    'open-account': openAccount,
    'update-account': updateAccount,
    'mirror-subscription': mirrorSubscription,
    'update-subscription': updateSubscription,
    'set-subscription-status': setSubscriptionStatus,
    'set-renewal': setRenewal,
    'renew-subscription': renewSubscription,
    'record-usage': recordUsage,
    'list-charges': listCharges,
  },
  inputs: {
    'open-account': inputOf({ customer: BUYER, vendor: TEXT }),
    'update-account': inputOf({ customer: BUYER }),
    'mirror-subscription': inputOf({
      customer: BUYER,
      holding: inputOf({
        subscriptionId: TEXT,
        monthlyCharge: { type: 'number' },
        currency: { type: 'string' },
        status: { type: 'string' },
        'startDate?': { type: 'string' },
        'endDate?': { type: 'string' },
      }),
    }),
    'set-subscription-status': inputOf({ vendorSubscriptionId: TEXT, status: TEXT, 'serviceStatus?': TEXT }),
    'set-renewal': inputOf({ id: TEXT, renewal: { enum: ['automatic', 'manual'] } }),
    'renew-subscription': inputOf({ id: TEXT }),
    'record-usage': inputOf({
      id: TEXT,
      quantity: { type: 'number', minimum: 0 },
      'unitPrice?': { type: 'number', minimum: 0 },
      'description?': TEXT,
    }),
    'list-charges': inputOf({ 'id?': TEXT }),
  },
  timers: { bill: billReportedUsage, 'end-term': endTerm },
  errorBody,
  seed: seedApsSubscriptions,
  seedsAfter: ['connectx', 'billing-account'],
});

/** The resources of one type, all of which stand together on the bus. */
function toKeptKind({ id, contract, schema }: ApsType): KeptKind {
  const isSold = id === SUBSCRIPTION.id;
  return {
    contract,
    schema,
    id: 'aps.id',
    idParameter: 'apsId',
    stored: { collection: RESOURCES, filter: equals('aps.type', id) },
    operations: {
      ...(isSold && { create: 'provisionResource', replace: 'configureResource' }),
      list: 'listResources',
      read: 'getResource',
      delete: 'unprovisionResource',
    },
  };
}

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
    (item) =>
      item.status !== TERMINATED &&
      // How a term stands is known here alone: it is over whether or not the service is held, and in grace it runs.
      !(item.status === 'EXPIRED' && String(status).endsWith('_HOLD')) &&
      !(item.status === 'GRACE' && status === 'ACTIVE') &&
      Object.entries(members).some(([name, value]) => item[name] !== value),
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
