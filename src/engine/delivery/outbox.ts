import { formatInstant, type Instant, SECOND } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import { keepNewest } from '../state/keep-newest.ts';
import { allOf, equals } from '../state/store/filter.ts';
import type { StoreReader, StoreTransaction } from '../state/store/store.ts';
import type { Work } from '../state/work.ts';
import { scheduleTimer, TIMERS } from '../time/timers.ts';
import type { RandomSource } from '../values/random.ts';
import type { Attempt, AttemptResult, Delivery, DeliveryRequest } from './delivery.ts';

/** The collection of deliveries: they are state, so that a snapshot holds what is still to be sent. */
export const DELIVERIES = '$deliveries';

/** The collection of webhooks, whose secrets sign deliveries; see `webhooks.ts`. */
export const WEBHOOKS = '$webhooks';

/** The kind of timer that begins the next attempt. */
export const DELIVERY_TIMER = '$deliver';

/** Deliveries that have ended are kept for looking at: the newest of each outcome. */
const MOST_ENDED = 10_000;
const MOST_ENDED_BYTES = 32 * 2 ** 20;

/** Where a delivery comes from, and how long its first attempt waits once it is due. */
export interface DeliverySetting extends Pick<Delivery, 'cause' | 'root' | 'subject'> {
  readonly firstWait?: number;
}

/** Stores a delivery and sets the timer of its first attempt. */
export function requestDelivery(
  work: Work,
  transaction: StoreTransaction,
  request: DeliveryRequest,
  { firstWait = 0, cause, root, subject }: DeliverySetting,
): Delivery {
  const id = `DLV-${String(work.nextNumber(DELIVERIES)).padStart(6, '0')}`;
  const due = Math.max(request.due ?? work.now, work.now) + firstWait;
  const delivery: Delivery = {
    id,
    target: request.url,
    kind: request.kind,
    eventId: request.eventId,
    state: 'pending',
    attempts: [],
    nextAt: formatInstant(due),
    lane: request.lane ?? request.url,
    body: request.body,
    contentType: request.contentType,
    ...(request.method !== undefined && request.method !== 'POST' && { method: request.method }),
    ...(request.webhook !== undefined && { webhook: request.webhook }),
    ...(request.credentials !== undefined && { credentials: request.credentials }),
    cause,
    root,
    subject,
  };
  transaction.put(DELIVERIES, id, { ...delivery });
  scheduleAttempt(transaction, delivery, due, work.now);
  return delivery;
}

/** Whether it is this delivery's turn: none before it in its lane is still pending. */
export function isHeadOfLane(store: StoreReader, delivery: Delivery): boolean {
  return headOfLane(store, delivery.lane)?.id === delivery.id;
}

/**
 * Stores what an attempt came to, and sets the timer of the next one: of this delivery where it failed and may be
 * tried again, else of the one that waits behind it in its lane. `redeliveries` is how often it had been asked for again
 * when it left; answers it as it is now, `undefined` where it is no more.
 */
export function recordAttempt(
  transaction: StoreTransaction,
  { id, redeliveries }: Pick<Delivery, 'id' | 'redeliveries'>,
  result: AttemptResult,
  { now, jitter, schedule }: { now: Instant; jitter: (attempts: number) => RandomSource; schedule: readonly number[] },
): Delivery | undefined {
  const delivery = transaction.get(DELIVERIES, id) as Delivery | undefined;
  if (delivery === undefined) return undefined;
  const { outcome, status, error, after = 0 } = result;
  const at = formatInstant(now);
  const attempt: Attempt = { at, ...(status !== undefined && { status }), ...(error !== undefined && { error }) };
  const attempts = [...delivery.attempts, attempt];
  const isDelivered = outcome === 'delivered';
  if (delivery.state !== 'pending' || delivery.redeliveries !== redeliveries) {
    // Given up meanwhile, or asked for again with a timer of its own: what came of the attempt is true all the same.
    const isLate = delivery.state === 'failed' && isDelivered;
    const noted: Delivery = { ...delivery, attempts, ...(isLate && { state: 'delivered', reason: undefined }) };
    transaction.put(DELIVERIES, delivery.id, { ...noted });
    return noted;
  }
  const wait = outcome === 'retry' ? schedule[attempts.length] : undefined;
  if (wait !== undefined) {
    // A tenth more at the most, so that receivers that failed together are not tried again together.
    const scheduled = wait + Math.floor(wait * 0.1 * jitter(delivery.attempts.length)());
    const due = now + Math.max(scheduled, Math.ceil(after * SECOND));
    const retried: Delivery = { ...delivery, attempts, nextAt: formatInstant(due) };
    transaction.put(DELIVERIES, delivery.id, { ...retried });
    scheduleAttempt(transaction, delivery, due, now);
    return retried;
  }
  const ended: Delivery = { ...delivery, attempts, state: isDelivered ? 'delivered' : 'failed', nextAt: undefined };
  transaction.put(DELIVERIES, delivery.id, { ...ended });
  forgetOldest(transaction, ended);
  const next = headOfLane(transaction, delivery.lane);
  if (next !== undefined) scheduleAttempt(transaction, next, dueOf(next, now), now);
  return ended;
}

/** Gives up what still waits to be sent to a webhook. */
export function failPending(
  transaction: Pick<StoreTransaction, 'query' | 'put' | 'delete'>,
  webhook: string,
  reason: string,
): void {
  const filter = allOf(equals('webhook', webhook), equals('state', 'pending'));
  const { items } = transaction.query(DELIVERIES, { filter });
  for (const delivery of items as unknown as readonly Delivery[]) {
    transaction.put(DELIVERIES, delivery.id, { ...delivery, state: 'failed', nextAt: undefined, reason });
    transaction.delete(TIMERS, timerKey(delivery.id));
  }
}

/**
 * Sets the timers that deliveries lack because they were under way when the state was copied: what came of them was
 * never learnt in this copy, so they are sent again.
 */
export function resumeDeliveries(transaction: StoreTransaction, now: Instant): void {
  const { items } = transaction.query(DELIVERIES, { filter: equals('state', 'pending') });
  const lanes = new Set<string>();
  for (const delivery of items as unknown as readonly Delivery[]) {
    if (lanes.has(delivery.lane)) continue;
    lanes.add(delivery.lane);
    if (transaction.get(TIMERS, timerKey(delivery.id)) !== undefined) continue;
    scheduleAttempt(transaction, delivery, dueOf(delivery, now), now);
  }
}

/**
 * Makes a delivery pending again, whatever became of it, with its next attempt now; what was tried before is kept. It
 * keeps its place in its lane, so those behind it wait.
 *
 * @example redeliver(work, 'DLV-000001');
 */
export function redeliver(work: Work, id: string): Delivery {
  const delivery = work.get(DELIVERIES, id) as Delivery | undefined;
  if (delivery === undefined) {
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to redeliver "${id}": there is no such delivery. List the deliveries to see the ids.`,
    );
  }
  if (delivery.webhook !== undefined && work.get(WEBHOOKS, delivery.webhook) === undefined) {
    throw new Refusal(
      409,
      'WEBHOOK_GONE',
      `Failed to redeliver "${id}": its webhook ${delivery.webhook} has been deleted, and with it the secret to sign with. Register it anew to hear of later events.`,
    );
  }
  const redeliveries = (delivery.redeliveries ?? 0) + 1;
  const pending: Delivery = { ...delivery, state: 'pending', nextAt: work.nowText, reason: undefined, redeliveries };
  work.put(DELIVERIES, id, { ...pending });
  scheduleAttempt(work, pending, work.now, work.now);
  return pending;
}

function headOfLane(store: StoreReader, lane: string): Delivery | undefined {
  const filter = allOf(equals('lane', lane), equals('state', 'pending'));
  const { items } = store.query(DELIVERIES, { filter, limit: 1 });
  return items[0] as Delivery | undefined;
}

function forgetOldest(transaction: StoreTransaction, ended: Delivery): void {
  const { state } = ended;
  const part = { name: state, filter: equals('state', state) };
  keepNewest(transaction, DELIVERIES, ended, { most: MOST_ENDED, bytes: MOST_ENDED_BYTES, part });
}

/** Puts an attempt off, for example by the latency of a fault: until then it has not been made. */
export function postponeAttempt(
  transaction: StoreTransaction,
  delivery: Delivery,
  due: Instant,
  now: Instant,
  late: unknown,
): void {
  transaction.put(DELIVERIES, delivery.id, { ...delivery, nextAt: formatInstant(due) });
  scheduleAttempt(transaction, delivery, due, now, { late });
}

function scheduleAttempt(
  transaction: StoreTransaction,
  { id, root, subject }: Delivery,
  due: Instant,
  now: Instant,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const timer = { key: timerKey(id), due, kind: DELIVERY_TIMER, data: { id, ...more } };
  scheduleTimer(transaction, timer, { id: `${id}/next`, now, generation: 0, cause: id, root, subject });
}

function timerKey(id: string): string {
  return `${DELIVERY_TIMER}/${id}`;
}

function dueOf({ nextAt }: Delivery, now: Instant): Instant {
  return Math.max(now, nextAt === undefined ? now : Date.parse(nextAt));
}
