import type { Change } from '../../engine/state/change.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { isObject, isSameJson } from '../../lib/json-object.ts';
import { tellListeners } from './hub.ts';
import { STATE_CHANGE } from './lifecycle.ts';

const ATTRIBUTE_CHANGE = 'billingAccount/attributeValueChange';

/** What the event of a moved state carries; the engine publishes it; here it is sent to the listeners at the hub. */
export function announceState(work: Work, { before, after }: Change, channel: string): Entity {
  if (channel !== STATE_CHANGE || after === undefined) return {};
  const { id, href, state } = after;
  const frame = frameOf(work, channel, `The account has moved from ${String(before?.state)} to ${String(state)}.`);
  const billingAccount = Object.assign(referenceOf(after), { state });
  const message = inContractOrder(work, channel, Object.assign(frame, { id, href, payload: { billingAccount } }));
  tellListeners(work, message);
  return message;
}

/**
 * Sends one event for each attribute of the first level that has changed. The state has an event of its own, and the
 * time of the change is no news.
 */
export function announceAttributes(work: Work, { before, after }: Change): void {
  if (before === undefined || after === undefined) return;
  // What a change leaves as it is stays the same object, and need not be looked into.
  for (const name in after) if (after[name] !== before[name]) announceAttribute(work, name, before[name], after);
  for (const name in before) {
    if (after[name] === undefined && before[name] !== undefined) announceAttribute(work, name, before[name], after);
  }
}

function announceAttribute(work: Work, name: string, before: unknown, after: Entity): void {
  if (name === 'state' || name === 'lastModified') return;
  const fieldPath = pathOfChange(name, before, after[name]);
  emitAttribute(work, after, fieldPath, `${fieldPath} has changed.`);
}

/** Announces what no attribute of an account shows, such as a reminder, as news about one, its payment status by default. */
export function announceNote(work: Work, account: Entity, text: string, attribute = 'paymentStatus'): void {
  emitAttribute(work, account, attribute, text);
}

function emitAttribute(work: Work, account: Entity, fieldPath: string, description: string): void {
  const [name = ''] = fieldPath.split('.');
  const billingAccount = referenceOf(account);
  if (account[name] !== undefined) billingAccount[name] = account[name];
  const frame = frameOf(work, ATTRIBUTE_CHANGE, description);
  // Listeners get the same bytes as everybody else.
  const event = work.emit(ATTRIBUTE_CHANGE, Object.assign(frame, { fieldPath, payload: { billingAccount } }));
  tellListeners(work, event.payload as Entity);
}

/** The contract's names of the two messages; on the wire, `eventType` says which one it is. */
const EVENT_TYPES: Readonly<Record<string, string>> = {
  [ATTRIBUTE_CHANGE]: 'BillingAccountAttributeValueChangeEvent',
  [STATE_CHANGE]: 'BillingAccountStateChangeEvent',
};

/** What both events have in common. Nothing happens between an occurrence and its notice: both times are the same. */
function frameOf(work: Work, channel: string, description: string): Entity {
  const eventType = EVENT_TYPES[channel];
  const number = work.nextNumber(channel);
  return {
    description,
    domain: 'Commercial',
    eventId: work.eventId('billing-account', channel, number),
    eventTime: work.nowText,
    eventType,
    priority: channel === STATE_CHANGE ? '2' : '5',
    timeOcurred: work.nowText,
    title: eventType,
  };
}

/** The engine puts what it sends in this order: listeners get the same bytes as everybody else. */
function inContractOrder(work: Work, channel: string, message: Entity): Entity {
  return work.registry.channel(channel).inOrder(message);
}

/** Enough to know the account by. TMF666's examples leave out the name, but the contract demands it. */
function referenceOf(account: Entity): Record<string, unknown> {
  return { '@type': account['@type'] ?? 'BillingAccount', href: account.href, id: account.id, name: account.name };
}

/** Dotted path down to what has changed, as far as it is one thing: `creditLimit.value`, or `creditLimit` where more has. */
function pathOfChange(path: string, before: unknown, after: unknown): string {
  if (!isObject(before) || !isObject(after)) return path;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => !isSameJson(before[name], after[name]));
  const [only] = changed;
  return only === undefined || changed.length > 1 ? path : pathOfChange(`${path}.${only}`, before[only], after[only]);
}
