import { isDeepStrictEqual } from 'node:util';
import { inputOf, TEXT } from '../../engine/action-input.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler, OperationHandler, TimerHandler } from '../../engine/system.ts';
import { isObject } from '../../lib/json-object.ts';
import { addDuration, type Instant, parseDuration } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import { ORDERS, type OrderMessage, type OrderRecord, RECEIVED, type Response, replacement, SENT } from './message.ts';
import { requireRecord } from './orders.ts';
import { macdPolicy } from './policy.ts';
import { openRecord } from './tracking-record.ts';

/** What a client tells `send-order`. */
export const SEND_ORDER_INPUT = inputOf({
  target: TEXT,
  order: { type: 'object' },
  'envelope?': { type: 'object' },
  'delays?': { type: 'object', properties: { send: TEXT, resend: TEXT, timeout: TEXT } },
});

/**
 * The action `send-order`: plays VOSS. Stores a tracking record as the sender, posts the order to `target`, and takes
 * the callbacks at `/macd/callback`, where the order names no other place.
 *
 * `envelope` takes the place of members of the tracking record, for example `transactionId`; `delays` (ISO 8601
 * durations) says how long to wait before sending (`send`), after which time to send the same message again, as an
 * operator would (`resend`), and how long to wait for the outcome before sending it again by itself (`timeout`; default:
 * the policy's `callbackTimeout`). Returns the record.
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
  const { callbackTimeout } = macdPolicy(work);
  const sendAt = after(work.now, delays.send, 'send');
  const timeout = after(0, delays.timeout ?? callbackTimeout, 'timeout');
  const record = openRecord(work, message, {
    ...envelope,
    ...(delays.resend !== undefined && { resubmitPayload: true }),
  });
  const { transactionId } = record;
  work.put(SENT, MessageID, { transactionId, target, timeout, sentAt: [] });
  const times = delays.resend === undefined ? [sendAt] : [sendAt, after(sendAt, delays.resend, 'resend')];
  for (const [attempt, due] of times.entries()) {
    work.schedule({
      key: `macd/send/${transactionId}/${attempt + 1}`,
      due,
      kind: 'macd/send',
      data: { transactionId },
    });
  }
  return record;
};

/** Posts an order that was waiting to be sent, and waits for its outcome. */
export const postOrder: TimerHandler = (work, { transactionId }) => {
  send(work, work.need(ORDERS, String(transactionId)) as OrderRecord);
};

/** No outcome has come: the same message is sent again, as often as the policy says; then the sender gives it up. */
export const awaitOutcome: TimerHandler = (work, { transactionId }) => {
  const record = work.need(ORDERS, String(transactionId)) as OrderRecord;
  if (!isOpen(record)) return;
  if (sentBy(work, record).sentAt.length > macdPolicy(work).resends) {
    work.change(ORDERS, record.transactionId, { state: 'TimedOut' });
    return;
  }
  work.change(ORDERS, record.transactionId, { resubmitPayload: true });
  send(work, record);
};

/** What is known of an order that was sent from here, beside its record. */
export interface Sent extends Entity {
  readonly transactionId: string;
  readonly target: string;
  /** How long to wait for an outcome, in milliseconds. */
  readonly timeout: number;
  readonly sentAt: readonly string[];
}

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

function send(work: Work, record: OrderRecord): void {
  const { transactionId, order } = record;
  const sent = sentBy(work, record);
  work.put(SENT, order.Order.MessageID, { ...sent, sentAt: [...sent.sentAt, work.nowText] });
  work.deliver({ kind: 'order', url: sent.target, body: order });
  if (!isOpen(record)) return;
  const due = work.now + sent.timeout;
  work.schedule({ key: awaitKey(transactionId), due, kind: 'macd/await', data: { transactionId } });
}

function sentBy(work: Work, { order }: OrderRecord): Sent {
  return work.need(SENT, order.Order.MessageID) as Sent;
}

function awaitKey(transactionId: string): string {
  return `macd/await/${transactionId}`;
}

/** Whether the sender has yet to hear what came of an order. */
function isOpen({ state }: OrderRecord): boolean {
  return state === 'Received' || state === 'Processing';
}

/** Takes the sender's record to where a callback says that the order has come, however late it is. */
function follow(work: Work, record: OrderRecord, { Stage, Status }: Response): void {
  const { transactionId, state } = record;
  if (!isOpen(record) && state !== 'TimedOut') return;
  if (Stage !== 'Parsing' && Stage !== 'ActiveOrder') return;
  const isError = Status === 'Error';
  if (Stage === 'Parsing' && state === 'Processing') return;
  const moveTo = (next: string) => work.change(ORDERS, transactionId, { state: next });
  if (Stage === 'ActiveOrder' || isError) work.cancel(awaitKey(transactionId));
  if (Stage === 'Parsing') {
    moveTo(isError ? 'Failed' : 'Processing');
    return;
  }
  // A northbound system may leave out the callback for Parsing.
  if (state !== 'Processing') moveTo('Processing');
  moveTo(isError ? 'Failed' : 'UserProcessed');
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
