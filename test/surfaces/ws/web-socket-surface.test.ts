import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Refusal } from '../../../src/model/command.ts';
import { createTokens } from '../../../src/surfaces/http/auth/tokens.ts';
import { createEntrance } from '../../../src/surfaces/http/entrance.ts';
import { createPageGuard } from '../../../src/surfaces/http/page-guard.ts';
import { createTenantLocator } from '../../../src/surfaces/http/tenant-locator.ts';
import { createDeliveryGuard } from '../../../src/surfaces/own-deliveries.ts';
import { attachWebSockets } from '../../../src/surfaces/ws/web-socket-surface.ts';
import { createWorld, eventOf } from '../test-world.ts';

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function createSurface() {
  const world = await createWorld();
  const server = createServer((request, response) => {
    void text(request).then((body) => response.end(`plain ${request.method} ${request.url} ${body}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const failures: unknown[] = [];
  const tokens = createTokens('seed 1');
  const sockets = attachWebSockets({
    server,
    registry: world.registry,
    entrance: createEntrance({
      tenants: world.tenants,
      locator: createTenantLocator({ tokens, contracts: [] }),
      deliveryGuard: createDeliveryGuard('this-process'),
      start: Date.UTC(2026, 0, 1),
      authenticator: {
        authenticate: ({ system, query }) =>
          system === 'simulator' && query.get('access_token') === 'wrong'
            ? new Refusal(401, 'UNAUTHORIZED', 'Who are you?')
            : undefined,
        refuseNewTenant: () => undefined,
      },
      pageGuard: createPageGuard({ host: '127.0.0.1', allowOrigins: [], allowHosts: [] }),
    }),
    afterWallTime: world.wallTime.afterWallTime,
    reportFailure: (_, error) => failures.push(error),
  });
  open.push(async () => {
    await sockets.close();
    server.closeAllConnections();
    server.close();
    expect(failures).toEqual([]);
  });
  const { port } = server.address() as AddressInfo;
  const connect = async (path: string, headers: Record<string, string> = {}) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    const received: unknown[] = [];
    let wake = () => {};
    socket.on('message', (data, isBinary) => {
      expect(isBinary).toBe(false);
      received.push(JSON.parse(String(data)));
      wake();
    });
    await once(socket, 'open');
    const messages = async (count: number) => {
      while (received.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return received;
    };
    return { socket, messages };
  };
  const refusal = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; body: Record<string, unknown> }>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
      socket.on('error', () => {});
      socket.on('unexpected-response', (_, response) => {
        void text(response).then((body) => resolve({ status: response.statusCode, body: JSON.parse(body) }));
      });
    });
  return { ...world, sockets, port, connect, refusal };
}

test('a channel carries the message of the contract, one a frame, to everybody who listens', async () => {
  const { connect, ask, tenant } = await createSurface();
  const [a, b] = [await connect('/customer/created'), await connect('/customer/created')];

  await ask('publishEvent', { body: { channel: 'customer/updated' } });
  await ask('publishEvent', { body: { channel: 'customer/created' } });

  const payload = tenant.log.read().at(-1)?.payload;
  expect(await a.messages(1)).toEqual([payload]);
  expect(await b.messages(1)).toEqual([payload]);
});

test('a channel of one tenant says nothing of another', async () => {
  const { connect, tenants } = await createSurface();
  const { messages } = await connect('/@acme/customer/created');

  tenants.get('default').log.append([eventOf(1)]);
  tenants.get('acme').log.append([eventOf(2)]);

  expect(await messages(1)).toEqual([{ number: 2 }]);
});

test('the event log is followed from where the client left it', async () => {
  const { connect, tenant } = await createSurface();
  tenant.log.append([eventOf(1), eventOf(2, 'billing/invoice/created'), eventOf(3)]);

  const { messages } = await connect('/_simulator/events?channel=customer/*&after=E-1');
  tenant.log.append([eventOf(4)]);

  expect(await messages(2)).toEqual([eventOf(3), eventOf(4)]);
});

test('Last-Event-ID goes before after, as with server-sent events', async () => {
  const { connect, tenant } = await createSurface();
  tenant.log.append([eventOf(1), eventOf(2)]);

  const { messages } = await connect('/_simulator/events?after=E-2', { 'last-event-id': 'E-1' });

  expect(await messages(1)).toEqual([eventOf(2)]);
});

test.each([
  ['/customer/deleted', 404],
  ['/v1/customers', 404],
  ['/_simulator/events?after=E-9', 410],
  ['/_simulator/events?access_token=wrong', 401],
  ['/@no%20name/customer/created', 400],
  ['/customer/%zz', 400],
])('opening %s is refused with %i', async (path, status) => {
  const { refusal } = await createSurface();

  expect(await refusal(path)).toMatchObject({ status, body: { status, detail: expect.any(String) } });
});

test('a page of another origin hears what a contract sends, and not the event log', async () => {
  const { connect, refusal } = await createSurface();
  const headers = { origin: 'https://evil.example' };

  await connect('/customer/created', headers);

  expect(await refusal('/_simulator/events', headers)).toMatchObject({
    status: 403,
    body: { code: 'ORIGIN_NOT_ALLOWED' },
  });
});

test('what a client sends is ignored, and too much of it ends the connection', async () => {
  const { connect, tenant } = await createSurface();
  const { socket, messages } = await connect('/customer/created');
  socket.send('hello');
  socket.send(new Uint8Array(1_000));
  tenant.log.append([eventOf(1)]);
  expect(await messages(1)).toEqual([{ number: 1 }]);

  socket.send('x'.repeat(64 * 1024 + 1));

  expect((await once(socket, 'close'))[0]).toBe(1009);
});

test('a reader that stops reading is closed with 1013 and told where to resume', async () => {
  const { connect, tenant, wallTime } = await createSurface();
  const { socket, messages } = await connect('/_simulator/events');
  tenant.log.append([eventOf(0)]);
  await messages(1);
  socket.pause();
  const events = Array.from({ length: 300 }, (_, index) => eventOf(index + 1, 'customer/created', 100_000));
  tenant.log.append(events);

  wallTime.pass(2_000);
  socket.resume();

  const [code, reason] = await once(socket, 'close');
  const received = (await messages(1)) as { id: string }[];
  expect(code).toBe(1013);
  expect(String(reason)).toBe(`too slow: resume with after=${received.at(-1)?.id}`);
  expect(received.length).toBeLessThan(300);

  const again = await connect(`/_simulator/events?after=${received.at(-1)?.id}`);
  const rest = (async () => (await again.messages(301 - received.length)) as { id: string }[])();
  let isDone = false;
  void rest.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    wallTime.pass(20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([...received, ...(await rest)].map(({ id }) => id)).toEqual(['E-0', ...events.map(({ id }) => id)]);
});

test('a client that no longer answers is dropped', async () => {
  const { connect, wallTime } = await createSurface();
  const { socket } = await connect('/customer/created');
  socket.pause();

  wallTime.pass(60_000);
  socket.resume();

  expect((await once(socket, 'close'))[0]).toBe(1006);
});

test('closing says goodbye to everybody', async () => {
  const { connect, sockets } = await createSurface();
  const { socket } = await connect('/customer/created');
  const closed = once(socket, 'close');

  await sockets.close();

  expect((await closed)[0]).toBe(1001);
});

test('an offer of HTTP/2 is answered as the plain request that it also is', async () => {
  const { port } = await createSurface();
  const socket = connectTcp(port, '127.0.0.1');
  const offer =
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n';

  socket.write(`POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n${offer}\r\nmany`);
  await new Promise((resolve) => setImmediate(resolve));
  // Must also read what comes later, and answer the next request on the same connection.
  socket.write('more');
  let answer = '';
  socket.on('data', (data) => {
    answer += String(data);
    if (answer.includes('manymore') && !answer.includes('GET'))
      socket.write('GET /next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  });
  await once(socket, 'end');

  expect(answer).toContain('plain POST /orders manymore');
  expect(answer).toContain('plain GET /next');
});
