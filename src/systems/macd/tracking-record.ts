import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { integerBetween } from '../../engine/values/random.ts';
import { isObject } from '../../lib/json-object.ts';
import { formatInstant, parseInstant } from '../../lib/time.ts';
import type { Lifecycle } from '../../model/lifecycle.ts';
import { localDate, startOfDay, startOfLocalDate } from '../../operator/local-time.ts';
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
    { from: 'Received', to: 'TimedOut', when: 'no callback comes, however often the order is sent' },
    { from: 'Processing', to: 'TimedOut', when: 'no callback tells its outcome, however often the order is sent' },
    { from: 'TimedOut', to: 'Processing', when: 'a callback comes all the same' },
    { from: 'TimedOut', to: 'Failed', when: 'a callback comes all the same, of an error in the stage Parsing' },
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

/** When billing of a user begins: at the operator's midnight of the day it is activated. */
export function goLiveDate(work: Work, user: Entity | undefined): string {
  const date = localDate(work, startOfDay(work, user?.ActivationDate));
  return formatInstant(startOfLocalDate(work, date));
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

/** Only the deletion's schema lets a message do without an operation; one that breaks its schema may say anything. */
function toInternal(operation: unknown): string {
  return operation === 'Add' ? 'Create' : operation === 'Change' ? 'Change' : 'Delete';
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
    ...(instantText(Order.Timestamp) !== null && { Timestamp: Order.Timestamp }),
    CallingSystem: Order.CallingSystem === 'Default' ? null : text(Order.CallingSystem),
    ...(typeof Order.UserID === 'string' && { UserID: Order.UserID }),
    Operation: toInternal(Order.Operation),
    CustomerRef: text(Order.CustomerRef),
    ...(typeof Order.Customer === 'string' && { Customer: Order.Customer }),
    ...(typeof Order.Location === 'string' && { Location: Order.Location }),
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
    Devices: objectsOf(merged.Devices, ['Model', 'Name']),
    Lines: objectsOf(merged.Lines, ['ExtensionNumber', 'DDI']),
    ActivationDate: instantText(merged.ActivationDate),
  };
}

/** A time as it is written; a message that breaks its schema may have anything in its place. */
function instantText(value: unknown): string | null {
  return typeof value === 'string' && parseInstant(value) !== undefined ? value : null;
}

/** The members of a list that are objects whose members of these names, where there are any, are texts. */
function objectsOf(value: unknown, names: readonly string[]): readonly Entity[] | null {
  if (!Array.isArray(value)) return null;
  return value
    .filter(isObject)
    .filter((each) => names.every((name) => each[name] === undefined || typeof each[name] === 'string'));
}
