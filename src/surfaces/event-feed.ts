import { Refusal } from '../model/command.ts';

/** Calls back once after so many milliseconds of wall time; the answer calls it off (`afterWallTime`). */
export type After = (milliseconds: number, callback: () => void) => () => void;

/** Things in order, each with an id to go on after: the event log, the record of all that happens. */
export interface FollowedLog<T extends Identified> {
  has(id: string): boolean;
  read(selection: { readonly after?: string; readonly limit?: number }): readonly T[];
  subscribe(listener: (entry: T) => void): () => void;
  /** Calls back with the entry before which connections break, and the code to close them with, where there is one. */
  onInterruption?(listener: (entry: T, code?: number) => void): () => void;
}

export interface Identified {
  readonly id: string;
  readonly at: string;
}

/** A reader of a log on some wire. */
export interface LogReader<T> {
  write(entry: T): void;
  /** Bytes that have been written and not yet taken. */
  buffered(): number;
  /** Called once, where the reader cannot be served any more; `lastId` is the last entry that was written or passed. */
  giveUp(reason: LossReason, lastId: string | undefined, code?: number): void;
}

/** `interrupted`: a fault has cut the connection; `gone`: the tenant was let go of, and can be listened to anew. */
export type LossReason = 'too-slow' | 'left-the-log' | 'interrupted' | 'gone';

export interface FollowOptions<T extends Identified> {
  readonly log: FollowedLog<T>;
  /** Which entries are written. Default: all. */
  readonly isWanted?: (entry: T) => boolean;
  /** The entry to begin after. Default: what happens from now on. */
  readonly after?: string;
  readonly afterWallTime: After;
  /** The most bytes that wait for a slow reader. */
  readonly mostBuffered: number;
  /** Waits until what the log holds lasts; nothing where it does. Default: it always does. */
  readonly kept?: () => Promise<void> | undefined;
  /** Calls back once the log will say nothing any more. Default: it always may. */
  readonly onGone?: (listener: () => void) => () => void;
}

/** How often a reader that lags behind is looked after, in milliseconds. */
const PACE = 20;

/** Ticks that a full buffer may go without draining before the reader is given up: one second. */
const PATIENCE = 50;

const ENTRIES_AT_ONCE = 100;

/**
 * Writes a log's entries to a reader, in order, none lost and none twice; answers what ends it.
 *
 * A reader that takes them as fast as they happen is written to at once. One that lags (because it asked for old events,
 * is slow, or because an advance keeps the process too busy to send) is served from the log, which is its buffer, as
 * fast as it takes them. So what a fast reader gets never depends on how much happens in one go, and a slow one costs no
 * more memory than `mostBuffered`.
 *
 * @example const stop = followLog({ write, buffered, giveUp }, { log: tenant.feed, afterWallTime, mostBuffered });
 */
export function followLog<T extends Identified>(listener: LogReader<T>, options: FollowOptions<T>): () => void {
  const { log, isWanted = () => true, afterWallTime, mostBuffered, kept, onGone } = options;
  const reader = kept === undefined ? listener : holdBack(listener, kept);
  let cursor = options.after;
  let stopPump: (() => void) | undefined;
  let ticksWithoutProgress = 0;
  let lastBuffered = 0;

  const stop = (): void => {
    stopPump?.();
    stopPump = undefined;
    unsubscribe();
    stopInterruptions?.();
    stopGone?.();
  };
  const giveUp = (reason: LossReason, code?: number): void => {
    stop();
    // What does not last by now never will.
    const told = reason === 'gone' && kept?.() !== undefined ? listener : reader;
    told.giveUp(reason, cursor, code);
  };
  const pump = (): void => {
    if (cursor !== undefined && !log.has(cursor)) {
      giveUp('left-the-log');
      return;
    }
    if (reader.buffered() >= mostBuffered) {
      waitForReader();
      return;
    }
    while (reader.buffered() < mostBuffered) {
      const entries = log.read({ after: cursor, limit: ENTRIES_AT_ONCE });
      for (const entry of entries) {
        if (reader.buffered() >= mostBuffered) break;
        if (isWanted(entry)) reader.write(entry);
        cursor = entry.id;
      }
      if (entries.length < ENTRIES_AT_ONCE && cursor === (entries.at(-1)?.id ?? cursor)) {
        stopPump?.();
        stopPump = undefined;
        return;
      }
    }
    ticksWithoutProgress = 0;
    lastBuffered = reader.buffered();
  };
  const waitForReader = (): void => {
    const buffered = reader.buffered();
    ticksWithoutProgress = buffered < lastBuffered ? 0 : ticksWithoutProgress + 1;
    lastBuffered = buffered;
    if (ticksWithoutProgress >= PATIENCE) giveUp('too-slow');
  };
  const startPump = (): void => {
    ticksWithoutProgress = 0;
    lastBuffered = reader.buffered();
    stopPump = every(afterWallTime, PACE, pump);
  };
  const unsubscribe = log.subscribe((entry) => {
    if (stopPump !== undefined) return;
    if (reader.buffered() >= mostBuffered) {
      startPump();
      return;
    }
    if (isWanted(entry)) reader.write(entry);
    cursor = entry.id;
  });
  const stopInterruptions = log.onInterruption?.((entry, code) => {
    if (isWanted(entry)) giveUp('interrupted', code);
  });
  const stopGone = onGone?.(() => giveUp('gone'));
  if (cursor !== undefined) {
    startPump();
    pump();
  }
  return stop;
}

/** A reader that hears of nothing that a crash would take back. */
function holdBack<T>(reader: LogReader<T>, kept: () => Promise<void> | undefined): LogReader<T> {
  const whenKept = createHold(kept);
  return {
    write: (entry) => whenKept(() => reader.write(entry)),
    buffered: () => reader.buffered(),
    giveUp: (...why) => whenKept(() => reader.giveUp(...why)),
  };
}

/**
 * Lets things happen once what is known until then lasts, in the order in which they were asked for; at once where
 * nothing has to be waited for.
 *
 * @example const whenKept = createHold(() => tenant.kept()); whenKept(() => socket.send(text));
 */
export function createHold(kept: () => Promise<void> | undefined): (act: () => void) => void {
  let tail: Promise<void> | undefined;
  return (act) => {
    const wait = kept();
    if (wait === undefined && tail === undefined) {
      act();
      return;
    }
    const mine = Promise.all([tail, wait]).then(() => {
      if (tail === mine) tail = undefined;
      act();
    });
    tail = mine;
  };
}

/**
 * Why one cannot go on after an entry, where the log does not hold it: 410. `what` names one entry.
 *
 * @example const gone = refuseGone(tenant.feed, after, 'event');
 */
export function refuseGone(log: FollowedLog<Identified>, id: string | undefined, what: string): Refusal | undefined {
  if (id === undefined || log.has(id)) return undefined;
  const [oldest] = log.read({ limit: 1 });
  const advice =
    oldest === undefined
      ? 'The log is empty: begin without "after".'
      : `The oldest ${what} it holds is "${oldest.id}", of ${oldest.at}.`;
  return new Refusal(
    410,
    'EVENT_GONE',
    `Failed to go on after the ${what} "${id}": the log does not hold it. ${advice}`,
    { details: oldest === undefined ? {} : { oldest: oldest.id } },
  );
}

/**
 * Calls back again and again, so many milliseconds of wall time apart, until what it answers is called.
 *
 * @example const stop = every(afterWallTime, 30_000, () => socket.ping());
 */
export function every(afterWallTime: After, milliseconds: number, callback: () => void): () => void {
  let callOff: () => void;
  const start = (): void => {
    callOff = afterWallTime(milliseconds, () => {
      start();
      callback();
    });
  };
  start();
  return () => callOff();
}
