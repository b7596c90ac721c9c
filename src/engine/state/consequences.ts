import type { SimulatorEvent } from '../../model/event.ts';
import type { Fault } from '../faults.ts';
import type { FeedStep } from '../feed.ts';
import type { TraceRoot } from '../input.ts';
import type { Delivery } from '../outbox.ts';
import type { Timer } from '../scheduler.ts';

/** A resource by its collection and id, for example `connectx/Customer` and `CUS-000001`. */
export interface Subject {
  readonly collection: string;
  readonly id: string;
}

/** What the consequences of a piece of work are traced back to. */
export interface Origin {
  /** The number of its commit; 0 for a starting world. */
  readonly number: number;
  readonly root: TraceRoot | undefined;
  /** The id of its first cause; a starting world has none. */
  readonly id: () => string | undefined;
  readonly subject?: Subject;
}

/** Where one event comes from. */
export interface EventOrigin {
  /** The event that a link or follower followed; absent where the commit itself is the cause. */
  readonly cause: string | undefined;
  readonly subject: Subject | undefined;
}

/** A delivery that an attempt is to be begun of; `late` is the fault that has held it up until now. */
export interface BegunAttempt {
  readonly delivery: string;
  readonly late: Fault | undefined;
}

/** A fault that has struck an event on its way. */
export interface Strike {
  readonly fault: Fault;
  /** The id of the event. */
  readonly event: string;
}

/** What a piece of work leads to besides its writes. */
export interface Consequences {
  readonly events: readonly SimulatorEvent[];
  /** One for each event. */
  readonly origins: readonly EventOrigin[];
  /** Moves of life cycles made, as `<system>/<Resource> <from> -> <to>`. */
  readonly moves: readonly string[];
  readonly timersSet: readonly Timer[];
  readonly timersCancelled: readonly Timer[];
  /** Deliveries asked for. */
  readonly deliveries: readonly Delivery[];
  readonly begun: readonly BegunAttempt[];
  readonly struck: readonly Strike[];
  /** What becomes of events on their way to those who listen; absent where they simply go out. */
  readonly steps: readonly FeedStep[] | undefined;
  /** The first resource that was changed. */
  readonly subject: Subject | undefined;
}

const NONE: readonly never[] = Object.freeze([]);

/** Of work that leads to nothing, as reading does. */
export const NO_CONSEQUENCES: Consequences = Object.freeze({
  events: NONE,
  origins: NONE,
  moves: NONE,
  timersSet: NONE,
  timersCancelled: NONE,
  deliveries: NONE,
  begun: NONE,
  struck: NONE,
  steps: undefined,
  subject: undefined,
});

/**
 * What remains of finished work: what it was done with is let go of.
 *
 * @example new Commit(number, at, input, place, { consequences: consequencesOf(work) });
 */
export function consequencesOf(work: Consequences): Consequences {
  const { steps, subject } = work;
  return {
    events: orNone(work.events),
    origins: orNone(work.origins),
    moves: orNone(work.moves),
    timersSet: orNone(work.timersSet),
    timersCancelled: orNone(work.timersCancelled),
    deliveries: orNone(work.deliveries),
    begun: orNone(work.begun),
    struck: orNone(work.struck),
    steps,
    subject,
  };
}

function orNone<T>(items: readonly T[]): readonly T[] {
  return items.length === 0 ? NONE : items;
}
