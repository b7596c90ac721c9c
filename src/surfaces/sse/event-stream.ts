import { isWantedActivity } from '../../engine/records/activity.ts';
import { channelMatcher } from '../../engine/records/event-log.ts';
import type { Tenant } from '../../engine/tenant.ts';
import type { Command } from '../../model/command.ts';
import { type After, every, type FollowedLog, followLog, type Identified, refuseGone } from '../event-feed.ts';
import type { ControlContext, StreamingOutcome } from '../surface.ts';

export interface EventStreamOptions {
  readonly afterWallTime: After;
  /** How often something is written to an idle stream, in milliseconds. Default 15 seconds. */
  readonly heartbeat?: number;
  /** The most bytes that wait for a slow reader. Default 1 MiB. */
  readonly mostBuffered?: number;
}

/**
 * Makes what answers `GET /_simulator/events` as server-sent events.
 *
 * @example const streamEvents = createEventStream({ afterWallTime }); // for createControl
 */
export function createEventStream(options: EventStreamOptions) {
  return createLogStream(options, {
    what: 'event',
    logOf: ({ feed }) => feed,
    wantedBy({ query: { channel } }) {
      const isMeant = channelMatcher(typeof channel === 'string' ? channel : undefined);
      return (event) => isMeant(event.channel);
    },
  });
}

/**
 * Makes what answers `GET /_simulator/activity` as server-sent events.
 *
 * @example const streamActivity = createActivityStream({ afterWallTime }); // for createControl
 */
export function createActivityStream(options: EventStreamOptions) {
  return createLogStream(options, {
    what: 'thing',
    logOf: ({ activity }) => activity,
    wantedBy:
      ({ query }) =>
      (item) =>
        isWantedActivity(item, query),
  });
}

interface LogStreamParts<T extends Identified> {
  /** Names one entry, in a refusal. */
  readonly what: string;
  readonly logOf: (tenant: Tenant) => FollowedLog<T> & { readonly newest: T | undefined };
  readonly wantedBy: (command: Command) => (entry: T) => boolean;
}

/** `Last-Event-ID` goes before `after`: a browser that reconnects sends both, and only the header has moved on. */
function createLogStream<T extends Identified>(
  { afterWallTime, heartbeat = 15_000, mostBuffered = 2 ** 20 }: EventStreamOptions,
  { what, logOf, wantedBy }: LogStreamParts<T>,
) {
  // Written out once, however many listen.
  const texts = new WeakMap<T, string>();
  const textOf = (entry: T): string => {
    const known = texts.get(entry);
    if (known !== undefined) return known;
    const text = `${idLine(entry.id)}data: ${JSON.stringify(entry)}\n\n`;
    texts.set(entry, text);
    return text;
  };
  return ({ tenant, command }: ControlContext): StreamingOutcome => {
    const log = logOf(tenant);
    const after = command.headers['last-event-id'] || command.query.after || undefined;
    const resumed = typeof after === 'string' ? after : undefined;
    const gone = refuseGone(log, resumed, what);
    if (gone !== undefined) throw gone;
    return {
      status: 200,
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        // Proxies such as nginx would hold events back until they have a bufferful.
        'x-accel-buffering': 'no',
      },
      start(sink) {
        // A block without data is no message, but it sets the id to resume from, should nothing have happened before
        // the connection breaks.
        const newest = resumed ?? log.newest?.id;
        sink.write(newest === undefined ? ': ready\n\n' : `${idLine(newest)}: ready\n\n`);
        const stopHeart = every(afterWallTime, heartbeat, () => {
          if (sink.buffered() < mostBuffered) sink.write(': still here\n\n');
        });
        let stopFeed: (() => void) | undefined;
        let hasEnded = false;
        const end = (): void => {
          hasEnded = true;
          stopHeart();
          stopFeed?.();
          sink.end();
        };
        const feed = followLog(
          {
            write: (entry) => void sink.write(textOf(entry)),
            buffered: () => sink.buffered(),
            giveUp: end,
          },
          {
            log,
            kept: () => tenant.kept(),
            onGone: (listener) => tenant.onGone(listener),
            isWanted: wantedBy(command),
            afterWallTime,
            mostBuffered,
            ...(resumed !== undefined && { after: resumed }),
          },
        );
        stopFeed = feed;
        return () => {
          if (hasEnded) return;
          hasEnded = true;
          stopHeart();
          feed();
        };
      },
    };
  };
}

/** No line for an id that would end it early: a client may publish an event with any id. */
function idLine(id: string): string {
  return /[\0\r\n]/.test(id) ? '' : `id: ${id}\n`;
}
