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
  /** Whether one of them has an id that the tenant has not made itself. */
  readonly hasGivenIds: true | undefined;
  /** Where each event comes from; absent where the commit caused it with its first change, as most are. */
  readonly origins: readonly (EventOrigin | undefined)[];
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

/** How many messages, deliveries and timers a piece of work has led to. */
export function effectsOf({ events, deliveries, timersSet }: Consequences): number {
  return events.length + deliveries.length + timersSet.length;
}

// Not frozen: V8 walks a frozen array with an iterator and an object for each step, and every follower walks these.
const NONE: readonly never[] = [];

/** Of work that leads to nothing, as reading does. */
export const NO_CONSEQUENCES: Consequences = Object.freeze({
  events: NONE,
  hasGivenIds: undefined,
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

/** Consequences as they come together; records hold thousands of them, so that what there is nothing of takes no room. */
export class Collected implements Consequences {
  events: readonly SimulatorEvent[] = NONE;
  hasGivenIds: true | undefined;
  origins: readonly (EventOrigin | undefined)[] = NONE;
  moves: readonly string[] = NONE;
  timersSet: readonly Timer[] = NONE;
  timersCancelled: readonly Timer[] = NONE;
  deliveries: readonly Delivery[] = NONE;
  begun: readonly BegunAttempt[] = NONE;
  notes: readonly Note[] = NONE;
  struck: readonly Strike[] = NONE;
  steps: readonly FeedStep[] | undefined;
  subject: Subject | undefined;

  addEvent(event: SimulatorEvent, cause: string | undefined, subject: Subject | undefined): void {
    const isUsual = cause === undefined && subject !== undefined && subject === this.subject;
    if (!isUsual) {
      while (this.origins.length < this.events.length) this.origins = withItem(this.origins, undefined);
      this.origins = withItem(this.origins, { cause, subject });
    }
    this.events = withItem(this.events, event);
  }

  addMove(move: string): void {
    this.moves = withItem(this.moves, move);
  }

  addTimerSet(timer: Timer): void {
    this.timersSet = withItem(this.timersSet, timer);
  }

  addTimerCancelled(timer: Timer): void {
    this.timersCancelled = withItem(this.timersCancelled, timer);
  }

  addDelivery(delivery: Delivery): void {
    this.deliveries = withItem(this.deliveries, delivery);
  }

  addAttempt(attempt: BegunAttempt): void {
    this.begun = withItem(this.begun, attempt);
  }

  addNote(note: Note): void {
    this.notes = withItem(this.notes, note);
  }
}

/** The list with one more. A first item makes a list of one place: a list that grows from none reserves seventeen. */
function withItem<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 0) return [item];
  (list as T[]).push(item);
  return list;
}
