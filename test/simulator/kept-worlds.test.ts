import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { newSchema, POSTGRES } from '../support/postgres.ts';
import { type SimulatorProcess, startProcess } from '../support/process.ts';
import { serviceTest } from '../support/services.ts';
import { askAt } from '../support/simulator.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Everything that a client can see of a tenant. */
const SEEN = [
  'clock',
  'timers',
  'requests',
  'events',
  'activity',
  'transcript/digest',
  'faults',
  'webhooks',
  'snapshots',
  'deliveries',
  'policies',
  'collections',
];

async function seen({ url }: SimulatorProcess, tenant: string): Promise<Readonly<Record<string, unknown>>> {
  const ask = askAt(url);
  const found: Record<string, unknown> = {};
  for (const what of SEEN) found[what] = (await ask('GET', `/@${tenant}/_simulator/${what}`)).body;
  return found;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kept-'));
  folders.push(folder);
  return `file:${folder}`;
}

const killedAndStarted = 'a process that is killed and started again shows what it did before, and goes on from there';

test(`--store file: ${killedAndStarted}`, async () => goesOn('file', await newFolder()));

const postgresTest = await serviceTest(POSTGRES.name, POSTGRES.hostname, POSTGRES.port);
postgresTest(`--store postgres: ${killedAndStarted}`, async () => goesOn('postgres', (await newSchema()).url));

async function goesOn(kind: string, store: string): Promise<void> {
  const start = () => startProcess(['--fixture', 'empty', '--store', store]);
  const first = await start();
  afterAll(() => first.stop('SIGKILL'));
  const ask = askAt(first.url);
  const control = (method: string, path: string, body?: unknown) => ask(method, `/@acme/_simulator${path}`, body);
  await control('POST', '/webhooks', { url: 'http://simulator/_simulator/inbox/a', channels: ['customer/*'] });
  await control('POST', '/faults', { match: { channel: 'customer/updated' }, fault: { drop: true }, times: 5 });
  const made = await ask('POST', '/@acme/v1/customers', { customerType: 'Individual', email: 'ada@example.com' });
  expect(made.status).toBe(201);
  expect((await control('POST', '/snapshots')).status).toBe(201);
  await control('POST', '/clock/advance', { by: 'P2D' });
  await ask('POST', '/@acme/v1/customers', { customerType: 'Business', email: 'no address' });
  await ask('PUT', '/@copy/_simulator/clock', { mode: 'manual' });
  expect((await ask('POST', '/@acme/_simulator/tenants/twin/fork')).status).toBe(201);
  const before = { acme: await seen(first, 'acme'), twin: await seen(first, 'twin') };
  await first.stop('SIGKILL');

  const second = await start();
  afterAll(() => second.stop());
  expect((await askAt(second.url)('GET', '/_simulator/health')).body).toMatchObject({
    store: { kind, role: 'owner' },
  });
  expect({ acme: await seen(second, 'acme'), twin: await seen(second, 'twin') }).toEqual(before);
  const again = askAt(second.url);
  const { items } = (await again('GET', '/_simulator/tenants')).body as { items: readonly { name: string }[] };
  expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(['acme', 'twin', 'copy']));
  const next = await again('POST', '/@acme/v1/customers', { customerType: 'Individual', email: 'bob@example.com' });
  expect(next.status).toBe(201);
  expect((await again('POST', '/@acme/_simulator/snapshots/SNAP-000001/restore')).status).toBe(200);
  const left = (await again('GET', '/@acme/v1/customers')).body;
  expect(JSON.stringify(left)).toContain('ada@example.com');
  expect(JSON.stringify(left)).not.toContain('bob@example.com');
  expect((await again('DELETE', '/_simulator/tenants/twin')).status).toBe(204);
  expect(await second.stop()).toBe(0);
}

test('tenants beyond --max-tenants are left to the store, and come back as they were', async () => {
  const simulator = await startProcess(['--fixture', 'empty', '--max-tenants', '3', '--store', await newFolder()]);
  onTestFinished(async () => void (await simulator.stop()));
  const ask = askAt(simulator.url);
  const digests: unknown[] = [];
  for (let index = 0; index < 6; index += 1) {
    const body = { customerType: 'Individual', email: `c${index}@example.com` };
    // The first begins a log, the second goes into it.
    for (let time = 0; time < 2; time += 1)
      expect((await ask('POST', `/@t${index}/v1/customers`, body)).status).toBe(201);
    digests.push((await ask('GET', `/@t${index}/_simulator/transcript/digest`)).body);
  }
  const { text } = await ask('GET', '/_simulator/metrics');
  const value = (name: string) => Number(new RegExp(`^bss_simulator_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  expect(value('store_commits_total')).toBeGreaterThanOrEqual(12);
  expect(value('store_sync_seconds_total')).toBeGreaterThan(0);
  expect(value('store_write_seconds_longest')).toBeLessThanOrEqual(value('store_write_seconds_total'));
  expect(['store_waiting_commits', 'store_lag_seconds', 'store_failing_tenants', 'owned_tenants'].map(value)).toEqual([
    0, 0, 0, 3,
  ]);
  for (let index = 0; index < 6; index += 1) {
    expect((await ask('GET', `/@t${index}/_simulator/transcript/digest`)).body).toEqual(digests[index]);
  }
});
