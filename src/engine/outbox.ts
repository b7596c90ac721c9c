import { addDuration, type Instant, MINUTE, HOUR, SECOND, formatInstant } from '../lib/time.ts';
import { Refusal } from '../model/command.ts';
import type { RandomSource } from './random.ts';
import { scheduleTimer } from './scheduler.ts';
import { allOf, equals } from './store/filter.ts';
import type { StoreReader, StoreTransaction } from './store/store.ts';
import type { DeliveryRequest, Work } from './work.ts';

/** The collection of deliveries: they are state, so that a snapshot holds what is still to be sent. */
export const DELIVERIES = '$deliveries';

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
}

export interface Attempt {
  /** Virtual time. */
  readonly at: string;
  readonly status?: number;
  readonly error?: string;
}

/** Sends one attempt; it never throws. The port that a surface implements. */
export interface Transport {
  send(delivery: Delivery, tenant: string): Promise<AttemptResult>;
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

/** Stores a delivery and sets the timer of its first attempt. */
export async function requestDelivery(work: Work, transaction: StoreTransaction, request: DeliveryRequest): Promise<void> {
  const id = `DLV-${String(await work.nextNumber(DELIVERIES)).padStart(6, '0')}`;
  const due = Math.max(request.due ?? work.now, work.now);
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
  };
  await transaction.put(DELIVERIES, id, { ...delivery });
  await scheduleAttempt(transaction, id, due, work.now);
}

/** Whether it is this delivery's turn: none before it in its lane is still pending. */
export async function isHeadOfLane(store: StoreReader, delivery: Delivery): Promise<boolean> {
  return (await headOfLane(store, delivery.lane))?.id === delivery.id;
}

/**
 * Stores what an attempt came to, and sets the timer of the next one: of this delivery where it failed and may be
 * tried again, else of the one that waits behind it in its lane.
 */
export async function recordAttempt(
  transaction: StoreTransaction,
  delivery: Delivery,
  result: AttemptResult,
  now: Instant,
  jitter: RandomSource,
): Promise<Delivery> {
  const attempt: Attempt = { at: formatInstant(now), ...(result.status !== undefined && { status: result.status }), ...(result.error !== undefined && { error: result.error }) };
  const attempts = [...delivery.attempts, attempt];
  const isDelivered = result.status !== undefined && result.status >= 200 && result.status < 300;
  const wait = isDelivered || result.status === 410 ? undefined : RETRY_SCHEDULE[attempts.length];
  if (wait !== undefined) {
    // A tenth more at the most, so that receivers that failed together are not tried again together.
    const scheduled = wait + Math.floor(wait * 0.1 * jitter());
    const due = addDuration(now, { months: 0, milliseconds: Math.max(scheduled, (result.retryAfter ?? 0) * SECOND) });
    const retried: Delivery = { ...delivery, attempts, nextAt: formatInstant(due) };
    await transaction.put(DELIVERIES, delivery.id, { ...retried });
    await scheduleAttempt(transaction, delivery.id, due, now);
    return retried;
  }
  const ended: Delivery = { ...delivery, attempts, state: isDelivered ? 'delivered' : 'failed', nextAt: undefined };
  await transaction.put(DELIVERIES, delivery.id, { ...ended });
  const next = await headOfLane(transaction, delivery.lane);
  if (next !== undefined) await scheduleAttempt(transaction, next.id, Math.max(now, Date.parse(next.nextAt ?? '')), now);
  return ended;
}

/**
 * Makes a delivery pending again, whatever became of it, with its next attempt now; what was tried before is kept. It
 * keeps its place in its lane, so those behind it wait.
 *
 * @example await tenant.perform((work) => redeliver(work, 'DLV-000001'));
 */
export async function redeliver(work: Work, id: string): Promise<Delivery> {
  const delivery = (await work.get(DELIVERIES, id)) as Delivery | undefined;
  if (delivery === undefined) {
    throw new Refusal(404, 'NOT_FOUND', `Failed to redeliver "${id}": there is no such delivery. List the deliveries to see the ids.`);
  }
  const pending: Delivery = { ...delivery, state: 'pending', nextAt: work.nowText };
  await work.put(DELIVERIES, id, { ...pending });
  await scheduleAttempt(work, id, work.now, work.now);
  return pending;
}

async function headOfLane(store: StoreReader, lane: string): Promise<Delivery | undefined> {
  const filter = allOf(equals('lane', lane), equals('state', 'pending'));
  const { items } = await store.query(DELIVERIES, { filter, limit: 1 });
  return items[0] as Delivery | undefined;
}

function scheduleAttempt(transaction: StoreTransaction, id: string, due: Instant, now: Instant): Promise<void> {
  return scheduleTimer(transaction, { key: `${DELIVERY_TIMER}/${id}`, due, kind: DELIVERY_TIMER, data: { id } }, now, 0);
}
