import { isDeepStrictEqual } from 'node:util';
import { equals } from '../../engine/store/filter.ts';
import type { Entity } from '../../engine/store/store.ts';
import type { Work } from '../../engine/work.ts';
import { isObject } from '../../lib/json-object.ts';
import { DAY, parseInstant } from '../../lib/time.ts';
import type { Lifecycle } from '../../model/lifecycle.ts';
import { type OrderHead, type OrderUser, replacement, SUBSCRIBERS } from './message.ts';
import { goLiveDate, subscriberKey, userKey } from './tracking-record.ts';

/** The life of a subscriber. */
export const SUBSCRIBER_LIFECYCLE: Lifecycle = {
  resource: 'Subscriber',
  property: 'activation_state',
  initial: 'Live',
  moves: [
    { from: 'Live', to: 'Disconnected', when: 'a Delete order has been worked through' },
    { from: 'Disconnected', to: 'Live', when: 'an Add order brings the user back, here or at another location' },
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

/** Applies an order to one of its users. Unknown customers and locations are how the northbound side learns of them. */
export function applyToUser(work: Work, head: OrderHead, user: OrderUser): UserOutcome {
  const subscriber = work.get(SUBSCRIBERS, user.Username);
  const isLive = subscriber?.activation_state === 'Live';
  // A user name is a key across customers: what one customer orders must not reach another's user.
  if (isLive && subscriber?.customer !== head.Customer) {
    return failed(user, `The user belongs to another customer than ${head.Customer}.`);
  }
  if (head.Operation === 'Add') return add(work, head, user, subscriber);
  if (subscriber === undefined || !isLive) {
    return failed(user, subscriber === undefined ? 'The user is unknown.' : 'The user has been disconnected.');
  }
  return head.Operation === 'Change' ? change(work, head, user, subscriber) : disconnect(work, head, user);
}

/** How long after a deletion an addition elsewhere still counts as the other half of a move (decided by this project). */
const LONGEST_MOVE = 30 * DAY;

/** Dates of the transaction: an order that differs from the last one in nothing else says the same. */
const TRANSACTION_DATES = ['ActivationDate', 'ChangeDate', 'DisconnectionDate'];

function add(work: Work, head: OrderHead, user: OrderUser, before: Entity | undefined): UserOutcome {
  const mobiles = mobilesOf(work, user, before?.activation_state === 'Live' ? before : undefined);
  const outcome = { username: user.Username, ...mobiles };
  if (before === undefined) {
    work.create(SUBSCRIBERS, {
      username: user.Username,
      subscriberId: subscriberKey(work, user.Username),
      userId: userKey(work, user.Username),
      activation_state: 'Live',
      goLiveDate: goLiveDate(work, user),
      user,
      ...factsOf(head),
    });
    return { ...outcome, result: 'applied' };
  }
  store(work, head, user, before, {
    activation_state: 'Live',
    goLiveDate: before.goLiveDate ?? goLiveDate(work, user),
  });
  if (before.activation_state === 'Live') {
    return { ...outcome, result: 'warned', text: 'The user exists already; the order was taken as a change.' };
  }
  const isMove =
    before.customer === head.Customer &&
    before.location !== head.Location &&
    work.now - (parseInstant(String(before.updatedAt)) ?? 0) <= LONGEST_MOVE;
  if (!isMove) return { ...outcome, result: 'applied', text: 'The user is back.' };
  const text = `The user has moved from ${String(before.location)} to ${head.Location}.`;
  return { ...outcome, result: 'applied', text, movedBy: String(before.lastMessageId) };
}

function change(work: Work, head: OrderHead, user: OrderUser, before: Entity): UserOutcome {
  const outcome = { username: user.Username, ...mobilesOf(work, user, before) };
  const facts = factsOf(head);
  const isSame =
    isDeepStrictEqual(essenceOf(before.user), essenceOf(user)) &&
    (['location', 'hardwareGroup', 'externalCustomerId'] as const).every(
      (name) => facts[name] === undefined || facts[name] === before[name],
    );
  if (isSame) {
    work.change(SUBSCRIBERS, user.Username, { lastMessageId: head.MessageID });
    return { ...outcome, result: 'same', text: 'Same as previous: nothing has changed.' };
  }
  store(work, head, user, before, {});
  return { ...outcome, result: 'applied' };
}

function disconnect(work: Work, head: OrderHead, user: OrderUser): UserOutcome {
  work.change(SUBSCRIBERS, user.Username, { activation_state: 'Disconnected', lastMessageId: head.MessageID });
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
