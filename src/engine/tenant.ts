import { type Awaitable, chain, mended } from '../lib/awaitable.ts';
import { formatInstant, type Instant } from '../lib/time.ts';
import { type Command, type Outcome, Refusal } from '../model/command.ts';
import type { SimulatorEvent } from '../model/event.ts';
import type { Happening } from '../model/happening.ts';
import { isSafe } from '../model/operation.ts';
import { Clock, type ClockMode, type ClockState } from './clock.ts';
import { MemoryEventLog } from './event-log.ts';
import { awaitsFault, dueAfter, type Fault, type FaultSubject, sendThrough, takeFault } from './faults.ts';
import { CARRY_TIMER, Feed, type FeedSnapshot, type FeedStep, type HeldEvent, planSteps, stepsOf } from './feed.ts';
import { Journal } from './journal.ts';
import {
  DELIVERIES,
  DELIVERY_TIMER,
  type Delivery,
  type Dispatch,
  isHeadOfLane,
  RETRY_SCHEDULE,
  recordAttempt,
  resumeDeliveries,
  type Transport,
} from './outbox.ts';
import { type Chance, createChance } from './random.ts';
import type { Registry } from './registry.ts';
import { nextTimer, pendingTimers, scheduleTimer, TIMERS, type Timer } from './scheduler.ts';
import { equals } from './store/filter.ts';
import type { Store, StoreReader, StoreTransaction } from './store/store.ts';
import type { OperationHandler } from './system.ts';
import { Transcript, type TranscriptEntry } from './transcript.ts';
import { UnitOfWork } from './unit-of-work.ts';
import { disableWebhook, signingSecrets } from './webhooks.ts';
import type { Work } from './work.ts';

/** What a tenant shares with the others of its simulator, and what it starts from. */
export interface TenantParts {
  readonly name: string;
  readonly registry: Registry;
  readonly policies: Readonly<Record<string, unknown>>;
  readonly start: StartingPoint;
  /** What answers operations that have no state and no code. */
  readonly sample: OperationHandler;
  readonly transport: Transport;
  /** Waits before the attempts of a delivery, in virtual milliseconds; `RETRY_SCHEDULE` unless told. */
  readonly retrySchedule?: readonly number[];
  readonly capacity: { readonly events: number; readonly requests: number; readonly transcript: number };
  /** Called with each move of a life cycle once it is committed, `<system>/<Resource> <from> -> <to>`. */
  readonly observeMove?: (move: string) => void;
  /** Called with each event, and each attempt of a delivery, once it has happened. */
  readonly observe?: (happening: Happening) => void;
  /** Called with what nobody else can be told: a timer that failed. */
  readonly reportFailure: (message: string, error: unknown) => void;
}

/** A state to start from; its store is forked, never changed. */
export interface StartingPoint {
  readonly seed: number;
  readonly clock: ClockState;
  readonly store: Store;
}

/**
 * How the wire side of one exchange takes part in a command: rendering happens before the commit, so that a response
 * that must not leave undoes its command; recording right after it, before the next command begins.
 */
export interface Exchange<T> {
  render(outcome: Outcome): T;
  refuse(refusal: Refusal): T;
  record(result: T): void;
}

/** One thing that happened while the clock was advanced. */
export interface Effect {
  readonly at: string;
  readonly kind: 'timer' | 'event' | 'delivery' | 'failure';
  readonly [member: string]: unknown;
}

export interface AdvanceResult {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly effects: readonly Effect[];
  /** When the next timer is due. */
  readonly next?: string;
}

/** Everything a tenant is made of, at one instant. */
export interface TenantSnapshot {
  readonly start: StartingPoint;
  readonly log: ReturnType<MemoryEventLog['snapshot']>;
  readonly feed: FeedSnapshot | undefined;
  readonly journal: ReturnType<Journal['snapshot']>;
  readonly transcript: ReturnType<Transcript['snapshot']>;
}

/** An advance that has been asked for and not yet answered. */
interface RunningAdvance {
  isCounting: boolean;
  count: number;
  readonly effects: Effect[];
}

/** Most effects that one advance tells; the count goes on. */
const MOST_EFFECTS = 10_000;

/**
 * One world of its own: state, clock, chance, events and records. Commands that change it run one after another in
 * order of arrival, each whole or not at all; reads see the last commit and wait for nobody.
 */
export class Tenant {
  readonly name: string;
  /** Everything that has been published. */
  readonly log: MemoryEventLog;
  /** What those who listen hear of it: faults on events stand between the two. */
  readonly feed: Feed;
  readonly journal: Journal;
  readonly transcript: Transcript;
  readonly #parts: TenantParts;
  readonly #clock: Clock;
  #store: Store;
  #chance: Chance;
  #start: StartingPoint;
  #tail: Promise<unknown> = Promise.resolve();
  /** Deliveries that have left and not yet come back, one lane after another. */
  #sending: Promise<void> = Promise.resolve();
  #sendingCount = 0;
  /** Rises when another state takes the place of this one: what left before then is no news to it. */
  #epoch = 0;
  /** Set while an advance runs; it makes attempts itself, one after another. */
  #advance: RunningAdvance | undefined;
  #isClosed = false;

  constructor(parts: TenantParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#start = parts.start;
    this.#store = parts.start.store.fork();
    this.#chance = createChance(parts.start.seed);
    this.#clock = new Clock(parts.start.clock);
    this.log = new MemoryEventLog(parts.capacity.events);
    this.feed = new Feed(this.log, parts.capacity.events);
    this.journal = new Journal(parts.capacity.requests);
    this.transcript = new Transcript(parts.capacity.transcript);
    void this.#rearm();
  }

  get seed(): number {
    return this.#chance.seed;
  }

  /** The last committed state. */
  get store(): StoreReader {
    return this.#store;
  }

  now(): Instant {
    return this.#clock.now();
  }

  clock(): ClockState {
    return this.#clock.state();
  }

  /** Timers that wait, soonest first. */
  pending(limit: number): Promise<readonly Timer[]> {
    return pendingTimers(this.#store, limit);
  }

  /** Answers an operation of a contract. */
  execute<T>(command: Command, exchange: Exchange<T>): Awaitable<T> {
    const handle = this.#parts.registry.handlerOf(command.operation) ?? this.#parts.sample;
    if (!isSafe(command.operation))
      return this.#exclusive(() => this.#write((work) => handle(work, command), exchange));
    const answer = () => this.#answer((work) => handle(work, command), exchange);
    if (this.#clock.mode === 'real') return this.#exclusive(() => this.#runDue(this.now())).then(answer);
    return answer();
  }

  /** Runs a change of the server's own, for example an action, as a command like any other. */
  perform<T>(body: (work: Work) => Awaitable<T>): Promise<T> {
    return this.#exclusive(async () => {
      if (this.#clock.mode === 'real') await this.#runDue(this.now());
      const result = await this.#commit(this.now(), body);
      await this.#runDue(this.now());
      return result;
    });
  }

  /** The fault that something runs into, if any; it counts as used. */
  takeFault(subject: FaultSubject): Awaitable<Fault | undefined> {
    return chain(awaitsFault(this.#store, subject), (awaits) => (awaits ? this.#takeFault(subject) : undefined));
  }

  #takeFault(subject: FaultSubject): Promise<Fault | undefined> {
    return this.#exclusive(() =>
      this.#store.transaction((transaction) => takeFault(transaction, this.#chance.source, subject)),
    );
  }

  /** Answers a question about the world, waiting for nobody. */
  read<T>(body: (work: Work) => Awaitable<T>): Awaitable<T> {
    return body(this.#workOn(this.#store, this.now()));
  }

  /**
   * Moves the clock forward and runs every timer on the way, each at its due time, deliveries included.
   *
   * `target` is an instant, or `next` for the next timer. Refuses with 409 while another advance runs.
   */
  async advance(target: Instant | 'next'): Promise<AdvanceResult> {
    if (this.#advance !== undefined) {
      throw new Refusal(
        409,
        'ADVANCE_RUNNING',
        'Failed to advance the clock: another advance of this tenant is running. Wait until it has answered.',
      );
    }
    const advance: RunningAdvance = { isCounting: false, count: 0, effects: [] };
    this.#advance = advance;
    try {
      await this.#settled();
      // What was under way before is no effect of this advance, however long its receiver took.
      advance.isCounting = true;
      const from = this.now();
      const to = target === 'next' ? await this.#nextDue(from) : target;
      if (to < from) {
        throw new Refusal(
          400,
          'CLOCK_BACKWARDS',
          `Failed to advance the clock: ${formatInstant(to)} lies before ${formatInstant(from)}. Time only moves forward; reset the tenant to go back.`,
        );
      }
      this.transcript.add({ kind: 'clock', at: formatInstant(from), from: formatInstant(from), to: formatInstant(to) });
      await this.#advanceTo(to);
      const [next] = await this.pending(1);
      return {
        from: formatInstant(from),
        to: formatInstant(to),
        count: advance.count,
        effects: advance.effects,
        ...(next !== undefined && { next: formatInstant(next.due) }),
      };
    } finally {
      this.#advance = undefined;
    }
  }

  /** Changes how the clock runs. */
  async setClock(mode: ClockMode, rate: number): Promise<void> {
    await this.#exclusive(async () => {
      this.#clock.set(mode, rate);
      await this.#runDue(this.now());
    });
    await this.#rearm();
  }

  /** Back to a start: state, clock, timers, log, journal, transcript. */
  reset(start: StartingPoint = this.#start): Promise<void> {
    return this.#exclusive(async () => {
      this.#start = start;
      this.#become(start);
      this.log.restore({ firstNumber: 0, events: [] });
      this.feed.restore(undefined);
      this.journal.clear();
      this.transcript.clear();
    });
  }

  /** Everything as it stands, cheap however much it is. */
  snapshot(): Promise<TenantSnapshot> {
    return this.#exclusive(async () => ({
      start: { seed: this.seed, clock: this.#clock.state(), store: this.#store.fork() },
      log: this.log.snapshot(),
      feed: this.feed.snapshot(),
      journal: this.journal.snapshot(),
      transcript: this.transcript.snapshot(),
    }));
  }

  restore(snapshot: TenantSnapshot): Promise<void> {
    return this.#exclusive(async () => {
      this.#become(snapshot.start);
      await this.#store.transaction((transaction) => resumeDeliveries(transaction, this.now()));
      void this.#rearm();
      this.log.restore(snapshot.log);
      this.feed.restore(snapshot.feed);
      this.journal.restore(snapshot.journal);
      this.transcript.restore(snapshot.transcript);
    });
  }

  /** Waits until nothing is under way any more: no command, no delivery. */
  async settled(): Promise<void> {
    await this.#settled();
  }

  /** How many deliveries are under way. */
  get sending(): number {
    return this.#sendingCount;
  }

  /** Stops its clock; the attempt under way ends, deliveries that wait stay pending and are answered. */
  async close(): Promise<readonly Delivery[]> {
    this.#isClosed = true;
    this.#clock.wakeAt(undefined, () => {});
    // Not until all is settled: while clients go on asking, it never is.
    await this.#sending;
    await this.#tail;
    const { items } = await this.#store.query(DELIVERIES, { filter: equals('state', 'pending') });
    return items as unknown as readonly Delivery[];
  }

  #become(start: StartingPoint): void {
    this.#epoch += 1;
    this.#store = start.store.fork();
    this.#chance = createChance(start.seed);
    this.#clock.restore(start.clock);
    void this.#rearm();
  }

  #exclusive<T>(body: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(body);
    this.#tail = result.catch(() => {});
    return result;
  }

  #answer<T>(body: (work: Work) => Awaitable<Outcome>, exchange: Exchange<T>): Awaitable<T> {
    const work = this.#workOn(this.#store, this.now());
    const result = settle(() => chain(body(work), (outcome) => exchange.render(outcome)), exchange);
    return chain(result, (answer) => {
      exchange.record(answer);
      return answer;
    });
  }

  async #write<T>(body: (work: Work) => Promise<Outcome> | Outcome, exchange: Exchange<T>): Promise<T> {
    if (this.#clock.mode === 'real') await this.#runDue(this.now());
    const result = await settle(
      () => this.#commit(this.now(), async (work) => exchange.render(await body(work))),
      exchange,
    );
    exchange.record(result);
    await this.#runDue(this.now());
    return result;
  }

  /** One transaction: all of it, its events published, or nothing. */
  async #commit<T>(now: Instant, body: (work: Work) => Awaitable<T>, generation = 0): Promise<T> {
    let done: UnitOfWork | undefined;
    let steps: readonly FeedStep[] | undefined;
    const result = await this.#store.transaction(async (transaction) => {
      done = this.#workOn(transaction, now, generation);
      const answer = await body(done);
      steps = await this.#planSteps(transaction, now, done.events);
      return answer;
    });
    const { events, moves } = done as UnitOfWork;
    for (const move of moves) this.#parts.observeMove?.(move);
    for (const event of events) {
      this.transcript.add({
        kind: 'event',
        at: event.at,
        channel: event.channel,
        id: event.id,
        payload: event.payload,
      });
      this.#effect({ at: event.at, kind: 'event', channel: event.channel, id: event.id });
    }
    if (events.length > 0) this.#publish(events, steps);
    return result;
  }

  #planSteps(transaction: StoreTransaction, now: Instant, events: readonly SimulatorEvent[]) {
    const { registry } = this.#parts;
    const systemOf = (channel: string) => registry.channel(channel).channel.system;
    return planSteps(transaction, { now, random: this.#chance.source, systemOf }, events);
  }

  #publish(events: readonly SimulatorEvent[], steps: readonly FeedStep[] | undefined): void {
    if (steps !== undefined) this.feed.part();
    this.log.append(events);
    if (this.feed.hasParted) this.feed.play(steps ?? events.map((event) => ({ kind: 'carry', event }) as const));
    const { observe } = this.#parts;
    if (observe === undefined) return;
    for (const { channel, id } of events) observe({ kind: 'event', tenant: this.name, channel, id });
  }

  #workOn(store: ConstructorParameters<typeof UnitOfWork>[0]['store'], now: Instant, generation = 0): UnitOfWork {
    const { registry, policies } = this.#parts;
    const [firstWait] = this.#retrySchedule;
    const chance = this.#chance;
    return new UnitOfWork({ registry, policies, tenant: this.name, now, chance, store, generation, firstWait });
  }

  /** Runs the timers that are due by then; called with the lock held. */
  async #runDue(until: Instant): Promise<void> {
    if (this.#isClosed) return;
    for (
      let timer = await nextTimer(this.#store, until);
      timer !== undefined;
      timer = await nextTimer(this.#store, until)
    ) {
      await this.#fire(timer);
    }
    await this.#rearm();
  }

  /** Fires one timer at its due time. What it throws costs its own effects, not the simulator. */
  async #fire(timer: Timer): Promise<void> {
    const at = Math.max(timer.due, this.#clock.mode === 'manual' ? this.now() : timer.due);
    if (timer.kind === DELIVERY_TIMER) {
      await this.#store.transaction((transaction) => transaction.delete(TIMERS, timer.key));
      this.#send(String(timer.data.id), timer.data.late as Fault | undefined);
      return;
    }
    this.#effect({ at: formatInstant(at), kind: 'timer', timer: timer.kind, key: timer.key });
    if (timer.kind === CARRY_TIMER) {
      await this.#store.transaction((transaction) => transaction.delete(TIMERS, timer.key));
      this.feed.part();
      this.feed.play(stepsOf(timer.data as unknown as HeldEvent));
      return;
    }
    const handle = this.#parts.registry.timer(timer.kind);
    try {
      await this.#commit(
        at,
        async (work) => {
          await work.cancel(timer.key);
          await handle(work, timer.data);
        },
        timer.generation,
      );
    } catch (error) {
      await this.#store.transaction((transaction) => transaction.delete(TIMERS, timer.key));
      this.#effect({
        at: formatInstant(at),
        kind: 'failure',
        timer: timer.kind,
        key: timer.key,
        message: messageOf(error),
      });
      this.#parts.reportFailure(`timer ${timer.key} failed`, error);
      if (isRunaway(error) && this.#advance !== undefined) {
        throw new Refusal(
          409,
          'RUNAWAY_TIMER',
          `${messageOf(error)} The clock stands at ${formatInstant(this.now())}.`,
        );
      }
    }
  }

  async #advanceTo(to: Instant): Promise<void> {
    for (;;) {
      if (this.#isClosed) {
        throw new Refusal(
          503,
          'STOPPING',
          `Failed to advance the clock any further: the tenant is being closed. The clock stands at ${formatInstant(this.now())}.`,
        );
      }
      const timer = await this.#exclusive(async () => {
        const next = await nextTimer(this.#store, to);
        if (next === undefined) return undefined;
        this.#clock.moveTo(next.due);
        await this.#fire(next);
        return next;
      });
      // What a receiver has set off while its answer was waited for, and what failed, may be due in this interval too.
      if (timer === undefined && this.#sendingCount === 0) break;
      // Without the lock: a receiver may call back, in this tenant, while its answer is waited for.
      await this.#sending;
    }
    this.#clock.moveTo(to);
    await this.#rearm();
  }

  async #nextDue(from: Instant): Promise<Instant> {
    const [next] = await this.pending(1);
    return Math.max(next?.due ?? from, from);
  }

  /** Makes the next attempt of a delivery, after those under way; `late` is a fault that has held it up until now. */
  #send(id: string, late?: Fault): void {
    const epoch = this.#epoch;
    const tell = this.transcript.reserve();
    this.#sendingCount += 1;
    this.#sending = this.#sending
      .then(() => this.#attempt(id, epoch, tell, late))
      .catch((error: unknown) => this.#parts.reportFailure(`delivery ${id} failed`, error))
      .finally(() => {
        this.#sendingCount -= 1;
      });
  }

  async #attempt(id: string, epoch: number, tell: (entry: TranscriptEntry) => void, late?: Fault): Promise<void> {
    // Ids repeat after a reset: without the epoch, a delivery of the new world could leave before it is due.
    if (this.#isClosed || epoch !== this.#epoch) return;
    const store = this.#store;
    const delivery = (await store.get(DELIVERIES, id)) as Delivery | undefined;
    if (delivery?.state !== 'pending' || !(await isHeadOfLane(store, delivery))) return;
    // It may have been tried, and put off, since it was taken up.
    if (delivery.nextAt !== undefined && Date.parse(delivery.nextAt) > this.now()) return;
    const fault = late ?? (await this.takeFault({ kind: 'delivery', target: delivery.target }));
    if (fault?.fault.latency !== undefined && late === undefined) {
      await this.#holdUp(delivery, epoch, fault);
      return;
    }
    const { transport } = this.#parts;
    const dispatch = await this.#dispatchOf(delivery);
    const result = await (fault === undefined
      ? transport.send(dispatch, this.name)
      : sendThrough(fault, transport, dispatch, this.name));
    await this.#exclusive(async () => {
      // A reset or restore while it was under way has replaced the state that it belonged to.
      if (epoch !== this.#epoch) return;
      const now = this.now();
      const jitter = this.#chance.source('retry', id, delivery.attempts.length);
      const schedule = this.#retrySchedule;
      const after = await this.#store.transaction(async (transaction) => {
        const recorded = await recordAttempt(transaction, delivery, result, { now, jitter, schedule });
        if (result.status === 410 && delivery.webhook !== undefined) {
          await disableWebhook(transaction, delivery.webhook);
        }
        return recorded;
      });
      if (after === undefined) return;
      const { kind, target, eventId, state, body } = after;
      const attempt = after.attempts.at(-1);
      tell({
        kind: 'delivery',
        at: formatInstant(now),
        delivery: { id, kind, target, eventId, state, attempt, body },
      });
      this.#effect({
        at: formatInstant(now),
        kind: 'delivery',
        id,
        target,
        state,
        ...(attempt?.status !== undefined && { status: attempt.status }),
      });
      this.#parts.observe?.({ kind: 'delivery', tenant: this.name, target, state, ...attempt });
      if (this.#advance === undefined) await this.#runDue(now);
    });
  }

  /** Puts an attempt off by the latency of a fault: until then it has not been made. */
  async #holdUp({ id }: Delivery, epoch: number, late: Fault): Promise<void> {
    await this.#exclusive(async () => {
      const delivery = await this.#store.get(DELIVERIES, id);
      if (epoch !== this.#epoch || delivery?.state !== 'pending') return;
      const now = this.now();
      const due = dueAfter(late.fault, now);
      await this.#store.transaction(async (transaction) => {
        await transaction.put(DELIVERIES, id, { ...delivery, nextAt: formatInstant(due) });
        const timer = { key: `${DELIVERY_TIMER}/${id}`, due, kind: DELIVERY_TIMER, data: { id, late } };
        await scheduleTimer(transaction, timer, now, 0);
      });
      if (this.#advance === undefined) await this.#runDue(now);
    });
  }

  async #dispatchOf(delivery: Delivery): Promise<Dispatch> {
    if (delivery.webhook === undefined) return delivery;
    const now = this.now();
    return { ...delivery, signing: { secrets: await signingSecrets(this.#store, delivery.webhook, now), now } };
  }

  get #retrySchedule(): readonly number[] {
    return this.#parts.retrySchedule ?? RETRY_SCHEDULE;
  }

  async #settled(): Promise<void> {
    for (;;) {
      const [tail, sending] = [this.#tail, this.#sending];
      await tail;
      await sending;
      if (tail === this.#tail && sending === this.#sending) return;
    }
  }

  #effect(effect: Effect): void {
    if (this.#advance?.isCounting !== true) return;
    this.#advance.count += 1;
    if (this.#advance.effects.length < MOST_EFFECTS) this.#advance.effects.push(effect);
  }

  /** Lets a running clock wake this tenant when its next timer is due. */
  async #rearm(): Promise<void> {
    if (this.#clock.mode === 'manual' || this.#isClosed) {
      this.#clock.wakeAt(undefined, () => {});
      return;
    }
    const [next] = await this.pending(1);
    this.#clock.wakeAt(next?.due, () => {
      this.#exclusive(() => this.#runDue(this.now())).catch((error: unknown) => {
        this.#parts.reportFailure('the clock could not go on', error);
      });
    });
  }
}

function settle<T>(body: () => Awaitable<T>, exchange: Exchange<T>): Awaitable<T> {
  return mended(body, (error) => {
    if (error instanceof Refusal) return exchange.refuse(error);
    throw error;
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isRunaway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'RUNAWAY_TIMER';
}
