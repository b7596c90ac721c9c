import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
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
