import type { MqttClient } from 'mqtt';
import { loadPeer } from '../../load-peer.ts';
import {
  type Broker,
  type BrokerLink,
  type BrokerOptions,
  bindingOf,
  CONNECT_TIMEOUT,
  type OutboundMessage,
  type QueueChannel,
  UnpublishableMessage,
} from './broker.ts';

const WINDOW = 256;
/** Seconds between signs of life. */
const KEEP_ALIVE = 10;
/** A generous bound on what a message's header and properties add to its topic and body, in bytes. */
const ENVELOPE = 2_048;

/**
 * MQTT 5, for example Mosquitto: the topic is the channel's address, QoS 1, content type and headers as properties. The
 * document's `mqtt` bindings choose `qos` (never below 1: 0 is not confirmed), `retain` and `messageExpiryInterval`.
 *
 * @example const link = await (await createMqttBroker(options)).connect(() => {});
 */
export async function createMqttBroker(options: BrokerOptions): Promise<Broker> {
  const { default: mqtt } = await loadPeer('mqtt', 'this --queue', () => import('mqtt'));
  return {
    name: options.name,
    connect: (onClosed) =>
      new Promise((resolve, reject) => {
        const client = mqtt.connect(options.url.href, {
          protocolVersion: 5,
          clean: true,
          connectTimeout: CONNECT_TIMEOUT,
          keepalive: KEEP_ALIVE,
          // Left to itself, the library sends again what it thinks unconfirmed, behind what was sent since.
          reconnectPeriod: 0,
          resubscribe: false,
          queueQoSZero: false,
        });
        let failure: unknown;
        let isOpen = false;
        client.on('error', (error) => {
          failure ??= error;
        });
        client.on('disconnect', ({ reasonCode }) => {
          failure ??= new Error(`the broker ended the connection with reason ${reasonCode ?? 0}`);
        });
        client.once('close', () => {
          client.end(true);
          if (isOpen) onClosed(failure);
          else reject(failure ?? new Error('the connection was closed before it was open'));
        });
        client.once('connect', ({ properties }) => {
          isOpen = true;
          resolve(
            linkOf(client, options, {
              window: Math.min(WINDOW, properties?.receiveMaximum ?? WINDOW),
              largest: properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY,
            }),
          );
        });
      }),
  };
}

function linkOf(client: MqttClient, options: BrokerOptions, limits: { window: number; largest: number }): BrokerLink {
  const channels = new Map(options.channels.map((channel) => [channel.address, channel]));
  return {
    window: limits.window,
    async publish(message) {
      // The library would keep it for a connection that never comes.
      if (!client.connected) throw new Error('the connection was closed');
      const topic = topicOf(message.address, options);
      if (topic.length + message.body.length + ENVELOPE > limits.largest) {
        throw new UnpublishableMessage(
          `it has ${message.body.length} bytes, and the broker takes packets of ${limits.largest}`,
        );
      }
      await client.publishAsync(topic, message.body, publishOptions(message, channels.get(message.channel)));
    },
    async subscribe(channel, receive) {
      const topic = topicOf(channel.address, options);
      let tail = Promise.resolve();
      client.on('message', (arrived, body, packet) => {
        if (arrived !== topic) return;
        const { contentType, userProperties } = packet.properties ?? {};
        const headers = Object.entries(userProperties ?? {}).map(([name, value]) => [
          name.toLowerCase(),
          String(value),
        ]);
        tail = tail
          .then(() =>
            receive({
              channel: channel.address,
              headers: Object.fromEntries(headers),
              ...(contentType !== undefined && { contentType }),
              body,
              isGivenToOne: false,
            }),
          )
          .catch(() => {});
      });
      await client.subscribeAsync(topic, { qos: 1 });
    },
    async close() {
      await client.endAsync(true);
    },
  };
}

function publishOptions(message: OutboundMessage, channel: QueueChannel | undefined) {
  const { qos, retain, messageExpiryInterval } = bindingOf(channel, 'mqtt');
  return {
    qos: qos === 2 ? (2 as const) : (1 as const),
    retain: retain === true,
    properties: {
      contentType: message.contentType,
      userProperties: { id: message.id, ...message.headers },
      ...(message.correlationId !== undefined && { correlationData: Buffer.from(message.correlationId) }),
      ...(typeof messageExpiryInterval === 'number' && { messageExpiryInterval }),
    },
  };
}

/** Wildcards belong to subscriptions; a topic that holds one would be refused together with the connection. */
function topicOf(address: string, options: BrokerOptions): string {
  return (options.prefix + address.replace(/^\/+/, '')).replace(/[+#]/g, '_');
}
