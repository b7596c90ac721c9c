import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { TenantElsewhere } from '../../../src/engine/keeping/commit-log.ts';
import { createPassOn, type PassOnOptions } from '../../../src/surfaces/http/pass-on.ts';
import { Uploads } from '../../../src/surfaces/http/uploads.ts';

async function serve(handle: RequestListener): Promise<number> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A process that passes everything on to a port, and how many requests came in there. */
async function world(options: Partial<PassOnOptions> & { readonly owner?: string } = {}) {
  let asked = 0;
  const port = await serve((_, response) => {
    asked += 1;
    response.end();
  });
  const url = `http://127.0.0.1:${port}`;
  const passOn = createPassOn({
    reopening: async () => {},
    ownUrl: () => url,
    maxBody: 100_000,
    lease: 60_000,
    ...options,
  });
  onTestFinished(() => passOn.close());
  let left: Promise<unknown> | undefined;
  const front = await serve((request, response) => {
    left = once(response, 'close');
    passOn
      .request(request, response, new TenantElsewhere('t', 'owner' in options ? options.owner : url), 't')
      .catch(() => {});
  });
  return {
    front,
    asked: () => asked,
    /** Resolves once it is known that the last client has gone. */
    gone: () => left,
  };
}

/** A connection that has sent a head and some of the body that it announces. */
async function begin(port: number, body: string, length = 50_000): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  socket.write(`POST /v1/things HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${body}`);
  return socket;
}

test('bodies that wait to be passed on have one bound, within which the one that began first goes', async () => {
  const { front, asked } = await world({ uploads: new Uploads(70_000) });
  const first = await begin(front, 'x'.repeat(40_000));
  const reset = once(first, 'close');
  const second = await begin(front, 'x'.repeat(40_000));
  await reset;
  expect(asked()).toBe(0);

  second.write('x'.repeat(10_000));
  await once(second, 'data');
  expect(asked()).toBe(1);
});

test('nobody is asked for a client that has gone while its tenant was looked for', async () => {
  let begun = (_: Socket): void => {};
  const client = new Promise<Socket>((resolve) => {
    begun = resolve;
  });
  const told: string[] = [];
  const { front, asked, gone } = await world({
    owner: undefined,
    reopening: async () => {
      (await client).resetAndDestroy();
      await gone();
    },
    passed: (how) => void told.push(how),
  });
  begun(await begin(front, 'x', 1));
  await expect.poll(() => told).toEqual(['given-up']);
  expect(asked()).toBe(0);
});

/** An owner that takes one request and cuts it off, as one that is killed does, or a fault. */
async function cutter(dies: boolean): Promise<string> {
  const server = createServer((request) => {
    if (dies) server.close();
    request.socket.resetAndDestroy();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a look at an owner that is killed meanwhile is repeated with whoever has the tenant next, a change is not', async () => {
  const looking = await world({ owner: await cutter(true) });
  expect((await fetch(`http://127.0.0.1:${looking.front}/v1/things`)).status).toBe(200);
  expect(looking.asked()).toBe(1);

  const changing = await world({ owner: await cutter(true) });
  await expect(fetch(`http://127.0.0.1:${changing.front}/v1/things`, { method: 'POST' })).rejects.toThrow();
  expect(changing.asked()).toBe(0);
});

test('what an owner that lives cuts off is cut off here', async () => {
  const { front, asked } = await world({ owner: await cutter(false) });
  await expect(fetch(`http://127.0.0.1:${front}/v1/things`)).rejects.toThrow();
  expect(asked()).toBe(0);
});
