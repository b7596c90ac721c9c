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
export async function requestDelivery(
  work: Work,
  transaction: StoreTransaction,
  request: DeliveryRequest,
  firstWait = 0,
): Promise<void> {
  const id = `DLV-${String(await work.nextNumber(DELIVERIES)).padStart(6, '0')}`;
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
  await transaction.put(DELIVERIES, id, { ...delivery });
  await scheduleAttempt(transaction, id, due, work.now);
}

/** Whether it is this delivery's turn: none before it in its lane is still pending. */
export async function isHeadOfLane(store: StoreReader, delivery: Delivery): Promise<boolean> {
  return (await headOfLane(store, delivery.lane))?.id === delivery.id;
}

/**
 * Stores what an attempt came to, and sets the timer of the next one: of this delivery where it failed and may be
 * tried again, else of the one that waits behind it in its lane. `sent` is the delivery as it was when it left; answers
 * it as it is now, `undefined` where it is no more.
 */
export async function recordAttempt(
  transaction: StoreTransaction,
  sent: Delivery,
  result: AttemptResult,
  { now, jitter, schedule }: { now: Instant; jitter: RandomSource; schedule: readonly number[] },
): Promise<Delivery | undefined> {
  const delivery = (await transaction.get(DELIVERIES, sent.id)) as Delivery | undefined;
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
    await transaction.put(DELIVERIES, delivery.id, { ...told });
    return told;
  }
  const wait = isDelivered || status === 410 ? undefined : schedule[attempts.length];
  if (wait !== undefined) {
    // A tenth more at the most, so that receivers that failed together are not tried again together.
    const scheduled = wait + Math.floor(wait * 0.1 * jitter());
    const due = now + Math.max(scheduled, Math.ceil(retryAfter * SECOND));
    const retried: Delivery = { ...delivery, attempts, nextAt: formatInstant(due) };
    await transaction.put(DELIVERIES, delivery.id, { ...retried });
    await scheduleAttempt(transaction, delivery.id, due, now);
    return retried;
  }
  const ended: Delivery = { ...delivery, attempts, state: isDelivered ? 'delivered' : 'failed', nextAt: undefined };
  await transaction.put(DELIVERIES, delivery.id, { ...ended });
  await forgetOldest(transaction, ended.state);
  const next = await headOfLane(transaction, delivery.lane);
  if (next !== undefined) await scheduleAttempt(transaction, next.id, dueOf(next, now), now);
  return ended;
}

/** Gives up what still waits to be sent to a webhook. */
export async function failPending(
  transaction: Pick<StoreTransaction, 'query' | 'put' | 'delete'>,
  webhook: string,
  reason: string,
): Promise<void> {
  const filter = allOf(equals('webhook', webhook), equals('state', 'pending'));
  const { items } = await transaction.query(DELIVERIES, { filter });
  for (const delivery of items as unknown as readonly Delivery[]) {
    await transaction.put(DELIVERIES, delivery.id, { ...delivery, state: 'failed', nextAt: undefined, reason });
    await transaction.delete(TIMERS, timerKey(delivery.id));
  }
}

/**
 * Sets the timers that deliveries lack because they were under way when the state was copied: what came of them was
 * never learnt in this copy, so they are sent again.
 */
export async function resumeDeliveries(transaction: StoreTransaction, now: Instant): Promise<void> {
  const { items } = await transaction.query(DELIVERIES, { filter: equals('state', 'pending') });
  const lanes = new Set<string>();
  for (const delivery of items as unknown as readonly Delivery[]) {
    if (lanes.has(delivery.lane)) continue;
    lanes.add(delivery.lane);
    if ((await transaction.get(TIMERS, timerKey(delivery.id))) !== undefined) continue;
    await scheduleAttempt(transaction, delivery.id, dueOf(delivery, now), now);
  }
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
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to redeliver "${id}": there is no such delivery. List the deliveries to see the ids.`,
    );
  }
  if (delivery.webhook !== undefined && (await work.get(WEBHOOKS, delivery.webhook)) === undefined) {
    throw new Refusal(
      409,
      'WEBHOOK_GONE',
      `Failed to redeliver "${id}": its webhook ${delivery.webhook} has been deleted, and with it the secret to sign with. Register it anew to hear of later events.`,
    );
  }
  const redeliveries = (delivery.redeliveries ?? 0) + 1;
  const pending: Delivery = { ...delivery, state: 'pending', nextAt: work.nowText, reason: undefined, redeliveries };
  await work.put(DELIVERIES, id, { ...pending });
  await scheduleAttempt(work, id, work.now, work.now);
  return pending;
}

async function headOfLane(store: StoreReader, lane: string): Promise<Delivery | undefined> {
  const filter = allOf(equals('lane', lane), equals('state', 'pending'));
  const { items } = await store.query(DELIVERIES, { filter, limit: 1 });
  return items[0] as Delivery | undefined;
}

async function forgetOldest(transaction: StoreTransaction, state: Delivery['state']): Promise<void> {
  const { items, total } = await transaction.query(DELIVERIES, { filter: equals('state', state), limit: 1 });
  const [oldest] = items as unknown as readonly Delivery[];
  if (oldest !== undefined && total > MOST_ENDED) await transaction.delete(DELIVERIES, oldest.id);
}

function scheduleAttempt(transaction: StoreTransaction, id: string, due: Instant, now: Instant): Promise<void> {
  return scheduleTimer(transaction, { key: timerKey(id), due, kind: DELIVERY_TIMER, data: { id } }, now, 0);
}

function timerKey(id: string): string {
  return `${DELIVERY_TIMER}/${id}`;
}

function dueOf({ nextAt }: Delivery, now: Instant): Instant {
  return Math.max(now, nextAt === undefined ? now : Date.parse(nextAt));
}
