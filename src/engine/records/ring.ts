import { ByteBudget, type Heavy, Weight } from './byte-budget.ts';

/** The content of a ring. */
export interface RingSnapshot<T> {
  readonly dropped: number;
  readonly entries: readonly T[];
  readonly heavy?: readonly Heavy[];
}

/** A ring of the newest entries; each gets the number it was added under, counted from 1. */
export class Ring<T> {
  readonly #capacity: number;
  readonly #weight: Weight;
  #entries: T[] = [];
  #dropped = 0;

  constructor(capacity: number, budget = new ByteBudget(Number.POSITIVE_INFINITY)) {
    this.#capacity = capacity;
    this.#weight = new Weight(budget, {
      count: () => this.#entries.length,
      numberAt: (place) => this.#dropped + place + 1,
      drop: (upTo) => this.#drop(upTo - this.#dropped),
    });
  }

  /** How many have been added since the start, those that have left included. */
  get count(): number {
    return this.#dropped + this.#entries.length;
  }

  /** The number of the oldest entry kept. */
  get firstNumber(): number {
    return this.#dropped + 1;
  }

  /** `bytes` is about how much it holds that nothing else does. */
  add(entry: T, bytes = 0): void {
    this.#entries.push(entry);
    this.#weight.add(this.count, bytes);
    // Trimmed in batches, because removing at the front of an array costs as much as the array is long.
    if (this.#entries.length > this.#capacity * 1.25) this.#drop(this.#entries.length - this.#capacity);
  }

  /** The newest `capacity` entries, oldest first. */
  entries(): readonly T[] {
    return this.#entries.length > this.#capacity ? this.#entries.slice(-this.#capacity) : this.#entries;
  }

  /** Lets go of the oldest for as long as they are meant. */
  forgetWhile(isMeant: (entry: T) => boolean): void {
    const left = this.#entries.findIndex((entry) => !isMeant(entry));
    if (left !== 0) this.#drop(left < 0 ? this.#entries.length : left);
  }

  /** Lets go of everything, and goes on counting. */
  empty(): void {
    this.#drop(this.#entries.length);
  }

  clear(): void {
    this.restore({ dropped: 0, entries: [] });
  }

  snapshot(): RingSnapshot<T> {
    return { dropped: this.#dropped, entries: this.#entries.slice(), heavy: this.#weight.snapshot() };
  }

  restore({ dropped, entries, heavy = [] }: RingSnapshot<T>): void {
    this.#dropped = dropped;
    this.#entries = entries.slice();
    this.#weight.restore(heavy);
  }

  #drop(count: number): void {
    this.#dropped += this.#entries.splice(0, count).length;
    this.#weight.forget(this.#dropped + 1);
  }
}
