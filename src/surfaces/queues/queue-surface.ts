import type { EventLog } from '../../engine/records/event-log.ts';
import { DEFAULT_TENANT } from '../../engine/tenants.ts';
import type { Channel } from '../../model/channel.ts';
import { type AddressFinder, createAddressFinder } from '../../model/channel-address.ts';
import { Refusal } from '../../model/command.ts';
import { createHold } from '../event-feed.ts';
import type { Logger } from '../log.ts';
import { messageText } from '../message-text.ts';
import { afterWallTime } from '../wall-time.ts';
import { Backlog, type BacklogEntry } from './backlog.ts';
import type { BrokerLink, InboundMessage, OutboundMessage } from './broker.ts';
import { type OpenBroker, openBroker, parseQueueUrl } from './brokers.ts';
import { correlationIdOf } from './correlation-id.ts';
import { type After, QueueReader, type QueueStatus } from './queue-reader.ts';

export interface QueueSurfaceOptions {
  /** Addresses of brokers, for example `amqp://127.0.0.1:5672`. */
  readonly urls: readonly string[];
  /** The channels of all contracts. */
  readonly channels: readonly Channel[];
  readonly log: Logger;
  /**
   * Takes what others send on channels that the contracts listen on; what it throws is logged. A refusal of 503 is one for
   * now: the message is offered again.
   */
  readonly receive?: (message: ReceivedMessage) => Promise<void> | void;
  /** Puts `<tenant>/` before the addresses of tenants other than the default one. Default false: a header names the tenant. */
  readonly prefixTenants?: boolean;
  /** The most events kept for a broker that is away, of all tenants together. Default 100,000. */
  readonly capacity?: number;
  /** For tests; default: wall time. */
  readonly after?: After;
  /** For tests; default: by URL scheme. */
  readonly openBroker?: OpenBroker;
}

/** A message of somebody else, for one tenant. */
export interface ReceivedMessage extends InboundMessage {
  /** What its header `x-simulator-tenant` says, else the default tenant. */
  readonly tenant: string;
}

/** A tenant whose events are published. */
export interface FollowedTenant {
  readonly name: string;
  readonly log: EventLog;
  /** Waits until what the log holds lasts; nothing where it does. Default: it always does. */
  readonly kept?: () => Promise<void> | undefined;
}

/** The way out of events to brokers of the user's. */
export interface QueueSurface {
  /** Loads what the brokers need and begins to connect, without waiting for that: a broker may come later. */
  start(): Promise<void>;
  /**
   * Publishes the events of a tenant from now on; to be called once for each tenant when it is made, also before
   * `start`. Answers what ends it; events that wait still go out.
   */
  follow(tenant: FollowedTenant): () => void;
  /** Takes a message of a channel without sending it there again; what it sets off on other channels goes out. */
  withoutEcho<T>(channel: string, take: () => T): T;
  status(): readonly QueueStatus[];
  /** Waits until every broker has confirmed everything. */
  drained(): Promise<void>;
  /** Lets brokers that are there confirm what is pending, then ends, all within so many milliseconds of wall time. */
  close(deadline?: number): Promise<void>;
}

const DEFAULT_CAPACITY = 100_000;
const DEFAULT_DEADLINE = 2_000;
/** Milliseconds of wall time after which a message is offered again that could not be taken for now. */
const OFFERED_AGAIN = 1_000;

/**
 * Publishes every event of every tenant on each of the brokers, in order, at least once and always with the same id.
 * Each broker reads at its own pace from its own place; one that is away finds everything waiting when it is back.
 *
 * Throws a `SimulatorError` for an address that is none; `start` rejects with one where a library is not installed.
 *
 * @example
 * const queues = createQueueSurface({ urls: ['amqp://127.0.0.1'], channels, log });
 * await queues.start();
 * queues.follow(tenant);
 */
export function createQueueSurface(options: QueueSurfaceOptions): QueueSurface {
  for (const url of options.urls) parseQueueUrl(url);
  return new Surface(options);
}

class Surface implements QueueSurface {
  readonly #options: QueueSurfaceOptions;
  readonly #backlog: Backlog;
  readonly #sending: ReadonlyMap<string, Channel>;
  /** The channel of an address, whose parameters have values there. */
  readonly #channelOf: AddressFinder;
  /** Addresses that are listened on alone: what is published there would come back. */
  readonly #silent: ReadonlySet<string>;
  /** The channel of the message that is being taken. */
  #taking: string | undefined;
  /** For each tenant the number of its latest beginning; kept when it goes, because one of that name may come back. */
  readonly #series = new Map<string, number>();
  /** Serialised once, however many brokers there are. */
  readonly #messages = new WeakMap<BacklogEntry, OutboundMessage>();
  #readers: readonly QueueReader[] = [];
  #starting: Promise<void> | undefined;
  #isNotifying = false;
  #isClosed = false;

  constructor(options: QueueSurfaceOptions) {
    this.#options = options;
    this.#backlog = new Backlog(options.capacity ?? DEFAULT_CAPACITY);
    this.#sending = new Map(
      options.channels.filter(({ direction }) => direction === 'send').map((channel) => [channel.address, channel]),
    );
    const heard = options.channels.filter(({ direction }) => direction === 'receive');
    this.#silent = new Set(heard.map(({ address }) => address).filter((address) => !this.#sending.has(address)));
    this.#channelOf = createAddressFinder([...this.#sending.values(), ...heard]);
  }

  start(): Promise<void> {
    this.#starting ??= this.#open();
    return this.#starting;
  }

  follow({ name, log, kept = () => undefined }: FollowedTenant): () => void {
    const whenKept = createHold(kept);
    const earlier = this.#series.get(name);
    let series = earlier === undefined ? 0 : earlier + 1;
    this.#series.set(name, series);
    let last: string | undefined;
    return log.subscribe((event) => {
      if (this.#isClosed || this.#options.urls.length === 0) return;
      // A log does not show that it was reset or restored; but then the event after the last one is another.
      if (last !== undefined && log.read({ after: last, limit: 1 })[0] !== event) {
        series = (this.#series.get(name) ?? 0) + 1;
        this.#series.set(name, series);
      }
      last = event.id;
      if (event.channel === this.#taking || this.#silent.has(this.#channelOf(event.channel) ?? '')) return;
      const entry = { tenant: name, series, event };
      whenKept(() => {
        this.#backlog.append(entry);
        this.#notifySoon();
      });
    });
  }

  withoutEcho<T>(channel: string, take: () => T): T {
    this.#taking = channel;
    try {
      return take();
    } finally {
      this.#taking = undefined;
    }
  }

  status(): readonly QueueStatus[] {
    return this.#readers.map((reader) => reader.status());
  }

  async drained(): Promise<void> {
    await this.#starting;
    await Promise.all(this.#readers.map((reader) => reader.drained()));
  }

  async close(deadline = DEFAULT_DEADLINE): Promise<void> {
    this.#isClosed = true;
    await this.#starting?.catch(() => {});
    for (const reader of this.#readers) reader.notify();
    await Promise.all(this.#readers.map((reader) => reader.close(deadline)));
  }

  async #open(): Promise<void> {
    const { urls, channels, prefixTenants = false, after = afterWallTime, log } = this.#options;
    const open = this.#options.openBroker ?? openBroker;
    const brokers = await Promise.all(urls.map((url) => open(url, { channels, prefixTenants })));
    this.#readers = brokers.map(
      (broker) =>
        new QueueReader({
          broker,
          backlog: this.#backlog,
          messageOf: (entry) => this.#messageOf(entry),
          prepare: (link) => this.#listen(link),
          after,
          log,
        }),
    );
    for (const reader of this.#readers) reader.start();
  }

  /** Events come out of the middle of a command; what sends them may neither hold it up nor fail it. */
  #notifySoon(): void {
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    setImmediate(() => {
      this.#isNotifying = false;
      for (const reader of this.#readers) reader.notify();
    });
  }

  #messageOf(entry: BacklogEntry): OutboundMessage {
    const known = this.#messages.get(entry);
    if (known !== undefined) return known;
    const { tenant, series, event } = entry;
    const headers = { 'x-event-id': event.id, 'x-simulator-tenant': tenant, 'x-at': event.at };
    const contract = this.#sending.get(this.#channelOf(event.channel) ?? '')?.messages[0];
    const contentType = contract?.contentType ?? 'application/json';
    const correlationId = correlationIdOf(contract?.correlationId, { headers, payload: event.payload });
    const isPrefixed = this.#options.prefixTenants === true && tenant !== DEFAULT_TENANT;
    const message: OutboundMessage = {
      id: event.id,
      tenant,
      series,
      channel: event.channel,
      // A dot in a tenant's name must not look like one more part of a routing key.
      address: isPrefixed ? `${tenant.replaceAll('.', '%2E')}/${event.channel.replace(/^\/+/, '')}` : event.channel,
      at: event.at,
      body: Buffer.from(messageText(event.payload, contentType)),
      contentType,
      ...(correlationId !== undefined && { correlationId }),
      headers,
    };
    this.#messages.set(entry, message);
    return message;
  }

  async #listen(link: BrokerLink): Promise<void> {
    const { channels, receive, after = afterWallTime } = this.#options;
    if (receive === undefined) return;
    for (const channel of channels.filter(({ direction }) => direction === 'receive')) {
      await link.subscribe(channel, async (message) => {
        const received = { ...message, tenant: message.headers['x-simulator-tenant'] ?? DEFAULT_TENANT };
        while (!(await this.#offer(received, receive))) {
          await new Promise<void>((resolve) => void after(OFFERED_AGAIN, resolve));
          if (this.#isClosed) throw new Error('Failed to take a message: the simulator stops.');
        }
      });
    }
  }

  /** Whether a message is done with: taken, or never to be. */
  async #offer(
    message: ReceivedMessage,
    receive: (message: ReceivedMessage) => Promise<void> | void,
  ): Promise<boolean> {
    try {
      await receive(message);
      return true;
    } catch (error) {
      const isForNow = error instanceof Refusal && error.status === 503;
      this.#options.log.warn(
        { channel: message.channel, reason: error instanceof Error ? error.message : String(error) },
        isForNow ? 'a message from a queue waits to be taken' : 'a message from a queue was not taken',
      );
      return !isForNow;
    }
  }
}
