import type { Instant } from '../lib/time.ts';
import type { SimulatorEvent } from '../model/event.ts';
import { type EventLog, MemoryEventLog } from './event-log.ts';
import { dueAfter, FAULTS, takeFault } from './faults.ts';
import type { RandomSource } from './random.ts';
import { scheduleTimer } from './scheduler.ts';
import type { StoreTransaction } from './store/store.ts';

/** The kind of timer that lets a delayed event go on. */
export const CARRY_TIMER = '$carry';

/** The collection of events that wait for the next on their channel, by channel. */
const HELD = '$held';

/** What becomes of an event on its way from the log to those who listen. */
export interface FeedStep {
  /** `carry`: it goes out; `skip`: not now, if ever; `interrupt`: those who would get it are cut off first. */
  readonly kind: 'carry' | 'skip' | 'interrupt';
  readonly event: SimulatorEvent;
}

/**
 * What is carried to those who listen: the event log, as faults on events let it through. The log holds everything that
 * has happened; the feed what a listener hears of it. Without faults they are one.
 *
 * An id that the log holds and the feed does not (a dropped event) is a place to go on from all the same.
 */
export class Feed implements EventLog {
  readonly #log: MemoryEventLog;
  readonly #capacity: number;
  readonly #listeners = new Set<(event: SimulatorEvent) => void>();
  readonly #interruptions = new Set<(event: SimulatorEvent) => void>();
  /** What was carried, once that is not simply the log. */
  #carried: MemoryEventLog | undefined;
  /** The event that was carried last when this one was not: from there a reader goes on. */
  #placeOf = new Map<string, string | undefined>();

  constructor(log: MemoryEventLog, capacity: number) {
    this.#log = log;
    this.#capacity = capacity;
    log.subscribe((event) => {
      if (this.#carried === undefined) this.#tell(event);
    });
  }

  /** The event that was carried last. */
  get newest(): SimulatorEvent | undefined {
    return (this.#carried ?? this.#log).newest;
  }

  has(id: string): boolean {
    return this.#log.has(id) || this.#carried?.has(id) === true;
  }

  read(selection: Parameters<EventLog['read']>[0] = {}): readonly SimulatorEvent[] {
    if (this.#carried === undefined) return this.#log.read(selection);
    const { after } = selection;
    if (after === undefined || this.#carried.has(after)) return this.#carried.read(selection);
    return this.#carried.read({ ...selection, after: this.#placeOf.get(after) });
  }

  subscribe(listener: (event: SimulatorEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back with the event before which connections break; answers what ends it. */
  onInterruption(listener: (event: SimulatorEvent) => void): () => void {
    this.#interruptions.add(listener);
    return () => this.#interruptions.delete(listener);
  }

  /** From here on the feed is told what to carry, and no longer follows the log by itself. */
  part(): void {
    if (this.#carried !== undefined) return;
    this.#carried = new MemoryEventLog(this.#capacity);
    this.#carried.restore(this.#log.snapshot());
  }

  /** Carries out what was planned; to be called after `part`. */
  play(steps: readonly FeedStep[]): void {
    for (const { kind, event } of steps) {
      if (kind === 'interrupt') {
        for (const listener of [...this.#interruptions]) listener(event);
      } else if (kind === 'skip') {
        this.#placeOf.set(event.id, this.newest?.id);
        const [oldest] = this.#placeOf.keys();
        if (this.#placeOf.size > this.#capacity && oldest !== undefined) this.#placeOf.delete(oldest);
      } else {
        this.#placeOf.delete(event.id);
        this.#carried?.append([event]);
        this.#tell(event);
      }
    }
  }

  /** Whether the feed has parted from the log. */
  get hasParted(): boolean {
    return this.#carried !== undefined;
  }

  /** The content where it is not simply the log's. */
  snapshot(): FeedSnapshot | undefined {
    return this.#carried === undefined ? undefined : { carried: this.#carried.snapshot(), placeOf: [...this.#placeOf] };
  }

  restore(snapshot: FeedSnapshot | undefined): void {
    this.#placeOf = new Map(snapshot?.placeOf);
    this.#carried = undefined;
    if (snapshot === undefined) return;
    this.#carried = new MemoryEventLog(this.#capacity);
    this.#carried.restore(snapshot.carried);
  }

  #tell(event: SimulatorEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** A feed that has parted from its log. */
export interface FeedSnapshot {
  readonly carried: ReturnType<MemoryEventLog['snapshot']>;
  readonly placeOf: readonly (readonly [string, string | undefined])[];
}

/**
 * Decides, as part of the command that published them, what becomes of events on their way; `undefined` where they all
 * simply go out.
 *
 * @example const steps = planSteps(transaction, { now, random: chance.source, systemOf }, events);
 */
export function planSteps(
  transaction: StoreTransaction,
  { now, random, systemOf }: StepFacts,
  events: readonly SimulatorEvent[],
): readonly FeedStep[] | undefined {
  if (events.length === 0) return undefined;
  const { total: faults } = transaction.query(FAULTS, { limit: 1 });
  const { total: held } = transaction.query(HELD, { limit: 1 });
  if (faults === 0 && held === 0) return undefined;
  const steps: FeedStep[] = [];
  let isTouched = false;
  for (const event of events) {
    const { channel } = event;
    const taken = takeFault(transaction, random, { kind: 'event', channel, system: systemOf(channel) });
    const effect = taken?.fault ?? {};
    isTouched ||= taken !== undefined;
    const before = transaction.get(HELD, channel) as HeldEvent | undefined;
    const copies = effect.duplicate === true ? 2 : 1;
    if (effect.disconnect === true) steps.push({ kind: 'interrupt', event });
    if (effect.drop === true) {
      steps.push({ kind: 'skip', event });
    } else if (effect.latency !== undefined) {
      steps.push({ kind: 'skip', event });
      const due = dueAfter(effect, now);
      const key = `${CARRY_TIMER}/${event.id}`;
      scheduleTimer(transaction, { key, due, kind: CARRY_TIMER, data: { event, copies } }, now, 0);
    } else if (effect.reorder === true && before === undefined) {
      steps.push({ kind: 'skip', event });
      transaction.put(HELD, channel, { event, copies });
    } else {
      steps.push(...stepsOf({ event, copies }));
      if (before === undefined) continue;
      isTouched = true;
      transaction.delete(HELD, channel);
      steps.push(...stepsOf(before));
    }
  }
  return isTouched ? steps : undefined;
}

/** An event that waits, and how often it then goes out. */
export interface HeldEvent {
  readonly event: SimulatorEvent;
  readonly copies: number;
}

/** Lets a waiting event go out. */
export function stepsOf({ event, copies }: HeldEvent): readonly FeedStep[] {
  return Array.from({ length: copies }, () => ({ kind: 'carry', event }) as const);
}

export interface StepFacts {
  readonly now: Instant;
  readonly random: (...purpose: readonly (string | number)[]) => RandomSource;
  readonly systemOf: (channel: string) => string;
}
