import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { integerBetween } from '../../engine/values/random.ts';
import { SECOND } from '../../lib/time.ts';
import { isOrderUser, ORDERS, type OrderRecord, RECEIVED, replacement, usersOf } from './message.ts';
import { applyToUser, type UserOutcome } from './subscribers.ts';

/**
 * Sets the timers of the first two stages: Parsing within 5 s of acceptance, ActiveOrder 8 to 11 s after it.
 *
 * Orders overtake each other in neither stage: two orders about one user that are accepted at the same instant have to
 * take effect in the order they came in.
 */
export function startStages(work: Work, record: OrderRecord): void {
  const { transactionId } = record;
  const random = work.random('macd', 'delays', transactionId);
  const last = work.get(PIPELINE, 'last');
  const parsed = Math.max(work.now + integerBetween(random, 500, 2 * SECOND), Number(last?.parsed ?? 0));
  // Within 8 to 11 s of acceptance and of Parsing alike: the source document's examples count from acceptance.
  const activated = Math.max(
    integerBetween(random, parsed + 8 * SECOND, work.now + 11 * SECOND),
    Number(last?.activated ?? 0),
  );
  work.put(PIPELINE, 'last', { parsed, activated });
  work.schedule({ key: `macd/parse/${transactionId}`, due: parsed, kind: 'macd/parse', data: { transactionId } });
  work.schedule({
    key: activateKey(transactionId),
    due: activated,
    kind: 'macd/activate',
    data: { transactionId },
  });
}

/** Parsing: what the schemas let pass but nobody can work with. After an error the order goes no further. */
export const parseOrder: TimerHandler = (work, { transactionId }) => {
  const record = work.need(ORDERS, String(transactionId)) as OrderRecord;
  const { User = [] } = record.order;
  const broken = User.findIndex((user) => !isOrderUser(user));
  const text =
    User.length === 0
      ? 'The order names no user.'
      : broken >= 0
        ? `User ${broken + 1} of the order is no object with a Username.`
        : undefined;
  if (text === undefined) {
    respond(work, record, { Stage: 'Parsing', Status: 'Success' }, 'Processing');
    return;
  }
  work.cancel(activateKey(record.transactionId));
  respond(work, record, { Stage: 'Parsing', Status: 'Error', ResponseText: text }, 'Failed');
};

/** ActiveOrder: the order takes effect, user by user; those that fail do not stop the others. */
export const activateOrder: TimerHandler = (work, { transactionId }) => {
  const record = work.need(ORDERS, String(transactionId)) as OrderRecord;
  const outcomes: UserOutcome[] = [];
  for (const user of usersOf(record.order)) outcomes.push(applyToUser(work, record.order, user));
  const OrderID = orderIdOf(work, record, outcomes);
  const { state, ...summary } = summaryOf(outcomes);
  respond(work, record, { OrderID, Stage: 'ActiveOrder', ...summary }, state);
  startMobileStages(work, record, OrderID, outcomes);
};

/** MobileOrder and MobileMigrated: the mobile numbers are there. */
export const reportMobile: TimerHandler = (work, { transactionId, OrderID, Stage }) => {
  const record = work.need(ORDERS, String(transactionId)) as OrderRecord;
  respond(work, record, { OrderID, Stage, Status: 'Success' });
};

/** When the last accepted order passes its stages. */
const PIPELINE = 'macd/$pipeline';

function activateKey(transactionId: string): string {
  return `macd/activate/${transactionId}`;
}

/** Publishes the result of a stage, adds it to the record, and sends it to the order's callback. */
function respond(work: Work, record: OrderRecord, facts: Entity, state = record.state): void {
  const { MessageID, CallbackURL } = record.order.Order;
  const { OrderID, ...rest } = facts;
  const response = { MessageID, ...(OrderID !== undefined && { OrderID }), Timestamp: work.nowText, ...rest };
  const event = work.emit('macd/response', { Response: response });
  work.change(ORDERS, record.transactionId, {
    state,
    callback: replacement(record.callback, response),
    callbacks: [...(record.callbacks ?? []), response],
  });
  if (typeof CallbackURL !== 'string' || CallbackURL === '') return;
  work.deliver({ kind: 'callback', url: CallbackURL, body: event.payload, eventId: event.id });
}

/** The worst of the outcomes speaks for the order, but an order fails only if all of its users do. */
function summaryOf(outcomes: readonly UserOutcome[]): Entity & { readonly state: string } {
  const listed = outcomes.filter(({ result }) => result === 'failed' || result === 'warned');
  const User = listed.map(({ username, result, text }) => ({
    Username: username,
    Status: result === 'failed' ? 'Error' : 'Warning',
    ResponseText: text ?? '',
  }));
  if (outcomes.every(({ result }) => result === 'failed')) {
    return { Status: 'Error', ResponseText: 'No user of the order could be processed.', User, state: 'Failed' };
  }
  if (listed.length > 0) {
    const ResponseText = `${listed.length} of ${outcomes.length} users need a look.`;
    return { Status: 'Warning', ResponseText, User, state: 'UserProcessed' };
  }
  // What did not change is a success that is not billed again: the record's state and the text say so.
  const isSame = outcomes.every(({ result }) => result === 'same');
  const texts = new Set(outcomes.map(({ text }) => text).filter((text) => text !== undefined));
  return {
    Status: 'Success',
    ...(texts.size > 0 && { ResponseText: [...texts].join(' ') }),
    state: isSame ? 'SameAsPrevious' : 'UserProcessed',
  };
}

/** A message becomes an order of its own, but the second half of a move becomes part of the deletion's order. */
function orderIdOf(work: Work, record: OrderRecord, outcomes: readonly UserOutcome[]): string {
  const movedBy = outcomes.find((outcome) => outcome.movedBy !== undefined)?.movedBy;
  const first = movedBy === undefined ? undefined : work.get(RECEIVED, movedBy);
  const deletion = first === undefined ? undefined : work.get(ORDERS, String(first.transactionId));
  return `ORD-${String(deletion?.transactionSeqId ?? record.transactionSeqId)}`;
}

function startMobileStages(work: Work, record: OrderRecord, OrderID: string, outcomes: readonly UserOutcome[]): void {
  const { transactionId } = record;
  const applied = outcomes.filter(({ result }) => result === 'applied' || result === 'warned');
  const stages = [
    ...(applied.some(({ hasNewMobile }) => hasNewMobile) ? ['MobileOrder'] : []),
    ...(applied.some(({ hasKnownMobile }) => hasKnownMobile) ? ['MobileMigrated'] : []),
  ];
  let due = work.now;
  for (const Stage of stages) {
    due += integerBetween(work.random('macd', 'delays', transactionId, Stage), 30 * SECOND, 90 * SECOND);
    work.schedule({
      key: `macd/mobile/${transactionId}/${Stage}`,
      due,
      kind: 'macd/mobile',
      data: { transactionId, OrderID, Stage },
    });
  }
}
