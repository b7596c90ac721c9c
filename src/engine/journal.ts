import type { Violation } from '../model/schema.ts';

/** One request as a tenant's journal keeps it. Bodies are kept by reference and written out when asked for. */
export interface JournalEntry {
  readonly id: string;
  /** Virtual time, ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** Path and query as received, without the tenant prefix. */
  readonly url: string;
  readonly operationId?: string;
  readonly system?: string;
  readonly request: { readonly headers: Readonly<Record<string, unknown>>; readonly body?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
  /** What was wrong with the request, or with our response. */
  readonly violations?: readonly Violation[];
  /** Remarks, for example on query parameters that were ignored. */
  readonly notes?: readonly string[];
}

/** An exchange as it was noted, to be written out when somebody looks: most never are. */
export interface NotedExchange {
  toEntry(number: number): JournalEntry;
}

/**
 * What clients have asked and been told, the newest of it.
 *
 * @example journal.add({ toEntry: (number) => ({ id: `REQ-${number}`, … }) });
 */
export class Journal {
  readonly #ring: Ring<JournalEntry | NotedExchange>;

  constructor(capacity: number) {
    this.#ring = new Ring(capacity);
  }

  get count(): number {
    return this.#ring.count;
  }

  add(entry: JournalEntry | NotedExchange): void {
    this.#ring.add(entry);
  }

  /** Oldest first. */
  entries(): readonly JournalEntry[] {
    const noted = this.#ring.entries();
    const first = this.count - noted.length + 1;
    return noted.map((each, index) => ('toEntry' in each ? each.toEntry(first + index) : each));
  }

  clear(): void {
    this.#ring.clear();
  }

  snapshot(): ReturnType<Ring<JournalEntry | NotedExchange>['snapshot']> {
    return this.#ring.snapshot();
  }

  restore(snapshot: ReturnType<Journal['snapshot']>): void {
    this.#ring.restore(snapshot);
  }
}

/** A ring of the newest entries; each gets the number it was added under, counted from 1. */
export class Ring<T> {
  readonly #capacity: number;
  #entries: T[] = [];
  #dropped = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** How many have been added since the start, those that have left included. */
  get count(): number {
    return this.#dropped + this.#entries.length;
  }

  /** The number of the oldest entry kept. */
  get firstNumber(): number {
    return this.#dropped + 1;
  }

  add(entry: T): void {
    this.#entries.push(entry);
    // Trimmed in batches, because removing at the front of an array costs as much as the array is long.
    if (this.#entries.length > this.#capacity * 1.25) {
      this.#dropped += this.#entries.splice(0, this.#entries.length - this.#capacity).length;
    }
  }

  /** The newest `capacity` entries, oldest first. */
  entries(): readonly T[] {
    return this.#entries.length > this.#capacity ? this.#entries.slice(-this.#capacity) : this.#entries;
  }

  clear(): void {
    this.#entries = [];
    this.#dropped = 0;
  }

  snapshot(): { dropped: number; entries: readonly T[] } {
    return { dropped: this.#dropped, entries: this.#entries.slice() };
  }

  restore(snapshot: { dropped: number; entries: readonly T[] }): void {
    this.#dropped = snapshot.dropped;
    this.#entries = snapshot.entries.slice();
  }
}
