import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSimulator } from '../../src/simulator.ts';
import { frame } from '../../src/stores/file/frames.ts';
import { commandLine } from '../support/command-line.ts';
import { newSchema, POSTGRES } from '../support/postgres.ts';
import { serviceTest } from '../support/services.ts';
import { type Ask, askAt, TEST_CACHE } from '../support/simulator.ts';

const { run, cwd } = commandLine();
const SERVED = ['--systems', 'connectx', '--cache', TEST_CACHE];

/** Serves a store while a body asks it. */
async function serving<T>(store: string, body: (ask: Ask) => Promise<T>): Promise<T> {
  const simulator = createSimulator({ port: 0, cache: TEST_CACHE, systems: ['connectx'], fixture: 'empty', store });
  await simulator.start();
  try {
    return await body(askAt(simulator.url));
  } finally {
    await simulator.stop();
  }
}

/** Everything that has happened to a tenant, and what is there. */
const seen = async (ask: Ask, tenant: string) => [
  (await ask('GET', `/@${tenant}/_simulator/transcript/digest`)).body,
  (await ask('GET', `/@${tenant}/_simulator/snapshots`)).body,
  (await ask('GET', `/@${tenant}/_simulator/activity?limit=1000`)).body,
  (await ask('GET', `/@${tenant}/_simulator/requests`)).body,
  (await ask('GET', `/@${tenant}/_simulator/collections/connectx/Customer`)).body,
];

/** A tenant with a bit of everything. */
async function live(ask: Ask, tenant: string): Promise<void> {
  const webhook = { url: 'http://simulator/_simulator/inbox/a', channels: ['customer/*'] };
  await ask('POST', `/@${tenant}/_simulator/webhooks`, webhook);
  for (const email of ['ada@example.com', 'bob@example.com'])
    await ask('POST', `/@${tenant}/v1/customers`, { customerType: 'Individual', email });
  await ask('POST', `/@${tenant}/_simulator/snapshots`);
  await ask('POST', `/@${tenant}/_simulator/clock/advance`, { by: 'P2D' });
  await ask('POST', `/@${tenant}/v1/customers`, { customerType: 'Individual', email: 'not one' });
  await ask('POST', `/@${tenant}/_simulator/snapshots/SNAP-000001/restore`);
  await ask('POST', `/@${tenant}/v1/customers`, { customerType: 'Individual', email: 'cy@example.com' });
}

test('a tenant in a folder is listed, verified, made shorter, exported and taken in elsewhere as it was', async () =>
  lookAfter(`file:${join(cwd, 'one')}`, `file:${join(cwd, 'other')}`));

const postgresTest = await serviceTest(POSTGRES.name, POSTGRES.hostname, POSTGRES.port);
postgresTest('so is one in PostgreSQL, and a folder takes it in, too', async () =>
  lookAfter((await newSchema()).url, `file:${join(cwd, 'from-postgres')}`),
);
postgresTest('PostgreSQL takes in what was exported from a folder', async () =>
  lookAfter(`file:${join(cwd, 'to-postgres')}`, (await newSchema()).url),
);

async function lookAfter(store: string, other: string): Promise<void> {
  const file = join(cwd, 'acme.jsonl');
  const before = await serving(store, async (ask) => {
    await live(ask, 'acme');
    await live(ask, 'Beta');
    // Whoever looks does not disturb who serves.
    const { out } = await run('store', 'ls', '--store', store, ...SERVED);
    expect(out).toMatch(
      /^tenant +bytes +version +served by\nBeta +\d+ +\d+\.\d+\.\d+ +\S.*\nacme +\d+ +\d+\.\d+\.\d+ +\S/,
    );
    return seen(ask, 'acme');
  });
  const verified = await run('store', 'verify', '--store', store, ...SERVED);
  expect(verified).toMatchObject({ code: 0, err: '' });
  expect(verified.out).toMatch(/^Beta: \d+ commits since the checkpoint come to the same\nacme: \d+ commits .*\n$/);

  expect(await run('store', 'export', 'acme', '--out', 'acme.jsonl', '--store', store)).toMatchObject({ code: 0 });
  const printed = await run('store', 'export', 'acme', '--store', store);
  expect(printed.out).toBe(readFileSync(file, 'utf8'));
  const compacted = await run('store', 'compact', 'acme', '--json', '--store', store);
  expect(JSON.parse(compacted.out)).toMatchObject({ tenant: 'acme', commits: expect.any(Number) });
  expect((await run('store', 'compact', 'acme', '--store', store)).out).toMatch(/^acme: 0 commits are in a checkpoint/);
  expect(await serving(store, (ask) => seen(ask, 'acme'))).toEqual(before);

  const imported = await run('store', 'import', 'acme.jsonl', '--tenant', 'copy', '--store', other);
  expect(imported.out).toMatch(/^copy: \d+ lines\n$/);
  const again = await run('store', 'import', 'acme.jsonl', '--tenant', 'copy', '--store', other);
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('the store has a tenant "copy"') });
  expect(await run('store', 'import', 'acme.jsonl', '--tenant', 'copy', '--replace', '--store', other)).toMatchObject({
    code: 0,
  });
  await serving(other, async (ask) => {
    expect(await seen(ask, 'copy')).toEqual(before);
    const { body } = await ask('POST', '/@copy/v1/customers', { customerType: 'Individual', email: 'dee@example.com' });
    expect(body).toMatchObject({ customerId: 'CUS-000004' });
  });
}

test('damage is told where a log is compacted; a checkpoint that is damaged is refused, and stays as it is', async () => {
  const store = `file:${join(cwd, 'damaged')}`;
  await serving(store, (ask) => live(ask, 'acme'));
  const log = join(cwd, 'damaged/tenants/acme/1.log');
  const whole = readFileSync(log);
  const damagedAt = (place: number) => {
    const bytes = Buffer.from(whole);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(log, bytes);
    return bytes;
  };
  const begun = damagedAt(300);
  expect(await run('store', 'compact', 'acme', '--store', store)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/its checkpoint has no end, and its last \d+ bytes .*\. Put back a copy of it\./),
  });
  expect(readFileSync(log)).toEqual(begun);

  damagedAt(whole.length - 10);
  expect(await run('store', 'compact', 'acme', '--store', store)).toMatchObject({
    code: 0,
    err: expect.stringMatching(/^warning: the tenant "acme" was damaged: its last \d+ bytes are not what was written/),
  });
  expect((await run('store', 'verify', 'acme', '--store', store)).code).toBe(0);
});

test('what the present code does otherwise is told with the commit and the value', async () => {
  const store = `file:${join(cwd, 'changed')}`;
  await serving(store, (ask) => live(ask, 'acme'));
  await run('store', 'export', 'acme', '--out', 'changed.jsonl', '--store', store);
  const lines = readFileSync(join(cwd, 'changed.jsonl'), 'utf8').trimEnd().split('\n');
  // As an earlier version might have answered.
  const changed = lines.map((line, index) => {
    const [text = ''] = /(?<=^\w+ \d+ ).*/.exec(line) ?? [];
    return frame(index + 1, text.replace('"status":"Active"', '"status":"Begun"'));
  });
  writeFileSync(join(cwd, 'changed.jsonl'), changed.join(''));
  await run('store', 'import', 'changed.jsonl', '--replace', '--store', store);
  const { code, out } = await run('store', 'verify', 'acme', '--store', store, ...SERVED);
  expect(code).toBe(1);
  expect(out).toMatch(
    /commit \d+ at 2026-01-01T00:00:00.000Z \(operation POST \/v1\/customers\) differs at \/\S+status\n/,
  );
  expect(out).toContain('kept: "Begun"\n    now:  "Active"\n');
});

test('a file that was cut or changed is not taken in, and leaves nothing behind', async () => {
  const store = `file:${join(cwd, 'whole')}`;
  await serving(store, (ask) => live(ask, 'acme'));
  await run('store', 'export', 'acme', '--out', 'cut.jsonl', '--store', store);
  const file = join(cwd, 'cut.jsonl');
  const whole = readFileSync(file);
  const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
  const other = `file:${join(cwd, 'empty')}`;
  for (const [length, why] of [
    [lastLine, 'its end is missing'],
    [whole.length - 1, 'it is not what was written'],
    [0, 'its end is missing'],
  ] as const) {
    writeFileSync(file, whole);
    truncateSync(file, length);
    const { code, err } = await run('store', 'import', 'cut.jsonl', '--store', other);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(why) });
  }
  expect((await run('store', 'ls', '--store', other)).out).toBe('tenant  bytes  version  served by\n');
  // A log that ends in the middle of a line is exported as far as it goes, and that is said.
  const log = join(cwd, 'whole/tenants/acme/1.log');
  truncateSync(log, readFileSync(log).length - 5);
  const { err } = await run('store', 'export', 'acme', '--store', store);
  expect(err).toMatch(/^warning: of the tenant "acme" from byte \d+ of .*1\.log on it is not what was written/);
});

test('a command line without a store, or without a name, says what to do', async () => {
  const nowhere = await run('store', 'ls');
  expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('Name it by --store file:<folder>') });
  const store = `file:${join(cwd, 'none')}`;
  const nameless = await run('store', 'export', '--store', store);
  expect(nameless).toMatchObject({ code: 2, err: expect.stringContaining('for example store export acme') });
  const unknown = await run('store', 'export', 'nobody', '--store', store);
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('Failed to find the tenant "nobody"') });
});
