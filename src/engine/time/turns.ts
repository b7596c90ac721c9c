import { monotonicNow } from './clock.ts';

/** Milliseconds of wall time that a long run works before others have a turn; a new client needs two or three of them. */
const SLICE = 5;

/**
 * The turns of long runs: advances, clocks that catch up, replays. In each turn of the event loop one of them works for a
 * while, whichever has waited longest, so that requests wait for one slice however many tenants are at work. Those that
 * begin meanwhile share one slice, too: many may be asked for at once. What a run does and in which order does not depend
 * on where it is cut.
 *
 * @example
 * const turns = new Turns();
 * for (let slice = await turns.next(); work(); ) if (slice.isOver()) slice = await turns.next();
 */
export class Turns {
  readonly #now: () => number;
  readonly #waiting: ((slice: Slice) => void)[] = [];
  #isSet = false;
  /** Milliseconds that runs have worked in this turn of the event loop, as far as they have asked. */
  #worked = 0;
  #isNoted = false;

  /** `now` tells wall time in milliseconds. */
  constructor(now = monotonicNow) {
    this.#now = now;
  }

  /** The slice of somebody who begins at once, with no turn before it. */
  begin(): Slice {
    let last = this.#now();
    return {
      isOver: () => {
        const now = this.#now();
        this.#note(now - last);
        last = now;
        return this.#worked >= SLICE;
      },
    };
  }

  /** Waits for a turn. */
  next(): Promise<Slice> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#set();
    });
  }

  /**
   * Goes through values one by one, in as many turns as that takes.
   *
   * @example for await (const entry of turns.through(entries)) text += write(entry);
   */
  async *through<T>(values: Iterable<T>): AsyncGenerator<T, void, undefined> {
    let slice = this.begin();
    for (const value of values) {
      if (slice.isOver()) slice = await this.next();
      yield value;
    }
  }

  #set(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    setImmediate(() => {
      this.#isSet = false;
      this.#worked = 0;
      this.#waiting.shift()?.(this.begin());
      if (this.#waiting.length > 0) this.#set();
    });
  }

  /** It counts for this turn of the event loop alone. */
  #note(milliseconds: number): void {
    this.#worked += milliseconds;
    if (this.#isNoted) return;
    this.#isNoted = true;
    setImmediate(() => {
      this.#isNoted = false;
      this.#worked = 0;
    });
  }
}

/** A while to work. */
export interface Slice {
  isOver(): boolean;
}
