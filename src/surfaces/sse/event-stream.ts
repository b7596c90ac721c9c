import type { SimulatorEvent } from '../../model/event.ts';
import { type After, every, followEvents, newestEvent, refuseGoneEvent } from '../event-feed.ts';
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
 * `Last-Event-ID` goes before `after`: a browser that reconnects sends both, and only the header has moved on.
 *
 * @example const streamEvents = createEventStream({ afterWallTime }); // for createControl
 */
export function createEventStream({ afterWallTime, heartbeat = 15_000, mostBuffered = 2 ** 20 }: EventStreamOptions) {
  // Written out once, however many listen.
  const texts = new WeakMap<SimulatorEvent, string>();
  const textOf = (event: SimulatorEvent): string => {
    const known = texts.get(event);
    if (known !== undefined) return known;
    const text = `${idLine(event.id)}data: ${JSON.stringify(event)}\n\n`;
    texts.set(event, text);
    return text;
  };
  return ({ tenant, command }: ControlContext): StreamingOutcome => {
    const { channel } = command.query;
    const after = command.headers['last-event-id'] || command.query.after || undefined;
    const resumed = typeof after === 'string' ? after : undefined;
    const gone = refuseGoneEvent(tenant.feed, resumed);
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
        const newest = resumed ?? newestEvent(tenant.feed);
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
        const feed = followEvents(
          {
            write: (event) => void sink.write(textOf(event)),
            buffered: () => sink.buffered(),
            giveUp: end,
          },
          {
            log: tenant.feed,
            afterWallTime,
            mostBuffered,
            ...(typeof channel === 'string' && { channel }),
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
