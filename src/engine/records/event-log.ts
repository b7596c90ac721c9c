import type { Instant } from '../../lib/time.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import { ByteBudget, type Heavy, Weight } from './byte-budget.ts';

/** A log that keeps its newest entries, each found again by its id. */
export interface EventLog {
  /** Whether the log still holds, or ever held as its newest entry, the event with this id. */
  has(id: string): boolean;
  /** Events in order, those after the one with the id `after` (or from the oldest kept), on channels that match. */
  read(selection?: { after?: string; channel?: string; limit?: number }): readonly SimulatorEvent[];
  /** Tells of every event from now on, in order; answers what ends it. */
  subscribe(listener: (event: SimulatorEvent) => void): () => void;
}

/** The content of a log. */
export interface EventLogSnapshot {
  readonly firstNumber: number;
  readonly hasGivenIds?: true | undefined;
  readonly events: readonly SimulatorEvent[];
  readonly heavy?: readonly Heavy[];
}

/**
 * The events of one tenant, oldest first, the newest `capacity` of them.
 *
 * @example
 * const log = new MemoryEventLog(10_000);
 * log.append([{ id: '1', channel: 'order/created', at: '2026-01-01T00:00:00.000Z', payload: {} }]);
 */
export class MemoryEventLog implements EventLog {
  readonly #capacity: number;
  #events: SimulatorEvent[] = [];
  /** Sequence number of `#events[0]`; rises as old events leave. */
  #firstNumber = 0;
  #numberById = new Map<string, number>();
  #hasGivenIds: true | undefined;
  /** How many of `#events` are in `#numberById`: most are never asked for by id. */
  #indexed = 0;
  readonly #listeners = new Set<(event: SimulatorEvent) => void>();

  readonly #weight: Weight;

  constructor(capacity: number, budget = new ByteBudget(Number.POSITIVE_INFINITY)) {
    this.#capacity = capacity;
    this.#weight = new Weight(budget, {
      count: () => this.#events.length,
      numberAt: (place) => this.#firstNumber + place,
      drop: (upTo) => this.#drop(upTo + 1 - this.#firstNumber),
    });
  }

  get newest(): SimulatorEvent | undefined {
    return this.#events.at(-1);
  }

  /** Whether it may hold events with ids that the tenant has not made itself, which alone can be like one that it makes. */
  get hasGivenIds(): boolean {
    return this.#hasGivenIds === true;
  }

  /** `bytes` is about how much each of them holds that nothing else does. */
  append(events: readonly SimulatorEvent[], bytes = 0, hasGivenIds?: true): void {
    this.#hasGivenIds ??= hasGivenIds;
    for (const event of events) {
      this.#events.push(event);
      this.#weight.add(this.#firstNumber + this.#events.length - 1, bytes);
    }
    // Trimmed in batches, because removing at the front of an array costs as much as the array is long.
    if (this.#events.length > this.#capacity * 1.25) this.#drop(this.#events.length - this.#capacity);
    for (const event of events) for (const listener of this.#listeners) listener(event);
  }

  has(id: string): boolean {
    return this.#numberOf(id) !== undefined;
  }

  read({
    after,
    channel,
    limit = Number.POSITIVE_INFINITY,
  }: {
    after?: string;
    channel?: string;
    limit?: number;
  } = {}) {
    const found: SimulatorEvent[] = [];
    const start = after === undefined ? 0 : (this.#numberOf(after) ?? -1) + 1 - this.#firstNumber;
    const isWanted = channelMatcher(channel);
    for (let i = Math.max(0, start); i < this.#events.length && found.length < limit; i += 1) {
      const event = this.#events[i] as SimulatorEvent;
      if (isWanted(event.channel)) found.push(event);
    }
    return found;
  }

  subscribe(listener: (event: SimulatorEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forgetBefore(at: Instant): void {
    const left = this.#events.findIndex((event) => Date.parse(event.at) >= at);
    if (left !== 0) this.#drop(left < 0 ? this.#events.length : left);
  }

  /** The content, to be given to `restore` of this or another log. */
  snapshot(): EventLogSnapshot {
    return {
      firstNumber: this.#firstNumber,
      hasGivenIds: this.#hasGivenIds,
      events: this.#events.slice(),
      heavy: this.#weight.snapshot(),
    };
  }

  restore(snapshot: EventLogSnapshot): void {
    this.#firstNumber = snapshot.firstNumber;
    this.#hasGivenIds = snapshot.hasGivenIds;
    this.#events = snapshot.events.slice();
    this.#numberById = new Map();
    this.#indexed = 0;
    this.#weight.restore(snapshot.heavy ?? []);
  }

  #drop(count: number): void {
    const leaving = this.#events.splice(0, count);
    this.#firstNumber += leaving.length;
    if (this.#indexed > 0) for (const event of leaving) this.#numberById.delete(event.id);
    this.#indexed = Math.max(0, this.#indexed - leaving.length);
    this.#weight.forget(this.#firstNumber);
  }

  #numberOf(id: string): number | undefined {
    for (; this.#indexed < this.#events.length; this.#indexed += 1) {
      const { id: each } = this.#events[this.#indexed] as SimulatorEvent;
      this.#numberById.set(each, this.#firstNumber + this.#indexed);
    }
    return this.#numberById.get(id);
  }
}

/**
 * Whether a channel address meets a pattern in which `*` stands for any text; no pattern, any channel.
 *
 * @example channelMatcher('billing/*')('billing/invoice/created') // true
 */
export function channelMatcher(pattern: string | undefined): (address: string) => boolean {
  if (pattern === undefined || pattern === '*') return () => true;
  if (!pattern.includes('*')) return (address) => address === pattern;
  // No regular expression: clients send these patterns, and one with many `*` would keep it busy for ages.
  const [head = '', ...parts] = pattern.split(/\*+/);
  const tail = parts.pop() ?? '';
  return (address) => {
    const end = address.length - tail.length;
    if (!address.startsWith(head) || !address.endsWith(tail)) return false;
    let from = head.length;
    for (const part of parts) {
      const at = address.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return from <= end;
  };
}
