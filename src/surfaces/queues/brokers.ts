import { SimulatorError } from '../../errors.ts';
import type { Broker, BrokerOptions, QueueChannel } from './broker.ts';

/** Makes the broker that a URL names. */
export type OpenBroker = (
  url: string,
  options: { channels: readonly QueueChannel[]; prefixTenants: boolean },
) => Promise<Broker>;

/** Which broker speaks which URL scheme; each is loaded, and its library with it, when first named. */
const BROKERS: Readonly<Record<string, () => Promise<(options: BrokerOptions) => Promise<Broker>>>> = {
  'amqp:': async () => (await import('./amqp-broker.ts')).createAmqpBroker,
  'amqps:': async () => (await import('./amqp-broker.ts')).createAmqpBroker,
  'nats:': async () => (await import('./nats-broker.ts')).createNatsBroker,
  'tls+nats:': async () => (await import('./nats-broker.ts')).createNatsBroker,
  'mqtt:': async () => (await import('./mqtt-broker.ts')).createMqttBroker,
  'mqtts:': async () => (await import('./mqtt-broker.ts')).createMqttBroker,
};

/**
 * Makes the broker that a URL names by its scheme. Three query parameters are ours, the rest is the library's: `prefix`
 * (in front of every address), `exchange` (AMQP) and `stream` (NATS).
 *
 * @example const broker = await openBroker('amqp://127.0.0.1?prefix=staging', { channels, prefixTenants: false });
 */
export const openBroker: OpenBroker = async (text, { channels, prefixTenants }) => {
  const url = parseQueueUrl(text);
  const take = (parameter: string): string | undefined => {
    const value = url.searchParams.get(parameter) ?? undefined;
    url.searchParams.delete(parameter);
    return value || undefined;
  };
  const prefix = take('prefix');
  const load = BROKERS[url.protocol] as () => Promise<(options: BrokerOptions) => Promise<Broker>>;
  const create = await load();
  return create({
    name: nameOf(url),
    channels,
    prefixTenants,
    prefix: prefix === undefined ? '' : `${prefix}/`,
    exchange: take('exchange') ?? 'bss-simulator',
    stream: take('stream') ?? 'BSS_SIMULATOR',
    url,
  });
};

/**
 * Reads the address of a queue; throws a `SimulatorError` that never repeats a password.
 *
 * @example parseQueueUrl('mqtt://127.0.0.1').protocol // 'mqtt:'
 */
export function parseQueueUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && url.hostname !== '' && Object.hasOwn(BROKERS, url.protocol)) return url;
  const shown = url === undefined ? text.replace(/\/\/[^@]*@/, '//***@') : nameOf(url);
  const schemes = Object.keys(BROKERS).map((scheme) => `${scheme}//`);
  throw new SimulatorError(
    'CONFIG_INVALID',
    `Failed to use the queue "${shown}": it is no address of a broker. Write one that starts with ${schemes.slice(0, -1).join(', ')} or ${schemes.at(-1)}, for example --queue amqp://127.0.0.1:5672.`,
  );
}

function nameOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}
