import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { runRecord } from '../../src/cli/record.ts';
import { runScenarios } from '../../src/cli/run.ts';
import { createSimulator } from '../../src/simulator.ts';
import { VIOLATIONS_HEADER } from '../../src/surfaces/http/proxy/violations-header.ts';
import { temporaryFolder, writeFiles } from '../contracts/temp-files.ts';
import { SHOP_DOCUMENT, startFaultyShop } from '../support/faulty-shop.ts';
import { proxyTo } from '../support/proxy-to.ts';
import { runIo } from '../support/run-io.ts';
import { type Ask, askAt, TEST_CACHE } from '../support/simulator.ts';

const order = { item: 'router', quantity: 2 };

const violationsIn = (headers: Headers): { of: string; in: string; path: string; message: string }[] =>
  JSON.parse(headers.get(VIOLATIONS_HEADER) ?? '[]') as never;

const journalOf = async (ask: Ask) => (await ask('GET', '/_simulator/requests')).body.items;

/** A server of a test's own. */
async function serverOf(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('what keeps the contract goes by as it is, both ways', async () => {
  const shop = await startFaultyShop();
  const { ask, end } = await proxyTo(shop.url);

  const made = await ask('POST', '/orders', order, { 'x-mine': '2' });
  const read = await ask('GET', made.headers.get('location') ?? '');

  expect(made.status).toBe(201);
  expect(read.body).toEqual({ ...order, id: 'o-1', state: 'open' });
  expect(made.headers.get(VIOLATIONS_HEADER)).toBeNull();
  expect(made.headers.get('via')).toBe('1.1 bss-simulator');
  const [{ headers = {} } = {}] = shop.seen;
  expect(headers).toMatchObject({ 'x-mine': '2', host: new URL(shop.url).host, authorization: 'Bearer anything' });
  const { code, err } = await end();
  expect(err).toContain('2 requests, 2 for operations of the contracts: none broke one.');
  expect(code).toBe(0);
});

test.each([
  ['missing-property', { of: 'response', in: 'body', path: '/item', message: 'is required' }],
  ['wrong-type', { of: 'response', in: 'body', path: '/quantity', message: 'must be integer' }],
  ['wrong-status', { of: 'response', in: 'header', path: '/:status', message: 'is 200, but declared is 201, 400' }],
  [
    'wrong-media-type',
    { of: 'response', in: 'header', path: '/content-type', message: 'is text/html, but declared is application/json' },
  ],
] as const)(
  'an answer that breaks the contract (%s) tells it in its head, and in the journal',
  async (fault, violation) => {
    const { ask, end } = await proxyTo((await startFaultyShop(fault)).url);

    const { headers } = await ask('POST', '/orders', order);

    expect(violationsIn(headers)).toEqual([violation]);
    const [entry] = await journalOf(ask);
    expect(entry).toMatchObject({ operationId: 'createOrder', violations: [violation] });
    expect((await end()).code).toBe(1);
  },
);

test('a request that breaks the contract goes on all the same, and everything wrong with it is told', async () => {
  const { ask } = await proxyTo((await startFaultyShop('accepts-invalid')).url);

  const { status, headers } = await ask('POST', '/orders', { item: '', quantity: 'two' });
  const listed = await ask('GET', '/orders?limit=0');

  expect(status).toBe(201);
  expect(violationsIn(headers).map(({ of, path }) => `${of} ${path}`)).toEqual([
    'request /item',
    'request /quantity',
    'response /item',
    'response /quantity',
  ]);
  expect(violationsIn(listed.headers)[0]).toMatchObject({ of: 'request', in: 'query', path: '/limit' });
});

test('what is about one connection alone goes no further', async () => {
  const shop = await startFaultyShop();
  const { url } = await proxyTo(shop.url);

  const sent = request(`${url}/orders`, {
    headers: { connection: 'close, x-hop', 'x-hop': '1', te: 'trailers' },
  }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();

  const [{ headers = {} } = {}] = shop.seen;
  expect(headers).not.toHaveProperty('x-hop');
  expect(headers).not.toHaveProperty('te');
  expect(headers).toMatchObject({
    connection: 'keep-alive',
    'x-forwarded-host': new URL(url).host,
    via: '1.1 bss-simulator',
  });
});

test('a credential that the contract demands is missed', async () => {
  const { url } = await proxyTo((await startFaultyShop('lets-everybody-in')).url);

  const { headers } = await fetch(`${url}/orders`);

  expect(violationsIn(headers)).toMatchObject([{ of: 'request', in: 'header', path: '/authorization' }]);
});

test('with --fail what breaks the contract is 502, a request of that kind is not passed on', async () => {
  const shop = await startFaultyShop('wrong-type');
  const { ask } = await proxyTo(shop.url, { fail: true });

  const sent = await ask('POST', '/orders', { item: 'router' });
  expect(sent.status).toBe(502);
  expect(sent.body).toMatchObject({ code: 'EXCHANGE_BREAKS_CONTRACT' });
  expect(sent.body.message).toContain('body /quantity is required');
  expect(shop.seen).toHaveLength(0);

  const answered = await ask('POST', '/orders', order);
  expect(answered.status).toBe(502);
  expect(answered.body.errors).toMatchObject([{ path: '/quantity', message: 'must be integer' }]);
  const [, entry] = await journalOf(ask);
  expect(entry).toMatchObject({ response: { status: 201, body: { quantity: '2' } } });
  expect(entry.notes).toContain('It was answered with 502 in its place (--fail).');
});

test('secrets are left out wherever they stand', async () => {
  const url = await serverOf((request, response) => {
    request.resume();
    const echo = { item: 'x', quantity: 1, id: 'o-1', state: 'open', email: 'a@example.com' };
    response.writeHead(201, {
      'content-type': 'application/json',
      location: '/orders/o-1',
      'set-cookie': 'sid=cookie-secret',
    });
    response.end(
      JSON.stringify({ ...echo, access_token: 'response-secret', echo: `it was ${request.headers.authorization}` }),
    );
  });
  const { ask, end } = await proxyTo(url, { report: 'report.json', out: ['seen.yaml', 'seen.arazzo.yaml'] });

  await ask(
    'POST',
    '/orders?api_key=query-secret',
    { ...order, password: 'body-secret', nested: { 'X-Api-Token': 'deep-secret' } },
    { authorization: 'Bearer header-secret', cookie: 'sid=cookie-secret', 'aps-token': 'other-secret' },
  );
  await ask('POST', '/token', 'client_secret=form-secret&grant_type=x', {
    'content-type': 'application/x-www-form-urlencoded',
  });

  const journal = JSON.stringify(await journalOf(ask));
  const { cwd } = await end();
  const files = ['report.json', 'seen.yaml', 'seen.arazzo.yaml'].map((file) => readFile(join(cwd, file), 'utf8'));
  expect(journal).toContain('createOrder');
  expect(journal).toContain('[redacted]');
  for (const text of [journal, ...(await Promise.all(files))]) expect(text).not.toContain('-secret');
});

test('a story and a starting world are written of what was seen, and both can be used', async () => {
  const specs = [writeFiles({ 'shop/api.yaml': SHOP_DOCUMENT })];
  const shop = await startFaultyShop();
  const { ask, end } = await proxyTo(shop.url, { out: ['story.arazzo.yaml', 'world.yaml'] }, { specs });
  await ask('POST', '/orders', order);
  await ask('POST', '/orders', { item: 'modem', quantity: 1 });
  await ask('GET', '/orders/o-2');
  await ask('DELETE', '/orders/o-1');

  const { cwd, err } = await end();

  expect(err).toContain('Written: story.arazzo.yaml. Play it with: bss-simulator run story.arazzo.yaml');
  const { io, texts } = runIo(cwd);
  const other = await startFaultyShop();
  const code = await runScenarios({ files: ['story.arazzo.yaml'], target: other.url, token: 'any' }, io);
  expect(code, texts.out + texts.err).toBe(0);
  const served = createSimulator({ port: 0, cache: TEST_CACHE, specs, fixture: join(cwd, 'world.yaml') });
  onTestFinished(() => served.stop());
  await served.start();
  expect((await askAt(served.url)('GET', '/orders')).body).toEqual([
    { item: 'modem', quantity: 1, id: 'o-2', state: 'open' },
  ]);
});

test('a story can be played where the contract gives its operations no ids, and its file a name with dots', async () => {
  const document = SHOP_DOCUMENT.replaceAll(/ +operationId: (?!readOrder).*\n/g, '').replace(
    'readOrder',
    'read an order',
  );
  const specs = [writeFiles({ 'shop/api.v1 (old).yaml': document })];
  const { ask, end } = await proxyTo((await startFaultyShop()).url, { out: ['story.arazzo.yaml'] }, { specs });
  await ask('POST', '/orders', order);
  await ask('GET', '/orders');
  await ask('GET', '/orders/o-1');
  await ask('GET', '/orders/o-1');

  const { cwd } = await end();

  const story = await readFile(join(cwd, 'story.arazzo.yaml'), 'utf8');
  expect([...story.matchAll(/(?<=stepId: ).*/g)].flat()).toEqual([
    'POST-orders',
    'GET-orders',
    'read-an-order',
    'read-an-order2',
  ]);
  expect(story).toMatch(/operationPath: "?\{\$sourceDescriptions\.[\w-]+\.url\}#\/paths\/~1orders\/post/);
  const { io, texts } = runIo(cwd);
  const other = await startFaultyShop();
  const code = await runScenarios({ files: ['story.arazzo.yaml'], target: other.url, token: 'any' }, io);
  expect(code, texts.out + texts.err).toBe(0);
});

test('a story has what was asked for with a slash at the end, and not what a client had by then', async () => {
  const specs = [writeFiles({ 'plans/api.yaml': PLANS_DOCUMENT })];
  const url = await serverOf((request, response) => {
    const isKnown = request.headers['if-none-match'] === '"1"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"1"', 'content-type': 'application/json' });
    response.end(isKnown ? undefined : '{"size": 1}');
  });
  const { ask, end } = await proxyTo(url, { out: ['story.arazzo.yaml'] }, { specs });
  const read = await ask('GET', '/projects/1/tasks/2/');
  const again = await ask('GET', '/projects/1/tasks/2', undefined, {
    'if-none-match': read.headers.get('etag') ?? '',
  });

  const { cwd } = await end();

  expect(again.status).toBe(304);
  const story = await readFile(join(cwd, 'story.arazzo.yaml'), 'utf8');
  expect(story.match(/(?<=\$statusCode == )\d+/g)).toEqual(['200']);
});

test('a story sends the headers that an operation demands, as its contract shows them', async () => {
  const region = '{name: X-Region, in: header, required: true, schema: {type: string, enum: [eu, us]}}';
  const trace = '{name: X-Trace, in: header, required: true, schema: {type: string, format: uuid}}';
  const document = PLANS_DOCUMENT.replace(
    '- {name: projectId',
    `- ${region}\n      - ${trace}\n      - {name: projectId`,
  );
  const specs = [writeFiles({ 'plans/api.yaml': document })];
  const url = await serverOf(({ headers }, response) => {
    const isWhole = headers['x-region'] === 'eu' && /^[0-9a-f-]{36}$/.test(String(headers['x-trace']));
    response.writeHead(isWhole ? 200 : 400, { 'content-type': 'application/json' }).end('{"size": 1}');
  });
  const { ask, end } = await proxyTo(url, { out: ['story.arazzo.yaml'] }, { specs });
  const headers = { 'x-region': 'eu', 'x-trace': '0b3dc1c8-2f5a-4b5e-9a39-4d2ac5bf0c11' };
  expect((await ask('GET', '/projects/1/tasks/2', undefined, headers)).status).toBe(200);

  const { cwd } = await end();

  const { io, texts } = runIo(cwd);
  const code = await runScenarios({ files: ['story.arazzo.yaml'], target: url, token: 'any' }, io);
  expect(code, texts.out + texts.err).toBe(0);
});

test('a story goes by the numbers that a server gives out, and by no others', async () => {
  const specs = [writeFiles({ 'plans/api.yaml': PLANS_DOCUMENT })];
  const { ask, end } = await proxyTo(await startPlans(1), { out: ['story.arazzo.yaml'] }, { specs });
  await ask('POST', '/projects', { size: 1 });
  await ask('POST', '/projects/1/tasks', { projectId: 1, size: 1 });
  await ask('POST', '/projects/1/tasks', { projectId: 1, size: 2 });
  await ask('GET', '/projects/1/tasks/2?projectId=1');

  const { cwd } = await end();

  // Another server, whose numbers are others.
  const { io, texts } = runIo(cwd);
  const code = await runScenarios({ files: ['story.arazzo.yaml'], target: await startPlans(41), token: 'any' }, io);
  expect(code, texts.out + texts.err + (await readFile(join(cwd, 'story.arazzo.yaml'), 'utf8'))).toBe(0);
});

const PLANS_DOCUMENT = `openapi: 3.0.3
info: {title: Plans, version: '1'}
paths:
  /projects:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}
      responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}}
  /projects/{id}/tasks:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}
      responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}}
  /projects/{project}/tasks/{task}:
    parameters:
      - {name: project, in: path, required: true, schema: {type: integer}}
      - {name: task, in: path, required: true, schema: {type: integer}}
      - {name: projectId, in: query, schema: {type: integer}}
    get:
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}}
components:
  schemas:
    Plan: {type: object, properties: {id: {type: integer}, projectId: {type: integer}, size: {type: integer}}}
`;

/** A server that numbers projects and tasks, each from a number on, and answers only where the numbers fit. */
function startPlans(from: number): Promise<string> {
  const tasks: { readonly id: number; readonly projectId: number; readonly size: number }[] = [];
  const answer = async (request: IncomingMessage): Promise<object | undefined> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://plans');
    const [, , project, kind, task] = pathname.split('/');
    let text = '';
    for await (const chunk of request) text += chunk;
    const sent = JSON.parse(text || '{}');
    if (project === undefined) return { ...sent, id: from };
    if (kind !== 'tasks' || Number(project) !== from) return undefined;
    if (task !== undefined)
      return tasks.find(({ id }) => id === Number(task) && Number(searchParams.get('projectId')) === from);
    if (sent.projectId !== from) return undefined;
    tasks.push({ ...sent, id: from + tasks.length });
    return tasks.at(-1);
  };
  return serverOf(async (request, response) => {
    const body = await answer(request);
    const status = body === undefined ? 404 : request.method === 'POST' ? 201 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  });
}

test('reports name each violation once, with how often and where it was seen first', async () => {
  const { ask, end } = await proxyTo((await startFaultyShop('missing-property')).url, {
    report: 'reports/proxy.json',
    junit: 'reports/proxy.xml',
  });
  await ask('POST', '/orders', order);
  await ask('POST', '/orders', order);
  await ask('GET', '/orders?limit=2');
  await ask('GET', '/health');

  const { cwd, code, err } = await end();

  const report = JSON.parse(await readFile(join(cwd, 'reports/proxy.json'), 'utf8'));
  expect(report).toMatchObject({
    requests: 4,
    checked: 3,
    broken: 3,
    unknown: [{ method: 'GET', path: '/health', times: 1 }],
  });
  expect(report.operations).toMatchObject([
    {
      operationId: 'createOrder',
      violations: [{ path: '/item', times: 2, first: { url: '/orders', status: 201 } }],
    },
    { operationId: 'listOrders', violations: [{ path: '/*/item', times: 2 }] },
  ]);
  const junit = await readFile(join(cwd, 'reports/proxy.xml'), 'utf8');
  expect(junit).toContain('<testsuite name="shop/api" tests="5" failures="2" errors="0" skipped="3">');
  expect(junit).toContain('response body /item is required (2 times, first: /orders, answered with 201)');
  expect(err).toContain('No contract describes: GET /health (1).');
  expect(code).toBe(1);
});

test('large bodies and streams go by without being held, and are not looked into', async () => {
  const large = 'x'.repeat(5_000);
  const url = await serverOf((request, response) => {
    request.resume();
    if (request.url === '/orders?stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify([{ large }]));
  });
  const { ask, url: own } = await proxyTo(url, {}, { maxBody: 1_000 });

  const answer = await ask('GET', '/orders');
  expect(answer.body).toEqual([{ large }]);
  const [entry] = await journalOf(ask);
  expect(entry.notes).toContain('A body of more than 1000 bytes is not looked into; --max-body is the bound.');

  const abort = new AbortController();
  const stream = await fetch(`${own}/orders?stream`, { headers: { authorization: 'Bearer x' }, signal: abort.signal });
  const first = await stream.body?.getReader().read();
  expect(Buffer.from(first?.value ?? []).toString()).toBe('data: first\n\n');
  abort.abort();
});

test('an answer that comes slowly is held no longer than it may be', async () => {
  const url = await serverOf((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('[');
  });
  const { url: own } = await proxyTo(url, { hold: 20 });
  const abort = new AbortController();

  const answer = await fetch(`${own}/orders`, { headers: { authorization: 'Bearer x' }, signal: abort.signal });

  expect(answer.status).toBe(200);
  abort.abort();
});

test('a compressed answer goes by compressed, and is looked into', async () => {
  const url = await serverOf((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync('[{"id":1}]'));
  });
  const { ask } = await proxyTo(url);

  const { headers, body } = await ask('GET', '/orders');

  expect(body).toEqual([{ id: 1 }]);
  expect(violationsIn(headers).map(({ path }) => path)).toContain('/0/id');
});

test('a server that is gone, silent or rude is told of in the format of the contract', async () => {
  const gone = await proxyTo('http://127.0.0.1:1');
  expect(await gone.ask('GET', '/orders')).toMatchObject({ status: 502, body: { code: 'UPSTREAM_UNREACHABLE' } });

  const silent = await proxyTo(await serverOf(() => {}), { timeout: 20 });
  expect(await silent.ask('GET', '/orders')).toMatchObject({ status: 504, body: { code: 'UPSTREAM_TOO_SLOW' } });

  const rude = await proxyTo(
    await serverOf((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('[');
      setImmediate(() => response.destroy());
    }),
    { hold: 1 },
  );
  await expect(rude.ask('GET', '/orders')).rejects.toThrow();
});

test('a path of its own stands in front of those of requests, and Location leads back here', async () => {
  const seen: (string | undefined)[] = [];
  let upstream = '';
  upstream = await serverOf((request, response) => {
    seen.push(request.url);
    response.writeHead(303, { location: `${upstream}/api/orders/o-1` });
    response.end();
  });
  const { ask, url } = await proxyTo(`${upstream}/api/`);

  const { headers } = await ask('GET', '/orders?limit=1');

  expect(seen).toEqual(['/api/orders?limit=1']);
  expect(headers.get('location')).toBe(`${url}/orders/o-1`);
});

test('each tenant has a journal of its own, and a simulator behind the proxy the same tenant', async () => {
  const behind = createSimulator({ port: 0, cache: TEST_CACHE, systems: ['connectx'] });
  onTestFinished(() => behind.stop());
  await behind.start();
  const { ask, end } = await proxyTo(behind.url, {}, { specs: ['specs'], systems: ['connectx'] });

  const made = await ask('POST', '/@alice/v1/customers', { customerType: 'Individual', email: 'a@example.com' });

  expect(made.status).toBe(201);
  expect(made.headers.get(VIOLATIONS_HEADER)).toBeNull();
  expect((await ask('GET', '/@alice/_simulator/requests')).body.items).toHaveLength(1);
  expect((await ask('GET', '/_simulator/requests')).body.items).toHaveLength(0);
  expect((await askAt(behind.url)('GET', '/@alice/_simulator/requests')).body.items).toHaveLength(1);
  expect((await end()).code).toBe(0);
});

test('a WebSocket goes by', async () => {
  const behind = createSimulator({ port: 0, cache: TEST_CACHE, systems: ['connectx'] });
  onTestFinished(() => behind.stop());
  await behind.start();
  const { url } = await proxyTo(behind.url, {}, { specs: ['specs'], systems: ['connectx'] });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/customer/created?access_token=x`);
  onTestFinished(() => socket.close());
  await once(socket, 'open');
  const message = once(socket, 'message');
  await askAt(behind.url)('POST', '/v1/customers', { customerType: 'Individual', email: 'a@example.com' });
  expect(JSON.parse(String((await message)[0]))).toMatchObject({ email: 'a@example.com' });
});

test('an address that is none is told at once', async () => {
  await expect(proxyTo('shop.example.com')).rejects.toThrow('"shop.example.com" is no address of a server');
});

test('record --from proxy writes what went through while it runs, as a story and as a world, secrets left out of both', async () => {
  const contract = SHOP_DOCUMENT.replace(
    '        password: {type: string, minLength: 4}',
    '        password: {type: string, minLength: 4}\n        nickname: {type: string, format: password}',
  );
  const specs = [writeFiles({ 'shop/api.yaml': contract })];
  const shop = await startFaultyShop();
  const { ask, url } = await proxyTo(shop.url, {}, { specs });
  const secrets = { email: 'ada@example.com', password: 'hunter2-hunter2', nickname: 'the-night-owl' };
  const made = await ask(
    'POST',
    '/orders',
    { ...order, ...secrets },
    { authorization: 'Bearer s3cr3t-t0k3n', cookie: 'sid=abcdefgh' },
  );
  await ask('GET', `${made.headers.get('location')}`, undefined, { authorization: 'Bearer s3cr3t-t0k3n' });

  const cwd = temporaryFolder();
  let err = '';
  const output = { stdout: { write: () => {} }, stderr: { write: (text: string) => (err += text) } };
  const out = ['story.arazzo.yaml', 'world.yaml'];
  const code = await runRecord({ from: 'proxy', url, out }, { output, cwd, specs, fetch });

  expect(code, err).toBe(0);
  const [story = '', world = ''] = await Promise.all(out.map((file) => readFile(join(cwd, file), 'utf8')));
  expect(world).toContain('item: router');
  expect(world).toContain('ada@example.com');
  expect(story + world).not.toMatch(/hunter2|night-owl|s3cr3t|abcdefgh/);
  // Both can be used: the story on the server, and the world to begin with.
  const { io, texts } = runIo(cwd);
  const other = await startFaultyShop();
  const played = await runScenarios({ files: ['story.arazzo.yaml'], target: other.url, token: 'any' }, io);
  expect(played, texts.out + texts.err).toBe(0);
  const copy = createSimulator({ port: 0, cache: TEST_CACHE, specs, fixture: join(cwd, 'world.yaml') });
  onTestFinished(() => copy.stop());
  await copy.start();
  expect((await askAt(copy.url)('GET', '/orders/o-1')).body).toMatchObject(order);
});
