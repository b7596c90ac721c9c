import { isDeepStrictEqual } from 'node:util';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler, OperationHandler, TimerHandler } from '../../engine/system.ts';
import { isObject } from '../../lib/json-object.ts';
import { addDuration, type Instant, parseDuration } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import { ORDERS, type OrderMessage, type OrderRecord, RECEIVED, type Response, replacement, SENT } from './message.ts';
import { requireRecord } from './orders.ts';
import { openRecord } from './tracking-record.ts';

/**
 * The action `send-order`: plays VOSS. Stores a tracking record as the sender, posts the order to `target`, and takes
 * the callbacks at `/macd/callback`, where the order names no other place.
 *
 * `envelope` takes the place of members of the tracking record, for example `transactionId`; `delays` (ISO 8601
 * durations) says how long to wait before sending (`send`) and after which time to send the same message again, as an
 * operator would (`resend`). Returns the record.
 *
 * @example
 * POST /_simulator/actions/macd/send-order { "target": "http://localhost:9000/orders", "order": { "Order": {…}, "User": […] } }
 */
export const sendOrder: ActionHandler = (work, input) => {
  const { target, order, envelope = {}, delays = {} } = input;
  if (
    typeof target !== 'string' ||
    !URL.canParse(target) ||
    !/^https?:$/.test(new URL(target).protocol) ||
    !isObject(order) ||
    !isObject(order.Order) ||
    !isObject(envelope) ||
    !isObject(delays)
  ) {
    throw new Refusal(
      400,
      'INVALID_INPUT',
      'Failed to send the order: "target" must be an http or https URL and "order" an order message with "Order" in it; "envelope" and "delays" are objects. Correct the input.',
    );
  }
  const number = work.nextNumber(SENT);
  const message = {
    ...order,
    Order: { MessageID: work.hex(24, 'macd', 'sent', number), CallbackURL: CALLBACK_URL, ...order.Order },
  } as unknown as OrderMessage;
  const { MessageID } = message.Order;
  if (work.get(SENT, MessageID) !== undefined) {
    throw new Refusal(
      409,
      'MESSAGE_ID_TAKEN',
      `Failed to send the order: an order with the MessageID "${MessageID}" has been sent from here. Choose another MessageID or leave it out.`,
    );
  }
  const sendAt = after(work.now, delays.send, 'send');
  const record = openRecord(work, message, {
    ...envelope,
    ...(delays.resend !== undefined && { resubmitPayload: true }),
  });
  const { transactionId } = record;
  work.put(SENT, MessageID, { transactionId });
  const times = delays.resend === undefined ? [sendAt] : [sendAt, after(sendAt, delays.resend, 'resend')];
  for (const [attempt, due] of times.entries()) {
    work.schedule({
      key: `macd/send/${transactionId}/${attempt + 1}`,
      due,
      kind: 'macd/send',
      data: { transactionId, target },
    });
  }
  return record;
};

/** Posts an order that was waiting to be sent. */
export const postOrder: TimerHandler = (work, { transactionId, target }) => {
  const record = work.need(ORDERS, String(transactionId)) as OrderRecord;
  work.deliver({ kind: 'order', url: String(target), body: record.order });
};

/** POST of a callback about an order sent from here, wrapped in `Response` or bare. */
export const receiveCallback: OperationHandler = (work, command) => {
  const body = command.body as Entity;
  const response = (isObject(body.Response) ? body.Response : body) as Response;
  const record = requireRecord(work, String(response.MessageID), [SENT, RECEIVED]);
  const { callbacks = [] } = record;
  // Callbacks are delivered at least once; and an order that names this simulator twice hears its own callbacks.
  if (callbacks.some((known) => isDeepStrictEqual(known, response))) return { status: 204 };
  work.change(ORDERS, record.transactionId, {
    callback: replacement(record.callback, response),
    callbacks: [...callbacks, response],
  });
  follow(work, record, response);
  return { status: 204 };
};

const CALLBACK_URL = 'http://simulator/macd/callback';

/** Takes the sender's record to where a callback says that the order has come. */
function follow(work: Work, { transactionId, state }: OrderRecord, { Stage, Status }: Response): void {
  const moveTo = (next: string) => work.change(ORDERS, transactionId, { state: next });
  const isOpen = state === 'Received' || state === 'Processing';
  if (!isOpen || (Stage !== 'Parsing' && Stage !== 'ActiveOrder')) return;
  if (Stage === 'Parsing') {
    if (state === 'Received') moveTo(Status === 'Error' ? 'Failed' : 'Processing');
    return;
  }
  // A northbound system may leave out the callback for Parsing.
  if (state === 'Received') moveTo('Processing');
  moveTo(Status === 'Error' ? 'Failed' : 'UserProcessed');
}

function after(instant: Instant, delay: unknown, name: string): Instant {
  if (delay === undefined) return instant;
  const duration = typeof delay === 'string' ? parseDuration(delay) : undefined;
  if (duration !== undefined) return addDuration(instant, duration);
  throw new Refusal(
    400,
    'INVALID_INPUT',
    `Failed to send the order: the delay "${name}" is no ISO 8601 duration. Write it like PT5S.`,
  );
}
