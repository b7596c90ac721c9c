import { formatInstant, HOUR, type Instant, MINUTE, SECOND } from '../lib/time.ts';
import { Refusal } from '../model/command.ts';
import type { RandomSource } from './random.ts';
import { scheduleTimer, TIMERS } from './scheduler.ts';
import { allOf, equals } from './store/filter.ts';
import type { StoreReader, StoreTransaction } from './store/store.ts';
import type { DeliveryRequest, Work } from './work.ts';

/** The collection of deliveries: they are state, so that a snapshot holds what is still to be sent. */
export const DELIVERIES = '$deliveries';

/** The collection of webhooks, whose secrets sign deliveries; see `webhooks.ts`. */
export const WEBHOOKS = '$webhooks';

/** The kind of timer that makes the next attempt; it runs outside the tenant's lock. */
export const DELIVERY_TIMER = '$deliver';

/** Something to be sent outside, and what has come of it. */
export interface Delivery {
  readonly id: string;
  readonly target: string;
  readonly kind: string;
  readonly eventId?: string;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: readonly Attempt[];
  /** When the next attempt is due; absent once there is none. */
  readonly nextAt?: string;
  readonly lane: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** The webhook that it belongs to, whose secrets sign it. */
  readonly webhook?: string;
  /** Why it has failed, where no attempt tells. */
  readonly reason?: string;
  /** How often it has been asked for again by hand. */
  readonly redeliveries?: number;
}

/** A delivery as it is handed to the transport. */
export interface Dispatch extends Delivery {
  /** Only of the attempt: never stored. */
  readonly signing?: Signing;
}

/** What a delivery is signed with; each attempt anew, because time passes and secrets rotate. */
export interface Signing {
  /** Newest first. */
  readonly secrets: readonly string[];
  /** The tenant's time. */
  readonly now: Instant;
}

export interface Attempt {
  /** Virtual time. */
  readonly at: string;
  readonly status?: number;
  readonly error?: string;
}

/** Sends one attempt; it never throws. The port that a surface implements. */
export interface Transport {
  send(delivery: Dispatch, tenant: string): Promise<AttemptResult>;
}

export interface AttemptResult {
  readonly status?: number;
  readonly error?: string;
  /** What the receiver asked for by `Retry-After`, in seconds. */
  readonly retryAfter?: number;
}

/** Waits before the attempts, in milliseconds of virtual time: the first at once, then what Standard Webhooks suggests. */
export const RETRY_SCHEDULE: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Deliveries that have ended are kept for looking at: the newest of each outcome. */
const MOST_ENDED = 10_000;

/** Stores a delivery and sets the timer of its first attempt, `firstWait` after it is due. */
export function requestDelivery(
  work: Work,
  transaction: StoreTransaction,
  request: DeliveryRequest,
  firstWait = 0,
): void {
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
    headers: request.headers ?? {},
    ...(request.webhook !== undefined && { webhook: request.webhook }),
  };
  transaction.put(DELIVERIES, id, { ...delivery });
  scheduleAttempt(transaction, id, due, work.now);
}

/** Whether it is this delivery's turn: none before it in its lane is still pending. */
export function isHeadOfLane(store: StoreReader, delivery: Delivery): boolean {
  return headOfLane(store, delivery.lane)?.id === delivery.id;
}

/**
 * Stores what an attempt came to, and sets the timer of the next one: of this delivery where it failed and may be
 * tried again, else of the one that waits behind it in its lane. `sent` is the delivery as it was when it left; answers
 * it as it is now, `undefined` where it is no more.
 */
export function recordAttempt(
  transaction: StoreTransaction,
  sent: Delivery,
  result: AttemptResult,
  { now, jitter, schedule }: { now: Instant; jitter: RandomSource; schedule: readonly number[] },
): Delivery | undefined {
  const delivery = transaction.get(DELIVERIES, sent.id) as Delivery | undefined;
  if (delivery === undefined) return undefined;
  const { status, error, retryAfter = 0 } = result;
  const at = formatInstant(now);
  const attempt: Attempt = { at, ...(status !== undefined && { status }), ...(error !== undefined && { error }) };
  const attempts = [...delivery.attempts, attempt];
  const isDelivered = status !== undefined && status >= 200 && status < 300;
  if (delivery.state !== 'pending' || delivery.redeliveries !== sent.redeliveries) {
    // Given up meanwhile, or asked for again with a timer of its own: what came of the attempt is true all the same.
    const isLate = delivery.state === 'failed' && isDelivered;
    const told: Delivery = { ...delivery, attempts, ...(isLate && { state: 'delivered', reason: undefined }) };
    transaction.put(DELIVERIES, delivery.id, { ...told });
    return told;
  }
  const wait = isDelivered || status === 410 ? undefined : schedule[attempts.length];
  if (wait !== undefined) {
    // A tenth more at the most, so that receivers that failed together are not tried again together.
    const scheduled = wait + Math.floor(wait * 0.1 * jitter());
    const due = now + Math.max(scheduled, Math.ceil(retryAfter * SECOND));
    const retried: Delivery = { ...delivery, attempts, nextAt: formatInstant(due) };
    transaction.put(DELIVERIES, delivery.id, { ...retried });
    scheduleAttempt(transaction, delivery.id, due, now);
    return retried;
  }
  const ended: Delivery = { ...delivery, attempts, state: isDelivered ? 'delivered' : 'failed', nextAt: undefined };
  transaction.put(DELIVERIES, delivery.id, { ...ended });
  forgetOldest(transaction, ended.state);
  const next = headOfLane(transaction, delivery.lane);
  if (next !== undefined) scheduleAttempt(transaction, next.id, dueOf(next, now), now);
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
    scheduleAttempt(transaction, delivery.id, dueOf(delivery, now), now);
  }
}

/**
 * Makes a delivery pending again, whatever became of it, with its next attempt now; what was tried before is kept. It
 * keeps its place in its lane, so those behind it wait.
 *
 * @example tenant.perform((work) => redeliver(work, 'DLV-000001'));
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
  scheduleAttempt(work, id, work.now, work.now);
  return pending;
}

function headOfLane(store: StoreReader, lane: string): Delivery | undefined {
  const filter = allOf(equals('lane', lane), equals('state', 'pending'));
  const { items } = store.query(DELIVERIES, { filter, limit: 1 });
  return items[0] as Delivery | undefined;
}

function forgetOldest(transaction: StoreTransaction, state: Delivery['state']): void {
  const { items, total } = transaction.query(DELIVERIES, { filter: equals('state', state), limit: 1 });
  const [oldest] = items as unknown as readonly Delivery[];
  if (oldest !== undefined && total > MOST_ENDED) transaction.delete(DELIVERIES, oldest.id);
}

function scheduleAttempt(transaction: StoreTransaction, id: string, due: Instant, now: Instant): void {
  scheduleTimer(transaction, { key: timerKey(id), due, kind: DELIVERY_TIMER, data: { id } }, now, 0);
}

function timerKey(id: string): string {
  return `${DELIVERY_TIMER}/${id}`;
}

function dueOf({ nextAt }: Delivery, now: Instant): Instant {
  return Math.max(now, nextAt === undefined ? now : Date.parse(nextAt));
}
