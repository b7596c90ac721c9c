import { formatInstant, type Instant } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import type { Commit } from '../commit.ts';
import { DELIVERY_TIMER } from '../delivery/outbox.ts';
import type { Caused } from '../input.ts';
import { type Effect, EffectList, messageOf } from '../records/effects.ts';
import { effectsOf } from '../state/consequences.ts';
import { isFull, type World } from '../world.ts';
import type { Timer } from './timer.ts';
import { nextTimer, pendingTimers } from './timers.ts';
import type { Turns } from './turns.ts';

/** What is under way to receivers outside, which an advance waits for. */
export interface Sending {
  readonly count: number;
  idle(): Promise<void>;
  /** Waits until an attempt that falls due now could be made. */
  turn(): Promise<void>;
}

export interface AdvanceResult {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly effects: readonly Effect[];
  /** When the next timer is due. */
  readonly next?: string;
}

/** How an advance is made. */
export interface AdvanceOptions {
  /** Asked now and then; it ends where nobody wants it any more. Default: it goes on to its end. */
  readonly isWanted?: () => boolean;
}

/** Timers that fire without a turn for anybody else although the clock stands still, and what they may have led to by then. */
const MOST_AT_ONCE = 200;
const MOST_EFFECTS_AT_ONCE = 400;

/** Brings a world what falls due, each timer an input of its own: after a command, as a clock runs, and on an advance. */
export class Timekeeper {
  readonly #world: World;
  readonly #sending: Sending;
  readonly #turns: Turns;
  readonly #reportFailure: (message: string, error: unknown) => void;
  /** The id of the advance that runs. */
  #advancing: string | undefined;
  #isAdvancing = false;
  #isClosed = false;
  /** Whether a turn is waited for, to catch up with a clock that runs. */
  #isBehind = false;
  #stoppedBy: string | undefined;

  constructor(world: World, sending: Sending, turns: Turns, reportFailure: (message: string, error: unknown) => void) {
    this.#world = world;
    this.#sending = sending;
    this.#turns = turns;
    this.#reportFailure = reportFailure;
  }

  /** Whether an advance runs; it comes to what is due by itself, one after another. */
  get isAdvancing(): boolean {
    return this.#isAdvancing;
  }

  /** The id of the advance that runs. */
  get advancing(): string | undefined {
    return this.#advancing;
  }

  /** Why the clock stands still although it was to run. */
  get stoppedBy(): string | undefined {
    return this.#stoppedBy;
  }

  /**
   * Fires the timers that are due by now; `firedBy` is the tick of the clock, or what has led to it by its id. A clock that
   * runs may have left any number of them behind: what does not fit into a slice follows in later turns.
   */
  runDue(firedBy: 'tick' | Pick<Commit, 'id'>): void {
    // What one command has set off happens with it; a clock that was stopped may have left years behind.
    this.#runDue(firedBy, this.#world.clock.pace > 0 ? 0 : MOST_AT_ONCE);
  }

  #runDue(firedBy: 'tick' | Pick<Commit, 'id'>, most: number): void {
    // What cannot be kept must wait: it is taken up again with the next change, or the next tick.
    const { refusal, fullness } = this.#world;
    if (this.#isClosed || this.#isBehind || refusal !== undefined) return;
    const { clock, store } = this.#world;
    const until = clock.now();
    if (fullness !== undefined) {
      if (nextTimer(store, until) !== undefined) this.#stand(fullness);
      return;
    }
    const slice = this.#turns.begin();
    let atOnce = most;
    let effects = 0;
    for (let timer = nextTimer(store, until); timer !== undefined; timer = nextTimer(this.#world.store, until)) {
      try {
        effects += effectsOf(this.#fire(timer, firedBy === 'tick' ? firedBy : firedBy.id).consequences);
      } catch (error) {
        if (!isFull(error)) throw error;
        this.#stand(error);
        return;
      }
      atOnce -= 1;
      if ((atOnce < 0 || effects > MOST_EFFECTS_AT_ONCE) && slice.isOver()) {
        this.#catchUp();
        return;
      }
    }
    this.rearm();
  }

  /**
   * Moves the clock forward and fires every timer on the way, each at its due time, deliveries included. `target` is an
   * instant, or `next` for the next timer. Refuses with 409 while another advance runs.
   */
  async advance(
    target: Instant | 'next',
    caused: Caused = {},
    { isWanted = () => true }: AdvanceOptions = {},
  ): Promise<AdvanceResult> {
    if (this.#isAdvancing) {
      throw new Refusal(
        409,
        'ADVANCE_RUNNING',
        'Failed to advance the clock: another advance of this tenant is running. Wait until it has answered.',
      );
    }
    this.#isAdvancing = true;
    const effects = new EffectList((at) => this.#world.clock.write(at));
    let stopFollowing = (): void => {};
    try {
      await this.#sending.idle();
      const { clock } = this.#world;
      const from = clock.now();
      const to = target === 'next' ? Math.max(this.#nextDue() ?? from, from) : target;
      if (to < from) {
        throw new Refusal(
          400,
          'CLOCK_BACKWARDS',
          `Failed to advance the clock: ${formatInstant(to)} lies before ${formatInstant(from)}. Time only moves forward; reset the tenant to go back.`,
        );
      }
      const { id } = this.#world.apply({ kind: 'advance', to, ...caused }, from);
      this.#advancing = id;
      // What was under way before is no effect of this advance, however long its receiver took.
      stopFollowing = this.#world.follow((commit) => effects.follow(commit));
      await this.#advanceTo(to, id, isWanted);
      this.#world.apply({ kind: 'arrive', cause: id }, to);
      const next = this.#nextDue();
      return {
        from: formatInstant(from),
        to: formatInstant(to),
        count: effects.count,
        effects: effects.items,
        ...(next !== undefined && { next: formatInstant(next) }),
      };
    } finally {
      stopFollowing();
      this.#isAdvancing = false;
      this.#advancing = undefined;
    }
  }

  /** What is due has no room in the tenant: time that goes on would only leave it behind. What has none in the process waits. */
  #stand(full: Refusal): void {
    const { clock, name } = this.#world;
    if (clock.mode === 'manual' || full.code === 'MEMORY_FULL') return;
    const message = insteadOf(full, `run the clock of the tenant "${name}" any further`, clock.now());
    this.#world.apply({ kind: 'clock', mode: 'manual', rate: clock.rate, why: message });
    this.rearm();
    this.#stoppedBy = message;
    this.#reportFailure('a clock stands still', full);
  }

  /** Lets a running clock wake this tenant when its next timer is due. */
  rearm(): void {
    const { clock } = this.#world;
    this.#stoppedBy = undefined;
    if (clock.mode === 'manual' || this.#isClosed) {
      clock.wakeAt(undefined, () => {});
      return;
    }
    clock.wakeAt(this.#nextDue(), () => this.#catchUp());
  }

  /** Fires what is due and was left behind, once it is this tenant's turn. */
  #catchUp(): void {
    if (this.#isBehind) return;
    this.#isBehind = true;
    void this.#turns.next().then(() => {
      this.#isBehind = false;
      try {
        this.#runDue('tick', 0);
      } catch (error) {
        this.#reportFailure('the clock could not go on', error);
      }
    });
  }

  /** Stops the clock. */
  close(): void {
    this.#isClosed = true;
    this.rearm();
  }

  async #advanceTo(to: Instant, id: string, isWanted: () => boolean): Promise<void> {
    const { clock } = this.#world;
    for (let slice = this.#turns.begin(); ; ) {
      if (this.#isClosed) {
        throw new Refusal(
          503,
          'STOPPING',
          `Failed to advance the clock any further: the tenant is being closed. The clock stands at ${formatInstant(clock.now())}.`,
        );
      }
      const timer = nextTimer(this.#world.store, to);
      // Time goes on once everything that was asked for at this time has been answered.
      if (timer !== undefined && timer.due > clock.now() && this.#sending.count > 0) {
        await this.#sending.idle();
        continue;
      }
      if (timer !== undefined) {
        clock.moveTo(timer.due);
        const { failure } = this.#fireWithin(timer, id);
        if (isRunaway(failure)) {
          throw new Refusal(
            409,
            'RUNAWAY_TIMER',
            `${messageOf(failure)} The clock stands at ${formatInstant(clock.now())}.`,
          );
        }
      }
      // What a receiver has set off while its answer was waited for, and what failed, may be due in this interval too.
      else if (this.#sending.count === 0) break;
      // A receiver may call back, in this tenant, while its answer is waited for.
      if (this.#sending.count > 0) await (this.#isAttemptDue() ? this.#sending.turn() : this.#sending.idle());
      if (!slice.isOver()) continue;
      slice = await this.#turns.next();
      if (!isWanted()) {
        // The next command would have to fire all that is due at this very time.
        this.#catchUp();
        throw new Refusal(
          503,
          'CLIENT_GONE',
          `Failed to advance the clock any further: the client has gone. The clock stands at ${formatInstant(clock.now())}; ask with "goOn" for an advance that goes on without you.`,
        );
      }
    }
    clock.moveTo(to);
    this.rearm();
  }

  #fire({ key, due }: { readonly key: string; readonly due: Instant }, firedBy: string): Commit {
    const { clock } = this.#world;
    const at = Math.max(due, clock.mode === 'manual' ? clock.now() : due);
    return this.#world.apply({ kind: 'timer', key, firedBy }, at);
  }

  #fireWithin(timer: Timer, advance: string): Commit {
    try {
      return this.#fire(timer, advance);
    } catch (error) {
      if (!isFull(error)) throw error;
      const { status, code, headers } = error;
      const now = this.#world.clock.now();
      throw new Refusal(status, code, insteadOf(error, 'advance the clock any further', now), { headers });
    }
  }

  /** Whether what falls due next, at this very time, is an attempt, which need not wait for one that takes long. */
  #isAttemptDue(): boolean {
    return nextTimer(this.#world.store, this.#world.clock.now())?.kind === DELIVERY_TIMER;
  }

  #nextDue(): Instant | undefined {
    return pendingTimers(this.#world.store, 1)[0]?.due;
  }
}

/** What was not done because something in it was not, and where the clock stands. */
function insteadOf({ message }: Refusal, what: string, now: Instant): string {
  return `Failed to ${what}: ${message.slice(message.indexOf(': ') + 2)} The clock stands at ${formatInstant(now)}.`;
}

function isRunaway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'RUNAWAY_TIMER';
}
