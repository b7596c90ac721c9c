import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { runTest, type TestFlags } from '../../src/cli/test.ts';
import type { CheckResult, FindingCode, TestReport } from '../../src/probes/findings.ts';
import { createSimulator } from '../../src/simulator.ts';
import { sleep, wallNow } from '../../src/surfaces/wall-time.ts';
import { temporaryFolder, writeFiles } from '../contracts/temp-files.ts';
import { SHOP_DOCUMENT, type ShopFault, startFaultyShop } from '../support/faulty-shop.ts';
import { TEST_CACHE } from '../support/simulator.ts';

const SPECS = mkdtempSync(join(tmpdir(), 'shop-'));
writeFileSync(join(SPECS, 'shop.yaml'), SHOP_DOCUMENT);
afterAll(() => rmSync(SPECS, { recursive: true }));

/** Tests a server by the contract of the shop, or by others. */
async function testServer(url: string, flags: TestFlags = {}, specs: readonly string[] = [SPECS]) {
  const cwd = temporaryFolder();
  const printed = { out: '', err: '' };
  const code = await runTest(
    url,
    { bearer: 'any', ...flags },
    {
      output: {
        stdout: { write: (text: string) => (printed.out += text) },
        stderr: { write: (text: string) => (printed.err += text) },
      },
      cwd,
      specs,
      cacheDir: TEST_CACHE,
      fetch,
      sleep,
      now: wallNow,
    },
  );
  return { code, cwd, ...printed };
}

async function reportOn(
  url: string,
  flags: TestFlags = {},
  specs?: readonly string[],
): Promise<TestReport & { code: number }> {
  const { code, out } = await testServer(url, { json: true, ...flags }, specs);
  return { code, ...(JSON.parse(out) as TestReport) };
}

const told = ({ results }: TestReport) =>
  results.flatMap(({ operationId, title, findings }) =>
    findings.map(({ code, message }) => `${code} ${operationId}: ${title}. ${message}`),
  );

test('a server that keeps its contract passes, with every kind of check made', async () => {
  const { url } = await startFaultyShop();

  const report = await reportOn(url);

  expect(told(report)).toEqual([]);
  expect(report.code).toBe(0);
  const made = (kind: CheckResult['kind']) =>
    report.results.filter((each) => each.kind === kind && each.status === 'passed').length;
  expect(made('stateful')).toBeGreaterThanOrEqual(7);
  expect(made('valid')).toBeGreaterThanOrEqual(5);
  expect(made('unknown')).toBe(1);
  expect(made('anonymous')).toBe(5);
  expect(made('invalid')).toBeGreaterThan(40);
});

test.each([
  ['wrong-status', 'breaks-contract', 'is 200, but declared is 201, 400'],
  ['missing-property', 'breaks-contract', 'body /item is required'],
  ['wrong-type', 'breaks-contract', 'body /quantity must be integer'],
  ['undeclared-property-type', 'breaks-contract', 'body /state must be one of'],
  ['wrong-media-type', 'breaks-contract', 'header /content-type is text/html'],
  ['accepts-invalid', 'accepts-invalid', 'createOrder: body/item is longer than 40'],
  ['ignores-maximum', 'accepts-invalid', 'createOrder: body/quantity is more than 100'],
  ['ignores-limit', 'accepts-invalid', 'listOrders: query limit is less than 1'],
  ['crashes-on-bad-input', 'server-error', 'createOrder: a body that is no JSON'],
  ['delete-does-not', 'not-deleted', 'reading it is answered with 200'],
  ['list-without-created', 'not-listed', 'the list of 0 does not have it'],
  ['location-wrong', 'location-wrong', 'Location is /orders/o-999'],
  ['update-does-not-stick', 'update-lost', 'what is read afterwards has other values'],
  ['forgets-what-was-sent', 'forgets-sent', 'other values than were sent: item'],
  ['same-id-twice', 'same-id-twice', 'Two have the id o-1'],
  ['unknown-is-found', 'finds-unknown', 'although nothing has this id'],
  ['lets-everybody-in', 'lets-everybody-in', 'a request without a credential'],
] satisfies [ShopFault, FindingCode, string][])('the planted fault %s is found, as %s', async (fault, code, words) => {
  const { url } = await startFaultyShop(fault);

  const report = await reportOn(url);

  expect(
    told(report)
      .filter((each) => each.startsWith(code))
      .join('\n'),
  ).toContain(words);
  expect(report.code).toBe(1);
});

test('the plan says what will be asked before anything is', async () => {
  const shop = await startFaultyShop();

  const { out, code } = await testServer(shop.url, { plan: true, filter: ['createOrder'], seed: 7 });

  expect(code).toBe(0);
  expect(shop.seen).toEqual([]);
  expect(out).toMatch(
    /^Plan for http:\/\/127\.0\.0\.1:\d+: \d+ checks of 1 operations, at most \d+ requests of 2000, seed 7\.\n/,
  );
  expect(out).toContain('    stateful: the life of Order: created\n');
  expect(out).toContain('    invalid: body/quantity is more than 100\n');
});

test('no more is asked than may be, every operation gets some of it, and the same seed asks the same', async () => {
  const one = await startFaultyShop();
  const other = await startFaultyShop();

  const report = await reportOn(one.url, { maxRequests: 40 });
  await reportOn(other.url, { maxRequests: 40 });

  expect(one.seen.length).toBeLessThanOrEqual(41);
  expect(report.requests).toBeLessThanOrEqual(40);
  expect(new Set(report.results.map(({ operationId }) => operationId)).size).toBe(5);
  const asked = (shop: typeof one) => shop.seen.map(({ method, url }) => `${method} ${url}`);
  expect(asked(other)).toEqual(asked(one));
});

test('read-only asks for nothing that changes anything, and what was created is deleted in the end', async () => {
  const shop = await startFaultyShop();
  await reportOn(shop.url, { readOnly: true });
  expect(new Set(shop.seen.map(({ method }) => method))).toEqual(new Set(['OPTIONS', 'GET']));

  const other = await startFaultyShop();
  await reportOn(other.url, { filter: ['createOrder', 'deleteOrder', 'listOrders'], maxRequests: 30 });
  const left = await fetch(`${other.url}/orders`, { headers: { authorization: 'x' } });
  expect((await left.json()) as unknown[]).toEqual([]);
});

test('reports are written as JUnit, CTRF and a page, and credentials are in none of them', async () => {
  const { url } = await startFaultyShop('wrong-type');

  const { cwd, out, code } = await testServer(url, {
    bearer: 'very-secret',
    header: ['X-Shop: also-secret'],
    junit: 'out/test.xml',
    ctrf: 'out/test.json',
    html: 'out/test.html',
  });

  const [junit = '', ctrf = '', html = ''] = await Promise.all(
    ['test.xml', 'test.json', 'test.html'].map((file) => readFile(join(cwd, 'out', file), 'utf8')),
  );
  expect(junit).toMatch(/<testsuite name="shop-\w+\/shop" tests="\d+" failures="\d+"/);
  expect(junit).toContain('createOrder: stateful: Order is created');
  const { results } = JSON.parse(ctrf);
  expect(results.summary.failed).toBeGreaterThan(0);
  expect(results.summary.tests).toBe(results.tests.length);
  expect(html).toContain('<b>breaks-contract</b> The answer 201 breaks the contract: body /quantity must be integer.');
  expect(html).not.toMatch(/<script|src=|href=/);
  expect(out).toContain("curl -i -X POST -H 'content-type: application/json' -H 'authorization: …' -H 'x-shop: …'");
  for (const text of [junit, ctrf, html, out]) expect(text).not.toMatch(/very-secret|also-secret/);
  expect(code).toBe(1);
});

test('what is known is a warning and no error, and what is known and found no more is told', async () => {
  const { url } = await startFaultyShop('delete-does-not');
  const known = ['not-deleted deleteOrder', 'accepts-invalid create* body/quantity *'];

  const report = await reportOn(url, { known });
  const { out } = await testServer(url, { known });

  expect(report.code).toBe(0);
  expect(told(report)).toEqual([expect.stringContaining('not-deleted deleteOrder: Order is deleted.')]);
  expect(report.gone).toEqual(['accepts-invalid create* body/quantity *']);
  expect(out).toContain(
    '    ! not-deleted: Order is deleted\n      It was deleted, and reading it is answered with 200. (known)',
  );
  expect(out).toContain(
    'Known, and not found this time: accepts-invalid create* body/quantity *. Leave it out of --known.',
  );
});

test('only what is named is known: another operation, another check and another code stay errors', async () => {
  const { url } = await startFaultyShop('ignores-maximum');

  const [named, otherCheck, otherCode] = await Promise.all(
    [
      ['accepts-invalid POST /orders', 'accepts-invalid replaceOrder body/quantity is more than 100'],
      ['accepts-invalid createOrder body/item *'],
      ['refuses-valid *'],
    ].map((known) => reportOn(url, { known })),
  );

  expect(named?.code).toBe(0);
  expect(otherCheck?.code).toBe(1);
  expect(otherCode?.code).toBe(1);
});

test('a connection that a server closed as it was used again is no fault, and one that a request breaks is', async () => {
  const lost = new Set<string>();
  const isLost = (key: string) => lost.size < 5 && !lost.has(key) && lost.add(key) !== undefined;
  const few = { maxRequests: 60 };
  const patient = await startFront(isLost);
  expect(told(await reportOn(patient, few)).filter((each) => each.startsWith('no-answer'))).toEqual([]);
  expect(lost.size).toBe(5);

  const broken = await startFront((key) => key.startsWith('DELETE '));
  expect(told(await reportOn(broken, few)).join('\n')).toContain(
    'no-answer deleteOrder: Order is deleted. There is no answer',
  );
});

/** A shop behind something that ends connections without an answer. */
async function startFront(isLost: (request: string) => boolean): Promise<string> {
  const shop = await startFaultyShop();
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (method !== 'OPTIONS' && isLost(`${method} ${url} ${body.toString()}`)) return void request.socket.destroy();
    const { authorization, 'content-type': type } = headers;
    const answer = await fetch(shop.url + url, {
      method,
      headers: { ...(authorization && { authorization }), ...(type && { 'content-type': type }) },
      ...(body.length > 0 && { body }),
    });
    const location = answer.headers.get('location');
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
      ...(location !== null && { location }),
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('what may have a body is created with one, and a change keeps the id that the path has', async () => {
  const specs = writeFiles({
    'notes/notes.yaml': `openapi: 3.0.3
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      operationId: createNote
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'200': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, 4XX: {description: why not}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: readNote
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, 4XX: {description: why not}}
    put:
      operationId: replaceNote
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'204': {description: changed}, 4XX: {description: why not}}
components:
  schemas: {Note: {type: object, required: [text], properties: {id: {type: integer}, text: {type: string}}}}
`,
  });
  const bodies: string[] = [];
  const notes = new Map<number, { readonly id: number }>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (request.method !== 'GET') bodies.push(`${request.method} ${request.url} ${text}`);
    const id = Number(request.url?.split('/')[2] ?? notes.size + 1);
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET' && notes.has(id)) return void response.end(JSON.stringify(notes.get(id)));
    const sent = text.startsWith('{') && !text.includes('unfinished') ? JSON.parse(text) : {};
    const isWrong = typeof sent.text !== 'string' || (request.method === 'PUT' && (sent.id ?? id) !== id);
    response.statusCode = request.method === 'GET' ? 404 : isWrong ? 422 : request.method === 'PUT' ? 204 : 200;
    if (!isWrong && request.method !== 'GET') notes.set(id, { ...sent, id });
    response.end(response.statusCode === 200 ? JSON.stringify(notes.get(id)) : undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());

  const report = await reportOn(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {}, [specs]);

  const wholeLife = report.results
    .filter(({ kind }) => kind === 'stateful')
    .map(({ title, status }) => `${status} ${title}`);
  expect(wholeLife).toEqual([
    'passed Note is created',
    'passed a second Note is another',
    'passed Note that was created is read',
    'passed Note is changed',
  ]);
  expect(told(report).filter((each) => each.startsWith('refuses-valid replaceNote'))).toEqual([]);
  expect(bodies).toContainEqual(expect.stringMatching(/^PUT \/notes\/(\d+) .*"id":\1\b/));
});

test('what breaks clients of an older contract is told operation by operation', async () => {
  const { url } = await startFaultyShop();
  const changed = SHOP_DOCUMENT.replace('required: [item, quantity]', 'required: [item]')
    .replace('quantity: {type: integer, minimum: 1, maximum: 100}', 'quantity: {type: integer, minimum: 1}')
    .replace('enum: [open, paid]}}', 'enum: [open, paid, lost]}}')
    .replace('enum: [open, paid], readOnly', 'enum: [open], readOnly')
    .replace('required: [code, message]', 'required: [code, message, advice]')
    .replace('operationId: deleteOrder', 'operationId: deleteOrder\n      x-old: true')
    .concat('    Ignored: {type: object}\n')
    .replace(
      '  /orders/{orderId}:',
      '  /orders/{orderId}/lines:\n    get: {operationId: listLines, responses: {"200": {description: all}}, parameters: [{name: orderId, in: path, required: true, schema: {type: string}}]}\n  /orders/{orderId}:',
    );
  const against = [writeFiles({ 'old/api.yaml': changed })];

  const report = await reportOn(url, { against, filter: ['readOrder'], bearer: 'any' });

  const changes = report.results.filter(({ kind, status }) => kind === 'compared' && status === 'failed');
  expect(
    changes.map(({ operationId, findings }) => `${operationId}: ${findings.map(({ message }) => message).join(' ')}`),
  ).toEqual([
    'createOrder: Body/quantity has to be sent now. Body/quantity has maximum 100 now. Answer 201/state may be "paid" now.',
    'listOrders: Query state may not be "lost" any more. Answer 200/*/state may be "paid" now.',
    'listLines: It is gone.',
    'readOrder: Answer 200/state may be "paid" now.',
    'replaceOrder: Body/quantity has to be sent now. Body/quantity has maximum 100 now. Answer 200/state may be "paid" now.',
  ]);
});

test.each([
  ['shop.example.com', {}, '"shop.example.com" is no address of a server'],
  ['http://127.0.0.1:1', {}, 'Failed to test http://127.0.0.1:1: it does not answer'],
  ['http://127.0.0.1:1', { filter: ['nothing'] }, 'there is nothing to test'],
  ['http://127.0.0.1:1', { header: ['X-Key'] }, '--header is "X-Key"'],
  ['http://127.0.0.1:1', { known: ['accept-invalid createOrder'] }, 'Did you mean `accepts-invalid`?'],
  ['http://127.0.0.1:1', { known: ['createOrder'] }, '--known "createOrder" begins with no code of a finding'],
])('%s with %j is told what to do instead', async (url, flags, message) => {
  await expect(testServer(url, flags)).rejects.toThrow(message);
});

test.each([
  ['connectx', ['specs/connectx']],
  ['macd', ['specs/macd']],
  ['aps-subscriptions', ['specs/aps-subscriptions']],
  ['billing-account', ['specs/billing-account']],
  ['a library of a stranger', ['bench/corpus/own/strangers/library.yaml']],
  ['a hotel of a stranger', ['bench/corpus/own/strangers/hotel.yaml']],
  ['a forum of a stranger', ['bench/corpus/own/strangers/forum.yaml']],
  ['things that a query names', ['bench/corpus/own/strangers/by-query.yaml']],
  ['things that a query names, and Location has', ['bench/corpus/own/strangers/warehouse.yaml']],
  ['keys against doing something twice', ['bench/corpus/own/strangers/logistics.yaml']],
  ['things that are there whatever their id', ['bench/corpus/own/strangers/media.yaml']],
  ['lists below something else', ['bench/corpus/own/strangers/social.yaml']],
  ['lists that do not tell ids', ['bench/corpus/own/strangers/tickets.yaml']],
])('the simulator passes its own test: %s', async (_, specs) => {
  const simulator = createSimulator({ port: 0, cache: TEST_CACHE, specs });
  onTestFinished(() => simulator.stop());
  await simulator.start();

  const report = await reportOn(simulator.url, { header: ['aps-token: any'], maxRequests: 200 }, specs);

  const errors = report.results.flatMap(({ operationId, title, findings }) =>
    findings
      .filter(({ level }) => level === 'error')
      .map(({ code, message, answer }) => `${code} ${operationId}: ${title}. ${message} ${answer}`),
  );
  expect(errors).toEqual([]);
  expect(report.results.filter(({ status }) => status === 'passed').length).toBeGreaterThan(25);
});
