import { isDeepStrictEqual } from 'node:util';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler } from '../../engine/system.ts';
import { isObject } from '../../lib/json-object.ts';
import { DAY, type Instant, parseInstant } from '../../lib/time.ts';
import type { Lifecycle } from '../../model/lifecycle.ts';
import { localDate, startOfDay } from '../../operator/local-time.ts';
import { type OrderHead, type OrderUser, replacement, SUBSCRIBERS } from './message.ts';
import { mobilesOf } from './mobiles.ts';
import { goLiveDate, subscriberKey, userKey } from './tracking-record.ts';

/** The life of a subscriber. */
export const SUBSCRIBER_LIFECYCLE: Lifecycle = {
  resource: 'Subscriber',
  property: 'activation_state',
  initial: 'Live',
  moves: [
    { from: 'Scheduled', to: 'Live', when: 'the ActivationDate of its Add order comes, or its site is released' },
    { from: 'Scheduled', to: 'Disconnected', when: 'a Delete order has been worked through before that' },
    {
      from: 'Live',
      to: 'Disconnected',
      when: 'a Delete order has been worked through, or its DisconnectionDate comes',
    },
    { from: 'Disconnected', to: 'Live', when: 'an Add order brings the user back, here or at another location' },
    {
      from: 'Disconnected',
      to: 'Scheduled',
      when: 'an Add order is to bring the user back on a later date, or at a site in transition',
    },
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

/** When an addition takes effect, where that is not now. */
export interface Postponed {
  /** Unknown for a site that has yet to be released. */
  readonly due: Instant | undefined;
  readonly isHeld: boolean;
}

/** Adds a user, brings one back, or takes one who exists already for a change. */
export function add(
  work: Work,
  head: OrderHead,
  user: OrderUser,
  before: Entity | undefined,
  postponed: Postponed | undefined,
): UserOutcome {
  const mobiles = mobilesOf(work, user, before?.activation_state === 'Live' ? before : undefined);
  const outcome = { username: user.Username, ...mobiles };
  const isNew = before === undefined || before.activation_state === 'Disconnected';
  const activation_state = isNew && postponed !== undefined ? 'Scheduled' : 'Live';
  const whenLive = postponed === undefined ? undefined : whenText(work, head, postponed);
  const day = { date: localDate(work, parseInstant(goLiveDate(work, user))) };
  if (before === undefined) {
    work.create(
      SUBSCRIBERS,
      {
        username: user.Username,
        subscriberId: subscriberKey(work, user.Username),
        userId: userKey(work, user.Username),
        activation_state,
        goLiveDate: goLiveDate(work, user),
        user,
        ...factsOf(head),
      },
      day,
    );
    return { ...outcome, result: 'applied', ...(whenLive !== undefined && { text: whenLive }) };
  }
  if (!isNew) {
    store(work, head, user, before, {}, dayOf(work, user.ChangeDate));
    return { ...outcome, result: 'warned', text: 'The user exists already; the order was taken as a change.' };
  }
  const isMove =
    before.customer === head.Customer &&
    before.location !== head.Location &&
    work.now - (parseInstant(String(before.updatedAt)) ?? 0) <= LONGEST_MOVE;
  store(
    work,
    head,
    user,
    before,
    { activation_state, goLiveDate: isMove && postponed === undefined ? before.goLiveDate : goLiveDate(work, user) },
    day,
  );
  if (!isMove) return { ...outcome, result: 'applied', text: whenLive ?? 'The user is back.' };
  const text = `The user has moved from ${String(before.location)} to ${head.Location}.`;
  return { ...outcome, result: 'applied', text, movedBy: String(before.lastMessageId) };
}

/** Changes a user to what the order says. */
export function change(work: Work, head: OrderHead, user: OrderUser, before: Entity): UserOutcome {
  const outcome = { username: user.Username, ...mobilesOf(work, user, before) };
  if (isSameAs(before, head, user)) {
    work.change(SUBSCRIBERS, user.Username, { lastMessageId: head.MessageID });
    return { ...outcome, result: 'same', text: 'Same as previous: nothing has changed.' };
  }
  store(work, head, user, before, {}, dayOf(work, user.ChangeDate));
  return { ...outcome, result: 'applied' };
}

/** Disconnects a user, who gives back all that was theirs. */
export function disconnect(work: Work, head: OrderHead, user: OrderUser): UserOutcome {
  cancelAll(work, user.Username);
  work.change(
    SUBSCRIBERS,
    user.Username,
    { activation_state: 'Disconnected', scheduledChange: null, lastMessageId: head.MessageID },
    dayOf(work, user.DisconnectionDate),
  );
  return { username: user.Username, result: 'applied', hasNewMobile: false, hasKnownMobile: false };
}

/** `{usernames}`: disconnects users without an order, for links from the system that has lost their customer. */
export const disconnectUsers: ActionHandler = (work, input) => {
  for (const username of input.usernames as readonly string[]) {
    const subscriber = work.get(SUBSCRIBERS, username);
    if (subscriber === undefined || subscriber.activation_state === 'Disconnected') continue;
    cancelAll(work, username);
    work.change(SUBSCRIBERS, username, { activation_state: 'Disconnected', scheduledChange: null });
  }
};

/** Whether an order says of a user what the last one said. */
export function isSameAs(before: Entity, head: OrderHead, user: OrderUser): boolean {
  const facts = factsOf(head);
  return (
    isDeepStrictEqual(essenceOf(before.user), essenceOf(user)) &&
    (['location', 'hardwareGroup', 'externalCustomerId'] as const).every(
      (name) => facts[name] === undefined || facts[name] === before[name],
    )
  );
}

/** The outcome of a user that nothing has been done for. */
export function failed(user: OrderUser, text: string): UserOutcome {
  return { username: user.Username, result: 'failed', text, hasNewMobile: false, hasKnownMobile: false };
}

/** The key of the timer that a user's addition waits for. */
export function effectKey(username: string): string {
  return `macd/take-effect/${username}`;
}

/** The key of the timer that a user's held change or deletion waits for: one who has yet to go live may have both. */
export function heldKey(username: string): string {
  return `macd/carry-out-held/${username}`;
}

function cancelAll(work: Work, username: string): void {
  work.cancel(effectKey(username));
  work.cancel(heldKey(username));
}

/** How long after a deletion an addition elsewhere still counts as the other half of a move (decided by this project). */
const LONGEST_MOVE = 30 * DAY;

/** Dates of the transaction: an order that differs from the last one in nothing else says the same. */
const TRANSACTION_DATES = ['ActivationDate', 'ChangeDate', 'DisconnectionDate'];

function whenText(work: Work, { Location }: OrderHead, { due, isHeld }: Postponed): string {
  if (isHeld) return `The site ${Location} is in transition: the user goes live when it is released.`;
  return `The user goes live on ${localDate(work, due)}.`;
}

/** The day that a change is charged from: that of its date where it lies in the past, else today. */
function dayOf(work: Work, date: unknown): { readonly date: string } {
  return { date: localDate(work, Math.min(startOfDay(work, date) ?? work.now, work.now)) };
}

function store(
  work: Work,
  head: OrderHead,
  user: OrderUser,
  before: Entity,
  more: Entity,
  context: { readonly date: string },
): void {
  work.change(SUBSCRIBERS, user.Username, { ...factsOf(head), user: replacement(before.user, user), ...more }, context);
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

/** A user without what says nothing about it: transaction dates, and members that are null. */
function essenceOf(user: unknown): Entity {
  const entries = Object.entries(isObject(user) ? user : {});
  return Object.fromEntries(entries.filter(([name, value]) => value !== null && !TRANSACTION_DATES.includes(name)));
}
