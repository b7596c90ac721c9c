import { request } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { newerNodeTest } from '../support/newer-node.ts';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';
import { sendRaw } from './raw-client.ts';

// Less than what is sent below would need if it were all kept.
const simulator = await startProcess(
  ['--fixture', 'empty', '--max-record-bytes-total', String(20 * 2 ** 20)],
  process.execPath,
  ['--max-old-space-size=110'],
);
afterAll(() => simulator.stop());
const ask = askAt(simulator.url);
const port = Number(new URL(simulator.url).port);

const ACCOUNTS = '/billingaccounttmfwebservices/v2/billingAccount';

test('a body may have only so many different keys, and so many objects', async () => {
  const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, 1]));
  // Spread over many objects, and written with an escape, they are as many.
  const spread = Object.entries(keys).map(([name, value]) => ({ [name]: value, '\u0001': 1 }));
  for (const body of [keys, spread]) {
    const { status, text } = await ask('POST', ACCOUNTS, body);
    expect([status, text]).toEqual([400, expect.stringContaining('has more than 10000 different keys')]);
  }
  const objects = await ask(
    'POST',
    ACCOUNTS,
    Array.from({ length: 60_000 }, () => ({})),
  );
  expect([objects.status, objects.text]).toEqual([400, expect.stringContaining('more than 50000 objects and arrays')]);

  const repeated = Array.from({ length: 9_000 }, (_, index) => ({ name: `n${index}`, value: 1 }));
  expect((await ask('POST', ACCOUNTS, { name: 'a', notes: repeated })).status).toBe(201);
});

test('large heads are forgotten as large bodies are', async () => {
  const ends = Array.from({ length: 8 }, async (_, client) => {
    for (let count = 0; count < 400; count += 1) {
      const pad = `${client} ${count} ${'x'.repeat(14_000)}`;
      await ask('GET', `/@head${count % 5}/v1/customers`, undefined, { 'x-pad': pad });
      await ask('GET', `/@head${count % 5}/nowhere`, undefined, { 'x-pad': pad });
    }
  });
  await Promise.all(ends);
  expect((await ask('GET', '/_simulator/health')).status).toBe(200);
});

test('bodies that come byte by byte take no more than their bytes', async () => {
  // Each byte, kept by itself, would take some two hundred.
  const pieces = '1\r\nx\r\n'.repeat(70_000);
  const head =
    'POST /v1/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => sendRaw(port, `${head}${pieces}0\r\n\r\n`, (text) => text.includes('\r\n\r\n'))),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  expect((await ask('GET', '/_simulator/health')).status).toBe(200);
});

test('a page of large things is refused, and each of them is shown', async () => {
  for (let count = 0; count < 4; count += 1)
    expect((await ask('POST', `/@page${ACCOUNTS}`, { name: 'x'.repeat(800_000) })).status).toBe(201);

  const page = await ask('GET', `/@page${ACCOUNTS}`);
  expect([page.status, page.body.code]).toEqual([400, 'PAGE_TOO_LARGE']);
  expect((await ask('GET', `/@page${ACCOUNTS}?limit=1`)).status).toBe(200);

  // To look for a text in all of them would take as long.
  const searched = await ask('GET', '/@page/_simulator/collections/billing-account/BillingAccount?filter=zz;yy');
  expect([searched.status, searched.body.total]).toEqual([200, 0]);
  for (let count = 0; count < 3; count += 1) await ask('POST', `/@page${ACCOUNTS}`, { name: 'x'.repeat(800_000) });
  const all = await ask('GET', '/@page/_simulator/collections/billing-account/BillingAccount?filter=zz');
  expect([all.status, all.body.code]).toEqual([400, 'QUERY_TOO_COSTLY']);
  const story = await ask('GET', '/@page/_simulator/transcript?as=arazzo');
  expect([story.status, story.body.code]).toEqual([400, 'TRANSCRIPT_TOO_LONG']);
});

// V8 sets apart more for what is young from one version to the next.
const TITLE = 'where memory runs out nothing may grow, until something is deleted';
test(`${TITLE}, on this Node`, () => fillMemory(process.execPath), 60_000);
newerNodeTest(`${TITLE}, on a newer Node`, fillMemory, 60_000);

async function fillMemory(node: string): Promise<void> {
  // Full long before records or state come to their bounds; with much less, V8 gives up before anybody can look.
  const small = await startProcess(['--fixture', 'empty'], node, ['--max-old-space-size=56']);
  const create = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: 'Bearer x', 'content-type': 'application/json' };
      const sent = request(`${small.url}/@large/v1/customers`, { method: 'POST', headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', reject);
      sent.end(JSON.stringify({ customerType: 'Individual', email: 'a@example.com', note: 'x'.repeat(12_000) }));
    });
  const statuses = new Set<number>();
  for (let count = 0; count < 4_000 && !statuses.has(507); count += 1)
    for (const status of await Promise.all(Array.from({ length: 16 }, create))) statuses.add(status);
  expect([...statuses].sort()).toEqual([201, 507]);

  const smallAsk = askAt(small.url);
  expect((await smallAsk('GET', '/_simulator/health')).status).toBe(200);
  expect((await smallAsk('DELETE', '/_simulator/tenants/large')).status).toBe(204);
  const isRoom = async () => (await create()) === 201;
  await expect.poll(isRoom, { timeout: 30_000 }).toBe(true);
  expect(await small.stop()).toBe(0);
}
