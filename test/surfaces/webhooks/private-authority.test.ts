import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { createSimulator } from '../../../src/simulator.ts';
import { writeFiles } from '../../contracts/temp-files.ts';
import { startSimulator } from '../../support/simulator.ts';

const pem = (name: string) => resolve('test/support/tls', name);

/** A receiver whose certificate an authority has signed that nobody else knows. */
async function startPrivateReceiver() {
  const received: string[] = [];
  const server = createServer(
    { cert: readFileSync(pem('server.pem')), key: readFileSync(pem('server.key')) },
    async (request, response) => {
      received.push(await text(request));
      response.writeHead(204).end();
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

/** Registers the receiver, signs a customer up, and answers what has become of the delivery. */
async function deliverTo(url: string, options: { readonly ca?: string }) {
  const { ask } = await startSimulator({ systems: ['connectx'], ...options });
  await ask('POST', '/_simulator/webhooks', { url, channels: ['customer/created'] });
  await ask('POST', '/v1/customers', { customerType: 'Individual', email: 'ada@example.com' });
  await ask('POST', '/_simulator/clock/advance', { by: 'PT0S' });
  return (await ask('GET', '/_simulator/deliveries')).body.items[0];
}

test('a receiver behind a private authority is reached where --ca names that', async () => {
  const receiver = await startPrivateReceiver();

  expect(await deliverTo(receiver.url, { ca: pem('ca.pem') })).toMatchObject({ state: 'delivered' });
  expect(JSON.parse(receiver.received[0] ?? '')).toMatchObject({ email: 'ada@example.com' });
});

test('without it the attempt fails, and says why', async () => {
  const receiver = await startPrivateReceiver();

  const { state, attempts } = await deliverTo(receiver.url, {});
  expect(state).toBe('pending');
  expect(attempts[0].error).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN/);
  expect(receiver.received).toEqual([]);
});

test.each([
  ['-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----', 'holds what is no certificate. Name a PEM file'],
  ['hello', 'holds no certificate. Name a PEM file with --ca.'],
])('a file without certificates is refused at the start: %j', async (content, message) => {
  const ca = `${writeFiles({ 'ca.pem': content })}/ca.pem`;

  await expect(createSimulator({ port: 0, ca }).start()).rejects.toThrow(message);
});

test('a file that is not there is refused as well', async () => {
  await expect(createSimulator({ port: 0, ca: 'none.pem' }).start()).rejects.toThrow(
    'Failed to trust the receivers: none.pem does not exist. Name a readable file with --ca.',
  );
});
