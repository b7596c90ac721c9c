import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { MemoryEventLog } from '../../src/engine/records/event-log.ts';
import type {
  Broker,
  BrokerLink,
  InboundMessage,
  OutboundMessage,
  QueueChannel,
} from '../../src/surfaces/queues/broker.ts';
import { openBroker } from '../../src/surfaces/queues/brokers.ts';
import { createQueueSurface } from '../../src/surfaces/queues/queue-surface.ts';
import type { ServiceTest } from '../support/services.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** What a test suite needs of a real broker, seen through a client of somebody else. */
export interface BrokerHarness {
  readonly port: number;
  /** The `--queue` address of the broker behind a port, with names of its own for this run. */
  url(port: number, run: string): string;
  /** Begins to collect what is published in a run. Called before anything is published. */
  collect(run: string): Promise<Collector>;
  /** Sends a message as somebody else would. */
  send(run: string, address: string, body: string, headers: Readonly<Record<string, string>>): Promise<void>;
}

export interface Collector {
  /** Everything that has arrived, in order. */
  received(): Promise<readonly CollectedMessage[]> | readonly CollectedMessage[];
  /** Removes what the run has left on the broker, too. */
  close(): Promise<void>;
}

export interface CollectedMessage {
  /** The id where the protocol has it. */
  readonly id: string | undefined;
  /** The address, with `/` between its parts and without what the run puts in front. */
  readonly address: string;
  readonly contentType: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const CHANNELS: readonly QueueChannel[] = [
  { address: 'customer/created', direction: 'send', bindings: {} },
  { address: 'billing/invoice/paid', direction: 'send', bindings: {} },
  { address: 'work/requested', direction: 'receive', bindings: {} },
];

/**
 * What every correct broker does, shown on a real one; a new broker calls this and adds only what is special to it.
 *
 * @example testBroker('amqp', await serviceTest('RabbitMQ', '127.0.0.1', 5672), harness);
 */
export function testBroker(name: string, test: ServiceTest, harness: BrokerHarness): void {
  /** A run of its own: names, a way that can be cut, a consumer, and all of it gone afterwards. */
  const inRun =
    (
      body: (run: { id: string; url: string; proxy: TcpProxy; broker: Broker; collector: Collector }) => Promise<void>,
    ) =>
    async () => {
      const id = `test${process.pid}${Math.floor(performance.now() * 1000)}`;
      const proxy = await startTcpProxy(harness.port);
      const url = harness.url(proxy.port, id);
      const broker = await openBroker(url, { channels: CHANNELS, prefixTenants: false });
      const first = await broker.connect(() => {});
      await first.close();
      const collector = await harness.collect(id);
      try {
        await body({ id, url, proxy, broker, collector });
      } finally {
        await collector.close();
        await proxy.close();
      }
    };

  test(
    `${name}: confirmed messages arrive in the order they were published in, with their ids`,
    inRun(async ({ broker, collector }) => {
      const link = await broker.connect(() => {});
      const messages = Array.from({ length: 1_000 }, (_, index) => messageOf(index));
      await inWindow(link, messages);
      const received = await collected(collector, messages.length);
      expect(received.map(({ id }) => id)).toEqual(messages.map(({ id }) => id));
      expect(received.map(({ address }) => address)).toEqual(messages.map(({ address }) => address));
      await link.close();
    }),
  );

  test(
    `${name}: body, content type and headers arrive as they are`,
    inRun(async ({ broker, collector }) => {
      const link = await broker.connect(() => {});
      const message = {
        ...messageOf(1),
        body: Buffer.from('{"name":"Zoë ☎"}'),
        contentType: 'application/json;charset=utf-8',
        tenant: 'team-a',
      };
      await link.publish({ ...message, headers: { ...message.headers, 'x-simulator-tenant': 'team-a' } });
      const [received] = await collected(collector, 1);
      expect(received).toMatchObject({
        body: '{"name":"Zoë ☎"}',
        contentType: 'application/json;charset=utf-8',
        headers: { 'x-simulator-tenant': 'team-a', 'x-event-id': 'EVT-1', 'x-at': '2026-01-01T00:00:00.000Z' },
      });
      await link.close();
    }),
  );

  test(
    `${name}: a cut connection is told once, and nothing is confirmed on it any more`,
    inRun(async ({ broker, proxy }) => {
      let closings = 0;
      const link = await broker.connect(() => {
        closings += 1;
      });
      await link.publish(messageOf(1));
      await proxy.sever();
      await until(() => closings > 0);
      await expect(within(2_000, link.publish(messageOf(2)))).rejects.not.toThrow('nothing happened in time');
      await within(2_000, link.close());
      expect(closings).toBe(1);
    }),
  );

  test(
    `${name}: connecting to a broker that is away rejects, and works once it is back`,
    inRun(async ({ broker, proxy }) => {
      await proxy.sever();
      await expect(broker.connect(() => {})).rejects.toThrow();
      await proxy.restore();
      const link = await broker.connect(() => {});
      await link.publish(messageOf(1));
      await link.close();
    }),
  );

  test(
    `${name}: what others send on a channel comes in, in order`,
    inRun(async ({ id, broker }) => {
      const link = await broker.connect(() => {});
      const received: InboundMessage[] = [];
      await link.subscribe(CHANNELS[2] as QueueChannel, async (message) => {
        await wait(1);
        received.push(message);
      });
      for (const number of [1, 2, 3])
        await harness.send(id, 'work/requested', `{"number":${number}}`, { 'x-simulator-tenant': 'team-a' });
      await until(() => received.length === 3);
      expect(received.map(({ body }) => body.toString())).toEqual(['{"number":1}', '{"number":2}', '{"number":3}']);
      expect(received[0]).toMatchObject({ channel: 'work/requested', headers: { 'x-simulator-tenant': 'team-a' } });
      await link.close();
    }),
  );

  test(
    `${name}: 10,000 events survive a broker that goes away twice, none lost, in order, repeats with the same id`,
    inRun(async ({ url, proxy, collector }) => {
      const count = 10_000;
      const surface = createQueueSurface({
        urls: [url],
        channels: CHANNELS.map((channel) => ({
          ...channel,
          system: 'shop',
          contract: 'events',
          operationId: channel.address,
          messages: [],
          pointer: '',
        })),
        log: silent,
      });
      const log = new MemoryEventLog(count);
      surface.follow({ name: 'default', log });
      await surface.start();
      const confirmed = (): number => surface.status()[0]?.confirmed ?? 0;
      const publish = (from: number, to: number): void => {
        log.append(Array.from({ length: to - from }, (_, index) => eventOf(from + index)));
      };
      publish(0, 6_000);
      await until(() => confirmed() > 1_000);
      // Must be in the middle, or the test shows nothing.
      expect(confirmed()).toBeLessThan(6_000);
      await proxy.sever();
      publish(6_000, count);
      await wait(300);
      await proxy.restore();
      await until(() => confirmed() > 7_000);
      await proxy.sever();
      await proxy.restore();
      await surface.drained();
      const expected = Array.from({ length: count }, (_, index) => `EVT-${index}`);
      const ids = await firstSights(collector, count);
      expect(ids).toEqual(expected);
      await surface.close();
    }),
  );
}

/** A logger that says nothing. */
export const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Waits until something is so; the test's own time-out ends it otherwise. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(5);
}

/** One message of a row, on one of two channels by turns. */
export function messageOf(number: number): OutboundMessage {
  const { id, channel, at, payload } = eventOf(number);
  return {
    id,
    channel,
    at,
    address: channel,
    tenant: 'default',
    series: 0,
    body: Buffer.from(JSON.stringify(payload)),
    contentType: 'application/json',
    headers: { 'x-event-id': id, 'x-simulator-tenant': 'default', 'x-at': at },
  };
}

function eventOf(number: number) {
  const channel = number % 2 === 0 ? 'customer/created' : 'billing/invoice/paid';
  return {
    id: `EVT-${number}`,
    channel,
    at: '2026-01-01T00:00:00.000Z',
    payload: { eventId: `EVT-${number}`, number },
  };
}

/** Publishes with as many unconfirmed as the link allows. */
async function inWindow(link: BrokerLink, messages: readonly OutboundMessage[]): Promise<void> {
  for (let start = 0; start < messages.length; start += link.window) {
    await Promise.all(messages.slice(start, start + link.window).map((message) => link.publish(message)));
  }
}

async function collected(collector: Collector, count: number): Promise<readonly CollectedMessage[]> {
  await until(async () => (await collector.received()).length >= count);
  return collector.received();
}

/** Ids in the order in which each was first seen. */
async function firstSights(collector: Collector, count: number): Promise<readonly (string | undefined)[]> {
  let ids: readonly (string | undefined)[] = [];
  await until(async () => {
    ids = [...new Set((await collector.received()).map(({ id }) => id))];
    return ids.length >= count;
  });
  return ids;
}

async function within<T>(milliseconds: number, body: Promise<T>): Promise<T> {
  return Promise.race([
    body,
    wait(milliseconds).then(() => {
      throw new Error('nothing happened in time');
    }),
  ]);
}
