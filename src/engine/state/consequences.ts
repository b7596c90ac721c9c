import type { SimulatorEvent } from '../../model/event.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { Fault } from '../faults/fault.ts';
import type { FeedStep } from '../records/feed-step.ts';
import type { Timer } from '../time/timer.ts';
import type { EventOrigin, Subject } from './origin.ts';

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

/** Something that a command has to say which no record of it would show. */
export interface Note {
  readonly text: string;
  readonly cause: string | undefined;
  readonly subject: Subject | undefined;
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
  readonly notes: readonly Note[];
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
  notes: NONE,
  struck: NONE,
  steps: undefined,
  subject: undefined,
});

/** Consequences as they come together; work that leads to nothing has none. */
export class Collected implements Consequences {
  events: SimulatorEvent[] = [];
  origins: EventOrigin[] = [];
  moves: string[] = [];
  timersSet: Timer[] = [];
  timersCancelled: Timer[] = [];
  deliveries: Delivery[] = [];
  begun: BegunAttempt[] = [];
  notes: Note[] = [];
  struck: readonly Strike[] = NONE;
  steps: readonly FeedStep[] | undefined;
  subject: Subject | undefined;

  /** Lets go of what has stayed empty: records hold thousands of these. */
  seal(): Consequences {
    const none = NONE as never[];
    if (this.events.length === 0) this.events = none;
    if (this.origins.length === 0) this.origins = none;
    if (this.moves.length === 0) this.moves = none;
    if (this.timersSet.length === 0) this.timersSet = none;
    if (this.timersCancelled.length === 0) this.timersCancelled = none;
    if (this.deliveries.length === 0) this.deliveries = none;
    if (this.begun.length === 0) this.begun = none;
    if (this.notes.length === 0) this.notes = none;
    return this;
  }
}
