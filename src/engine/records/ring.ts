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

  /** Lets go of everything, and goes on counting. */
  empty(): void {
    this.#dropped += this.#entries.length;
    this.#entries = [];
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
