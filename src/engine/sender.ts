import { formatInstant, type Instant } from '../lib/time.ts';
import type { Happening } from '../model/happening.ts';
import { dueAfter, type Fault, type FaultSubject, sendThrough } from './faults.ts';
import {
  DELIVERIES,
  DELIVERY_TIMER,
  type Delivery,
  type Dispatch,
  isHeadOfLane,
  RETRY_SCHEDULE,
  recordAttempt,
  type Transport,
} from './outbox.ts';
import type { Chance } from './random.ts';
import { scheduleTimer } from './scheduler.ts';
import { type Store, transact } from './store/store.ts';
import type { Effect } from './tenant.ts';
import type { TranscriptEntry } from './transcript.ts';
import { disableWebhook, signingSecrets } from './webhooks.ts';

/** What a sender shares with those of the other tenants. */
export interface SenderParts {
  readonly name: string;
  readonly transport: Transport;
  /** Waits before the attempts of a delivery, in virtual milliseconds; `RETRY_SCHEDULE` unless told. */
  readonly retrySchedule?: readonly number[];
  readonly observe?: (happening: Happening) => void;
  readonly reportFailure: (message: string, error: unknown) => void;
}

/** The world whose deliveries are sent. */
export interface SendingWorld {
  now(): Instant;
  store(): Store;
  chance(): Chance;
  takeFault(subject: FaultSubject): Fault | undefined;
  /** Keeps a place in the transcript; answers what fills it. */
  reserveLine(): (entry: TranscriptEntry) => void;
  /** Called with each attempt once what came of it is stored. */
  attempted(effect: Effect): void;
  /** Called when timers may have come to be due. */
  settled(now: Instant): void;
}

/** Makes the attempts of one tenant's deliveries, one after another; the only part of a tenant that waits for anybody. */
export class Sender {
  readonly retrySchedule: readonly number[];
  readonly #parts: SenderParts;
  readonly #world: SendingWorld;
  #sending: Promise<void> = Promise.resolve();
  #count = 0;
  /** Rises when another state takes the place of the world's: what left before then is no news to it. */
  #epoch = 0;
  #isClosed = false;

  constructor(parts: SenderParts, world: SendingWorld) {
    this.#parts = parts;
    this.#world = world;
    this.retrySchedule = parts.retrySchedule ?? RETRY_SCHEDULE;
  }

  /** How many deliveries are under way. */
  get count(): number {
    return this.#count;
  }

  /** Waits until none is under way any more. */
  async settled(): Promise<void> {
    while (this.#count > 0) await this.#sending;
  }

  /** What is under way belongs to a state that is no more. */
  forget(): void {
    this.#epoch += 1;
  }

  /** Waits for the attempt under way, and makes no further one. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#sending;
  }

  /** Makes the next attempt of a delivery, after those under way; `late` is a fault that has held it up until now. */
  send(id: string, late?: Fault): void {
    const epoch = this.#epoch;
    const tell = this.#world.reserveLine();
    this.#count += 1;
    this.#sending = this.#sending
      .then(() => this.#attempt(id, epoch, tell, late))
      .catch((error: unknown) => this.#parts.reportFailure(`delivery ${id} failed`, error))
      .finally(() => {
        this.#count -= 1;
      });
  }

  async #attempt(id: string, epoch: number, tell: (entry: TranscriptEntry) => void, late?: Fault): Promise<void> {
    // Ids repeat after a reset: without the epoch, a delivery of the new world could leave before it is due.
    if (this.#isClosed || epoch !== this.#epoch) return;
    const world = this.#world;
    const store = world.store();
    const delivery = store.get(DELIVERIES, id) as Delivery | undefined;
    if (delivery?.state !== 'pending' || !isHeadOfLane(store, delivery)) return;
    // It may have been tried, and put off, since it was taken up.
    if (delivery.nextAt !== undefined && Date.parse(delivery.nextAt) > world.now()) return;
    const fault = late ?? world.takeFault({ kind: 'delivery', target: delivery.target });
    if (fault?.fault.latency !== undefined && late === undefined) {
      this.#holdUp(delivery, fault);
      return;
    }
    const { transport, name } = this.#parts;
    const dispatch = this.#dispatchOf(delivery);
    const result = await (fault === undefined
      ? transport.send(dispatch, name)
      : sendThrough(fault, transport, dispatch, name));
    // A reset or restore while it was under way has replaced the state that it belonged to.
    if (epoch !== this.#epoch) return;
    const now = world.now();
    const jitter = world.chance().source('retry', id, delivery.attempts.length);
    const after = transact(store, (transaction) => {
      const recorded = recordAttempt(transaction, delivery, result, { now, jitter, schedule: this.retrySchedule });
      if (result.status === 410 && delivery.webhook !== undefined) disableWebhook(transaction, delivery.webhook);
      return recorded;
    });
    if (after === undefined) return;
    const { kind, target, eventId, state, body } = after;
    const attempt = after.attempts.at(-1);
    const at = formatInstant(now);
    tell({ kind: 'delivery', at, delivery: { id, kind, target, eventId, state, attempt, body } });
    const status = attempt?.status;
    world.attempted({ at, kind: 'delivery', id, target, state, ...(status !== undefined && { status }) });
    this.#parts.observe?.({ kind: 'delivery', tenant: name, target, state, ...attempt });
    world.settled(now);
  }

  /** Puts an attempt off by the latency of a fault: until then it has not been made. */
  #holdUp(delivery: Delivery, late: Fault): void {
    const { id } = delivery;
    const now = this.#world.now();
    const due = dueAfter(late.fault, now);
    transact(this.#world.store(), (transaction) => {
      transaction.put(DELIVERIES, id, { ...delivery, nextAt: formatInstant(due) });
      const timer = { key: `${DELIVERY_TIMER}/${id}`, due, kind: DELIVERY_TIMER, data: { id, late } };
      scheduleTimer(transaction, timer, now, 0);
    });
    this.#world.settled(now);
  }

  #dispatchOf(delivery: Delivery): Dispatch {
    if (delivery.webhook === undefined) return delivery;
    const now = this.#world.now();
    return { ...delivery, signing: { secrets: signingSecrets(this.#world.store(), delivery.webhook, now), now } };
  }
}
