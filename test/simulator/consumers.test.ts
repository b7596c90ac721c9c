import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import { connect as connectAmqp } from 'amqplib';
import { EventSource } from 'eventsource';
import { connectAsync as connectMqtt } from 'mqtt';
import { Webhook } from 'standardwebhooks';
import { beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { isOpen, type ServiceTest, serviceTest } from '../support/services.ts';
import { startSimulator } from '../support/simulator.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** What a consumer makes of one event: its id and the contract's message. */
interface Arrival {
  readonly id: string;
  readonly payload: unknown;
}

/** Takes down one arrival. */
type Arrive = (id: unknown, payload: string) => void;

/** One way from the simulator to somebody else's library; it is cut in the middle of the events. */
interface Path {
  /** Begins to consume; answers what ends it. */
  open(arrive: Arrive): Promise<() => unknown>;
  /** Breaks the connection and lets it be made again. */
  cut(): Promise<void> | void;
  /** The channel that it carries; all channels unless told. */
  readonly channel?: string;
  /** How many have come by it when it is cut. Default half of all. */
  readonly cutAfter?: number;
  /** The protocol promises each event at least once, so that some may come twice, with the same id. */
  readonly atLeastOnce?: boolean;
}

const COUNT = 10_000;
const CHANNELS = ['billing/invoice/created', 'billing/payment/received'] as const;
/** A name for exchange, stream and topics that no other run has. */
const RUN = `consumers-${process.pid}`;
const TIMEOUT = 180_000;

const services = {
  RabbitMQ: { port: 5672, queue: (port: number) => `amqp://guest:guest@127.0.0.1:${port}?exchange=${RUN}` },
  NATS: { port: 4222, queue: (port: number) => `nats://127.0.0.1:${port}?prefix=${RUN}&stream=${RUN}` },
  Mosquitto: { port: 1883, queue: (port: number) => `mqtt://127.0.0.1:${port}?prefix=${RUN}` },
};
type Service = keyof typeof services;

const brokers = new Map<Service, TcpProxy>();
for (const [name, { port }] of Object.entries(services) as [Service, (typeof services)[Service]][]) {
  if (await isOpen('127.0.0.1', port)) brokers.set(name, await startTcpProxy(port));
}
const { simulator, ask } = await startSimulator({
  queue: [...brokers].map(([name, { port }]) => services[name].queue(port)),
});
/** To the simulator itself, each to be cut without the others. */
const ways: TcpProxy[] = [];
const newWay = async (): Promise<TcpProxy> => {
  const proxy = await startTcpProxy(Number(new URL(simulator.url).port));
  ways.push(proxy);
  return proxy;
};

const [rabbit, nats, mosquitto] = (['RabbitMQ', 'NATS', 'Mosquitto'] as const).map((name) => brokers.get(name));
const [first, second] = CHANNELS;
const paths: Readonly<Record<string, Path>> = {
  webhook: webhookPath(),
  log: socketPath('/_simulator/events', await newWay()),
  [first]: { ...socketPath(`/${first}`, await newWay()), channel: first, cutAfter: COUNT / 20 },
  [second]: { ...socketPath(`/${second}`, await newWay()), channel: second, cutAfter: COUNT / 20 },
  stream: streamPath(await newWay()),
  ...(rabbit !== undefined && { RabbitMQ: rabbitPath(rabbit) }),
  ...(nats !== undefined && { NATS: natsPath(nats) }),
  ...(mosquitto !== undefined && { Mosquitto: mosquittoPath(mosquitto) }),
};
/** What has come by each path, the first sight of each id. */
const arrived = new Map<string, Arrival[]>();
const repeated = new Map<string, number>();
const cuts = new Map<string, Promise<void> | void>();
let published: readonly { readonly id: string; readonly channel: string; readonly payload: unknown }[] = [];

beforeAll(async () => {
  const closers = await Promise.all(Object.entries(paths).map(([name, path]) => path.open(takingDown(name, path))));
  published = await live();
  return async () => {
    for (const close of closers) await close();
    for (const proxy of [...ways, ...brokers.values()]) await proxy.close();
  };
}, TIMEOUT);

receives('webhook', 'signed webhooks, verified by standardwebhooks, whose receiver breaks off and is overloaded', test);
receives('log', 'a WebSocket on the event log, opened by ws and resumed with after', test);
for (const channel of CHANNELS)
  receives(channel, `a WebSocket on ${channel}, opened by ws and resumed with after`, test);
receives('stream', 'server-sent events, read by eventsource, which reconnects by itself', test);
receives('RabbitMQ', 'RabbitMQ, read by amqplib', await serviceTest('RabbitMQ', '127.0.0.1', services.RabbitMQ.port));
receives(
  'NATS',
  'NATS JetStream, read by @nats-io/jetstream',
  await serviceTest('NATS', '127.0.0.1', services.NATS.port),
);
receives('Mosquitto', 'Mosquitto, read by mqtt', await serviceTest('Mosquitto', '127.0.0.1', services.Mosquitto.port));

/** The same for every path: each event, once, in order, as the log has it. */
function receives(name: string, title: string, pathTest: ServiceTest): void {
  pathTest(`10,000 events and more arrive once and in order across a cut: ${title}`, async () => {
    const { channel, atLeastOnce = false } = paths[name] as Path;
    const expected = published.filter((event) => channel === undefined || event.channel === channel);
    const found = arrived.get(name) as Arrival[];
    await expect.poll(() => found.length, { timeout: 45_000, interval: 20 }).toBe(expected.length);
    await cuts.get(name);
    expect(cuts.has(name)).toBe(true);
    expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    const differing = found.filter(
      ({ payload }, index) => JSON.stringify(payload) !== JSON.stringify(expected[index]?.payload),
    );
    expect(differing).toEqual([]);
    if (!atLeastOnce) expect(repeated.get(name)).toBe(0);
  });
}

function takingDown(name: string, path: Path): Arrive {
  const found: Arrival[] = [];
  const seen = new Set<unknown>();
  arrived.set(name, found);
  repeated.set(name, 0);
  return (id, payload) => {
    if (seen.has(id)) {
      repeated.set(name, (repeated.get(name) ?? 0) + 1);
      return;
    }
    seen.add(id);
    found.push({ id: String(id), payload: JSON.parse(payload) });
    if (found.length === (path.cutAfter ?? COUNT / 2)) cuts.set(name, path.cut());
  };
}

/** Lets the operator's life go on, a quarter at a time, until enough has happened; answers what did. */
async function live(): Promise<typeof published> {
  const events: { id: string; channel: string; payload: unknown }[] = [];
  while (events.length < COUNT) {
    expect((await ask('POST', '/_simulator/clock/advance', { by: 'P90D' })).status).toBe(200);
    const last = events.at(-1)?.id;
    const { body } = await ask('GET', `/_simulator/events?limit=${COUNT}${last === undefined ? '' : `&after=${last}`}`);
    events.push(...body.items);
  }
  return events;
}

/** A receiver that takes a delivery without a word, so that it must come again, and is then overloaded for a while. */
function webhookPath(): Path {
  let refusals = 0;
  return {
    atLeastOnce: true,
    cut: () => {
      refusals = 3;
    },
    async open(arrive) {
      let webhook: Webhook | undefined;
      const server = createServer(async (request, response) => {
        const body = await text(request);
        try {
          webhook?.verify(body, request.headers as Record<string, string>);
        } catch {
          response.writeHead(400).end();
          return;
        }
        if (refusals === 0) arrive(request.headers['webhook-id'], body);
        if (refusals === 0) response.writeHead(204).end();
        else if (refusals === 3) request.socket.resetAndDestroy();
        else response.writeHead(503).end();
        refusals = Math.max(0, refusals - 1);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const { body } = await ask('POST', '/_simulator/webhooks', { url, channels: ['*'] });
      webhook = new Webhook(body.secret);
      return () => {
        server.close();
        server.closeAllConnections();
      };
    },
  };
}

function socketPath(path: string, proxy: TcpProxy): Path {
  return {
    cut: () => interrupt(proxy),
    async open(arrive) {
      let last: string | undefined;
      let isOver = false;
      const connect = (): WebSocket => {
        const query = last === undefined ? '' : `?after=${last}`;
        const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}${path}${query}`);
        socket.on('message', (data) => {
          const { id, eventId, payload } = JSON.parse(String(data));
          last = id ?? eventId;
          arrive(last, payload === undefined ? String(data) : JSON.stringify(payload));
        });
        socket.on('error', () => {});
        socket.on('close', () => {
          if (!isOver) setTimeout(reconnect, 20);
        });
        return socket;
      };
      const reconnect = (): void => {
        if (!isOver) socket = connect();
      };
      let socket = connect();
      await once(socket, 'open');
      return () => {
        isOver = true;
        socket.terminate();
      };
    },
  };
}

function streamPath(proxy: TcpProxy): Path {
  return {
    cut: () => interrupt(proxy),
    async open(arrive) {
      const source = new EventSource(`http://127.0.0.1:${proxy.port}/_simulator/events`);
      source.addEventListener('message', ({ lastEventId, data }) => {
        arrive(lastEventId, JSON.stringify(JSON.parse(data).payload));
      });
      await new Promise((resolve) => source.addEventListener('open', resolve, { once: true }));
      return () => source.close();
    },
  };
}

function rabbitPath(proxy: TcpProxy): Path {
  return {
    atLeastOnce: true,
    cut: () => interrupt(proxy),
    async open(arrive) {
      const connection = await connectAmqp(`amqp://guest:guest@127.0.0.1:${services.RabbitMQ.port}`);
      const channel = await connection.createChannel();
      await channel.assertExchange(RUN, 'topic', { durable: true });
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.bindQueue(queue, RUN, '#');
      await channel.consume(
        queue,
        (message) => message !== null && arrive(message.properties.messageId, message.content.toString()),
        { noAck: true },
      );
      return async () => {
        await channel.deleteExchange(RUN);
        await connection.close();
      };
    },
  };
}

function natsPath(proxy: TcpProxy): Path {
  return {
    cut: () => interrupt(proxy),
    async open(arrive) {
      const connection = await connectNats({ servers: `127.0.0.1:${services.NATS.port}` });
      const manager = await jetstreamManager(connection);
      // The simulator makes the stream when it has connected.
      while ((await manager.streams.info(RUN).catch(() => undefined)) === undefined) await wait(20);
      const messages = await (await jetstream(connection).consumers.get(RUN)).consume();
      void (async () => {
        for await (const message of messages) arrive(message.headers?.get('Nats-Msg-Id'), message.string());
      })();
      return async () => {
        messages.stop();
        await manager.streams.delete(RUN);
        await connection.close();
      };
    },
  };
}

function mosquittoPath(proxy: TcpProxy): Path {
  return {
    atLeastOnce: true,
    cut: () => interrupt(proxy),
    async open(arrive) {
      const client = await connectMqtt(`mqtt://127.0.0.1:${services.Mosquitto.port}`, { protocolVersion: 5 });
      client.on('message', (_, body, { properties }) => void arrive(properties?.userProperties?.id, body.toString()));
      await client.subscribeAsync(`${RUN}/#`, { qos: 1 });
      return () => client.endAsync();
    },
  };
}

async function interrupt(proxy: TcpProxy): Promise<void> {
  await proxy.sever();
  await wait(200);
  await proxy.restore();
}
