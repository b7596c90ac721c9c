import { type Awaitable, recover, thenMaybe } from '../lib/awaitable.ts';
import { formatInstant, type Instant } from '../lib/time.ts';
import { type Command, type Outcome, Refusal } from '../model/command.ts';
import type { SimulatorEvent } from '../model/event.ts';
import type { Happening } from '../model/happening.ts';
import { isSafe } from '../model/operation.ts';
import { aTurn, Clock, type ClockMode, type ClockState } from './clock.ts';
import { MemoryEventLog } from './event-log.ts';
import { awaitsFault, type Fault, type FaultSubject, takeFault } from './faults.ts';
import { CARRY_TIMER, Feed, type FeedSnapshot, type FeedStep, type HeldEvent, planSteps, stepsOf } from './feed.ts';
import { Journal } from './journal.ts';
import { DELIVERIES, DELIVERY_TIMER, type Delivery, resumeDeliveries, type Transport } from './outbox.ts';
import { type Chance, createChance } from './random.ts';
import type { Registry } from './registry.ts';
import { nextTimer, pendingTimers, TIMERS, type Timer } from './scheduler.ts';
import { Sender } from './sender.ts';
import { equals } from './store/filter.ts';
import { type Store, type StoreReader, type StoreTransaction, transact } from './store/store.ts';
import type { SampleHandler } from './system.ts';
import { Transcript } from './transcript.ts';
import { UnitOfWork } from './unit-of-work.ts';
import type { Work } from './work.ts';

/** What a tenant shares with the others of its simulator, and what it starts from. */
export interface TenantParts {
  readonly name: string;
  readonly registry: Registry;
  readonly policies: Readonly<Record<string, unknown>>;
  readonly start: StartingPoint;
  /** What answers operations that have no state and no code. */
  readonly sample: SampleHandler;
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

/** Timers that an advance runs before others have a turn: what listens, and other tenants, must not wait for its end. */
const TIMERS_A_TURN = 500;

/**
 * One world of its own: state, clock, chance, events and records. A command runs from its first read to its commit
 * without a turn for anybody else, so commands come one after another in order of arrival, each whole or not at all.
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
  readonly #sender: Sender;
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
    this.#sender = new Sender(parts, {
      now: () => this.now(),
      store: () => this.#store,
      chance: () => this.#chance,
      takeFault: (subject) => this.takeFault(subject),
      reserveLine: () => this.transcript.reserve(),
      attempted: (told) => {
        if (this.#countEffect()) this.#tellEffect(told);
      },
      // An advance comes to what is due by itself, one after another.
      settled: (now) => {
        if (this.#advance === undefined) this.#runDue(now);
      },
    });
    this.#rearm();
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
  pending(limit: number): readonly Timer[] {
    return pendingTimers(this.#store, limit);
  }

  /** Answers an operation of a contract; at once, unless it is answered by a sample. */
  execute<T>(command: Command, exchange: Exchange<T>): Awaitable<T> {
    if (this.#clock.mode === 'real') this.#runDue(this.now());
    const handle = this.#parts.registry.handlerOf(command.operation);
    if (handle === undefined) return this.#sample(command, exchange);
    const isRead = isSafe(command.operation);
    let result: T;
    try {
      result = isRead
        ? exchange.render(handle(this.#workOn(this.#store, this.now()), command))
        : this.#commit(this.now(), (work) => exchange.render(handle(work, command)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      result = exchange.refuse(error);
    }
    exchange.record(result);
    if (!isRead) this.#runDue(this.now());
    return result;
  }

  /** Runs a change of the server's own, for example an action, as a command like any other. */
  perform<T>(body: (work: Work) => T): T {
    if (this.#clock.mode === 'real') this.#runDue(this.now());
    const result = this.#commit(this.now(), body);
    this.#runDue(this.now());
    return result;
  }

  /** The fault that something runs into, if any; it counts as used. */
  takeFault(subject: FaultSubject): Fault | undefined {
    if (!awaitsFault(this.#store, subject)) return undefined;
    return transact(this.#store, (transaction) => takeFault(transaction, this.#chance.source, subject));
  }

  /** Answers a question about the world. */
  read<T>(body: (work: Work) => T): T {
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
      await this.settled();
      // What was under way before is no effect of this advance, however long its receiver took.
      advance.isCounting = true;
      const from = this.now();
      const to = target === 'next' ? Math.max(this.pending(1)[0]?.due ?? from, from) : target;
      if (to < from) {
        throw new Refusal(
          400,
          'CLOCK_BACKWARDS',
          `Failed to advance the clock: ${formatInstant(to)} lies before ${formatInstant(from)}. Time only moves forward; reset the tenant to go back.`,
        );
      }
      this.transcript.add({ kind: 'clock', at: formatInstant(from), from: formatInstant(from), to: formatInstant(to) });
      await this.#advanceTo(to);
      const [next] = this.pending(1);
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
  setClock(mode: ClockMode, rate: number): void {
    this.#clock.set(mode, rate);
    this.#runDue(this.now());
  }

  /** Back to a start: state, clock, timers, log, journal, transcript. */
  reset(start: StartingPoint = this.#start): void {
    this.#start = start;
    this.#become(start);
    this.log.restore({ firstNumber: 0, events: [] });
    this.feed.restore(undefined);
    this.journal.clear();
    this.transcript.clear();
  }

  /** Everything as it stands, cheap however much it is. */
  snapshot(): TenantSnapshot {
    return {
      start: { seed: this.seed, clock: this.#clock.state(), store: this.#store.fork() },
      log: this.log.snapshot(),
      feed: this.feed.snapshot(),
      journal: this.journal.snapshot(),
      transcript: this.transcript.snapshot(),
    };
  }

  restore(snapshot: TenantSnapshot): void {
    this.#become(snapshot.start);
    transact(this.#store, (transaction) => resumeDeliveries(transaction, this.now()));
    this.#rearm();
    this.log.restore(snapshot.log);
    this.feed.restore(snapshot.feed);
    this.journal.restore(snapshot.journal);
    this.transcript.restore(snapshot.transcript);
  }

  /** Waits until no delivery is under way any more. */
  settled(): Promise<void> {
    return this.#sender.settled();
  }

  /** How many deliveries are under way. */
  get sending(): number {
    return this.#sender.count;
  }

  /** Stops its clock; the attempt under way ends, deliveries that wait stay pending and are answered. */
  async close(): Promise<readonly Delivery[]> {
    this.#isClosed = true;
    this.#clock.wakeAt(undefined, () => {});
    await this.#sender.close();
    const { items } = this.#store.query(DELIVERIES, { filter: equals('state', 'pending') });
    return items as unknown as readonly Delivery[];
  }

  #become(start: StartingPoint): void {
    this.#sender.forget();
    this.#store = start.store.fork();
    this.#chance = createChance(start.seed);
    this.#clock.restore(start.clock);
    this.#rearm();
  }

  /** A sample changes nothing, so it needs no transaction, and may take its time. */
  #sample<T>(command: Command, exchange: Exchange<T>): Awaitable<T> {
    const work = this.#workOn(this.#store, this.now());
    const result = recover(
      () => thenMaybe(this.#parts.sample(work, command), (outcome) => exchange.render(outcome)),
      (error) => {
        if (error instanceof Refusal) return exchange.refuse(error);
        throw error;
      },
    );
    return thenMaybe(result, (answer) => {
      exchange.record(answer);
      return answer;
    });
  }

  /** One transaction: all of it, its events published, or nothing. */
  #commit<T>(now: Instant, body: (work: Work) => T, generation = 0): T {
    const transaction = this.#store.begin();
    const work = this.#workOn(transaction, now, generation);
    const { events } = work;
    let result: T;
    let steps: readonly FeedStep[] | undefined;
    try {
      result = body(work);
      if (events.length > 0) steps = this.#planSteps(transaction, now, events);
      transaction.commit();
    } catch (error) {
      transaction.rollback();
      throw error;
    }
    for (const move of work.moves) this.#parts.observeMove?.(move);
    for (const event of events) {
      this.transcript.add(event);
      if (this.#countEffect()) this.#tellEffect({ at: event.at, kind: 'event', channel: event.channel, id: event.id });
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
    const [firstWait] = this.#sender.retrySchedule;
    const chance = this.#chance;
    const nowText = this.#clock.write(now);
    return new UnitOfWork({
      registry,
      policies,
      tenant: this.name,
      now,
      nowText,
      chance,
      store,
      generation,
      firstWait,
    });
  }

  /** Runs the timers that are due by then. */
  #runDue(until: Instant): void {
    if (this.#isClosed) return;
    for (let timer = nextTimer(this.#store, until); timer !== undefined; timer = nextTimer(this.#store, until)) {
      this.#fire(timer);
    }
    this.#rearm();
  }

  /** Fires one timer at its due time. What it throws costs its own effects, not the simulator. */
  #fire(timer: Timer): void {
    const at = Math.max(timer.due, this.#clock.mode === 'manual' ? this.now() : timer.due);
    if (timer.kind === DELIVERY_TIMER) {
      this.#forgetTimer(timer);
      this.#sender.send(String(timer.data.id), timer.data.late as Fault | undefined);
      return;
    }
    if (this.#countEffect()) {
      this.#tellEffect({ at: formatInstant(at), kind: 'timer', timer: timer.kind, key: timer.key });
    }
    if (timer.kind === CARRY_TIMER) {
      this.#forgetTimer(timer);
      this.feed.part();
      this.feed.play(stepsOf(timer.data as unknown as HeldEvent));
      return;
    }
    const handle = this.#parts.registry.timer(timer.kind);
    try {
      this.#commit(
        at,
        (work) => {
          work.cancel(timer.key);
          handle(work, timer.data);
        },
        timer.generation,
      );
    } catch (error) {
      this.#forgetTimer(timer);
      const { kind, key } = timer;
      if (this.#countEffect()) {
        this.#tellEffect({ at: formatInstant(at), kind: 'failure', timer: kind, key, message: messageOf(error) });
      }
      this.#parts.reportFailure(`timer ${key} failed`, error);
      if (isRunaway(error) && this.#advance !== undefined) {
        throw new Refusal(
          409,
          'RUNAWAY_TIMER',
          `${messageOf(error)} The clock stands at ${formatInstant(this.now())}.`,
        );
      }
    }
  }

  #forgetTimer({ key }: Timer): void {
    transact(this.#store, (transaction) => transaction.delete(TIMERS, key));
  }

  async #advanceTo(to: Instant): Promise<void> {
    for (let fired = 1; ; fired += 1) {
      if (this.#isClosed) {
        throw new Refusal(
          503,
          'STOPPING',
          `Failed to advance the clock any further: the tenant is being closed. The clock stands at ${formatInstant(this.now())}.`,
        );
      }
      const timer = nextTimer(this.#store, to);
      if (timer !== undefined) {
        this.#clock.moveTo(timer.due);
        this.#fire(timer);
      }
      // What a receiver has set off while its answer was waited for, and what failed, may be due in this interval too.
      else if (this.#sender.count === 0) break;
      // A receiver may call back, in this tenant, while its answer is waited for.
      if (this.#sender.count > 0) await this.#sender.settled();
      else if (fired % TIMERS_A_TURN === 0) await aTurn();
    }
    this.#clock.moveTo(to);
    this.#rearm();
  }

  /** Counts an effect of the advance that runs, if one does; answers whether it is to be told, too. */
  #countEffect(): boolean {
    if (this.#advance?.isCounting !== true) return false;
    this.#advance.count += 1;
    return this.#advance.effects.length < MOST_EFFECTS;
  }

  #tellEffect(effect: Effect): void {
    this.#advance?.effects.push(effect);
  }

  /** Lets a running clock wake this tenant when its next timer is due. */
  #rearm(): void {
    if (this.#clock.mode === 'manual' || this.#isClosed) {
      this.#clock.wakeAt(undefined, () => {});
      return;
    }
    this.#clock.wakeAt(this.pending(1)[0]?.due, () => {
      try {
        this.#runDue(this.now());
      } catch (error) {
        this.#parts.reportFailure('the clock could not go on', error);
      }
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isRunaway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'RUNAWAY_TIMER';
}
