import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';

const folder = mkdtempSync(join(tmpdir(), 'fixtures-'));
writeFileSync(join(folder, 'crowded.yaml'), 'base: empty\n');
symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);

// Less than what is sent below would need if it were all kept.
const simulator = await startProcess(
  [
    ...['--fixture', 'empty', '--fixtures', folder],
    ...['--max-record-bytes', String(8 * 2 ** 20), '--max-state-bytes', String(2_500_000)],
  ],
  process.execPath,
  ['--max-old-space-size=90'],
);
afterAll(async () => {
  await simulator.stop();
  rmSync(folder, { recursive: true });
});
const ask = askAt(simulator.url);

const ACCOUNTS = '/billingaccounttmfwebservices/v2/billingAccount';
const MEGABYTE = 'x'.repeat(1_000_000);

test('40 large bodies that are refused are not kept', async () => {
  const body = Array.from({ length: 300_000 }, () => ({}));
  for (let each = 0; each < 15; each += 1) expect((await ask('POST', '/v1/customers', body)).status).toBe(400);
  for (let each = 0; each < 20; each += 1) expect((await ask('POST', '/v1/customers', [MEGABYTE])).status).toBe(400);

  const { body: journal } = await ask('GET', '/_simulator/requests?limit=1');
  expect(journal.items[0].request.body).toMatch(/^\[.{999}… \(cut: \d+ bytes\)$/s);
});

test('nor are more messages in an inbox, events or requests than fit', async () => {
  for (let each = 0; each < 25; each += 1) {
    expect((await ask('POST', '/_simulator/inbox/x', [each, MEGABYTE])).status).toBe(200);
    await ask('POST', '/_simulator/events', { channel: 'customer/created', payload: { note: MEGABYTE } });
    await ask('PATCH', '/v1/customers/none', { note: MEGABYTE });
  }

  const { body: inbox } = await ask('GET', '/_simulator/inbox/x/messages');
  expect(inbox.items.length).toBeLessThanOrEqual(8);
  expect(inbox.items.at(-1).body[0]).toBe(24);
  expect((await ask('GET', '/_simulator/health')).status).toBe(200);
});

test('the state of a tenant holds only so much of large requests, and says so as its contract has errors', async () => {
  const create = (name: string, tenant = 'full') => ask('POST', `/@${tenant}${ACCOUNTS}`, { name });
  const first = await create(MEGABYTE);
  expect([first.status, (await create(MEGABYTE)).status]).toEqual([201, 201]);

  const { status, body } = await create(MEGABYTE);
  expect([status, body['@type'], body.code]).toEqual([507, 'Error', 'STATE_FULL']);
  expect(body.message).toContain('raise --max-state-bytes');

  // What is small has its place; a fork takes the count along, and what is deleted makes room.
  expect((await create('Ann')).status).toBe(201);
  await ask('POST', '/_simulator/tenants/copy/fork', { from: 'full' });
  expect((await create(MEGABYTE, 'copy')).status).toBe(507);
  expect((await ask('DELETE', `/@full${ACCOUNTS}/${first.body.id}`)).status).toBe(204);
  expect((await create(MEGABYTE)).status).toBe(201);
  expect((await create(MEGABYTE)).status).toBe(507);
  await ask('POST', '/@full/_simulator/reset', {});
  expect((await create(MEGABYTE)).status).toBe(201);
});

test('the control API names the fixtures of the folder, and nothing that is no file in it', async () => {
  expect((await ask('POST', '/_simulator/reset', { fixture: 'crowded' })).status).toBe(200);
  for (const fixture of ['zero', 'pipe', 'crowded.yaml', '../crowded', join(folder, 'crowded.yaml')]) {
    const { status, body } = await ask('POST', '/_simulator/reset', { fixture });
    expect([fixture, status]).toEqual([fixture, 400]);
    expect(body.detail).toContain('those that are shipped and those of --fixtures');
  }
});
