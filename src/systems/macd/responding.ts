import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { MessageHandler, TimerHandler } from '../../engine/system.ts';
import { isObject } from '../../lib/json-object.ts';
import { addDuration, type Instant, parseDuration } from '../../lib/time.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import { ORDERS, type OrderRecord, RECEIVED, type Response, replacement } from './message.ts';
import type { ScriptedOutcome } from './outcomes.ts';

/** How the response of a stage gets away. */
export interface ResponseWay {
  /** The state that the order has from here on. */
  readonly state: string;
  /** Whether no further response of the order follows. */
  readonly isLast: boolean;
  readonly scripted?: ScriptedOutcome;
}

/** Answers a stage of an order: its state moves at once, its response gets away as it was scripted to. */
export function respond(work: Work, record: OrderRecord, facts: Entity, way: ResponseWay): void {
  const { transactionId } = record;
  const { state, isLast, scripted } = way;
  const { OrderID, ...rest } = facts;
  const { MessageID } = record.order.Order;
  const response = {
    MessageID,
    ...(OrderID !== undefined && { OrderID }),
    Timestamp: work.nowText,
    ...rest,
  } as unknown as Response;
  const copies = scripted?.duplicate === true ? 2 : 1;
  if (state !== record.state) work.change(ORDERS, transactionId, { state });
  if (scripted?.wrongOrder === true && !isLast) {
    const held = (work.get(HELD, transactionId)?.responses ?? []) as readonly Response[];
    work.put(HELD, transactionId, { responses: [...held, ...Array.from({ length: copies }, () => response)] });
    return;
  }
  if (scripted?.late !== undefined) {
    const due = later(work.now, scripted.late);
    const data = { transactionId, response, copies };
    work.schedule({ key: `macd/tell/${transactionId}/${String(response.Stage)}`, due, kind: 'macd/tell', data });
  } else if (scripted?.silence !== true) {
    for (let copy = 0; copy < copies; copy += 1) tell(work, transactionId, response);
  } else if (!isLast) return;
  const held = (work.get(HELD, transactionId)?.responses ?? []) as readonly Response[];
  if (held.length === 0) return;
  work.delete(HELD, transactionId);
  for (const each of held) tell(work, transactionId, each);
}

/** Sends a response that was scripted to be late. */
export const tellLate: TimerHandler = (work, { transactionId, response, copies }) => {
  for (let copy = 0; copy < Number(copies); copy += 1) tell(work, String(transactionId), response as Response);
};

/** A response that was published by hand is noted on the order that it names, and sent to the order's callback. */
export const noteByHand: MessageHandler = (work, event) => {
  const { Response: response } = event.payload as { readonly Response?: unknown };
  if (!isObject(response)) return;
  const received = work.get(RECEIVED, String(response.MessageID));
  if (received !== undefined) note(work, String(received.transactionId), response as Response, event);
};

/** When something that takes an ISO 8601 duration longer takes place. */
export function later(instant: Instant, duration: string): Instant {
  return addDuration(instant, parseDuration(duration) ?? { months: 0, milliseconds: 0 });
}

/** By transaction: responses that wait for the next one to go first. */
const HELD = 'macd/$held';

/** Publishes a response, which adds it to the record and sends it to the order's callback. */
function tell(work: Work, transactionId: string, response: Response): void {
  note(work, transactionId, response, work.emit('macd/response', { Response: response }));
}

function note(work: Work, transactionId: string, response: Response, event: SimulatorEvent): void {
  const record = work.need(ORDERS, transactionId) as OrderRecord;
  work.change(ORDERS, transactionId, {
    callback: replacement(record.callback, response),
    callbacks: [...(record.callbacks ?? []), response],
  });
  const { CallbackURL } = record.order.Order;
  if (typeof CallbackURL !== 'string' || !URL.canParse(CallbackURL)) return;
  work.deliver({ kind: 'callback', url: CallbackURL, body: event.payload, eventId: event.id });
}
