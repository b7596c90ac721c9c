import type { SimulatorEvent } from '../../model/event.ts';

/** One event that waits for the brokers. */
export interface BacklogEntry {
  readonly tenant: string;
  readonly series: number;
  readonly event: SimulatorEvent;
}

/** How far one reader has come: everything before `next` is confirmed. */
export interface Place {
  next: number;
  /** Called with how many entries left the backlog before this reader had them. */
  onLost: (count: number) => void;
}

/** Removing at the front of an array costs as much as the array is long, so it is done in batches. */
const BATCH = 1_024;

/**
 * The events of all tenants on their way to the brokers, in the order they happened; each broker reads it from its own
 * place. It holds an event until every reader has it, at most the newest `capacity`.
 *
 * It is no tenant's own log, because a reset or a restore rewrites that one at once: what was announced before must
 * still go out, and what a restore brings back was announced already.
 *
 * @example
 * const backlog = new Backlog(100_000);
 * const place = backlog.open((count) => log.error({ count }, 'events were lost'));
 */
export class Backlog {
  readonly #capacity: number;
  readonly #places = new Set<Place>();
  #entries: BacklogEntry[] = [];
  #first = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The number that the next entry gets. */
  get end(): number {
    return this.#first + this.#entries.length;
  }

  append(entry: BacklogEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length >= this.#capacity + BATCH) this.#drop(this.#entries.length - this.#capacity);
  }

  at(number: number): BacklogEntry | undefined {
    return this.#entries[number - this.#first];
  }

  /** A new reader, from the oldest entry kept. */
  open(onLost: (count: number) => void): Place {
    const place = { next: this.#first, onLost };
    this.#places.add(place);
    return place;
  }

  /** Lets go of what every reader has; to be called when a place has moved. */
  trim(): void {
    const dead = Math.min(...[...this.#places].map(({ next }) => next)) - this.#first;
    if (dead >= BATCH || dead === this.#entries.length) this.#drop(dead);
  }

  #drop(count: number): void {
    this.#entries.splice(0, count);
    this.#first += count;
    for (const place of this.#places) {
      const lost = this.#first - place.next;
      if (lost <= 0) continue;
      place.next = this.#first;
      place.onLost(lost);
    }
  }
}
