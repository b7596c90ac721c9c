import { defineSystem } from '../../operator/system.ts';
import { acts } from './acts.ts';
import { getOrder, listOrders, submitOrder } from './orders.ts';
import { MACD_POLICIES } from './policy.ts';
import { seedMacd } from './seed.ts';
import { postOrder, receiveCallback, sendOrder } from './send-order.ts';
import { activateOrder, parseOrder, reportMobile } from './stages.ts';
import { SUBSCRIBER_LIFECYCLE, takeEffect } from './subscribers.ts';
import { ORDER_LIFECYCLE } from './tracking-record.ts';

/**
 * The northbound side of VOSS: takes orders to add, change and delete users, works through them in stages and calls
 * back. Subscribers are listed and read from the contract alone.
 */
export const system = defineSystem({
  name: 'macd',
  resources: {
    OrderRecord: { lifecycle: ORDER_LIFECYCLE },
    Subscriber: { lifecycle: SUBSCRIBER_LIFECYCLE },
  },
  operations: { submitOrder, receiveCallback },
  reads: { listOrders, getOrder },
  actions: { 'send-order': sendOrder },
  policies: MACD_POLICIES,
  timers: {
    parse: parseOrder,
    activate: activateOrder,
    mobile: reportMobile,
    send: postOrder,
    'take-effect': takeEffect,
  },
  seed: seedMacd,
  seedsAfter: ['connectx'],
  acts,
});
