import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { ConnectionOptions, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { DEFAULT_TENANT } from '../../engine/tenants.ts';
import { loadPeer } from '../../load-peer.ts';
import {
  type Broker,
  type BrokerLink,
  type BrokerOptions,
  bindingOf,
  CONNECT_TIMEOUT,
  dotted,
  type OutboundMessage,
  UnpublishableMessage,
} from './broker.ts';

/** The two libraries of NATS, loaded together. */
type Libraries = typeof import('@nats-io/jetstream') &
  Pick<typeof import('@nats-io/transport-node'), 'connect' | 'headers'>;

/** A message sent and not confirmed: sent again, it must carry the same message id. */
interface Attempt {
  readonly messageId: string;
  /** Newest sequence number of each stream before the connection it was first sent on. */
  readonly newestBefore: ReadonlyMap<string, number>;
}

const WINDOW = 256;
/** Milliseconds between signs of life; a connection that misses two is dead. */
const PING_INTERVAL = 10_000;
/** How long a broker may take to confirm, in milliseconds. */
const CONFIRM_TIMEOUT = 5_000;
/** Seven days in nanoseconds: a stream of our making must not fill a disk for ever. */
const MAX_AGE = 7 * 24 * 3_600 * 1_000_000_000;
/** What headers may take of the largest payload, in bytes. */
const ENVELOPE = 2_048;
const STREAM_NOT_FOUND = 10_059;

/**
 * NATS with JetStream: the subject is the channel's address with dots (`customer.created`), `Nats-Msg-Id` the event's
 * id, so that the broker drops what a broken connection made us send twice. Subjects that no stream captures are added
 * to one of ours, created where absent. The document's `nats` binding chooses the queue group of a subscription.
 *
 * @example const link = await (await createNatsBroker(options)).connect(() => {});
 */
export async function createNatsBroker(options: BrokerOptions): Promise<Broker> {
  const { connect, headers } = await loadPeer(
    '@nats-io/transport-node',
    'this --queue',
    () => import('@nats-io/transport-node'),
  );
  const jetstream = await loadPeer('@nats-io/jetstream', 'this --queue', () => import('@nats-io/jetstream'));
  const publisher = new Publisher(options, { ...jetstream, connect, headers });
  return { name: options.name, connect: (onClosed) => publisher.connect(onClosed) };
}

/** What outlives a connection: which ids were sent and not confirmed, and whether plain ids are taken. */
class Publisher {
  readonly #options: BrokerOptions;
  readonly #libraries: Libraries;
  readonly #attempts = new Map<string, Attempt>();
  readonly #subjects: Set<string>;
  /**
   * Set once the broker has dropped, as a duplicate, a message sent for the first time. Equal seeds make equal ids, so
   * a simulator started again within the stream's duplicate window would publish into nothing; from then on this shows
   * our ids from those of the earlier run.
   */
  #run: string | undefined;

  constructor(options: BrokerOptions, libraries: Libraries) {
    this.#options = options;
    this.#libraries = libraries;
    const addresses = options.channels.filter(({ direction }) => direction === 'send').map(({ address }) => address);
    const plain = addresses.map((address) => subjectOf(address, options));
    const ofTenants = options.prefixTenants ? addresses.map((address) => subjectOf(address, options, '*')) : [];
    this.#subjects = new Set([...plain, ...ofTenants]);
  }

  async connect(onClosed: (error?: unknown) => void): Promise<BrokerLink> {
    const { connect, jetstream, jetstreamManager } = this.#libraries;
    const connection = await connect(connectionOptions(this.#options.url));
    try {
      const manager = await jetstreamManager(connection, { timeout: CONNECT_TIMEOUT });
      const newest = await ensureStreams(manager, this.#options.stream, [...this.#subjects]);
      const client = jetstream(connection, { timeout: CONFIRM_TIMEOUT });
      void connection.closed().then((error) => onClosed(error ?? undefined));
      return {
        window: WINDOW,
        publish: (message) => this.#publish(connection, client, newest, message),
        subscribe: async (channel, receive) => {
          const { queue } = bindingOf(channel, 'nats');
          const subscription = connection.subscribe(subjectOf(channel.address, this.#options), {
            ...(typeof queue === 'string' && { queue }),
          });
          // The server must know of it before this answers.
          await connection.flush();
          void (async () => {
            for await (const message of subscription) {
              const headers = recordOf(message.headers);
              const contentType = headers['content-type'];
              await receive({
                channel: channel.address,
                headers,
                ...(contentType !== undefined && { contentType }),
                body: Buffer.from(message.data),
                isGivenToOne: typeof queue === 'string',
              });
            }
          })().catch(() => {});
        },
        close: () => connection.close(),
      };
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async #publish(
    connection: NatsConnection,
    client: JetStreamClient,
    newestBefore: ReadonlyMap<string, number>,
    message: OutboundMessage,
  ): Promise<void> {
    const subject = subjectOf(message.address, this.#options);
    if (![...this.#subjects].some((pattern) => covers(pattern, subject))) {
      this.#subjects.add(subject);
      throw new Error(`no stream is known to capture ${subject}; the next connection sees to it`);
    }
    const largest = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (message.body.length + ENVELOPE > largest) {
      throw new UnpublishableMessage(
        `it has ${message.body.length} bytes, and the broker takes ${largest} with headers`,
      );
    }
    const headers = this.#headersOf(message);
    const send = (messageId: string) => client.publish(subject, message.body, { msgID: messageId, headers });
    const key = keyOf(message);
    const earlier = this.#attempts.get(key);
    const attempt = earlier ?? { messageId: this.#qualified(key), newestBefore };
    this.#attempts.set(key, attempt);
    let ack = await send(attempt.messageId);
    const isForeign =
      ack.duplicate && (earlier === undefined || ack.seq <= (attempt.newestBefore.get(ack.stream) ?? 0));
    if (isForeign) {
      this.#run ??= `${ack.seq}.${connection.info?.client_id ?? 0}.${newestBefore.get(ack.stream) ?? 0}`;
      const messageId = this.#qualified(key);
      this.#attempts.set(key, { messageId, newestBefore });
      ack = await send(messageId);
    }
    this.#attempts.delete(key);
  }

  #qualified(key: string): string {
    return this.#run === undefined ? key : `${key};${this.#run}`;
  }

  #headersOf(message: OutboundMessage): MsgHdrs {
    const headers = this.#libraries.headers();
    for (const [name, value] of Object.entries(message.headers)) headers.set(name, value);
    headers.set('content-type', message.contentType);
    if (message.correlationId !== undefined)
      headers.set('x-correlation-id', message.correlationId.replace(/[\r\n]+/g, ' '));
    return headers;
  }
}

/** Makes sure that streams capture all subjects; answers the newest sequence number of each of these streams. */
async function ensureStreams(
  manager: JetStreamManager,
  ours: string,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const streams = new Set<string>();
  const uncaptured: string[] = [];
  for (const subject of subjects) {
    const stream = await orUndefined(manager.streams.find(subject));
    if (stream === undefined) uncaptured.push(subject);
    else streams.add(stream);
  }
  if (uncaptured.length > 0) {
    const wanted = withoutOverlaps(uncaptured);
    const existing = await orUndefined(manager.streams.info(ours));
    if (existing === undefined) await manager.streams.add({ name: ours, subjects: wanted, max_age: MAX_AGE });
    else
      await manager.streams.update(ours, {
        subjects: withoutOverlaps([...(existing.config.subjects ?? []), ...wanted]),
      });
    streams.add(ours);
  }
  const newest = new Map<string, number>();
  for (const stream of streams) newest.set(stream, (await manager.streams.info(stream)).state.last_seq);
  return newest;
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const isAbsent =
      error instanceof Error &&
      (('code' in error && error.code === STREAM_NOT_FOUND) || /no stream matches/i.test(error.message));
    if (isAbsent) return undefined;
    throw error;
  }
}

/** A stream must not name the same subject twice, also not by a wildcard. */
function withoutOverlaps(subjects: readonly string[]): string[] {
  const distinct = [...new Set(subjects)];
  return distinct.filter((subject) => !distinct.some((other) => other !== subject && covers(other, subject)));
}

function covers(pattern: string, subject: string): boolean {
  const parts = pattern.split('.');
  const tokens = subject.split('.');
  if (parts.at(-1) === '>')
    return (
      tokens.length >= parts.length && parts.slice(0, -1).every((part, index) => part === '*' || part === tokens[index])
    );
  return parts.length === tokens.length && parts.every((part, index) => part === '*' || part === tokens[index]);
}

/** The event's id, made unique among tenants and their new beginnings, which share one stream. */
function keyOf({ id, tenant, series }: OutboundMessage): string {
  return tenant === DEFAULT_TENANT && series === 0 ? id : `${tenant}/${series}/${id}`;
}

/** Spaces and wildcards cannot be part of a subject that is published to. */
function subjectOf(address: string, options: BrokerOptions, tenant?: string): string {
  const subject = dotted(options.prefix + address.replace(/^\/+/, '')).replace(/[\s*>]/g, '_');
  if (tenant === undefined) return subject;
  const prefix = dotted(options.prefix);
  return prefix === '' ? `${tenant}.${subject}` : `${prefix}.${tenant}${subject.slice(prefix.length)}`;
}

function connectionOptions(url: URL): ConnectionOptions {
  const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return {
    servers: url.port === '' ? `${url.hostname}:4222` : url.host,
    name: 'bss-simulator',
    timeout: CONNECT_TIMEOUT,
    pingInterval: PING_INTERVAL,
    maxPingOut: 2,
    // Left to itself, the library buffers and sends again in an order of its own.
    reconnect: false,
    ...(url.protocol === 'tls+nats:' && { tls: {} }),
    ...(user !== '' && (pass === '' ? { token: user } : { user, pass })),
  };
}

function recordOf(headers: MsgHdrs | undefined): Record<string, string> {
  return Object.fromEntries((headers?.keys() ?? []).map((name) => [name.toLowerCase(), headers?.get(name) ?? '']));
}
