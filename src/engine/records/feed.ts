import type { Instant } from '../../lib/time.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import type { Commit } from '../commit.ts';
import { dueAfter, FAULTS, takeFault } from '../faults/faults.ts';
import type { Strike } from '../state/consequences.ts';
import type { Work } from '../state/work.ts';
import type { ByteBudget } from './byte-budget.ts';
import { type EventLog, MemoryEventLog } from './event-log.ts';
import type { FeedStep } from './feed-step.ts';

/** The kind of timer that lets a delayed event go on; transcripts name it. */
export const RELEASE_TIMER = '$carry';

/** The collection of events that wait for the next on their channel, by channel. */
const HELD = '$held';

/**
 * What is carried to those who listen: the event log, as faults on events let it through. The log holds everything that
 * has happened; the feed what a listener hears of it. Without faults they are one.
 *
 * An id that the log holds and the feed does not (a dropped event) is a place to go on from all the same.
 */
export class Feed implements EventLog {
  readonly #log: MemoryEventLog;
  readonly #capacity: number;
  readonly #budget: ByteBudget | undefined;
  readonly #listeners = new Set<(event: SimulatorEvent) => void>();
  readonly #interruptions = new Set<(event: SimulatorEvent, code?: number) => void>();
  /** What was carried, once that is not simply the log. */
  #carried: MemoryEventLog | undefined;
  /** The event that was carried last when this one was not: from there a reader goes on. */
  #placeOf = new Map<string, string | undefined>();

  constructor(log: MemoryEventLog, capacity: number, budget?: ByteBudget) {
    this.#budget = budget;
    this.#log = log;
    this.#capacity = capacity;
    log.subscribe((event) => {
      if (this.#carried === undefined) this.#notify(event);
    });
  }

  /** The event that was carried last. */
  get newest(): SimulatorEvent | undefined {
    return (this.#carried ?? this.#log).newest;
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
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

  /** Calls back with the event before which connections break, and the code that says why; answers what ends it. */
  onInterruption(listener: (event: SimulatorEvent, code?: number) => void): () => void {
    this.#interruptions.add(listener);
    return () => this.#interruptions.delete(listener);
  }

  /** Publishes the events of a commit, each as far as faults let it through. */
  follow({ size, consequences: { events, steps, hasGivenIds } }: Commit): void {
    if (steps !== undefined) this.diverge();
    if (events.length > 0) this.#log.append(events, size, hasGivenIds);
    if (!this.isDiverged) return;
    this.apply(steps ?? events.map((event) => ({ kind: 'carry', event }) as const), size);
  }

  /** From here on the feed carries what `apply` says, and no longer follows the log by itself. */
  diverge(): void {
    if (this.#carried !== undefined) return;
    this.#carried = new MemoryEventLog(this.#capacity, this.#budget);
    this.#carried.restore(this.#log.snapshot());
  }

  /** Carries out what was planned; to be called after `diverge`. */
  apply(steps: readonly FeedStep[], bytes = 0): void {
    for (const { kind, event, code } of steps) {
      if (kind === 'interrupt') {
        for (const listener of [...this.#interruptions]) listener(event, code);
      } else if (kind === 'skip') {
        this.#placeOf.set(event.id, this.newest?.id);
        const [oldest] = this.#placeOf.keys();
        if (this.#placeOf.size > this.#capacity && oldest !== undefined) this.#placeOf.delete(oldest);
      } else {
        this.#placeOf.delete(event.id);
        this.#carried?.append([event], bytes);
        this.#notify(event);
      }
    }
  }

  get isDiverged(): boolean {
    return this.#carried !== undefined;
  }

  /** The content where it is not simply the log's. */
  forgetBefore(at: Instant): void {
    this.#carried?.forgetBefore(at);
  }

  snapshot(): FeedSnapshot | undefined {
    return this.#carried === undefined ? undefined : { carried: this.#carried.snapshot(), placeOf: [...this.#placeOf] };
  }

  restore(snapshot: FeedSnapshot | undefined): void {
    this.#placeOf = new Map(snapshot?.placeOf);
    this.#carried?.restore({ firstNumber: 0, events: [] });
    this.#carried = undefined;
    if (snapshot === undefined) return;
    this.#carried = new MemoryEventLog(this.#capacity, this.#budget);
    this.#carried.restore(snapshot.carried);
  }

  #notify(event: SimulatorEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** A feed that has diverged from its log. */
export interface FeedSnapshot {
  readonly carried: ReturnType<MemoryEventLog['snapshot']>;
  readonly placeOf: readonly (readonly [string, string | undefined])[];
}

/**
 * Decides, as part of the command that published them, what becomes of events on their way; `undefined` where they all
 * simply go out.
 *
 * @example const plan = planSteps(work, events);
 */
export function planSteps(work: Work, events: readonly SimulatorEvent[]): Plan | undefined {
  if (events.length === 0) return undefined;
  const { total: faults } = work.query(FAULTS, ONE);
  const { total: held } = work.query(HELD, ONE);
  if (faults === 0 && held === 0) return undefined;
  const steps: FeedStep[] = [];
  const struck: Strike[] = [];
  let isTouched = false;
  for (const event of events) {
    const { channel } = event;
    const { system } = work.registry.channel(channel).channel;
    const taken = takeFault(work, { kind: 'event', channel, system });
    const effect = taken?.fault ?? {};
    isTouched ||= taken !== undefined;
    if (taken !== undefined) struck.push({ fault: taken, event: event.id });
    const before = work.get(HELD, channel) as HeldEvent | undefined;
    const copies = effect.duplicate === true ? 2 : 1;
    if (effect.disconnect === true || effect.closeCode !== undefined) {
      steps.push({ kind: 'interrupt', event, ...(effect.closeCode !== undefined && { code: effect.closeCode }) });
    }
    if (effect.drop === true) {
      steps.push({ kind: 'skip', event });
    } else if (effect.latency !== undefined) {
      steps.push({ kind: 'skip', event });
      const due = dueAfter(effect, work.now);
      work.schedule({ key: `${RELEASE_TIMER}/${event.id}`, due, kind: RELEASE_TIMER, data: { event, copies } });
    } else if (effect.reorder === true && before === undefined) {
      steps.push({ kind: 'skip', event });
      work.put(HELD, channel, { event, copies });
    } else {
      steps.push(...stepsOf({ event, copies }));
      if (before === undefined) continue;
      isTouched = true;
      work.delete(HELD, channel);
      steps.push(...stepsOf(before));
    }
  }
  return isTouched ? { steps, struck } : undefined;
}

const ONE = { limit: 1 } as const;

/** What becomes of events, and the faults that made it so. */
export interface Plan {
  readonly steps: readonly FeedStep[];
  readonly struck: readonly Strike[];
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
