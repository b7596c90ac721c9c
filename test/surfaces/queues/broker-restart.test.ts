import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import { connect as connectAmqp } from 'amqplib';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { MemoryEventLog } from '../../../src/engine/records/event-log.ts';
import { createQueueSurface } from '../../../src/surfaces/queues/queue-surface.ts';
import { silent, until } from '../../conformance/broker.ts';
import { findProgram, freePort, type OwnServer, ownServer } from '../../support/own-server.ts';

const COUNT = 4_000;
/** RabbitMQ takes some seconds to start, twice. */
const TIMEOUT = 120_000;

const nats = findProgram('/usr/sbin/nats-server', '/usr/bin/nats-server', '/usr/local/bin/nats-server');
const mosquitto = findProgram('/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto');
const rabbitmq = findProgram('/usr/lib/rabbitmq/bin/rabbitmq-server', '/usr/local/sbin/rabbitmq-server');

restartTest('NATS', nats, async (program) => {
  const server = await ownServer((port, folder) => ({
    program,
    args: ['-a', '127.0.0.1', '-p', `${port}`, '-js', '-sd', folder],
  }));
  return {
    server,
    url: `nats://127.0.0.1:${server.port}`,
    prepare: async () => {},
    async received(isComplete) {
      const connection = await connectNats({ servers: `127.0.0.1:${server.port}` });
      const consumer = await jetstream(connection).consumers.get('BSS_SIMULATOR');
      const ids: string[] = [];
      for await (const message of await consumer.consume()) {
        ids.push(message.headers?.get('Nats-Msg-Id') ?? '');
        if (isComplete(ids)) break;
      }
      await connection.close();
      return ids;
    },
  };
});

restartTest('Mosquitto', mosquitto, async (program) => {
  const server = await ownServer((port, folder) => {
    const file = join(folder, 'mosquitto.conf');
    writeFileSync(
      file,
      `user root\nlistener ${port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location ${folder}/\nmax_queued_messages 0\n`,
    );
    return { program, args: ['-c', file] };
  });
  const url = `mqtt://127.0.0.1:${server.port}`;
  const ids: string[] = [];
  let client: mqtt.MqttClient | undefined;
  return {
    server,
    url,
    async prepare() {
      client = mqtt.connect(url, {
        protocolVersion: 5,
        clientId: 'consumer',
        clean: false,
        reconnectPeriod: 50,
        properties: { sessionExpiryInterval: 600 },
      });
      client.on('message', (_, __, packet) => ids.push(String(packet.properties?.userProperties?.id)));
      client.on('error', () => {});
      await client.subscribeAsync('customer/#', { qos: 1 });
    },
    async received(isComplete) {
      await until(() => isComplete(ids));
      await client?.endAsync(true);
      return ids;
    },
  };
});

restartTest('RabbitMQ', rabbitmq, async (program) => {
  const distribution = await freePort();
  const server = await ownServer((port, folder) => {
    writeFileSync(join(folder, 'plugins'), '[].\n');
    return {
      program,
      args: [],
      env: {
        HOME: folder,
        RABBITMQ_NODENAME: `bss-simulator-test-${port}@localhost`,
        RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
        RABBITMQ_NODE_PORT: `${port}`,
        RABBITMQ_DIST_PORT: `${distribution}`,
        RABBITMQ_MNESIA_BASE: folder,
        RABBITMQ_LOG_BASE: folder,
        RABBITMQ_LOGS: join(folder, 'rabbitmq.log'),
        RABBITMQ_CONFIG_FILE: join(folder, 'none'),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
      },
    };
  });
  const url = `amqp://guest:guest@127.0.0.1:${server.port}`;
  const queue = 'consumer';
  return {
    server,
    url,
    async prepare() {
      const connection = await connectAmqp(url);
      const channel = await connection.createChannel();
      await channel.assertExchange('bss-simulator', 'topic', { durable: true });
      await channel.assertQueue(queue, { durable: true });
      await channel.bindQueue(queue, 'bss-simulator', 'customer.*');
      await connection.close();
    },
    async received(isComplete) {
      const connection = await connectAmqp(url);
      const channel = await connection.createChannel();
      const ids: string[] = [];
      await channel.consume(queue, (message) => ids.push(String(message?.properties.messageId)), { noAck: true });
      await until(() => isComplete(ids));
      await connection.close();
      return ids;
    },
  };
});

/** What differs from one kind of server to the next. */
interface Restartable {
  readonly server: OwnServer;
  readonly url: string;
  /** Makes whatever keeps messages for the consumer. */
  prepare(): Promise<void>;
  /** All ids that the consumer has got, in order, once they are complete. */
  received(isComplete: (ids: readonly string[]) => boolean): Promise<readonly string[]>;
}

function restartTest(name: string, program: string | undefined, make: (program: string) => Promise<Restartable>): void {
  const title = `${name} is stopped and started in the middle: nothing is lost, and the order is kept`;
  if (program === undefined) {
    if (process.env.REQUIRE_SERVICES !== '1') {
      test.skip(`${title} (skipped: ${name} is not installed)`);
      return;
    }
    test(title, () => {
      throw new Error(`${name} is not installed, and REQUIRE_SERVICES=1 demands it`);
    });
    return;
  }
  test(
    title,
    async () => {
      const { server, url, prepare, received } = await make(program);
      try {
        await server.start();
        await prepare();
        const surface = createQueueSurface({ urls: [url], channels: [customerCreated], log: silent });
        const log = new MemoryEventLog(COUNT);
        surface.follow({ name: 'default', log });
        await surface.start();
        const confirmed = (): number => surface.status()[0]?.confirmed ?? 0;
        log.append(Array.from({ length: COUNT / 2 }, (_, index) => eventOf(index)));
        await until(() => confirmed() > 300);
        // Must be in the middle, or the test shows nothing.
        expect(confirmed()).toBeLessThan(COUNT / 2);
        await server.stop();
        log.append(Array.from({ length: COUNT / 2 }, (_, index) => eventOf(COUNT / 2 + index)));
        await wait(200);
        expect(surface.status()[0]?.pending).toBeGreaterThan(COUNT / 2);
        await server.start();
        await surface.drained();
        const ids = await received((sofar) => new Set(sofar).size >= COUNT);
        expect([...new Set(ids)]).toEqual(Array.from({ length: COUNT }, (_, index) => `EVT-${index}`));
        await surface.close();
      } finally {
        await server.dispose();
      }
    },
    TIMEOUT,
  );
}

const customerCreated = {
  address: 'customer/created',
  direction: 'send' as const,
  bindings: {},
  system: 'shop',
  contract: 'events',
  operationId: 'onCustomerCreated',
  messages: [],
  pointer: '',
};

function eventOf(number: number) {
  return { id: `EVT-${number}`, channel: 'customer/created', at: '2026-01-01T00:00:00.000Z', payload: { number } };
}
