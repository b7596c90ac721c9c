import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { type RunCommand, runScenarios } from '../../src/cli/run.ts';
import { freePort } from '../support/own-server.ts';
import { runIo } from '../support/run-io.ts';
import { startSimulator } from '../support/simulator.ts';

const OPENAPI = `openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
servers: [{ url: https://shop.example.com/v2 }]
paths:
  /orders:
    post:
      operationId: placeOrder
      security: [{ oauth: [all] }]
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '202': { description: Accepted } }
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: https://shop.example.com/token, scopes: { all: All } } }
`;
const ASYNCAPI = `asyncapi: 2.6.0
info: { title: Shop events, version: 1.0.0 }
servers: { live: { url: wss://events.example.com/stream, protocol: wss } }
channels:
  order/shipped: { subscribe: { operationId: onShipped, message: { payload: { type: object } } } }
  order/cancel: { publish: { operationId: cancel, message: { payload: { type: object } } } }
`;
const STORY = (steps: string) => `arazzo: 1.1.0
info: { title: Order, version: 1.0.0 }
sourceDescriptions:
  - { name: shop, url: shop.openapi.yaml, type: openapi }
  - { name: events, url: events.asyncapi.yaml, type: asyncapi }
  - { name: control, url: ${join(import.meta.dirname, '../../specs/simulator/control.openapi.yaml')}, type: openapi }
workflows:
  - workflowId: order
    steps:
${steps}`;
const PLACE = `      - stepId: place
        operationId: $sourceDescriptions.shop.placeOrder
        requestBody: { payload: { item: pen } }
        successCriteria: [{ condition: $statusCode == 202 }]
        outputs: { id: $response.body#/id }
`;

/** A system that we did not write: it ships each order as soon as it is placed, and again where it is cancelled. */
async function startShop({ busy = 0 } = {}) {
  const requests: Pick<IncomingMessage, 'url' | 'headers'>[] = [];
  const listened: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    if (request.url !== '/v2/orders') return void response.writeHead(404).end();
    void json(request).then(() => {
      const isBusy = requests.length <= busy + 1 && busy > 0;
      if (isBusy) return void response.writeHead(503, { 'retry-after': '0' }).end();
      tell('/stream/order/shipped', { order: 'other' });
      tell('/stream/order/shipped', { order: 7 });
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"id":7}');
    });
  });
  const sockets = new WebSocketServer({ server });
  const paths = new Map<unknown, string | undefined>();
  const tell = (path: string, message: unknown) => {
    for (const socket of sockets.clients) if (paths.get(socket) === path) socket.send(JSON.stringify(message));
  };
  sockets.on('connection', (socket, { url, headers }) => {
    paths.set(socket, url);
    listened.push(`${url} ${headers.authorization ?? ''}`.trimEnd());
    socket.on('message', (data) => tell('/stream/order/shipped', { cancelled: JSON.parse(String(data)).order }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { target: `http://127.0.0.1:${port}`, requests, listened, sockets };
}

async function storyIn(story: string) {
  const directory = await mkdtemp(join(tmpdir(), 'target-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'shop.openapi.yaml'), OPENAPI);
  await writeFile(join(directory, 'events.asyncapi.yaml'), ASYNCAPI);
  await writeFile(join(directory, 'story.arazzo.yaml'), story);
  return directory;
}

async function play(story: string, command: Partial<RunCommand>) {
  const directory = await storyIn(story);
  const { io, texts } = runIo(directory);
  return { code: await runScenarios({ files: ['story.arazzo.yaml'], ...command }, io), ...texts, directory };
}

test('on another system a story plays over HTTP, and listens by WebSocket from its start', async () => {
  const { target, requests, listened } = await startShop();
  const { code, out, directory } = await play(
    STORY(`${PLACE}      - stepId: shipped
        operationId: $sourceDescriptions.events.onShipped
        action: receive
        correlationId: $steps.place.outputs.id
        successCriteria: [{ condition: $message.payload#/order == 7 }]
`),
    { target, token: 'secret', coverage: 'coverage.json' },
  );
  expect(out).toContain('✓ story.arazzo.yaml › order (2 steps');
  expect(code).toBe(0);
  expect(requests.map(({ url }) => url)).toEqual(['/_simulator/health', '/v2/orders']);
  expect(requests[1]?.headers).toMatchObject({ authorization: 'Bearer secret' });
  expect(requests[1]?.headers['x-simulator-tenant']).toBeUndefined();
  expect(listened).toEqual(['/stream/order/shipped Bearer secret']);
  expect(JSON.parse(await readFile(join(directory, 'coverage.json'), 'utf8'))).toMatchObject({
    items: [{ totals: { operations: { covered: 1 } } }, { totals: { channels: { covered: 1, total: 2 } } }],
  });
});

test('what a story sends goes over the WebSocket of its channel', async () => {
  const { target } = await startShop();
  const { code, out } = await play(
    STORY(`      - stepId: cancel
        operationId: $sourceDescriptions.events.cancel
        action: send
        requestBody: { payload: { order: 9 } }
      - stepId: told
        operationId: $sourceDescriptions.events.onShipped
        action: receive
        successCriteria: [{ condition: $message.payload#/cancelled == 9 }]
`),
    { target },
  );
  expect(code, out).toBe(0);
});

test('a message that does not come is waited for in real time, and others are shown', async () => {
  const { target } = await startShop();
  const { code, out } = await play(
    STORY(`${PLACE}      - stepId: shipped
        operationId: $sourceDescriptions.events.onShipped
        action: receive
        correlationId: nobody
        timeout: 30
`),
    { target },
  );
  expect(code).toBe(1);
  expect(out).toContain('No message with the correlation id `nobody` came on `order/shipped` within 30 ms.');
  expect(out).toContain('event order/shipped at ');
});

test('a retry waits in real time for as long as the server wants', async () => {
  const { target, requests } = await startShop({ busy: 2 });
  const { code, out } = await play(
    STORY(
      PLACE.replace(
        '        outputs',
        '        onFailure: [{ name: again, type: retry, retryAfter: 60, retryLimit: 3 }]\n        outputs',
      ),
    ),
    { target },
  );
  expect(code, out).toBe(0);
  expect(requests.filter(({ url }) => url === '/v2/orders')).toHaveLength(3);
});

test('a connection that is lost fails the step that waits for it', async () => {
  const { target, sockets } = await startShop();
  sockets.on('connection', (socket) => socket.close(1013, 'too busy'));
  const { code, out } = await play(
    STORY(`      - { stepId: shipped, operationId: $sourceDescriptions.events.onShipped, action: receive }\n`),
    { target },
  );
  expect(code).toBe(1);
  expect(out).toMatch(/nothing more comes from ws:\S+\/stream\/order\/shipped: it was closed with 1013 too busy/);
});

test('a step of the control API is refused before anything is done', async () => {
  const { target, requests } = await startShop();
  const { code, out } = await play(
    STORY(`${PLACE}      - stepId: later
        operationId: $sourceDescriptions.control.advanceClock
        requestBody: { payload: { by: P1D } }
`),
    { target },
  );
  expect(code).toBe(1);
  expect(out).toContain(
    `step \`later\` (story.arazzo.yaml:15) calls \`advanceClock\` of the simulator's own API, and ${target} is no simulator. Leave it out, or play the workflow on a simulator.`,
  );
  expect(requests.map(({ url }) => url)).toEqual(['/_simulator/health']);
});

test.each([
  [{ seed: 2 }, '--seed needs a simulator'],
  [{ speed: 60 }, '--speed needs a simulator'],
  [{ verify: 'golden' }, '--verify needs a simulator'],
  [{ adminToken: 'x' }, 'it is no simulator, which --admin-token is for'],
  [{ target: 'nowhere' }, 'is no address'],
  [{ target: undefined, token: 'x' }, '--token is for a target'],
])('what another system cannot do is refused with exit code 2: %o', async (command, reason) => {
  const { target } = await startShop();
  const { code, err } = await play(STORY(PLACE), { target, ...command });
  expect(err).toContain(reason);
  expect(code).toBe(2);
});

test('a target that does not answer is refused with exit code 2', async () => {
  const { code, err } = await play(STORY(PLACE), { target: `http://127.0.0.1:${await freePort()}` });
  expect(err).toMatch(/cannot be played on: fetch failed \(.*ECONNREFUSED.*\)\. Check the address/);
  expect(code).toBe(2);
});

const { simulator, ask } = await startSimulator({ clock: 'real@2026-01-01T00:00:00Z' });
const SPECS = join(import.meta.dirname, '../../specs/connectx');

const CUSTOMER = `arazzo: 1.1.0
info: { title: Customer, version: 1.0.0 }
sourceDescriptions:
  - { name: bss, url: ${SPECS}/bss-api.openapi.yaml, type: openapi }
  - { name: events, url: ${SPECS}/bss-events.asyncapi.yaml, type: asyncapi }
workflows:
  - workflowId: join
    steps:
      - stepId: create
        operationId: $sourceDescriptions.bss.createCustomer
        requestBody: { payload: { customerType: Individual, email: ada@example.com } }
        successCriteria: [{ condition: $statusCode == 201 }]
        outputs: { id: $response.body#/customerId }
      - stepId: hear
        operationId: $sourceDescriptions.events.onCustomerCreated
        action: receive
        correlationId: $steps.create.outputs.id
`;

test('on a simulator that runs already a story plays in a tenant of its own, with its seed', async () => {
  const target = simulator.url;
  const { code, out } = await play(CUSTOMER, { target, seed: 5 });
  expect(code, out).toBe(0);
  expect((await ask('GET', '/_simulator/tenants')).body.items).toMatchObject([
    { name: 'default' },
    { name: 'story.join' },
  ]);
});

test('to who does not know that it is one, a simulator is a system like any other', async () => {
  const directory = await storyIn(CUSTOMER);
  const { io, texts } = runIo(directory);
  // What a proxy does that lets nobody to the control API.
  const fetchWithoutControl: typeof io.fetch = async (url, init) =>
    url.includes('/_simulator') ? { status: 404, headers: [], text: async () => '' } : io.fetch(url, init);
  const command = { files: ['story.arazzo.yaml'], target: simulator.url, token: 'any' };
  expect(await runScenarios(command, { ...io, fetch: fetchWithoutControl }), texts.out + texts.err).toBe(0);
});
