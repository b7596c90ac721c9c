import { inputOf, TEXT } from '../../engine/action-input.ts';
import { defineSystem } from '../../operator/system.ts';
import { acts } from './acts.ts';
import { getOrder, listOrders, submitOrder, takeInvalidOrder } from './orders.ts';
import { CLEAR_INPUT, clearOutcomes, OUTCOME_INPUT, scriptOutcome } from './outcomes.ts';
import { MACD_POLICIES } from './policy.ts';
import { RECONCILE_INPUT, reconcile } from './reconcile.ts';
import type {} from './refusal-codes.ts';
import { noteByHand, tellLate } from './responding.ts';
import { seedMacd } from './seed.ts';
import { awaitOutcome, postOrder, receiveCallback, SEND_ORDER_INPUT, sendOrder } from './send-order.ts';
import { followSubscriber } from './services.ts';
import { holdSite, releaseSite, SITE_INPUT } from './sites.ts';
import { activateOrder, parseOrder, reportMobile } from './stages.ts';
import { disconnectUsers, SUBSCRIBER_LIFECYCLE } from './subscribers.ts';
import { carryOutHeld, goLive, takeEffect } from './take-effect.ts';
import { ORDER_LIFECYCLE } from './tracking-record.ts';

/**
 * The northbound side of VOSS: takes orders to add, change and delete users, works through them in stages and calls
 * back. Subscribers are listed and read from the contract alone.
 */
export const system = defineSystem({
  name: 'macd',
  needs: {
    operations: ['submitOrder', 'listOrders', 'getOrder'],
    resources: { OrderRecord: ['transactionId'], Subscriber: ['username'] },
  },
  resources: {
    OrderRecord: { lifecycle: ORDER_LIFECYCLE },
    Subscriber: { lifecycle: SUBSCRIBER_LIFECYCLE, changed: followSubscriber },
  },
  operations: { submitOrder, receiveCallback },
  reads: { listOrders, getOrder },
  invalid: { submitOrder: takeInvalidOrder },
  receives: { 'macd/response': noteByHand },
  actions: {
    'send-order': sendOrder,
    reconcile,
    'script-outcome': scriptOutcome,
    'clear-outcomes': clearOutcomes,
    'disconnect-users': disconnectUsers,
    'hold-site': holdSite,
    'release-site': releaseSite(goLive),
  },
  policies: MACD_POLICIES,
  inputs: {
    'send-order': SEND_ORDER_INPUT,
    reconcile: RECONCILE_INPUT,
    'script-outcome': OUTCOME_INPUT,
    'clear-outcomes': CLEAR_INPUT,
    'disconnect-users': inputOf({ usernames: { type: 'array', items: TEXT } }),
    'hold-site': SITE_INPUT,
    'release-site': SITE_INPUT,
  },
  timers: {
    parse: parseOrder,
    activate: activateOrder,
    mobile: reportMobile,
    tell: tellLate,
    send: postOrder,
    await: awaitOutcome,
    'take-effect': takeEffect,
    'carry-out-held': carryOutHeld,
  },
  seed: seedMacd,
  seedsAfter: ['connectx'],
  acts,
});
