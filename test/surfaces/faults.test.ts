import { Agent, request as httpRequest, type RequestOptions } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startSimulator } from '../support/simulator.ts';

const { simulator, ask } = await startSimulator();
const CUSTOMER = { customerType: 'Individual', firstName: 'Ann', lastName: 'Lee', email: 'ann@example.com' };

/** Each test has a tenant of its own. */
function tenant(name: string) {
  const headers = { 'x-simulator-tenant': name };
  const at = (method: string, path: string, body?: unknown) => ask(method, path, body, headers);
  return {
    ask: at,
    fault: (body: unknown) => at('POST', '/_simulator/faults', body),
    url: `${simulator.url}/@${name}`,
  };
}

test('a request that fails by a fault is answered in the error format of its system, and changes nothing', async () => {
  const { ask, fault } = tenant('fails');
  const before = (await ask('GET', '/v1/customers?pageSize=1')).body.pagination;

  const added = await fault({ match: { operationId: 'createCustomer' }, fault: { status: 503 }, times: 1 });
  expect(added).toMatchObject({ status: 201, body: { id: 'FLT-000001', times: 1, seen: 0, used: 0 } });
  const failed = await ask('POST', '/v1/customers', CUSTOMER);

  expect(failed).toMatchObject({
    status: 503,
    body: { code: 'FAULT', message: expect.stringContaining('FLT-000001') },
  });
  expect((await ask('GET', '/v1/customers?pageSize=1')).body.pagination).toEqual(before);
  expect((await ask('GET', '/_simulator/events')).body.items).toEqual([]);
  expect((await ask('POST', '/v1/customers', CUSTOMER)).status).toBe(201);
  expect((await ask('GET', '/_simulator/faults')).body.items).toMatchObject([{ times: 0, seen: 1, used: 1 }]);
  expect((await ask('GET', '/_simulator/requests')).body.items[1]).toMatchObject({
    response: { status: 503 },
    notes: ['The fault FLT-000001 struck.'],
  });
});

test('a fault answers with the status, headers and body that it is given', async () => {
  const { ask, fault } = tenant('answers');
  await fault({
    match: { method: 'get', path: '/v1/customers*' },
    fault: { status: 429, headers: { 'Retry-After': '7' }, body: { slow: true } },
  });

  const answer = await ask('GET', '/v1/customers/CUS-000001?x=1');

  expect(answer).toMatchObject({ status: 429, body: { slow: true } });
  expect(answer.headers.get('retry-after')).toBe('7');
  expect((await ask('GET', '/v1/products')).status).toBe(200);
});

test('headers alone are added to what the operation answers', async () => {
  const { ask, fault } = tenant('headers');
  await fault({ match: { path: '/v1/customers/{customerId}' }, fault: { headers: { 'x-cache': 'stale' } } });

  const answer = await ask('GET', '/v1/customers/CUS-000001');

  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-cache')).toBe('stale');
});

test.each([
  ['reset', { reset: true }, 'ECONNRESET'],
  ['truncate', { truncate: true }, 'aborted'],
])('a connection breaks by %s, and what was asked for is undone', async (name, effect, message) => {
  const { ask, fault, url } = tenant(name);
  await fault({ match: { operationId: 'createCustomer' }, fault: effect });

  await expect(post(`${url}/v1/customers`, CUSTOMER)).rejects.toThrow(message);

  expect((await ask('GET', '/_simulator/events')).body.items).toEqual([]);
  expect((await ask('GET', '/_simulator/health')).status).toBe(200);
});

test('a malformed answer is that of the operation, but no JSON, and what was asked for is undone', async () => {
  const { ask, fault, url } = tenant('malformed');
  await fault({ match: { operationId: 'createCustomer' }, fault: { malformed: true } });

  const { status, text } = await post(`${url}/v1/customers`, CUSTOMER);

  expect(status).toBe(201);
  expect(text).toContain('"Lee"');
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect((await ask('GET', '/_simulator/events')).body.items).toEqual([]);
});

test('latency is wall time only where it is asked to be, or where the clock runs', async () => {
  const { ask, fault } = tenant('slow');
  await fault({ match: { operationId: 'listProducts' }, fault: { latency: 'PT1H' } });
  await fault({ match: { operationId: 'listCustomers' }, fault: { latency: 'PT0.2S', real: true } });

  // An hour is told from a moment on however slow a machine.
  expect(await timed(() => ask('GET', '/v1/products'))).toBeLessThan(30_000);
  expect(await timed(() => ask('GET', '/v1/customers'))).toBeGreaterThanOrEqual(190);

  await ask('PUT', '/_simulator/clock', { mode: 'real', rate: 18_000 });
  expect(await timed(() => ask('GET', '/v1/products'))).toBeGreaterThanOrEqual(190);
});

test('the control API is left alone, and its inbox answers as a fault tells it', async () => {
  const { ask, fault } = tenant('inbox');
  await fault({ match: {}, fault: { status: 500 } });
  expect((await ask('POST', '/_simulator/inbox/a', { n: 1 })).status).toBe(200);

  await fault({ match: { path: '/_simulator/inbox/a' }, fault: { status: 503 } });
  expect((await ask('POST', '/_simulator/inbox/a', { n: 2 })).status).toBe(503);

  expect((await ask('GET', '/_simulator/inbox/a/messages')).body.items).toHaveLength(2);
  expect((await ask('DELETE', '/_simulator/faults')).status).toBe(204);
  expect((await ask('GET', '/v1/products')).status).toBe(200);
});

test('a fault that could never strike is refused', async () => {
  const { ask, fault } = tenant('wrong');

  const { status, body } = await fault({
    match: { channel: '*', operationId: 'listProducts' },
    fault: { status: 500, latency: 'soon' },
  });

  expect(status).toBe(400);
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
    '/match/operationId',
    '/fault/status',
    '/fault/latency',
  ]);
  expect((await ask('DELETE', '/_simulator/faults/FLT-9')).status).toBe(404);
});

test('faults go with resets, and come back with snapshots', async () => {
  const { ask, fault } = tenant('state');
  await fault({ match: {}, fault: { status: 500 }, times: 5 });
  await ask('GET', '/v1/products');
  const { id } = (await ask('POST', '/_simulator/snapshots')).body;

  await ask('POST', '/_simulator/reset');
  expect((await ask('GET', '/_simulator/faults')).body.items).toEqual([]);
  await ask('POST', `/_simulator/snapshots/${id}/restore`);
  expect((await ask('GET', '/_simulator/faults')).body.items).toMatchObject([{ times: 4 }]);
});

test('events are dropped, doubled, reordered and cut off on their way, and the log holds them all', async () => {
  const { ask, fault, url } = tenant('events');
  const publish = (n: number) =>
    ask('POST', '/_simulator/events', { channel: 'customer/created', payload: { eventId: `E-${n}` } });
  for (const effect of [{ drop: true }, { duplicate: true }, { reorder: true }]) {
    await fault({ match: { channel: 'customer/*' }, fault: effect, times: 1 });
  }
  const first = listen(`${url}/_simulator/events`);
  await first.opened;
  for (const n of [1, 2, 3, 4, 5]) await publish(n);
  await first.until(5);

  expect(first.ids).toEqual(['E-2', 'E-2', 'E-4', 'E-3', 'E-5']);
  const log = (await ask('GET', '/_simulator/events')).body.items;
  expect(log.map(({ id }: { id: string }) => id)).toEqual(['E-1', 'E-2', 'E-3', 'E-4', 'E-5']);

  await fault({ match: { channel: 'customer/*' }, fault: { disconnect: true }, times: 1 });
  await publish(6);
  await first.closed;
  expect(first.ids).toHaveLength(5);

  // Must resume without loss, and from a dropped event too.
  const second = listen(`${url}/_simulator/events?after=E-5`);
  await second.until(1);
  expect(second.ids).toEqual(['E-6']);
  const third = listen(`${url}/_simulator/events?after=E-1`);
  await third.until(6);
  expect(third.ids).toEqual(['E-2', 'E-2', 'E-4', 'E-3', 'E-5', 'E-6']);
  second.close();
  third.close();
});

test('a delayed event goes out when the clock has passed its delay', async () => {
  const { ask, fault, url } = tenant('delay');
  await fault({ match: { channel: 'customer/*' }, fault: { latency: 'PT10M' }, times: 1 });
  const listener = listen(`${url}/_simulator/events`);
  await listener.opened;
  for (const eventId of ['E-1', 'E-2']) {
    await ask('POST', '/_simulator/events', { channel: 'customer/created', payload: { eventId } });
  }
  await listener.until(1);
  expect(listener.ids).toEqual(['E-2']);

  await ask('POST', '/_simulator/clock/advance', { by: 'PT10M' });
  await listener.until(2);
  expect(listener.ids).toEqual(['E-2', 'E-1']);
  listener.close();
});

test('a delivery fails, waits or is lost as if its receiver did it', async () => {
  const { ask, fault } = tenant('deliveries');
  const url = 'http://simulator/_simulator/inbox/hooks';
  await ask('POST', '/_simulator/webhooks', { url, channels: ['customer/*'] });
  await fault({ match: { target: '*/hooks' }, fault: { status: 500 }, times: 1 });
  await fault({ match: { target: '*/hooks' }, fault: { drop: true }, times: 1 });
  await fault({ match: { target: '*/hooks' }, fault: { latency: 'PT2M' }, times: 1 });
  await ask('POST', '/v1/customers', CUSTOMER);

  await ask('POST', '/_simulator/clock/advance', { by: 'PT1H' });

  const [delivery] = (await ask('GET', '/_simulator/deliveries')).body.items;
  expect(delivery).toMatchObject({
    state: 'delivered',
    attempts: [{ status: 500 }, { error: expect.stringContaining('FLT-000002') }, { status: 200 }],
  });
  const [second, third] = delivery.attempts.slice(1).map(({ at }: { at: string }) => Date.parse(at));
  expect(third - second).toBeGreaterThanOrEqual(7 * 60_000);
  expect((await ask('GET', '/_simulator/inbox/hooks/messages')).body.items).toHaveLength(1);
});

async function timed(body: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await body();
  return performance.now() - began;
}

/** A request on a connection of its own, with the error as Node tells it. */
function post(url: string, body: unknown): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer anything' };
    const request = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

function listen(url: string) {
  const socket = new WebSocket(url.replace('http', 'ws'));
  const ids: string[] = [];
  let changed = () => {};
  socket.on('message', (data) => {
    ids.push(JSON.parse(String(data)).id);
    changed();
  });
  return {
    ids,
    opened: new Promise<void>((resolve) => socket.once('open', () => resolve())),
    closed: new Promise<void>((resolve) => socket.once('close', () => resolve())),
    close: () => socket.close(),
    async until(count: number): Promise<void> {
      while (ids.length < count) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    },
  };
}

test('an answer is lost after the change was made, and the journal shows the fault that struck', async () => {
  const { ask, fault, url } = tenant('lost');
  await fault({ match: { operationId: 'createCustomer' }, fault: { lostAnswer: true }, times: 1 });

  await expect(post(`${url}/v1/customers`, CUSTOMER)).rejects.toThrow('ECONNRESET');

  expect((await ask('GET', '/_simulator/events?channel=customer/created')).body.items).toHaveLength(1);
  expect((await ask('GET', '/_simulator/requests?status=201')).body.items).toMatchObject([
    {
      operationId: 'createCustomer',
      fault: { id: 'FLT-000001', fault: { lostAnswer: true } },
      caused: [expect.any(String)],
    },
  ]);
});

test('a body comes in pieces over as much wall time as it is told', async () => {
  const { fault, url } = tenant('slow-body');
  await fault({ match: { operationId: 'listProducts' }, fault: { slowBody: 'PT0.2S' } });

  const began = performance.now();
  const answer = await fetch(`${url}/v1/products`, { headers: { authorization: 'Bearer any' } });
  const headAfter = performance.now() - began;
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body ?? []) chunks.push(chunk);

  expect(chunks.length).toBeGreaterThan(1);
  expect(JSON.parse(Buffer.concat(chunks).toString())).toHaveProperty('data');
  expect(performance.now() - began - headAfter).toBeGreaterThan(100);
});

test('a client that gave up waiting is shown as gone in the journal', async () => {
  const { ask, fault, url } = tenant('gone');
  await fault({ match: { operationId: 'listProducts' }, fault: { status: 504, latency: 'P1D', real: true } });

  const signal = AbortSignal.timeout(50);
  await expect(fetch(`${url}/v1/products`, { signal, headers: { authorization: 'Bearer any' } })).rejects.toThrow();

  await expect
    .poll(async () => (await ask('GET', '/_simulator/requests')).body.items)
    .toMatchObject([{ clientGone: true, fault: { id: 'FLT-000001' } }]);
});

test('WebSockets are closed with the code that a fault names', async () => {
  const { ask, fault, url } = tenant('close-code');
  await fault({ match: { channel: 'customer/*' }, fault: { closeCode: 1012 }, times: 1 });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/customer/created`);
  await new Promise((resolve) => socket.once('open', resolve));
  const closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));

  await ask('POST', '/v1/customers', CUSTOMER);

  expect(await closed).toBe(1012);
});

test('a browser that asks again by itself meets the fault again, until its connection is a fresh one', async () => {
  const { fault, url } = tenant('browser');
  await fault({ match: { operationId: 'listProducts' }, fault: { reset: true }, times: 1 });
  // What Chromium does: the second time on another connection, without telling the page.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: 'Bearer any', 'sec-fetch-mode': 'cors' };
  await get(`${url}/v1/customers`, { agent, headers });

  await expect(get(`${url}/v1/products`, { agent, headers })).rejects.toThrow('ECONNRESET');
  await expect(get(`${url}/v1/products`, { headers })).rejects.toThrow('ECONNRESET');
  expect(await get(`${url}/v1/products`, { headers })).toBe(200);
  agent.destroy();
});

test.each([
  [{ operationId: 'createCustomr' }, '/match/operationId', 'createCustomer'],
  [{ path: '/v1/custmers' }, '/match/path', '/v1/customers'],
  [{ channel: 'customers/*' }, '/match/channel', 'customer/*'],
  [{ system: 'conectx' }, '/match/system', 'connectx'],
])('a fault that waits for %j could never strike, and the nearest name is told', async (match, path, meant) => {
  const { fault } = tenant('misspelt');
  const effect = 'channel' in match ? { drop: true } : { status: 503 };
  expect(await fault({ match, fault: effect })).toMatchObject({
    status: 400,
    body: { errors: [{ path, message: expect.stringContaining(`Did you mean \`${meant}\`?`) }] },
  });
});

function get(url: string, options: RequestOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(url, options, (response) => response.resume().on('end', () => resolve(response.statusCode)))
      .on('error', reject)
      .end();
  });
}
