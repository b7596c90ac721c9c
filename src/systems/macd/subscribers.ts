import { isDeepStrictEqual } from 'node:util';
import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { isObject } from '../../lib/json-object.ts';
import { DAY, formatInstant, type Instant, parseInstant } from '../../lib/time.ts';
import type { Lifecycle } from '../../model/lifecycle.ts';
import { hardwareGroupConflict, itemsInUse, withoutConflicts } from './inventory.ts';
import {
  ORDERS,
  type OrderHead,
  type OrderMessage,
  type OrderRecord,
  type OrderUser,
  RECEIVED,
  replacement,
  SUBSCRIBERS,
  usersOf,
} from './message.ts';
import { macdPolicy } from './policy.ts';
import { goLiveDate, subscriberKey, userKey } from './tracking-record.ts';

/** The life of a subscriber. */
export const SUBSCRIBER_LIFECYCLE: Lifecycle = {
  resource: 'Subscriber',
  property: 'activation_state',
  initial: 'Live',
  moves: [
    { from: 'Scheduled', to: 'Live', when: 'the ActivationDate of its Add order comes' },
    { from: 'Scheduled', to: 'Disconnected', when: 'a Delete order has been worked through before that' },
    {
      from: 'Live',
      to: 'Disconnected',
      when: 'a Delete order has been worked through, or its DisconnectionDate comes',
    },
    { from: 'Disconnected', to: 'Live', when: 'an Add order brings the user back, here or at another location' },
    { from: 'Disconnected', to: 'Scheduled', when: 'an Add order is to bring the user back on a later date' },
  ],
};

/** What became of one user of an order. */
export interface UserOutcome {
  readonly username: string;
  /** `same`: the order changes nothing; `warned`: applied, but not as it was asked for. */
  readonly result: 'applied' | 'same' | 'warned' | 'failed';
  readonly text?: string;
  /** Fixed-mobile numbers that are new to the operator, and those that it served before. */
  readonly hasNewMobile: boolean;
  readonly hasKnownMobile: boolean;
  /** The MessageID of the deletion that this addition completes to a move. */
  readonly movedBy?: string;
}

/**
 * Applies an order to one of its users, or holds it until its date comes. Unknown customers and locations are how the
 * northbound side learns of them.
 */
export function applyToUser(work: Work, order: OrderMessage, user: OrderUser): UserOutcome {
  const { Order: head } = order;
  const subscriber = work.get(SUBSCRIBERS, user.Username);
  const isInService = subscriber !== undefined && subscriber.activation_state !== 'Disconnected';
  // A user name is a key across customers: what one customer orders must not reach another's user.
  if (isInService && subscriber.customer !== head.Customer) {
    return failed(user, `The user belongs to another customer than ${head.Customer}.`);
  }
  if (head.Operation !== 'Add' && !isInService) {
    return failed(user, subscriber === undefined ? 'The user is unknown.' : 'The user has been disconnected.');
  }
  const isDelete = head.Operation !== 'Add' && head.Operation !== 'Change';
  if (isDelete && subscriber?.location !== head.Location) {
    return failed(user, `The user is at ${String(subscriber?.location)}, not at ${head.Location}.`);
  }
  const policy = macdPolicy(work);
  const remarks: string[] = [];
  const last = subscriber === undefined ? undefined : lastMessageTime(work, subscriber);
  if (last !== undefined && timeOf(head.Timestamp) < last) {
    const text = 'The message is older than the last one for this user.';
    if (policy.stale === 'error') return failed(user, text);
    remarks.push(text);
  }
  let granted = user;
  let grantedHead = head;
  if (!isDelete) {
    const conflicts = itemsInUse(work, head, user, usersOf(order));
    const groupConflict = hardwareGroupConflict(work, head, user);
    const texts = [...conflicts.map(({ text }) => text), ...(groupConflict === undefined ? [] : [groupConflict])];
    const rest = withoutConflicts(user, conflicts);
    if (rest === undefined || (texts.length > 0 && policy.inUse === 'error')) return failed(user, texts.join(' '));
    remarks.push(...texts);
    granted = rest;
    if (groupConflict !== undefined) grantedHead = { ...head, HardwareGroup: undefined };
  }
  const outcome = applyGranted(work, grantedHead, granted, subscriber);
  if (remarks.length === 0 || outcome.result === 'failed') return outcome;
  const text = [...remarks, ...(outcome.text === undefined ? [] : [outcome.text])].join(' ');
  return { ...outcome, result: 'warned', text };
}

/** The date of a held order has come: what is no longer possible, because other orders came meanwhile, is left out. */
export const takeEffect: TimerHandler = (work, { username, messageId }) => {
  const subscriber = work.get(SUBSCRIBERS, String(username));
  const received = work.get(RECEIVED, String(messageId));
  if (subscriber === undefined || received === undefined || subscriber.activation_state === 'Disconnected') return;
  if (subscriber.activation_state === 'Scheduled') {
    work.change(SUBSCRIBERS, String(username), { activation_state: 'Live' });
    return;
  }
  const { order } = work.need(ORDERS, String(received.transactionId)) as OrderRecord;
  const user = usersOf(order).find(({ Username }) => Username === username);
  if (user === undefined) return;
  work.change(SUBSCRIBERS, String(username), { scheduledChange: null });
  const current = work.need(SUBSCRIBERS, String(username));
  if (order.Order.Operation === 'Change') change(work, order.Order, user, current);
  else disconnect(work, order.Order, user);
};

function applyGranted(work: Work, head: OrderHead, user: OrderUser, subscriber: Entity | undefined): UserOutcome {
  const due = effectiveDate(head, user);
  const isLater = due !== undefined && due > work.now;
  if (head.Operation === 'Add') return add(work, head, user, subscriber, isLater ? due : undefined);
  const before = subscriber ?? {};
  if (head.Operation === 'Change') {
    const changesLater = isLater && !isSameAs(before, head, user);
    return changesLater ? hold(work, head, user, due) : change(work, head, user, before);
  }
  return isLater ? hold(work, head, user, due) : disconnect(work, head, user);
}

/** Leaves the user as it is until the date of the order; a later order that is held takes its place. */
function hold(work: Work, head: OrderHead, user: OrderUser, due: Instant): UserOutcome {
  const effective = formatInstant(due);
  const operation = head.Operation === 'Change' ? 'Change' : 'Delete';
  work.change(SUBSCRIBERS, user.Username, {
    scheduledChange: { operation, effectiveDate: effective, messageId: head.MessageID },
  });
  scheduleEffect(work, head, user, due);
  const text = `The ${operation} takes effect on ${effective.slice(0, 10)}.`;
  return { username: user.Username, result: 'applied', text, hasNewMobile: false, hasKnownMobile: false };
}

function scheduleEffect(work: Work, head: OrderHead, { Username }: OrderUser, due: Instant): void {
  work.schedule({
    key: effectKey(Username),
    due,
    kind: 'macd/take-effect',
    data: { username: Username, messageId: head.MessageID },
  });
}

function effectKey(username: string): string {
  return `macd/take-effect/${username}`;
}

/** The date that an order of this kind carries for its user. */
function effectiveDate({ Operation }: OrderHead, user: OrderUser): Instant | undefined {
  const name = Operation === 'Add' ? 'ActivationDate' : Operation === 'Change' ? 'ChangeDate' : 'DisconnectionDate';
  const text = user[name];
  return typeof text === 'string' ? parseInstant(text) : undefined;
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

/** How long after a deletion an addition elsewhere still counts as the other half of a move (decided by this project). */
const LONGEST_MOVE = 30 * DAY;

/** Dates of the transaction: an order that differs from the last one in nothing else says the same. */
const TRANSACTION_DATES = ['ActivationDate', 'ChangeDate', 'DisconnectionDate'];

function add(
  work: Work,
  head: OrderHead,
  user: OrderUser,
  before: Entity | undefined,
  later: Instant | undefined,
): UserOutcome {
  const mobiles = mobilesOf(work, user, before?.activation_state === 'Live' ? before : undefined);
  const outcome = { username: user.Username, ...mobiles };
  const isNew = before === undefined || before.activation_state === 'Disconnected';
  const activation_state = isNew && later !== undefined ? 'Scheduled' : 'Live';
  if (isNew && later !== undefined) scheduleEffect(work, head, user, later);
  const whenLive = later === undefined ? undefined : `The user goes live on ${formatInstant(later).slice(0, 10)}.`;
  if (before === undefined) {
    work.create(SUBSCRIBERS, {
      username: user.Username,
      subscriberId: subscriberKey(work, user.Username),
      userId: userKey(work, user.Username),
      activation_state,
      goLiveDate: goLiveDate(work, user),
      user,
      ...factsOf(head),
    });
    return { ...outcome, result: 'applied', ...(whenLive !== undefined && { text: whenLive }) };
  }
  if (!isNew) {
    store(work, head, user, before, {});
    return { ...outcome, result: 'warned', text: 'The user exists already; the order was taken as a change.' };
  }
  store(work, head, user, before, {
    activation_state,
    goLiveDate: later === undefined ? (before.goLiveDate ?? goLiveDate(work, user)) : goLiveDate(work, user),
  });
  const isMove =
    before.customer === head.Customer &&
    before.location !== head.Location &&
    work.now - (parseInstant(String(before.updatedAt)) ?? 0) <= LONGEST_MOVE;
  if (!isMove) return { ...outcome, result: 'applied', text: whenLive ?? 'The user is back.' };
  const text = `The user has moved from ${String(before.location)} to ${head.Location}.`;
  return { ...outcome, result: 'applied', text, movedBy: String(before.lastMessageId) };
}

function change(work: Work, head: OrderHead, user: OrderUser, before: Entity): UserOutcome {
  const outcome = { username: user.Username, ...mobilesOf(work, user, before) };
  if (isSameAs(before, head, user)) {
    work.change(SUBSCRIBERS, user.Username, { lastMessageId: head.MessageID });
    return { ...outcome, result: 'same', text: 'Same as previous: nothing has changed.' };
  }
  store(work, head, user, before, {});
  return { ...outcome, result: 'applied' };
}

function isSameAs(before: Entity, head: OrderHead, user: OrderUser): boolean {
  const facts = factsOf(head);
  return (
    isDeepStrictEqual(essenceOf(before.user), essenceOf(user)) &&
    (['location', 'hardwareGroup', 'externalCustomerId'] as const).every(
      (name) => facts[name] === undefined || facts[name] === before[name],
    )
  );
}

function disconnect(work: Work, head: OrderHead, user: OrderUser): UserOutcome {
  work.cancel(effectKey(user.Username));
  work.change(SUBSCRIBERS, user.Username, {
    activation_state: 'Disconnected',
    scheduledChange: null,
    lastMessageId: head.MessageID,
  });
  return { username: user.Username, result: 'applied', hasNewMobile: false, hasKnownMobile: false };
}

function store(work: Work, head: OrderHead, user: OrderUser, before: Entity, more: Entity): void {
  work.change(SUBSCRIBERS, user.Username, { ...factsOf(head), user: replacement(before.user, user), ...more });
}

function factsOf(head: OrderHead) {
  return {
    customer: head.Customer,
    location: head.Location,
    hardwareGroup: head.HardwareGroup,
    ...(typeof head.ExternalCustomerID === 'string' && { externalCustomerId: head.ExternalCustomerID }),
    lastMessageId: head.MessageID,
  } as Readonly<Record<string, string | undefined>>;
}

function failed(user: OrderUser, text: string): UserOutcome {
  return { username: user.Username, result: 'failed', text, hasNewMobile: false, hasKnownMobile: false };
}

/** A user without what says nothing about it: transaction dates, and members that are null. */
function essenceOf(user: unknown): Entity {
  const entries = Object.entries(isObject(user) ? user : {});
  return Object.fromEntries(entries.filter(([name, value]) => value !== null && !TRANSACTION_DATES.includes(name)));
}

/**
 * Which fixed-mobile numbers of a user the operator serves already. A number that any subscriber has or had comes with
 * its user (it is migrated); any other has to be ordered. A number that the user already has causes neither. The source document
 * does not say what the two stages mean; this is decided by this project.
 */
function mobilesOf(work: Work, user: OrderUser, before: Entity | undefined) {
  const known = new Set(mobileNumbers(before?.user));
  let hasNewMobile = false;
  let hasKnownMobile = false;
  for (const number of mobileNumbers(user).filter((each) => !known.has(each))) {
    const { total } = work.query(SUBSCRIBERS, { filter: equals('user.FMC.MobileNumber', number), limit: 1 });
    if (total > 0) hasKnownMobile = true;
    else hasNewMobile = true;
  }
  return { hasNewMobile, hasKnownMobile };
}

function mobileNumbers(user: unknown): readonly string[] {
  const entries = isObject(user) && Array.isArray(user.FMC) ? user.FMC.filter(isObject) : [];
  return entries.map(({ MobileNumber }) => MobileNumber).filter((number) => typeof number === 'string');
}
