import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SimulatorOptions } from '../../../src/config.ts';
import { writeFiles } from '../../contracts/temp-files.ts';
import { startSimulator } from '../../support/simulator.ts';

const pem = (name: string) => resolve('test/support/tls', name);
const SERVER = { tlsCert: pem('server.pem'), tlsKey: pem('server.key') };

const CONTRACT = `
openapi: 3.1.0
info: { title: Vault, version: '1' }
paths:
  /doors: { get: { responses: { '200': { description: Doors, content: { application/json: { schema: { type: array } } } } } } }
  /gold: { get: { security: [{ tls: [] }], responses: { '204': { description: Gold } } } }
components: { securitySchemes: { tls: { type: mutualTLS } } }
`;

async function serveVault(options: SimulatorOptions) {
  const root = writeFiles({ 'vault/vault.openapi.yaml': CONTRACT });
  const { simulator } = await startSimulator({ specs: [join(root, 'vault')], cache: false, ...options });
  return simulator.url;
}

/** Asks as a client that trusts the test's authority, with a certificate where one is named. */
function ask(url: string, certificate?: string, method = 'GET', body?: unknown) {
  const own = certificate && {
    cert: readFileSync(pem(`${certificate}.pem`)),
    key: readFileSync(pem(`${certificate}.key`)),
  };
  return new Promise<{ status?: number; body: string }>((done, failed) => {
    const asked = request(
      url,
      { method, ca: readFileSync(pem('ca.pem')), agent: false, ...(own || {}) },
      (response) => {
        text(response).then((read) => done({ status: response.statusCode, body: read }), failed);
      },
    );
    asked.on('error', failed);
    if (body !== undefined) asked.setHeader('content-type', 'application/json');
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

test('with a certificate and its key everything comes by HTTPS, links and deliveries to itself included', async () => {
  const { simulator } = await startSimulator({ ...SERVER, systems: ['connectx'] });
  const { url } = simulator;
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);

  const hook = { url: 'http://simulator/_simulator/inbox/hook', channels: ['customer/*'] };
  expect((await ask(`${url}/_simulator/webhooks`, undefined, 'POST', hook)).status).toBe(201);
  const heard = new WebSocket(`${url.replace('https', 'wss')}/customer/created`, {
    ca: readFileSync(pem('ca.pem')),
    headers: { authorization: 'Bearer anything' },
  });
  const message = new Promise((done) => heard.once('message', (data) => done(JSON.parse(String(data)))));
  await new Promise((done) => heard.once('open', done));
  const event = { channel: 'customer/created' };
  expect((await ask(`${url}/_simulator/events`, undefined, 'POST', event)).status).toBe(201);
  expect(await message).toHaveProperty('customerId');
  heard.close();

  await ask(`${url}/_simulator/clock/advance`, undefined, 'POST', { by: 'PT1S' });
  const inbox = JSON.parse((await ask(`${url}/_simulator/inbox/hook/messages`)).body);
  expect(inbox.items).toHaveLength(1);
});

test('links start with https after a handle in the same process has asked first', async () => {
  const { simulator } = await startSimulator({ ...SERVER, systems: ['connectx'] });
  await simulator.tenant().clock.now();
  const { body } = await ask(`${simulator.url}/_simulator/contracts/connectx/bss-api`);
  expect(body).toContain(`url: ${simulator.url}\n`);
});

test('mutual TLS is satisfied by a certificate that the named authority has signed, and by none over plain HTTP', async () => {
  const url = await serveVault({ ...SERVER, tlsClientCa: pem('ca.pem') });

  expect((await ask(`${url}/doors`)).status).toBe(200);
  expect((await ask(`${url}/gold`)).status).toBe(401);
  expect((await ask(`${url}/gold`, 'stranger')).status).toBe(401);
  expect((await ask(`${url}/gold`, 'client')).status).toBe(204);
  expect((await fetch(`${await serveVault({})}/gold`)).status).toBe(204);
});

test.each([
  [{ tlsCert: pem('server.pem') }, 'a certificate and its key are both needed'],
  [{ ...SERVER, tlsKey: pem('none.key') }, 'none.key does not exist'],
  [{ ...SERVER, tlsKey: pem('client.key') }, 'the files make no server'],
])('%o is refused at the start', async (options, why) => {
  await expect(startSimulator(options)).rejects.toThrow(why);
});
