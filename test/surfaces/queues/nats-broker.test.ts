import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers as createHeaders } from '@nats-io/transport-node';
import { expect } from 'vitest';
import { openBroker } from '../../../src/surfaces/queues/brokers.ts';
import { type CollectedMessage, messageOf, testBroker, until } from '../../conformance/broker.ts';
import { serviceTest } from '../../support/services.ts';

const PORT = 4222;
const SERVER = { servers: `127.0.0.1:${PORT}` };
const test = await serviceTest('NATS', '127.0.0.1', PORT);

const collect = async (run: string) => {
  const connection = await connect(SERVER);
  const consumer = await jetstream(connection).consumers.get(run);
  const arriving = await consumer.consume();
  const messages: CollectedMessage[] = [];
  void (async () => {
    for await (const message of arriving) {
      const { headers } = message;
      messages.push({
        id: headers?.get('Nats-Msg-Id'),
        address: message.subject.split('.').slice(1).join('/'),
        contentType: headers?.get('content-type'),
        headers: Object.fromEntries((headers?.keys() ?? []).map((name) => [name, headers?.get(name) ?? ''])),
        body: message.string(),
      });
    }
  })();
  return {
    received: () => messages,
    async close() {
      arriving.stop();
      await (await jetstreamManager(connection)).streams.delete(run);
      await connection.close();
    },
  };
};

testBroker('nats', test, {
  port: PORT,
  url: (port, run) => `nats://127.0.0.1:${port}?prefix=${run}&stream=${run}`,
  collect,
  async send(run, address, body, headers) {
    const connection = await connect(SERVER);
    const wrapped = createHeaders();
    for (const [name, value] of Object.entries(headers)) wrapped.set(name, value);
    connection.publish(`${run}.${address.replaceAll('/', '.')}`, body, { headers: wrapped });
    await connection.drain();
  },
});

test('nats: a message sent again on another connection is stored once', async () => {
  const { broker, run } = await ownStream();
  const link = await broker.connect(() => {});
  const collector = await collect(run);
  // Never confirmed, but stored: what a connection that breaks at the wrong moment leaves behind.
  const sent = link.publish(messageOf(0));
  const closed = link.close();
  await Promise.allSettled([sent, closed]);
  const next = await broker.connect(() => {});
  await next.publish(messageOf(0));
  await next.publish(messageOf(1));
  await until(() => collector.received().length >= 2);
  expect(collector.received().map(({ id }) => id)).toEqual(['EVT-0', 'EVT-1']);
  await next.close();
  await collector.close();
});

test('nats: a second run with the same seed, hence the same ids, is not taken for a repetition of the first', async () => {
  const { broker, run, open } = await ownStream();
  const first = await broker.connect(() => {});
  for (const number of [0, 1]) await first.publish(messageOf(number));
  await first.close();
  const collector = await collect(run);
  const second = await (await open()).connect(() => {});
  for (const number of [0, 1, 2]) await second.publish(messageOf(number));
  await until(() => collector.received().length >= 5);
  expect(collector.received().map(({ headers }) => headers['x-event-id'])).toEqual([
    'EVT-0',
    'EVT-1',
    'EVT-0',
    'EVT-1',
    'EVT-2',
  ]);
  expect(new Set(collector.received().map(({ id }) => id)).size).toBe(5);
  await second.close();
  await collector.close();
});

test('nats: equal ids of two tenants, and of one that was reset, are different messages', async () => {
  const { broker, run } = await ownStream();
  const link = await broker.connect(() => {});
  const collector = await collect(run);
  await Promise.all([
    link.publish(messageOf(0)),
    link.publish({ ...messageOf(0), tenant: 'team-a' }),
    link.publish({ ...messageOf(0), series: 1 }),
  ]);
  await until(() => collector.received().length >= 3);
  expect(collector.received().map(({ id }) => id)).toEqual(['EVT-0', 'team-a/0/EVT-0', 'default/1/EVT-0']);
  await link.close();
  await collector.close();
});

test('nats: a stream of the user that captures the subjects is used', async () => {
  const run = runName();
  const connection = await connect(SERVER);
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: run, subjects: [`${run}.>`] });
  const broker = await openBroker(`nats://127.0.0.1:${PORT}?prefix=${run}&stream=unused${run}`, options);
  const link = await broker.connect(() => {});
  await link.publish(messageOf(0));
  expect((await manager.streams.info(run)).state.messages).toBe(1);
  await expect(manager.streams.info(`unused${run}`)).rejects.toThrow();
  await link.close();
  await manager.streams.delete(run);
  await connection.close();
});

test('nats: an address that nobody announced is captured from the next connection on, tenants in front included', async () => {
  const run = runName();
  const open = () =>
    openBroker(`nats://127.0.0.1:${PORT}?prefix=${run}&stream=${run}`, { ...options, prefixTenants: true });
  const broker = await open();
  const link = await broker.connect(() => {});
  const collector = await collect(run);
  await link.publish({ ...messageOf(0), address: 'team-a/customer/created', tenant: 'team-a' });
  await expect(link.publish({ ...messageOf(1), address: 'quite/new' })).rejects.toThrow(/no stream/);
  await link.close();
  const next = await broker.connect(() => {});
  await next.publish({ ...messageOf(1), address: 'quite/new' });
  await until(() => collector.received().length >= 2);
  expect(collector.received().map(({ address }) => address)).toEqual(['team-a/customer/created', 'quite/new']);
  await next.close();
  await collector.close();
});

test('nats: a message that is too large for the broker is refused for good', async () => {
  const { broker, run } = await ownStream();
  const link = await broker.connect(() => {});
  await expect(link.publish({ ...messageOf(0), body: Buffer.alloc(3_000_000) })).rejects.toThrow(/3000000 bytes/);
  await link.publish(messageOf(1));
  await link.close();
  await (await collect(run)).close();
});

const options = {
  channels: ['customer/created', 'billing/invoice/paid'].map((address) => ({
    address,
    direction: 'send' as const,
    bindings: {},
  })),
  prefixTenants: false,
};

async function ownStream() {
  const run = runName();
  const open = () => openBroker(`nats://127.0.0.1:${PORT}?prefix=${run}&stream=${run}`, options);
  return { run, open, broker: await open() };
}

function runName(): string {
  return `test${process.pid}n${Math.floor(performance.now() * 1000)}`;
}
