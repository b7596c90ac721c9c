import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';

const simulator = await startProcess(['--fixture', 'empty']);
afterAll(() => simulator.stop());
const ask = askAt(simulator.url);

/** A receiver that answers after a while, or never; it is gone after the tests. */
async function receiver(
  after: (path: string) => number,
  then: (headers: IncomingHttpHeaders) => Promise<unknown> = async () => {},
): Promise<string> {
  const server = createServer(async (request, response) => {
    const milliseconds = after(request.url ?? '');
    if (milliseconds === Number.POSITIVE_INFINITY) return;
    await wait(milliseconds);
    await then(request.headers);
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function listen(tenant: string, urls: readonly string[]): Promise<void> {
  for (const url of urls) await ask('POST', `/@${tenant}/_simulator/webhooks`, { url, channels: ['customer/created'] });
  await ask('POST', `/@${tenant}/v1/customers`, { customerType: 'Individual', email: 'a@example.com' });
}

test('a receiver that hangs is put off after its first time-out, and nobody else waits for it', async () => {
  const hung = await receiver(() => Number.POSITIVE_INFINITY);
  await listen(
    'hung',
    Array.from({ length: 100 }, (_, index) => `${hung}/${index}`),
  );

  const began = performance.now();
  expect((await ask('GET', '/@hung/_simulator/transcript/digest')).status).toBe(200);
  expect((await ask('POST', '/@hung/_simulator/snapshots')).status).toBe(201);
  expect(performance.now() - began).toBeLessThan(4_000);
  expect((await ask('POST', '/@hung/_simulator/clock/advance', { by: 'PT1M' })).status).toBe(200);
  // One after another, each with its five seconds, they would take a quarter of an hour.
  expect(performance.now() - began).toBeLessThan(60_000);
}, 90_000);

test('a reset does not wait for a receiver, nor does what comes after it', async () => {
  const hung = await receiver(() => Number.POSITIVE_INFINITY);
  const well = await receiver(() => 0);
  await listen('anew', [hung]);

  const began = performance.now();
  await ask('POST', '/@anew/_simulator/reset');
  await listen('anew', [well]);
  await ask('POST', '/@anew/_simulator/clock/advance', { by: 'PT1S' });

  expect((await ask('GET', '/@anew/_simulator/deliveries')).body.items).toMatchObject([{ state: 'delivered' }]);
  expect(performance.now() - began).toBeLessThan(4_000);
});

test('however long each receiver takes, the record is the same', async () => {
  const digests: string[] = [];
  for (const seed of [1, 7, 13]) {
    const receivers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => receiver(() => ((index * seed) % 5) * 150)),
    );
    await ask('POST', '/@record/_simulator/reset', { fixture: 'empty' });
    await listen('record', receivers);
    await ask('POST', '/@record/_simulator/clock/advance', { by: 'PT1H' });
    const { text } = await ask('GET', '/@record/_simulator/transcript');
    digests.push(text.replaceAll(/127\.0\.0\.1:\d+/g, 'receiver'));
  }
  expect(digests[0]).toContain('receiver');
  expect(new Set(digests).size).toBe(1);
});

test('what receivers ask for when they are called happens in their order, however long each takes', async () => {
  const records: string[] = [];
  const ACCOUNTS = '/@answering/billingaccounttmfwebservices/v2/billingAccount';
  for (const delays of [
    [0, 0, 0, 0],
    [400, 0, 250, 0],
    [0, 400, 0, 150],
  ]) {
    await ask('POST', '/@answering/_simulator/reset', { fixture: 'empty' });
    const receivers = await Promise.all(
      delays.map((delay, index) =>
        receiver(
          () => delay,
          async ({ traceparent }) =>
            ask('POST', ACCOUNTS, { name: `receiver ${index}` }, { traceparent: String(traceparent) }),
        ),
      ),
    );
    await listen('answering', receivers);
    await ask('POST', '/@answering/_simulator/clock/advance', { by: 'PT1S' });
    const accounts = (await ask('GET', ACCOUNTS)).body as { id: string; name: string }[];
    const { text } = await ask('GET', '/@answering/_simulator/transcript');
    records.push(
      JSON.stringify(accounts.map(({ id, name }) => [id, name])) + text.replaceAll(/127\.0\.0\.1:\d+/g, 'receiver'),
    );
  }
  expect(records[0]).toContain('receiver 3');
  expect(new Set(records).size).toBe(1);
});
