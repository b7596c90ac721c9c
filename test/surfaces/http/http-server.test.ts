import { Agent, request } from 'node:http';
import { expect, test } from 'vitest';
import { resolveSettings } from '../../../src/config.ts';
import { createHttpServer } from '../../../src/surfaces/http/http-server.ts';
import { startHttp, takePort } from './http-world.ts';

const limits = resolveSettings({});

test('a port that is taken is told with what to do', async () => {
  const { port, free } = await takePort();
  const server = createHttpServer({ host: '127.0.0.1', port, handle: () => {}, limits });
  await expect(server.start()).rejects.toMatchObject({
    code: 'ADDRESS_IN_USE',
    message: `Failed to listen on 127.0.0.1:${port}: the port is in use. Stop the other process or choose another --port.`,
  });
  await free();
});

test('an address that this machine does not have is told', async () => {
  // 192.0.2.0/24 is reserved for documentation, so no machine has it.
  const server = createHttpServer({ host: '192.0.2.1', port: 0, handle: () => {}, limits });
  await expect(server.start()).rejects.toMatchObject({ code: 'ADDRESS_UNAVAILABLE' });
});

test('stopping lets a request under way end, and closes connections that idle', async () => {
  const agent = new Agent({ keepAlive: true });
  let finish = (): void => {};
  const arrived = deferred();
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    handle: (incoming, response) => {
      if (incoming.url === '/slow') {
        finish = () => void response.end('done');
        arrived.resolve();
      } else response.end('quick');
    },
    limits,
  });
  const { url } = await server.start();
  await get(`${url}/quick`, agent);
  const slow = get(`${url}/slow`, agent);
  await arrived.promise;
  const stopped = server.stop();
  await expect(get(`${url}/late`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  finish();
  expect(await slow).toBe('done');
  await stopped;
  agent.destroy();
});

test('stopping does not wait for ever for a request that never ends', async () => {
  const arrived = deferred();
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    handle: () => arrived.resolve(),
    limits: { ...limits, stopTimeout: 20 },
  });
  const { url } = await server.start();
  const hanging = get(url).catch((error: NodeJS.ErrnoException) => error.code);
  await arrived.promise;
  await server.stop();
  expect(await hanging).toBe('ECONNRESET');
});

test('stopping twice, or before it was started, does nothing', async () => {
  const { http } = await startHttp();
  await http.stop();
  await http.stop();
  await createHttpServer({ host: '127.0.0.1', port: 0, handle: () => {}, limits }).stop();
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function get(url: string, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => resolve(text));
    });
    outgoing.on('error', reject).end();
  });
}
