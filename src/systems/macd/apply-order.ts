import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { type Instant, parseInstant } from '../../lib/time.ts';
import { effectiveDate, hold, isLater, scheduleEffect } from './effective-dates.ts';
import { hardwareGroupConflict, itemsInUse, withoutConflicts } from './inventory.ts';
import { shortagesFor, withoutUnlicensed } from './licences.ts';
import {
  ORDERS,
  type OrderHead,
  type OrderMessage,
  type OrderRecord,
  type OrderUser,
  RECEIVED,
  SUBSCRIBERS,
  usersOf,
} from './message.ts';
import { macdPolicy } from './policy.ts';
import { isInTransition } from './sites.ts';
import { add, change, disconnect, failed, isSameAs, type Postponed, type UserOutcome } from './subscribers.ts';

/**
 * Applies an order to one of its users, or holds it until its date comes. Unknown customers and locations are how the
 * northbound side learns of them.
 */
export function applyToUser(work: Work, order: OrderMessage, user: OrderUser): UserOutcome {
  const { Order: head } = order;
  const subscriber = work.get(SUBSCRIBERS, user.Username);
  const refused = refusalOf(head, subscriber);
  if (refused !== undefined) return failed(user, refused);
  const remarks: string[] = [];
  if (isStale(work, head, subscriber)) {
    const text = 'The message is older than the last one for this user.';
    if (macdPolicy(work).stale === 'error') return failed(user, text);
    remarks.push(text);
  }
  const isDelete = head.Operation !== 'Add' && head.Operation !== 'Change';
  const granted = isDelete ? { head, user, texts: [] } : grant(work, order, user);
  if (typeof granted === 'string') return failed(user, granted);
  remarks.push(...granted.texts);
  const outcome = applyGranted(work, granted.head, granted.user, subscriber);
  if (remarks.length === 0 || outcome.result === 'failed') return outcome;
  const text = [...remarks, ...(outcome.text === undefined ? [] : [outcome.text])].join(' ');
  return { ...outcome, result: 'warned', text };
}

/** Why an order cannot be about this user at all. */
function refusalOf(head: OrderHead, subscriber: Entity | undefined): string | undefined {
  const { Operation, Customer, Location } = head;
  const isInService = subscriber !== undefined && subscriber.activation_state !== 'Disconnected';
  // A user name is a key across customers: what one customer orders must not reach another's user.
  if (isInService && subscriber.customer !== Customer) return `The user belongs to another customer than ${Customer}.`;
  if (Operation === 'Add') return undefined;
  if (!isInService) return subscriber === undefined ? 'The user is unknown.' : 'The user has been disconnected.';
  if (Operation === 'Change' || subscriber.location === Location) return undefined;
  return `The user is at ${String(subscriber.location)}, not at ${Location}.`;
}

/** Whether a later message has been applied to the user. */
function isStale(work: Work, head: OrderHead, subscriber: Entity | undefined): boolean {
  const last = subscriber === undefined ? undefined : lastMessageTime(work, subscriber);
  return last !== undefined && timeOf(head.Timestamp) < last;
}

/** When the last message that was applied to a subscriber was written; unknown for one that no order brought. */
function lastMessageTime(work: Work, { lastMessageId }: Entity): Instant | undefined {
  const received = work.get(RECEIVED, String(lastMessageId));
  if (received === undefined) return undefined;
  const record = work.get(ORDERS, String(received.transactionId)) as OrderRecord | undefined;
  return record === undefined ? undefined : timeOf(record.order.Order.Timestamp);
}

function timeOf(timestamp: unknown): Instant {
  return (typeof timestamp === 'string' ? parseInstant(timestamp) : undefined) ?? Number.NaN;
}

interface Granted {
  readonly head: OrderHead;
  readonly user: OrderUser;
  /** What could not be granted, and why. */
  readonly texts: readonly string[];
}

/** What an order may have of what it asks for, as the policy has it; else why it may have nothing. */
function grant(work: Work, order: OrderMessage, user: OrderUser): Granted | string {
  const { Order: head } = order;
  const policy = macdPolicy(work);
  const conflicts = itemsInUse(work, head, user, usersOf(order));
  const groupConflict = hardwareGroupConflict(work, head, user);
  const inUse = [...conflicts.map(({ text }) => text), ...(groupConflict === undefined ? [] : [groupConflict])];
  const rest = withoutConflicts(user, conflicts);
  if (rest === undefined || (inUse.length > 0 && policy.inUse === 'error')) return inUse.join(' ');
  const shortages = shortagesFor(work, policy, head.Customer, rest);
  const texts = [...inUse, ...shortages.map(({ text }) => text)];
  if (shortages.length > 0 && policy.noLicence === 'error') return texts.join(' ');
  return {
    head: groupConflict === undefined ? head : { ...head, HardwareGroup: undefined },
    user: withoutUnlicensed(rest, shortages),
    texts,
  };
}

function applyGranted(work: Work, head: OrderHead, user: OrderUser, subscriber: Entity | undefined): UserOutcome {
  if (head.Operation === 'Add') {
    const postponed = postponedUntil(work, head, user);
    const outcome = add(work, head, user, subscriber, postponed);
    const isWaiting = work.get(SUBSCRIBERS, user.Username)?.activation_state === 'Scheduled';
    if (isWaiting && postponed?.due !== undefined) scheduleEffect(work, head, user, postponed.due);
    return outcome;
  }
  const before = subscriber ?? {};
  const due = effectiveDate(head, user);
  if (due === undefined || !isLater(work, due)) {
    return head.Operation === 'Change' ? change(work, head, user, before) : disconnect(work, head, user);
  }
  const changesNothing = head.Operation === 'Change' && isSameAs(before, head, user);
  return changesNothing ? change(work, head, user, before) : hold(work, head, user, due);
}

function postponedUntil(work: Work, head: OrderHead, user: OrderUser): Postponed | undefined {
  const date = effectiveDate(head, user);
  const due = date !== undefined && isLater(work, date) ? date : undefined;
  const isHeld = isInTransition(work, { customer: head.Customer, location: head.Location });
  return due === undefined && !isHeld ? undefined : { due, isHeld };
}
