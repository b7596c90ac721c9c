import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type SimulatorProcess, startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';
import { get, openIdle, sendRaw, upgrade } from './raw-client.ts';

/** A client that goes on when it is told to stop: it never closes its side. */
async function openStubborn(port: number, bytes: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  socket.write(bytes);
  return socket;
}

async function start(...args: string[]): Promise<SimulatorProcess & { port: number }> {
  const simulator = await startProcess(['--fixture', 'empty', ...args]);
  onTestFinished(async () => void (await simulator.stop()));
  return { ...simulator, port: Number(new URL(simulator.url).port) };
}

test('a refused upgrade with one more byte behind it leaves no connection', async () => {
  const { port, sockets } = await start();
  const before = await sockets();

  const refused = await Promise.all(Array.from({ length: 100 }, () => openStubborn(port, `${upgrade('/nope')}x`)));

  await expect.poll(sockets, { timeout: 10_000 }).toBe(before);
  for (const socket of refused) socket.destroy();
});

test('a client that never closes its side is closed after its refusal', async () => {
  const { port, sockets } = await start();
  const before = await sockets();

  const refused = await Promise.all(
    ['no HTTP at all\r\n\r\n', 'GET / HTTP/1.1\r\nbad header\r\n\r\n', 'x'.repeat(100_000)].map((bytes) =>
      openStubborn(port, bytes),
    ),
  );

  await expect.poll(sockets, { timeout: 10_000 }).toBe(before);
  for (const socket of refused) socket.destroy();
});

test('a client that takes nothing of a stream is closed, and one that does is not', async () => {
  const { url, port, sockets } = await start('--stall-timeout', 'PT1S');
  const ask = askAt(url);
  const events = get('/_simulator/events', ['Accept: text/event-stream']).replace('Connection: close\r\n', '');
  const stalled = await Promise.all(Array.from({ length: 20 }, () => openStubborn(port, events)));
  for (const socket of stalled) socket.pause();
  const reader = await openStubborn(port, events);
  let read = 0;
  reader.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  await expect.poll(sockets).toBeGreaterThan(stalled.length);

  const payload = { text: 'x'.repeat(500_000) };
  for (let count = 0; count < 20; count += 1) {
    await ask('POST', '/_simulator/events', { channel: 'customer/created', payload });
  }

  // Those of the reader and of who publishes are left.
  await expect.poll(sockets, { timeout: 15_000 }).toBeLessThan(stalled.length / 2);
  await expect.poll(() => read).toBeGreaterThan(20 * 500_000);
  expect(reader.destroyed).toBe(false);
  for (const socket of [...stalled, reader]) socket.destroy();
}, 60_000);

test('whatever silent and talking clients there are, the next one is answered', async () => {
  const { url, port } = await start('--max-sockets', '500', '--max-unanswered-sockets', '200');
  const sockets: Socket[] = [];
  for (let batch = 0; batch < 20; batch += 1) {
    const say = batch % 2 === 0 ? '' : 'POST /v1/customers HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{';
    sockets.push(...(await Promise.all(Array.from({ length: 50 }, () => openStubborn(port, say)))));
  }

  // Far less than the silent ones have until they time out.
  const signal = AbortSignal.timeout(10_000);
  expect((await fetch(`${url}/_simulator/health`, { signal })).status).toBe(200);

  for (const socket of sockets) socket.destroy();
});

test('who is in the middle of a second request has not waited since the first', async () => {
  const { port } = await start('--max-unanswered-sockets', '5');
  const client = await openIdle(port);
  let answers = '';
  client.on('data', (chunk: Buffer) => {
    answers += chunk.toString();
  });
  const [head, body] = ['POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n', '{}'];
  client.write(head + body);
  await expect.poll(() => answers).toMatch(/^HTTP\/1\.1 4/);
  const silent = [await openIdle(port), await openIdle(port)];
  client.write(head);
  await new Promise((resolve) => setImmediate(resolve));
  for (let count = 0; count < 4; count += 1) silent.push(await openIdle(port));

  await expect.poll(() => silent[0]?.destroyed).toBe(true);
  client.write(body);
  await expect.poll(() => answers.split('HTTP/1.1 4').length).toBe(3);
  for (const socket of [client, ...silent]) socket.destroy();
});

test('where all connections are in use, one more is told so, and the health is still answered', async () => {
  const { port } = await start('--max-sockets', '20');
  const events = get('/_simulator/events', ['Accept: text/event-stream']).replace('Connection: close\r\n', '');
  const streams = await Promise.all(Array.from({ length: 20 }, () => openStubborn(port, events)));
  await Promise.all(streams.map((socket) => once(socket, 'data')));

  const refused = await sendRaw(port, get('/v1/customers'));
  expect(refused).toMatchObject({ status: 503, isClosed: true });
  expect(refused.text).toContain('retry-after: 1\r\n');
  expect(refused.text).toContain('as many connections are in use as there may be, 20 altogether');
  expect((await sendRaw(port, upgrade('/customer/created'))).status).toBe(503);
  expect((await sendRaw(port, get('/_simulator/health'))).status).toBe(200);

  streams[0]?.destroy();
  await expect.poll(async () => (await sendRaw(port, get('/_simulator/clock'))).status).toBe(200);
  for (const socket of streams) socket.destroy();
});

test('one address cannot take all connections', async () => {
  const { port } = await start('--max-sockets-per-address', '5');
  const socket = await openIdle(port);
  const events = get('/_simulator/events', ['Accept: text/event-stream']).replace('Connection: close\r\n', '');
  const streams = await Promise.all(Array.from({ length: 5 }, () => openStubborn(port, events)));
  await Promise.all(streams.map((stream) => once(stream, 'data')));

  expect((await sendRaw(port, get('/v1/customers'))).status).toBe(503);
  expect((await sendRaw(port, get('/v1/customers'), undefined, '127.0.0.2')).status).toBe(401);
  for (const each of [socket, ...streams]) each.destroy();
});

/** So many requests in one piece. */
function manyAtOnce(count: number, path: string): string {
  return get(path).replace('Connection: close\r\n', '').repeat(count);
}

test('requests that a client sends without waiting for answers are answered in order, and nobody waits for all of them', async () => {
  const { url, port } = await start();
  const path = '/_simulator/contracts/simulator/control/operations';
  await askAt(url)('GET', path);
  let answers = 0;
  const whole = sendRaw(port, manyAtOnce(60, path), (text) => {
    answers = text.split('HTTP/1.1 200 OK').length - 1;
    return answers === 60;
  });
  await expect.poll(() => answers, { interval: 1 }).toBeGreaterThan(0);

  expect((await askAt(url)('GET', '/_simulator/health')).status).toBe(200);
  expect(answers).toBeLessThan(60);
  expect((await whole).isClosed).toBe(false);
});

test('a client that sends more requests than may wait for their answers is closed', async () => {
  const { url, port } = await start();

  const { isClosed } = await sendRaw(port, manyAtOnce(3_000, '/_simulator/health'));

  expect(isClosed).toBe(true);
  expect((await askAt(url)('GET', '/_simulator/health')).status).toBe(200);
});
