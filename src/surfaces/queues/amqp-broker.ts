import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { loadPeer } from '../../load-peer.ts';
import {
  type Broker,
  type BrokerLink,
  type BrokerOptions,
  bindingOf,
  CONNECT_TIMEOUT,
  dotted,
  type InboundMessage,
  type OutboundMessage,
  objectOr,
  type QueueChannel,
  UnpublishableMessage,
} from './broker.ts';

/** Where the messages of a channel go. */
interface Route {
  /** Empty for the broker's default exchange, whose routing keys are names of queues. */
  readonly exchange: string;
  readonly type: string;
  /** The queue that the document's binding makes of the channel. */
  readonly queue?: string;
}

/** A broker confirms in batches, one for each time it writes to disk, so a wide window is what makes it fast. */
const WINDOW = 256;
/** Seconds; a connection that is silent twice as long is dead. The library's default of a minute hides it too long. */
const HEARTBEAT = '10';
/** Names and keys are "short strings" in AMQP 0-9-1. */
const LONGEST_KEY = 255;
/** How long messages for an absent simulator are kept, in milliseconds: its queue must not fill a broker for ever. */
const QUEUE_EXPIRES = 3_600_000;

/**
 * AMQP 0-9-1, for example RabbitMQ: persistent messages to a durable topic exchange, the routing key being the channel's
 * address with dots (`customer.created`), confirmed by the broker. The document's `amqp` bindings choose another
 * exchange, or a queue, for a channel.
 *
 * @example const link = await (await createAmqpBroker(options)).connect(() => {});
 */
export async function createAmqpBroker(options: BrokerOptions): Promise<Broker> {
  const { connect } = await loadPeer('amqplib', 'this --queue', () => import('amqplib'));
  const url = new URL(options.url);
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', HEARTBEAT);
  return {
    name: options.name,
    async connect(onClosed) {
      const connection = await connect(url.href, {
        timeout: CONNECT_TIMEOUT,
        noDelay: true,
        clientProperties: { connection_name: 'bss-simulator' },
      });
      return openLink(connection, options, onClosed);
    },
  };
}

async function openLink(
  connection: ChannelModel,
  options: BrokerOptions,
  onClosed: (error?: unknown) => void,
): Promise<BrokerLink> {
  let failure: unknown;
  let isOpen = false;
  const fail = (error: unknown): void => {
    failure ??= error;
  };
  // Without a listener, an error event would end the process.
  connection.on('error', fail);
  connection.once('close', (error: unknown) => {
    if (isOpen) onClosed(failure ?? error);
  });
  const routes = new Map(options.channels.map((channel) => [channel.address, routeOf(channel, options)]));
  const fallback = routeOf(undefined, options);
  // What a document declares may not fit what the broker has: that closes the channel, and with it the connection.
  const endWith = (channel: Channel): void => {
    channel.on('error', fail);
    channel.once('close', () => void end(connection));
  };
  try {
    const outbound = await connection.createConfirmChannel();
    outbound.on('error', fail);
    await declare(outbound, [fallback, ...routes.values()]);
    endWith(outbound);
    isOpen = true;
    return {
      window: WINDOW,
      publish: (message) => publish(outbound, routes.get(message.channel) ?? fallback, message, options),
      async subscribe(channel, receive) {
        const inbound = await connection.createChannel();
        endWith(inbound);
        await consume(inbound, channel, routes.get(channel.address) ?? fallback, options, receive);
      },
      close: () => end(connection),
    };
  } catch (error) {
    await end(connection);
    throw failure ?? error;
  }
}

function routeOf(channel: QueueChannel | undefined, options: BrokerOptions): Route {
  const binding = bindingOf(channel, 'amqp');
  if (channel !== undefined && binding.is === 'queue') {
    const { name } = objectOr(binding.queue);
    return {
      exchange: '',
      type: 'direct',
      queue: typeof name === 'string' && name !== '' ? name : keyOf(channel.address, options),
    };
  }
  const { name, type } = objectOr(binding.exchange);
  if (type === 'default') return { exchange: '', type: 'direct' };
  return {
    exchange: typeof name === 'string' ? name : options.exchange,
    type: typeof type === 'string' ? type : 'topic',
  };
}

async function declare(channel: ConfirmChannel, routes: readonly Route[]): Promise<void> {
  const exchanges = new Map(routes.map((route) => [route.exchange, route.type]));
  // Neither the default exchange nor those whose names the standard reserves may be declared.
  for (const [exchange, type] of exchanges) {
    if (exchange !== '' && !exchange.startsWith('amq.'))
      await channel.assertExchange(exchange, type, { durable: true });
  }
  for (const { queue } of routes) if (queue !== undefined) await channel.assertQueue(queue, { durable: true });
}

function publish(
  channel: ConfirmChannel,
  route: Route,
  message: OutboundMessage,
  options: BrokerOptions,
): Promise<void> {
  const key = route.queue ?? keyOf(message.address, options);
  if (Buffer.byteLength(key) > LONGEST_KEY || Buffer.byteLength(message.id) > LONGEST_KEY) {
    return Promise.reject(
      new UnpublishableMessage(`its routing key or id is longer than the ${LONGEST_KEY} bytes of AMQP`),
    );
  }
  const { correlationId } = message;
  return new Promise((resolve, reject) => {
    channel.publish(
      route.exchange,
      key,
      message.body,
      {
        persistent: true,
        messageId: message.id,
        contentType: message.contentType,
        appId: 'bss-simulator',
        type: message.channel,
        // Whole seconds in AMQP; the header x-at has the milliseconds.
        timestamp: Math.floor(Date.parse(message.at) / 1000),
        ...(correlationId !== undefined && Buffer.byteLength(correlationId) <= LONGEST_KEY && { correlationId }),
        headers: { ...message.headers },
      },
      (error: unknown) => (error ? reject(error) : resolve()),
    );
  });
}

async function consume(
  channel: Channel,
  { address }: QueueChannel,
  route: Route,
  options: BrokerOptions,
  receive: (message: InboundMessage) => Promise<void>,
): Promise<void> {
  let { queue } = route;
  if (queue === undefined) {
    const key = keyOf(address, options);
    queue = `${route.exchange || 'bss-simulator'}.${key}`;
    await channel.assertQueue(queue, { durable: true, expires: QUEUE_EXPIRES });
    if (route.exchange !== '') await channel.bindQueue(queue, route.exchange, key);
  }
  // One at a time keeps their order.
  await channel.prefetch(1);
  await channel.consume(queue, (message) => {
    if (message === null) return;
    const { headers, messageId, contentType } = message.properties;
    const strings = Object.entries(headers ?? {}).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    );
    const inbound: InboundMessage = {
      channel: address,
      headers: { ...(typeof messageId === 'string' && { 'x-event-id': messageId }), ...Object.fromEntries(strings) },
      ...(typeof contentType === 'string' && { contentType }),
      body: message.content,
      // All who listen read the same queue.
      isGivenToOne: true,
    };
    // The channel may have closed meanwhile; the broker then hands the message over once more.
    void receive(inbound)
      .then(() => channel.ack(message))
      .catch(() => {});
  });
}

/** A connection that has ended already is no failure. */
async function end(connection: ChannelModel): Promise<void> {
  try {
    await connection.close();
  } catch {}
}

function keyOf(address: string, options: BrokerOptions): string {
  return dotted(options.prefix + address);
}
