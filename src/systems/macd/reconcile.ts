import { isDeepStrictEqual } from 'node:util';
import { TEXT } from '../../engine/action-input.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler } from '../../engine/system.ts';
import { isObject } from '../../lib/json-object.ts';
import type { Schema } from '../../model/schema.ts';
import { ORDERS, type OrderRecord, RECEIVED, SENT, SUBSCRIBERS, usersOf } from './message.ts';
import type { Sent } from './send-order.ts';

/**
 * The action `reconcile`: sets what the sender thinks beside what the receiver has, order by order and user by user. The
 * sender is this simulator with what `send-order` has sent, or, for users, whoever lists them in `users`; the receiver is
 * this simulator.
 *
 * @example
 * POST /_simulator/actions/macd/reconcile { "customer": "Meadowbank", "users": [{ "username": "pfelt", "state": "Live" }] }
 */
export const reconcile: ActionHandler = (work, input) => {
  const { customer, messageId, users } = input as Input;
  const sent = sentOrders(work).filter(
    ({ record: { order } }) =>
      (customer === undefined || order.Order.Customer === customer) &&
      (messageId === undefined || order.Order.MessageID === messageId),
  );
  const orders = sent.map(({ record, sending }) => compareOrder(work, record, sending));
  const thought = users ?? thoughtOf(sent.map(({ record }) => record));
  const listed = thought.filter((user) => customer === undefined || (user.customer ?? customer) === customer);
  const known = new Set(listed.map(({ username }) => username));
  const compared = listed.map((user) => compareUser(work, user));
  // Who lists users means to list all of the customer's: one that is missing there is a finding, too.
  const unlisted = users === undefined || customer === undefined ? [] : unlistedOf(work, customer, known);
  const all = [...orders, ...compared, ...unlisted];
  const count = (finding: Finding) => all.filter((each) => each.finding === finding).length;
  return {
    orders,
    users: [...compared, ...unlisted],
    summary: {
      agrees: count('agrees'),
      differs: count('differs'),
      receiverLacks: count('receiver lacks'),
      senderLacks: count('sender lacks'),
    },
  };
};

type Finding = 'agrees' | 'differs' | 'receiver lacks' | 'sender lacks';

interface Input extends Entity {
  readonly customer?: string;
  readonly messageId?: string;
  readonly users?: readonly ThoughtUser[];
}

/** A user as the sender has it; what is left out is not compared. */
interface ThoughtUser extends Entity {
  readonly username: string;
  readonly state?: string;
  readonly customer?: string;
  readonly location?: string;
  /** Members of the user, for example `Lines`. */
  readonly user?: Entity;
}

/** Users that one call compares. */
const MOST_USERS = 10_000;

/** What `reconcile` takes. */
export const RECONCILE_INPUT: Schema = {
  type: 'object',
  properties: {
    customer: TEXT,
    messageId: TEXT,
    users: {
      type: 'array',
      maxItems: MOST_USERS,
      items: {
        type: 'object',
        required: ['username'],
        properties: { username: TEXT, state: TEXT, customer: TEXT, location: TEXT, user: { type: 'object' } },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
};

interface SentOrder {
  readonly record: OrderRecord;
  readonly sending: Sent;
}

function sentOrders(work: Work): readonly SentOrder[] {
  return (work.query(SENT).items as readonly Sent[]).map((sending) => ({
    sending,
    record: work.need(ORDERS, sending.transactionId) as OrderRecord,
  }));
}

function compareOrder(work: Work, record: OrderRecord, { sentAt, target }: Sent) {
  const { MessageID, Operation = 'Delete', Customer } = record.order.Order;
  const received = work.get(RECEIVED, MessageID);
  const other = received === undefined ? undefined : (work.need(ORDERS, String(received.transactionId)) as OrderRecord);
  const sender = {
    state: record.state,
    resubmitPayload: record.resubmitPayload,
    sentAt,
    target,
    callbacks: record.callbacks?.length ?? 0,
  };
  const receiver = other === undefined ? null : { state: other.state, callbacks: other.callbacks?.length ?? 0 };
  const finding: Finding =
    receiver === null ? 'receiver lacks' : isSameState(record.state, receiver.state) ? 'agrees' : 'differs';
  const usernames = usersOf(record.order).map(({ Username }) => Username);
  return { messageId: MessageID, operation: Operation, customer: Customer, usernames, sender, receiver, finding };
}

/** The sender hears of a change that changes nothing as of any other success. */
function isSameState(sender: string, receiver: string): boolean {
  return sender === receiver || (sender === 'UserProcessed' && receiver === 'SameAsPrevious');
}

/** What the sender thinks of the users whose orders have come to a good end. */
function thoughtOf(records: readonly OrderRecord[]): readonly ThoughtUser[] {
  const users = new Map<string, ThoughtUser>();
  for (const { order, state, callbacks = [] } of records) {
    const { Operation, Customer: customer, Location: location } = order.Order;
    const failed = new Set(
      callbacks.flatMap(({ User = [] }) =>
        (User as readonly Entity[]).filter(({ Status }) => Status === 'Error').map(({ Username }) => Username),
      ),
    );
    for (const { Username: username } of usersOf(order)) {
      const known = users.get(username);
      const isDone = (state === 'UserProcessed' || state === 'SameAsPrevious') && !failed.has(username);
      if (!isDone) users.set(username, known ?? { username, customer, location, state: 'Unknown' });
      else {
        const isDelete = Operation !== 'Add' && Operation !== 'Change';
        users.set(username, { username, customer, location, state: isDelete ? 'Disconnected' : 'Live' });
      }
    }
  }
  return [...users.values()];
}

function compareUser(work: Work, sender: ThoughtUser) {
  const { username } = sender;
  const subscriber = work.get(SUBSCRIBERS, username);
  if (subscriber === undefined) {
    const finding: Finding = sender.state === 'Disconnected' ? 'agrees' : 'receiver lacks';
    return { username, sender, receiver: null, differences: [], finding };
  }
  const receiver = receiverView(subscriber);
  const differences = [
    ...(['state', 'customer', 'location'] as const).filter((name) => {
      if (sender[name] === undefined) return false;
      // One who is to go live later has been taken in as well.
      const isWaiting = name === 'state' && receiver.state === 'Scheduled' && sender.state === 'Live';
      return !isWaiting && sender[name] !== receiver[name];
    }),
    ...Object.entries(sender.user ?? {})
      .filter(
        ([name, value]) => !isDeepStrictEqual(value, isObject(subscriber.user) ? subscriber.user[name] : undefined),
      )
      .map(([name]) => `user/${name}`),
  ];
  const finding: Finding = differences.length === 0 ? 'agrees' : 'differs';
  return { username, sender, receiver, differences, finding };
}

function unlistedOf(work: Work, customer: string, known: ReadonlySet<string>) {
  const { items } = work.query(SUBSCRIBERS, {
    filter: {
      op: 'and',
      filters: [
        { op: 'eq', path: 'customer', value: customer },
        { op: 'ne', path: 'activation_state', value: 'Disconnected' },
      ],
    },
  });
  return items
    .filter(({ username }) => !known.has(String(username)))
    .map((subscriber) => ({
      username: String(subscriber.username),
      sender: null,
      receiver: receiverView(subscriber),
      differences: [],
      finding: 'sender lacks' as const,
    }));
}

function receiverView({ activation_state, customer, location, goLiveDate, lastMessageId }: Entity) {
  return { state: activation_state, customer, location, goLiveDate, lastMessageId };
}
