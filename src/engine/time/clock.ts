import { callLater } from '../../lib/call-later.ts';
import { END_OF_TIME, formatInstant, type Instant } from '../../lib/time.ts';

/** `manual`: stands still but for `advance`; `real`: follows the wall clock, `rate` times as fast. */
export type ClockMode = 'manual' | 'real';

/** Where a clock stands. */
export interface ClockState {
  readonly now: Instant;
  readonly mode: ClockMode;
  readonly rate: number;
}

/** A clock that goes on from where it stood: one that ran has gone on meanwhile. */
export interface KeptClock extends ClockState {
  /** The wall time at which a running clock stood there. */
  readonly wall?: number;
}

/**
 * A tenant's virtual clock. This file and those for time-outs are the only ones that ask for wall time.
 *
 * @example
 * const clock = new Clock({ now: Date.UTC(2026, 0, 1), mode: 'manual', rate: 1 });
 * clock.moveTo(clock.now() + 1000);
 */
export class Clock {
  #mode: ClockMode = 'manual';
  #rate = 1;
  #virtual: Instant = 0;
  /** The wall time at which the virtual time was `#virtual`. */
  #wall = 0;
  #callOff: (() => void) | undefined;
  /** What it will wake at, as long as it goes on as it does: most commands leave that as it is. */
  #awaited: Instant | undefined;
  /** A clock that stands still is asked for the same text again and again. */
  #written: { readonly at: Instant; readonly text: string } = { at: 0, text: formatInstant(0) };

  constructor(state: ClockState) {
    this.restore(state);
  }

  get mode(): ClockMode {
    return this.#mode;
  }

  get rate(): number {
    return this.#rate;
  }

  /** How many times as fast as the wall clock it goes; 0 where it stands still. */
  get pace(): number {
    return this.#mode === 'manual' ? 0 : this.#rate;
  }

  now(): Instant {
    if (this.#mode === 'manual') return this.#virtual;
    return Math.min(Math.floor(this.#virtual + (Date.now() - this.#wall) * this.#rate), END_OF_TIME);
  }

  /** A time, as a rule the clock's own, as ISO 8601 in UTC. */
  write(at: Instant): string {
    if (this.#written.at !== at) this.#written = { at, text: formatInstant(at) };
    return this.#written.text;
  }

  /** Moves forward to a time; a time that has passed leaves the clock as it is. */
  moveTo(instant: Instant): void {
    if (instant <= this.now()) return;
    this.#virtual = instant;
    this.#wall = Date.now();
    this.#awaited = undefined;
  }

  /** Changes how the clock runs from here on. */
  set(mode: ClockMode, rate: number): void {
    this.#virtual = this.now();
    this.#wall = Date.now();
    this.#mode = mode;
    this.#rate = rate;
    this.#awaited = undefined;
  }

  state(): ClockState {
    return { now: this.now(), mode: this.#mode, rate: this.#rate };
  }

  /** Where it stands, in a form that another process can go on from. */
  kept(): KeptClock {
    const [mode, rate] = [this.#mode, this.#rate];
    return mode === 'manual'
      ? { now: this.#virtual, mode, rate }
      : { now: this.#virtual, mode, rate, wall: this.#wall };
  }

  restore(state: KeptClock): void {
    this.#virtual = state.now;
    // Time never goes back, though the machine's may.
    this.#wall = Math.min(state.wall ?? Number.POSITIVE_INFINITY, Date.now());
    this.#mode = state.mode;
    this.#rate = state.rate;
    this.#awaited = undefined;
  }

  /** Calls back once the running clock has reached a time, in place of an earlier request; a standing clock never does. */
  wakeAt(instant: Instant | undefined, wake: () => void): void {
    const isRunning = this.#mode !== 'manual';
    if (isRunning && instant !== undefined && instant === this.#awaited) return;
    this.#callOff?.();
    this.#callOff = undefined;
    this.#awaited = undefined;
    if (instant === undefined || !isRunning) return;
    const wait = Math.min(Math.max(0, (instant - this.now()) / this.#rate), LONGEST_WAIT);
    this.#awaited = instant;
    this.#callOff = callLater(wait, () => {
      this.#awaited = undefined;
      wake();
    });
  }
}

/** Milliseconds of wall time since some instant, for how long something takes. */
export function monotonicNow(): number {
  return performance.now();
}

/** `setTimeout` fires at once beyond 2^31 ms; an early wake-up finds nothing due and asks again. */
const LONGEST_WAIT = 2 ** 31 - 1;
