import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { integerBetween } from '../../engine/values/random.ts';
import { isObject } from '../../lib/json-object.ts';
import { toDate } from '../../lib/time.ts';
import type { Lifecycle } from '../../model/lifecycle.ts';
import { ORDERS, type OrderMessage, type OrderRecord, SUBSCRIBERS, usersOf } from './message.ts';

/** How far an order can come. Only two of the states are public; the moves between them are this project's. */
export const ORDER_LIFECYCLE: Lifecycle = {
  resource: 'OrderRecord',
  property: 'state',
  initial: 'Received',
  moves: [
    { from: 'Received', to: 'Processing', when: 'the stage Parsing is passed' },
    { from: 'Received', to: 'Failed', when: 'the stage Parsing ends in an error' },
    { from: 'Processing', to: 'UserProcessed', when: 'the stage ActiveOrder has taken in at least one user' },
    { from: 'Processing', to: 'SameAsPrevious', when: 'a change changes nothing' },
    { from: 'Processing', to: 'Failed', when: 'the stage ActiveOrder ends in an error' },
  ],
};

/** Opens the tracking record of an order; `more` takes the place of what would be made up. */
export function openRecord(work: Work, message: OrderMessage, more: Entity = {}): OrderRecord {
  const { Operation } = message.Order;
  const [user] = usersOf(message);
  const subscriber = user === undefined ? undefined : work.get(SUBSCRIBERS, user.Username);
  const number = work.nextNumber('macd/$transactions');
  return work.create(ORDERS, {
    transactionId: work.uuid('macd', 'transaction', number),
    transactionSeqId: String(firstSequence(work) + number),
    transactionTimestamp: work.nowText,
    timestamp: work.nowText,
    payload: payloadOf(message, subscriber?.user as Entity | undefined),
    ...(user !== undefined && {
      userId: userKey(work, user.Username),
      subscriberId: subscriberKey(work, user.Username),
    }),
    operation: toInternal(Operation),
    activation_state: 'Live',
    GoLiveDate: subscriber?.goLiveDate ?? goLiveDate(work, user),
    resubmitPayload: false,
    order: message,
    ...more,
  }) as OrderRecord;
}

/** When billing of a user begins: at midnight of the day it is activated. */
export function goLiveDate(work: Work, user: Entity | undefined): string {
  const date = typeof user?.ActivationDate === 'string' ? Date.parse(user.ActivationDate) : work.now;
  return `${toDate(date)}T00:00:00.000Z`;
}

/** The key of a subscriber; it stays the same however often the user leaves and comes back. */
export function subscriberKey(work: Work, username: string): string {
  return work.hex(24, 'macd', 'subscriber', username);
}

/** The key of the user behind a subscriber. */
export function userKey(work: Work, username: string): string {
  return work.hex(24, 'macd', 'user', username);
}

/** The source document's transactions are numbered around this. */
const SEQUENCE_BASE = 2_659_000;

function firstSequence(work: Work): number {
  return SEQUENCE_BASE + integerBetween(work.random('macd', 'transactions'), 0, 99);
}

/** Only the deletion's schema lets a message do without an operation. */
function toInternal(operation: string | undefined): string {
  return operation === 'Add' ? 'Create' : (operation ?? 'Delete');
}

/**
 * The sender's internal record, from which it made the message: the mapping that the source document's examples show,
 * turned round. Texts that the message has as '' are null there, and so is the calling system where it is the default.
 * A record is about one user: of several, about the first. A deletion names only the user: the rest is what is known.
 */
function payloadOf({ Order, User }: OrderMessage, known: Entity | undefined): Entity {
  const [user] = usersOf({ Order, User });
  const merged: Entity = { ...known, ...user };
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return {
    MessageID: Order.MessageID,
    ...(typeof Order.Timestamp === 'string' && { Timestamp: Order.Timestamp }),
    CallingSystem: Order.CallingSystem === 'Default' ? null : text(Order.CallingSystem),
    ...(typeof Order.UserID === 'string' && { UserID: Order.UserID }),
    Operation: toInternal(Order.Operation),
    CustomerRef: text(Order.CustomerRef),
    Customer: Order.Customer,
    Location: Order.Location,
    ...(user !== undefined && { Username: user.Username }),
    ...(typeof Order.HardwareGroup === 'string' && { HardwareGroup: Order.HardwareGroup }),
    ContactPhone: text(merged.ContactPhone),
    ExtensionNumber: text(merged.ExtensionNumber),
    MobilePhone: text(merged.MobilePhone),
    FirstName: text(merged.FirstName),
    MiddleName: text(merged.MiddleName),
    LastName: text(merged.LastName),
    Title: text(merged.Title),
    Email: text(merged.Email),
    EndUserVoicemail: typeof merged.EndUserVoicemail === 'boolean' ? merged.EndUserVoicemail : null,
    Devices: objectsOf(merged.Devices),
    Lines: objectsOf(merged.Lines),
    ActivationDate: text(merged.ActivationDate),
  };
}

function objectsOf(value: unknown): readonly Entity[] | null {
  return Array.isArray(value) ? value.filter(isObject) : null;
}
