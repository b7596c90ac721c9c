import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';
import { startReceiver } from '../surfaces/webhooks/receiver.ts';
import { get, post } from './raw-client.ts';

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
  '%s ends it in a moment, whatever listens, hangs or has not ended',
  async (signal) => {
    const simulator = await startProcess(['--fixture', 'empty', '--log-level', 'warn']);
    const port = Number(new URL(simulator.url).port);
    const ask = askAt(simulator.url);
    const hung = await startReceiver(() => new Promise(() => {}));
    await ask('POST', '/_simulator/webhooks', { url: hung.url, channels: ['customer/created'] });
    const open = async (bytes: string | Buffer) => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
      await once(socket, 'connect');
      socket.write(bytes);
      return socket;
    };
    const stream = await open(get('/_simulator/events', ['Accept: text/event-stream']));
    await once(stream, 'data');
    const upload = await open('POST /v1/customers HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{');
    const idle = await open(get('/_simulator/health').replace('Connection: close\r\n', ''));
    await once(idle, 'data');
    const socket = new WebSocket(`ws://127.0.0.1:${port}/customer/created`);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await ask('POST', '/v1/customers', { customerType: 'Individual', email: 'ada@example.com' });
    await expect.poll(() => hung.received.length).toBe(1);

    const began = performance.now();
    const stopped = simulator.stop(signal);
    expect((await closed)[0]).toBe(1001);
    // On a connection that is open still, and begun in time.
    upload.write(`${' '.repeat(998)}}${post('/v1/customers', '{}').toString()}`);

    expect(await stopped).toBe(0);
    // Half a second on a machine that has nothing else to do.
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(JSON.parse(simulator.log().trim())).toMatchObject({ tenant: 'default', pending: 1 });
    for (const each of [stream, upload, idle]) each.destroy();
  },
);

test('no new request is taken once it stops, not even on a connection that is open', async () => {
  const simulator = await startProcess(['--fixture', 'empty']);
  const port = Number(new URL(simulator.url).port);
  const hung = await startReceiver(() => new Promise(() => {}));
  const ask = askAt(simulator.url);
  await ask('POST', '/_simulator/webhooks', { url: hung.url, channels: ['customer/created'] });
  await ask('POST', '/v1/customers', { customerType: 'Individual', email: 'ada@example.com' });
  await expect.poll(() => hung.received.length).toBe(1);
  // The head of a request, of which the last line is still to come.
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  const request = get('/v1/customers', ['Authorization: Bearer a']);
  socket.write(request.slice(0, -2));
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  const listener = new WebSocket(`ws://127.0.0.1:${port}/customer/created`);
  await once(listener, 'open');
  const closed = once(listener, 'close');

  const stopped = simulator.stop();
  await closed;
  socket.write('\r\n');

  await expect.poll(() => text).toContain('the simulator stops');
  expect(text).toMatch(/^HTTP\/1\.1 503 /);
  await expect(fetch(simulator.url)).rejects.toThrow();
  expect(await stopped).toBe(0);
});

test('a broker that confirms nothing and a collector that never answers hold it up no longer', async () => {
  const collector = await startReceiver(() => new Promise(() => {}));
  const hung = await startReceiver(() => new Promise(() => {}));
  // It takes whoever connects (CONNACK), and then says nothing more.
  const broker = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.write(Uint8Array.of(0x20, 2, 0, 0)));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void broker.close());
  await once(broker, 'listening');
  const queue = `mqtt://127.0.0.1:${(broker.address() as AddressInfo).port}`;
  const args = ['--fixture', 'empty', '--queue', queue, '--otlp', collector.url, '--log-level', 'warn'];
  const simulator = await startProcess(args);
  const ask = askAt(simulator.url);
  await ask('POST', '/_simulator/webhooks', { url: hung.url, channels: ['customer/created'] });
  await ask('POST', '/v1/customers', { customerType: 'Individual', email: 'ada@example.com' });
  await expect.poll(() => [hung.received.length, collector.received.length], { timeout: 5_000 }).toEqual([1, 1]);

  const began = performance.now();
  expect(await simulator.stop()).toBe(0);

  expect(performance.now() - began).toBeLessThan(2_000);
  expect(simulator.log()).toContain('stopped with events that the broker has not confirmed');
  expect(simulator.log()).toContain('stopped with spans that the collector has not taken');
});
