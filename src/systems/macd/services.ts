import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../engine/state/change.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { isObject } from '../../lib/json-object.ts';
import type { UcService } from '../../operator/catalogue.ts';
import { localDate } from '../../operator/local-time.ts';
import { ORDERS, type OrderRecord, RECEIVED } from './message.ts';
import { macdPolicy } from './policy.ts';

/** What a subscriber has that can be charged, by kind; nothing before they go live, and after they are disconnected. */
function servicesOf(subscriber: Entity | undefined): Readonly<Record<UcService, number>> {
  if (subscriber?.activation_state !== 'Live') return NOTHING;
  const user = isObject(subscriber.user) ? subscriber.user : {};
  const count = (list: unknown) => (Array.isArray(list) ? list.length : 0);
  return {
    user: 1,
    line: count(user.Lines),
    device: count(user.Devices),
    voicemail: user.EndUserVoicemail === true ? 1 : 0,
    mobile: count(user.FMC),
  };
}

/** Lets links know what a subscriber has from a day on, as often as that changes: they are charged for it. */
export function followSubscriber(work: Work, { before, after, context }: Change): void {
  const { billing, prices } = macdPolicy(work);
  if (billing === 'none' || after === undefined) return;
  const counts = servicesOf(after);
  if (isDeepStrictEqual(counts, servicesOf(before)) && before?.customer === after.customer) return;
  work.notify('macd/services-changed', {
    username: after.username,
    references: referencesOf(work, after),
    date: typeof context.date === 'string' ? context.date : localDate(work),
    services: Object.entries(counts).map(([kind, quantity]) => ({
      kind,
      name: `UC ${kind}`,
      count: quantity,
      price: prices[kind as UcService] ?? 0,
    })),
    isCharged: counts.user > 0,
    ...(context.isWithdrawn === true && { isWithdrawn: true }),
  });
}

const NOTHING = { user: 0, line: 0, device: 0, voicemail: 0, mobile: 0 } as const;

/** What the customer may be called: by the order's own reference, else by its customer, else by the number outside. */
function referencesOf(work: Work, { customer, externalCustomerId, lastMessageId }: Entity): readonly string[] {
  const received = work.get(RECEIVED, String(lastMessageId));
  const record = received === undefined ? undefined : work.get(ORDERS, String(received.transactionId));
  const CustomerRef = (record as OrderRecord | undefined)?.order.Order.CustomerRef;
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  return [CustomerRef, customer, externalCustomerId].filter(isText);
}
