import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryEventLog } from '../../../src/engine/records/event-log.ts';
import { SimulatorError } from '../../../src/errors.ts';
import type { Channel } from '../../../src/model/channel.ts';
import { Refusal } from '../../../src/model/command.ts';
import type { InboundMessage } from '../../../src/surfaces/queues/broker.ts';
import {
  createQueueSurface,
  type QueueSurfaceOptions,
  type ReceivedMessage,
} from '../../../src/surfaces/queues/queue-surface.ts';
import { silent, until } from '../../conformance/broker.ts';
import { type Failure, FakeBroker } from './fake-broker.ts';

const failures: fc.Arbitrary<Failure> = fc.record({
  isRefused: fc.boolean(),
  taken: fc.nat(12),
  confirmed: fc.nat(12),
  tells: fc.constantFrom('publish', 'closed', 'both'),
});

test('whatever pattern of failures: nothing is lost, and the first sight of each event is in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(failures, { maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(
        fc.record({
          tenant: fc.constantFrom('default', 'a', 'b'),
          count: fc.integer({ min: 1, max: 12 }),
          isPaused: fc.boolean(),
        }),
        {
          maxLength: 8,
        },
      ),
      async (plan, window, bursts) => {
        const broker = new FakeBroker(plan, window);
        const surface = surfaceOf({}, broker);
        const logs = Object.fromEntries(
          ['default', 'a', 'b'].map((name) => [name, new MemoryEventLog(1_000)] as const),
        );
        for (const [name, log] of Object.entries(logs)) surface.follow({ name, log });
        await surface.start();
        const expected: string[] = [];
        for (const { tenant, count, isPaused } of bursts) {
          const events = Array.from({ length: count }, (_, index) => eventOf(expected.length + index));
          expected.push(...events.map(({ id }) => `${tenant} ${id}`));
          logs[tenant]?.append(events);
          if (isPaused) await new Promise((resolve) => setImmediate(resolve));
        }
        await surface.drained();
        const sights = broker.stored.map(({ tenant, id }) => `${tenant} ${id}`);
        expect([...new Set(sights)]).toEqual(expected);
        await surface.close();
        expect(broker.links).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});

test('events from before the start, and from while the broker is away, go out once it is there', async () => {
  const broker = new FakeBroker([refused, refused, refused]);
  const { surface, log } = followed(broker);
  log.append([eventOf(1)]);
  await surface.start();
  await until(() => surface.status()[0]?.state === 'waiting');
  expect(surface.status()).toMatchObject([{ broker: 'fake://broker', pending: 1, confirmed: 0, error: 'refused' }]);
  log.append([eventOf(2)]);
  await surface.drained();
  expect(idsOf(broker)).toEqual(['E1', 'E2']);
  expect(broker.connections).toBe(4);
  expect(surface.status()).toEqual([
    { broker: 'fake://broker', state: 'connected', pending: 0, confirmed: 2, lost: 0 },
  ]);
  await surface.close();
  expect(surface.status()[0]?.state).toBe('closed');
});

test('a broker that is away holds up no other', async () => {
  const [there, away] = [new FakeBroker(), new FakeBroker(Array.from({ length: 1_000 }, () => refused))];
  const { surface, log } = followed(there, away);
  await surface.start();
  log.append([eventOf(1), eventOf(2)]);
  await until(() => there.stored.length === 2);
  expect(surface.status().map(({ pending }) => pending)).toEqual([0, 2]);
  // Must not wait for the one that is away.
  await surface.close(60_000);
});

test('what was announced before a reset still goes out, and what follows is told apart though its ids repeat', async () => {
  const broker = new FakeBroker([refused]);
  const { surface, log } = followed(broker);
  log.append([eventOf(1), eventOf(2)]);
  log.restore({ firstNumber: 0, events: [] });
  // In one go and further than before: the log then holds the last id that was seen.
  log.append([eventOf(1), eventOf(2), eventOf(3)]);
  await surface.start();
  await surface.drained();
  expect(broker.stored.map(({ id, series }) => `${id}/${series}`)).toEqual(['E1/0', 'E2/0', 'E1/1', 'E2/1', 'E3/1']);
  await surface.close();
});

test('what a restore brings back is not announced once more', async () => {
  const broker = new FakeBroker();
  const { surface, log } = followed(broker);
  await surface.start();
  log.append([eventOf(1), eventOf(2)]);
  const snapshot = log.snapshot();
  log.append([eventOf(3)]);
  log.restore(snapshot);
  log.append([eventOf(3)]);
  await surface.drained();
  expect(broker.stored.map(({ id, series }) => `${id}/${series}`)).toEqual(['E1/0', 'E2/0', 'E3/0', 'E3/1']);
  await surface.close();
});

test('a tenant that is deleted and made again is told apart', async () => {
  const broker = new FakeBroker();
  const surface = surfaceOf({}, broker);
  await surface.start();
  for (const log of [new MemoryEventLog(10), new MemoryEventLog(10)]) {
    const stop = surface.follow({ name: 'a', log });
    log.append([eventOf(1)]);
    stop();
    log.append([eventOf(2)]);
  }
  await surface.drained();
  expect(broker.stored.map(({ id, series }) => `${id}/${series}`)).toEqual(['E1/0', 'E1/1']);
  await surface.close();
});

test('a backlog that is full loses its oldest events and says so', async () => {
  const errors: unknown[] = [];
  const broker = new FakeBroker([refused]);
  const { surface, log } = followed(broker, {
    capacity: 10,
    log: { ...silent, error: (fields) => errors.push(fields.count) },
  });
  await surface.start();
  for (let number = 0; number < 1_034; number += 1) log.append([eventOf(number)]);
  await surface.drained();
  expect(idsOf(broker)).toEqual(Array.from({ length: 10 }, (_, index) => `E${1_024 + index}`));
  expect(surface.status()[0]?.lost).toBe(1_024);
  expect(errors).toEqual([1_024]);
  await surface.close();
});

test('a message that a broker will never take does not block those behind it', async () => {
  const broker = new FakeBroker();
  broker.unpublishable.add('E2');
  const { surface, log } = followed(broker);
  await surface.start();
  log.append([eventOf(1), eventOf(2), eventOf(3)]);
  await surface.drained();
  expect(idsOf(broker)).toEqual(['E1', 'E3']);
  expect(surface.status()[0]).toMatchObject({ confirmed: 2, lost: 1, pending: 0 });
  await surface.close();
});

test('messages carry the payload unchanged, and what the contract says of them', async () => {
  const broker = new FakeBroker();
  const surface = surfaceOf({ channels: [customerCreated], prefixTenants: true }, broker);
  await surface.start();
  for (const name of ['default', 'team.a']) {
    const log = new MemoryEventLog(10);
    surface.follow({ name, log });
    log.append([
      {
        id: 'E1',
        channel: 'customer/created',
        at: '2026-01-01T00:00:00.000Z',
        payload: { eventId: 'E1', customer: { id: 'C1' } },
      },
    ]);
  }
  await surface.drained();
  const [first, second] = broker.stored;
  expect({ ...first, body: first?.body.toString() }).toEqual({
    id: 'E1',
    tenant: 'default',
    series: 0,
    channel: 'customer/created',
    address: 'customer/created',
    at: '2026-01-01T00:00:00.000Z',
    body: '{"eventId":"E1","customer":{"id":"C1"}}',
    contentType: 'application/vnd.customer+json',
    correlationId: 'C1',
    headers: { 'x-event-id': 'E1', 'x-simulator-tenant': 'default', 'x-at': '2026-01-01T00:00:00.000Z' },
  });
  expect(second).toMatchObject({ address: 'team%2Ea/customer/created', headers: { 'x-simulator-tenant': 'team.a' } });
  await surface.close();
});

test('what comes in is handed over with its tenant, and one that is not taken harms nothing', async () => {
  const broker = new FakeBroker();
  const received: ReceivedMessage[] = [];
  const receive = (message: ReceivedMessage): void => {
    received.push(message);
    if (received.length === 1) throw new Error('not valid');
  };
  const surface = surfaceOf(
    { channels: [customerCreated, { ...customerCreated, address: 'work/requested', direction: 'receive' }], receive },
    broker,
  );
  await surface.start();
  await until(() => broker.subscribers.size > 0);
  expect([...broker.subscribers.keys()]).toEqual(['work/requested']);
  const send = broker.subscribers.get('work/requested');
  await send?.(requested('1'));
  await send?.(requested('2', { 'x-simulator-tenant': 'a' }));
  expect(received.map(({ tenant, body }) => `${tenant} ${body}`)).toEqual(['default 1', 'a 2']);
  await surface.close();
});

test('what cannot be taken for now is offered again until it is, and is the broker’s where the simulator stops first', async () => {
  const broker = new FakeBroker();
  let offers = 0;
  const receive = (): void => {
    offers += 1;
    if (offers !== 3) throw new Refusal(503, 'STORE_UNAVAILABLE', 'Failed to change anything: the disk is full.');
  };
  const surface = surfaceOf(
    { channels: [{ ...customerCreated, address: 'work/requested', direction: 'receive' }], receive },
    broker,
  );
  await surface.start();
  await until(() => broker.subscribers.size > 0);
  const send = broker.subscribers.get('work/requested');
  await send?.(requested('1'));
  expect(offers).toBe(3);
  const second = expect(send?.(requested('2'))).rejects.toThrow('the simulator stops');
  await surface.close();
  await second;
});

test('what was taken from a broker is not sent back to it, nor what is published where it only listens', async () => {
  const broker = new FakeBroker();
  const both = [customerCreated, { ...customerCreated, direction: 'receive' as const }];
  const requests = { ...customerCreated, address: 'work/requested', direction: 'receive' as const };
  const { surface, log } = followed(broker, { channels: [...both, requests], receive: () => {} });
  await surface.start();
  // What answers a message is sent, although it comes in the same commit.
  const answer = { ...eventOf(4), channel: 'work/done' };
  surface.withoutEcho('customer/created', () => log.append([eventOf(1), answer]));
  log.append([{ ...eventOf(2), channel: 'work/requested' }]);
  log.append([eventOf(3)]);
  await surface.drained();
  expect(idsOf(broker)).toEqual(['E4', 'E3']);
  await surface.close();
});

test('an address whose parameters have values is of their channel: its media type, and its silence', async () => {
  const broker = new FakeBroker();
  const sent = {
    ...customerCreated,
    address: 'orders/{id}/changed',
    messages: customerCreated.messages.map((each) => ({ ...each, contentType: 'application/vnd.order+json' })),
  };
  const heard = { ...customerCreated, address: 'work/{id}/requested', direction: 'receive' as const };
  const { surface, log } = followed(broker, { channels: [sent, heard], receive: () => {} });
  await surface.start();
  log.append([
    { ...eventOf(1), channel: 'orders/7/changed' },
    { ...eventOf(2), channel: 'work/7/requested' },
    { ...eventOf(3), channel: 'orders/7/8/changed' },
  ]);
  await surface.drained();
  expect(broker.stored.map(({ id, contentType }) => [id, contentType])).toEqual([
    ['E1', 'application/vnd.order+json'],
    ['E3', 'application/json'],
  ]);
  await surface.close();
});

test('closing lets a broker that is there confirm what is pending', async () => {
  const broker = new FakeBroker([], 1);
  const { surface, log } = followed(broker);
  await surface.start();
  await until(() => surface.status()[0]?.state === 'connected');
  log.append(Array.from({ length: 50 }, (_, index) => eventOf(index)));
  await surface.close(60_000);
  expect(broker.stored).toHaveLength(50);
  log.append([eventOf(51)]);
  expect(surface.status()[0]).toMatchObject({ state: 'closed', pending: 0 });
});

test.each(['kafka://127.0.0.1', 'amqp', 'amqp://'])(
  '%s is no address of a broker, and the message says what one looks like',
  (url) => {
    expect(() => surfaceOf({ urls: [url] })).toThrow(SimulatorError);
    expect(() => surfaceOf({ urls: [url] })).toThrow(
      /Failed to use the queue .* for example --queue amqp:\/\/127\.0\.0\.1:5672\.$/,
    );
  },
);

test('no message repeats the password of an address', () => {
  expect(() => surfaceOf({ urls: ['kafka://user:hunter2@127.0.0.1'] })).toThrow(/^(?!.*hunter2)/);
});

const refused: Failure = { isRefused: true, taken: 0, confirmed: 0, tells: 'both' };

const customerCreated: Channel = {
  address: 'customer/created',
  system: 'shop',
  contract: 'events',
  direction: 'send',
  operationId: 'onCustomerCreated',
  messages: [
    {
      name: 'CustomerCreated',
      contentType: 'application/vnd.customer+json',
      payload: true,
      correlationId: '$message.payload#/customer/id',
      envelope: { id: 'eventId', previous: {} },
    },
  ],
  bindings: {},
  pointer: '/channels/customer~1created',
};

function eventOf(number: number) {
  return { id: `E${number}`, channel: 'customer/created', at: '2026-01-01T00:00:00.000Z', payload: { number } };
}

function requested(body: string, headers: Readonly<Record<string, string>> = {}): InboundMessage {
  return { channel: 'work/requested', headers, body: Buffer.from(body), isGivenToOne: true };
}

function idsOf(broker: FakeBroker): string[] {
  return broker.stored.map(({ id }) => id);
}

/** A surface whose wall time runs a hundred times as fast. */
function surfaceOf(options: Partial<QueueSurfaceOptions>, ...brokers: FakeBroker[]) {
  return createQueueSurface({
    urls: brokers.map((_, index) => `amqp://broker-${index}`),
    channels: [],
    log: silent,
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds / 100);
      return () => clearTimeout(timer);
    },
    openBroker: async (url) => brokers[Number(url.split('-')[1])] as FakeBroker,
    ...options,
  });
}

function followed(...parts: (FakeBroker | Partial<QueueSurfaceOptions>)[]) {
  const brokers = parts.filter((part) => part instanceof FakeBroker);
  const options = parts.find((part): part is Partial<QueueSurfaceOptions> => !(part instanceof FakeBroker)) ?? {};
  const surface = surfaceOf(options, ...brokers);
  const log = new MemoryEventLog(10_000);
  surface.follow({ name: 'default', log });
  return { surface, log };
}
