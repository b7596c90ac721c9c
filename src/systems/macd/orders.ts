import { isDeepStrictEqual } from 'node:util';
import { allOf, equals, type Filter } from '../../engine/state/store/filter.ts';
import type { ReadWork, Work } from '../../engine/state/work.ts';
import type { InvalidHandler, OperationHandler, ReadHandler } from '../../engine/system.ts';
import { isObject } from '../../lib/json-object.ts';
import { type Outcome, Refusal } from '../../model/command.ts';
import { noteViolations } from './invalid-message.ts';
import { ORDERS, type OrderMessage, type OrderRecord, RECEIVED, SENT } from './message.ts';
import { macdPolicy } from './policy.ts';
import { startStages } from './stages.ts';
import { openRecord } from './tracking-record.ts';

/**
 * POST of an order, already validated by the schema of its operation.
 *
 * A MessageID counts once: the same message again is answered by the record that exists, without a second effect, and
 * the record does not show it; another message under the same id is refused.
 */
export const submitOrder: OperationHandler = (work, command) => takeOrder(work, command.body as OrderMessage);

/**
 * A message that its schema refuses is taken where the policy has it so, and Parsing ends in an error that lists what is
 * wrong. One without a MessageID cannot be answered and stays refused.
 */
export const takeInvalidOrder: InvalidHandler = (work, { body }, violations) => {
  if (macdPolicy(work).invalidMessage === 'refuse' || !isAnswerable(body)) return undefined;
  return takeOrder(work, body, (record) => noteViolations(work, record, violations));
};

/** Takes a message for processing; `opened` is called with the record of one that is new, before its stages begin. */
function takeOrder(work: Work, message: OrderMessage, opened: (record: OrderRecord) => void = () => {}): Outcome {
  // The schema of a deletion demands no order.
  const MessageID = message.Order?.MessageID;
  if (MessageID === undefined) {
    throw new Refusal(
      400,
      'NO_MESSAGE_ID',
      'Failed to take the order: its MessageID is empty. Give every message a key of its own.',
      {
        violations: [{ in: 'body', path: '/Order/MessageID', message: 'must not be empty' }],
      },
    );
  }
  const known = work.get(RECEIVED, MessageID);
  if (known !== undefined) {
    const record = work.need(ORDERS, String(known.transactionId)) as OrderRecord;
    if (isDeepStrictEqual(record.order, message)) return accepted(record);
    throw new Refusal(
      409,
      'MESSAGE_ID_TAKEN',
      `Failed to take the order: the MessageID "${MessageID}" was seen before with other content. Send the same content again or choose another MessageID.`,
    );
  }
  const record = openRecord(work, message);
  work.put(RECEIVED, MessageID, { transactionId: record.transactionId });
  opened(record);
  startStages(work, record);
  return accepted(record);
}

/** GET of all records, those of orders sent from here included. */
export const listOrders: ReadHandler = (work, { query }) => {
  const filters = Object.entries(FILTERS).map(([parameter, path]): Filter | undefined =>
    query[parameter] === undefined ? undefined : equals(path, query[parameter]),
  );
  const { items, total } = work.query(ORDERS, {
    filter: allOf(...filters),
    offset: numberOr(query.offset, 0),
    limit: numberOr(query.limit, Number.POSITIVE_INFINITY),
  });
  const headers = { 'x-total-count': String(total), 'x-result-count': String(items.length) };
  return { status: 200, headers, body: items };
};

/** GET of one: the order as it was received, else as it was sent from here; or the one of this transaction. */
export const getOrder: ReadHandler = (work, command) => {
  const key = command.path.messageId ?? '';
  return { status: 200, body: work.get(ORDERS, key) ?? requireRecord(work, key, [RECEIVED, SENT]) };
};

/** The record of a MessageID, from the first of the indexes that has it; refuses with 404. */
export function requireRecord(work: ReadWork, messageId: string, indexes: readonly string[]): OrderRecord {
  for (const index of indexes) {
    const entry = work.get(index, messageId);
    if (entry !== undefined) return work.need(ORDERS, String(entry.transactionId)) as OrderRecord;
  }
  throw new Refusal(
    404,
    'NOT_FOUND',
    `Failed to find the order: none has the MessageID "${messageId}". List the orders to see the known ones.`,
  );
}

/** Query parameters to what they filter by. The record says Create where its message says Add: clients ask for the message's word. */
const FILTERS: Readonly<Record<string, string>> = {
  operation: 'order.Order.Operation',
  state: 'state',
  username: 'order.User.Username',
  customer: 'order.Order.Customer',
};

function isAnswerable(body: unknown): body is OrderMessage {
  return isObject(body) && isObject(body.Order) && typeof body.Order.MessageID === 'string';
}

function accepted(record: OrderRecord): Outcome {
  // No path leads to an empty MessageID, which the schema takes.
  const key = record.order.Order.MessageID || record.transactionId;
  const location = `/macd/orders/${encodeURIComponent(key)}`;
  return { status: 202, headers: { location }, body: record };
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
