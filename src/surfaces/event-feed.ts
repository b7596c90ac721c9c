import type { EventLog } from '../engine/event-log.ts';
import { channelMatcher } from '../engine/event-log.ts';
import type { Feed } from '../engine/feed.ts';
import { Refusal } from '../model/command.ts';
import type { SimulatorEvent } from '../model/event.ts';

/** Calls back once after so many milliseconds of wall time; the answer calls it off (`afterWallTime`). */
export type After = (milliseconds: number, callback: () => void) => () => void;

/** A reader of the event log on some wire. */
export interface FeedReader {
  write(event: SimulatorEvent): void;
  /** Bytes that have been written and not yet taken. */
  buffered(): number;
  /** Called once, where the reader cannot be served any more; `lastId` is the last event that was written or passed. */
  giveUp(reason: LossReason, lastId: string | undefined): void;
}

/** `interrupted`: a fault has cut the connection. */
export type LossReason = 'too-slow' | 'left-the-log' | 'interrupted';

export interface FeedOptions {
  readonly log: EventLog & Partial<Pick<Feed, 'onInterruption'>>;
  /** Channel address, `*` allowed; default: all channels. */
  readonly channel?: string;
  /** The event to begin after; default: what happens from now on. */
  readonly after?: string;
  readonly afterWallTime: After;
  /** The most bytes that wait for a slow reader. */
  readonly mostBuffered: number;
}

/** How often a reader that lags behind is looked after, in milliseconds. */
const PACE = 20;

/** Ticks that a full buffer may go without draining before the reader is given up: one second. */
const PATIENCE = 50;

const EVENTS_AT_ONCE = 100;

/**
 * Writes a log's events to a reader, in order, none lost and none twice; answers what ends it.
 *
 * A reader that takes them as fast as they happen is written to at once. One that lags (because it asked for old events,
 * is slow, or because an advance keeps the process too busy to send) is served from the log, which is its buffer, as
 * fast as it takes them. So what a fast reader gets never depends on how much happens in one go, and a slow one costs no
 * more memory than `mostBuffered`.
 *
 * @example const stop = followEvents({ write, buffered, giveUp }, { log: tenant.feed, channel: 'customer/*', afterWallTime, mostBuffered });
 */
export function followEvents(reader: FeedReader, options: FeedOptions): () => void {
  const { log, channel, afterWallTime, mostBuffered } = options;
  const isWanted = channelMatcher(channel);
  let cursor = options.after;
  let stopPump: (() => void) | undefined;
  let ticksWithoutProgress = 0;
  let lastBuffered = 0;

  const stop = (): void => {
    stopPump?.();
    stopPump = undefined;
    unsubscribe();
    stopInterruptions?.();
  };
  const giveUp = (reason: LossReason): void => {
    stop();
    reader.giveUp(reason, cursor);
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
      const events = log.read({ after: cursor, limit: EVENTS_AT_ONCE });
      for (const event of events) {
        if (reader.buffered() >= mostBuffered) break;
        if (isWanted(event.channel)) reader.write(event);
        cursor = event.id;
      }
      if (events.length < EVENTS_AT_ONCE && cursor === (events.at(-1)?.id ?? cursor)) {
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
  const unsubscribe = log.subscribe((event) => {
    if (stopPump !== undefined) return;
    if (reader.buffered() >= mostBuffered) {
      startPump();
      return;
    }
    if (isWanted(event.channel)) reader.write(event);
    cursor = event.id;
  });
  const stopInterruptions = log.onInterruption?.((event) => {
    if (isWanted(event.channel)) giveUp('interrupted');
  });
  if (cursor !== undefined) {
    startPump();
    pump();
  }
  return stop;
}

/**
 * Why one cannot go on after an event, where the log does not hold it: 410.
 *
 * @example const gone = refuseGoneEvent(tenant.feed, after);
 */
export function refuseGoneEvent(log: EventLog, id: string | undefined): Refusal | undefined {
  if (id === undefined || log.has(id)) return undefined;
  const [oldest] = log.read({ limit: 1 });
  const advice =
    oldest === undefined
      ? 'The log is empty: begin without "after".'
      : `The oldest event it holds is "${oldest.id}", of ${oldest.at}.`;
  return new Refusal(
    410,
    'EVENT_GONE',
    `Failed to go on after the event "${id}": the log does not hold it. ${advice}`,
    {
      details: oldest === undefined ? {} : { oldest: oldest.id },
    },
  );
}

/** The id of the newest event, where there is one. */
export function newestEvent(log: Pick<Feed, 'newest'>): string | undefined {
  return log.newest?.id;
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
