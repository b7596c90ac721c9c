import type { Logger } from '../log.ts';
import type { Backlog, BacklogEntry, Place } from './backlog.ts';
import { type Broker, type BrokerLink, type OutboundMessage, UnpublishableMessage } from './broker.ts';

/** Calls back once after so many milliseconds of wall time; the answer calls it off. */
export type After = (milliseconds: number, callback: () => void) => () => void;

export interface QueueReaderOptions {
  readonly broker: Broker;
  readonly backlog: Backlog;
  readonly messageOf: (entry: BacklogEntry) => OutboundMessage;
  /** Called with each new connection, before anything is published on it. */
  readonly prepare: (link: BrokerLink) => Promise<void>;
  readonly after: After;
  readonly log: Logger;
}

/** Where one broker stands. */
export interface QueueStatus {
  /** Its address without credentials. */
  readonly broker: string;
  readonly state: 'connecting' | 'connected' | 'waiting' | 'closed';
  /** How many events it has confirmed. */
  readonly confirmed: number;
  /** How many wait for it. */
  readonly pending: number;
  /** How many it never got: the backlog was full, or it would not take them. */
  readonly lost: number;
  /** Why it was last lost or not reached. */
  readonly error?: string;
}

/** Waiting times before the first, second, … try to connect again, in milliseconds; the last one repeats. */
const BACK_OFF = [100, 200, 400, 800, 1_600, 3_200, 5_000];
/** How long a connection may take to end, in milliseconds. */
const CLOSE_TIMEOUT = 1_000;

/**
 * Brings the backlog to one broker: in order, from the first event not confirmed, for as long as it takes. After a broken
 * connection everything unconfirmed is sent again with the same ids, so a consumer may see an event twice, but the
 * first sight of each is in order.
 *
 * @example const reader = new QueueReader({ broker, backlog, messageOf, prepare, after: afterWallTime, log });
 */
export class QueueReader {
  readonly #options: QueueReaderOptions;
  readonly #place: Place;
  readonly #drained = new Set<() => void>();
  #state: QueueStatus['state'] = 'connecting';
  #confirmed = 0;
  #lost = 0;
  #error: string | undefined;
  #failures = 0;
  #isClosing = false;
  #running: Promise<void> | undefined;
  #link: BrokerLink | undefined;
  /** Sends what has come since, while connected. */
  #pump: () => void = () => {};
  /** Ends the pause between two tries. */
  #wake: () => void = () => {};

  constructor(options: QueueReaderOptions) {
    this.#options = options;
    this.#place = options.backlog.open((count) => this.#lose(count, 'the backlog was full while the broker was away'));
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Tells it that the backlog has grown. */
  notify(): void {
    this.#pump();
  }

  status(): QueueStatus {
    return {
      broker: this.#options.broker.name,
      state: this.#state,
      confirmed: this.#confirmed,
      pending: this.#pending,
      lost: this.#lost,
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  /** Waits until nothing is pending. */
  drained(): Promise<void> {
    return this.#pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#drained.add(resolve));
  }

  /** Sends what is pending, where the broker is there and takes it in time, then disconnects. */
  async close(deadline: number): Promise<void> {
    // A broker that confirms nothing may not take leave, either.
    if (this.#link !== undefined) await within((deadline * 3) / 4, this.drained(), this.#options.after);
    this.#isClosing = true;
    this.#wake();
    const ends = [this.#link && disconnect(this.#link), this.#running];
    await within(deadline / 4, Promise.allSettled(ends), this.#options.after);
    this.#state = 'closed';
    for (const resolve of this.#drained) resolve();
    if (this.#pending > 0)
      this.#options.log.warn(
        { broker: this.#options.broker.name, pending: this.#pending },
        'stopped with events that the broker has not confirmed',
      );
  }

  get #pending(): number {
    return this.#options.backlog.end - this.#place.next;
  }

  async #run(): Promise<void> {
    while (!this.#isClosing) {
      await this.#session();
      if (this.#isClosing) return;
      this.#state = 'waiting';
      const pause = BACK_OFF[Math.min(this.#failures, BACK_OFF.length - 1)] as number;
      this.#failures += 1;
      await new Promise<void>((resolve) => {
        const callOff = this.#options.after(pause, resolve);
        this.#wake = () => {
          callOff();
          resolve();
        };
      });
    }
  }

  /** One connection, from its opening to its end; never rejects. */
  async #session(): Promise<void> {
    const { broker, log, prepare } = this.#options;
    this.#state = 'connecting';
    let end: (error?: unknown) => void = () => {};
    const ended = new Promise<unknown>((resolve) => {
      end = resolve;
    });
    let link: BrokerLink;
    try {
      link = await broker.connect(end);
    } catch (error) {
      this.#fail(error, 'the broker cannot be reached');
      return;
    }
    try {
      if (this.#isClosing) return;
      this.#link = link;
      await Promise.race([
        prepare(link),
        ended.then((error) => Promise.reject(error ?? new Error('the connection was closed'))),
      ]);
      this.#state = 'connected';
      log.info({ broker: broker.name, pending: this.#pending }, 'connected to the broker');
      this.#deliver(link, end);
      const error = await ended;
      if (!this.#isClosing) this.#fail(error ?? new Error('the connection was closed'), 'the broker is away');
    } catch (error) {
      this.#fail(error, 'the broker is away');
    } finally {
      this.#pump = () => {};
      this.#link = undefined;
      await within(CLOSE_TIMEOUT, disconnect(link), this.#options.after);
    }
  }

  /** Publishes from the first event not confirmed; `end` is called with what ends it. */
  #deliver(link: BrokerLink, end: (error?: unknown) => void): void {
    const { backlog, messageOf } = this.#options;
    const place = this.#place;
    const ahead = new Set<number>();
    let next = place.next;
    let inFlight = 0;
    // Begins with one at a time: a broker that is back but refuses (no stream yet, no room) does so before others have
    // been sent behind the refused one, which would arrive before it.
    let allowed = 1;
    let isOver = false;
    const stop = (error: unknown): void => {
      isOver = true;
      end(error);
    };
    const settle = (number: number): void => {
      inFlight -= 1;
      this.#failures = 0;
      this.#error = undefined;
      allowed = Math.min(allowed * 2, link.window);
      if (number >= place.next) ahead.add(number);
      while (ahead.delete(place.next)) place.next += 1;
      backlog.trim();
      pump();
      if (this.#pending === 0) {
        for (const resolve of this.#drained) resolve();
        this.#drained.clear();
      }
    };
    const pump = (): void => {
      if (isOver) return;
      next = Math.max(next, place.next);
      while (inFlight < allowed && !isOver) {
        const number = next;
        const entry = backlog.at(number);
        if (entry === undefined) return;
        next += 1;
        inFlight += 1;
        publish(link, () => messageOf(entry)).then(
          () => {
            // Once one has failed, all from that one on are sent again, so what else is confirmed does not count.
            if (isOver) return;
            this.#confirmed += 1;
            settle(number);
          },
          (error: unknown) => {
            if (isOver) return;
            if (!(error instanceof UnpublishableMessage)) {
              stop(error);
              return;
            }
            this.#lose(1, `the broker will never take event ${entry.event.id}: ${error.message}`);
            settle(number);
          },
        );
      }
    };
    this.#pump = pump;
    pump();
  }

  #fail(error: unknown, message: string): void {
    const text = error instanceof Error ? error.message || error.name : String(error);
    // Said once, not at every try.
    if (text !== this.#error) {
      this.#options.log.warn(
        { broker: this.#options.broker.name, pending: this.#pending, reason: text },
        `${message}; events wait for it`,
      );
    }
    this.#error = text;
  }

  #lose(count: number, why: string): void {
    this.#lost += count;
    this.#options.log.error({ broker: this.#options.broker.name, count }, `events were lost: ${why}`);
  }
}

/** Also what throws at once becomes a rejection. */
async function publish(link: BrokerLink, message: () => OutboundMessage): Promise<void> {
  await link.publish(message());
}

async function disconnect(link: BrokerLink): Promise<void> {
  await link.close();
}

/** Waits for something, but not for ever; what fails is over as well. */
function within(milliseconds: number, body: Promise<unknown>, after: After): Promise<void> {
  return new Promise((resolve) => {
    const callOff = after(milliseconds, resolve);
    const done = (): void => {
      callOff();
      resolve();
    };
    body.then(done, done);
  });
}
