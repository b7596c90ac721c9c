import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startSimulator } from '../support/simulator.ts';

const MIB = 2 ** 20;
const EVENTS = 200;
const SIZE = 100_000;

test('a stalled WebSocket slows nobody, costs 4 MiB at most, and is cut with 1013 and its last id', async () => {
  const serverSockets = new Map<number | undefined, Socket>();
  const keep = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    serverSockets.set(socket.remotePort, socket);
  };
  subscribe('net.server.socket', keep);
  afterAll(() => unsubscribe('net.server.socket', keep));
  const { simulator, ask } = await startSimulator({ fixture: 'empty' });
  const listen = async (query = '') => {
    const socket = new WebSocket(`${simulator.url.replace('http', 'ws')}/_simulator/events${query}`);
    const ids: string[] = [];
    socket.on('message', (data) => ids.push(/^\{"id":"([^"]+)"/.exec(String(data))?.[1] ?? ''));
    let localPort: number | undefined;
    socket.on('upgrade', (response) => {
      localPort = response.socket.localPort;
    });
    await once(socket, 'open');
    return { socket, ids, buffered: () => serverSockets.get(localPort)?.writableLength ?? Number.NaN };
  };
  const published: string[] = [];
  const companyName = 'x'.repeat(SIZE);
  const publish = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const { body } = await ask('POST', '/_simulator/events', {
        channel: 'customer/updated',
        payload: { companyName },
      });
      published.push(body.id);
    }
  };
  const others = await Promise.all(Array.from({ length: 5 }, () => listen()));
  const stalled = await listen();
  const round = async (): Promise<number> => {
    const start = performance.now();
    await publish(EVENTS);
    for (const { ids } of others) await expect.poll(() => ids.length, { interval: 5 }).toBe(published.length);
    return performance.now() - start;
  };
  const before = await round();
  await expect.poll(() => stalled.ids.length).toBe(EVENTS);

  stalled.socket.pause();
  let most = 0;
  let last = 0;
  let isGivenUp = false;
  const sampling = setInterval(() => {
    const buffered = stalled.buffered();
    // Once its buffer has not shrunk for a second, a close frame waits behind the events; on a busy machine that may come
    // before the others have heard everything.
    isGivenUp ||= isCloseFrame(buffered - last);
    last = buffered;
    most = Math.max(most, buffered);
  }, 2);
  const during = await round();
  await expect.poll(() => isGivenUp, { timeout: 10_000, interval: 5 }).toBe(true);
  clearInterval(sampling);
  const closed = once(stalled.socket, 'close');
  stalled.socket.resume();
  const [code, reason] = await closed;

  expect(most).toBeGreaterThan(3.9 * MIB);
  expect(most).toBeLessThan(4 * MIB + 2 * SIZE);
  expect(during).toBeLessThan(before * 3 + 1_000);
  for (const { ids } of others) expect(ids).toEqual(published);
  expect(code).toBe(1013);
  expect(String(reason)).toBe(`too slow: resume with after=${stalled.ids.at(-1)}`);
  expect(stalled.ids.length).toBeLessThan(published.length);

  const resumed = await listen(`?after=${stalled.ids.at(-1)}`);
  await expect.poll(() => stalled.ids.length + resumed.ids.length).toBe(published.length);
  expect([...stalled.ids, ...resumed.ids]).toEqual(published);
});

function isCloseFrame(size: number): boolean {
  return size > 0 && size < 130;
}
