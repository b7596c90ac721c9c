import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';

const simulator = await startProcess(['--fixture', 'empty']);
afterAll(() => simulator.stop());
const ask = askAt(simulator.url);

test.each([
  '/dev/zero',
  '/dev/urandom',
  '/etc/passwd',
  '/tmp',
  'package.json',
  'fixtures/geologic.yaml',
  '../fixtures/geologic',
  'transcripts',
  '',
  '__proto__',
  'x'.repeat(100_000),
])('the control API opens no file: %.30j', async (fixture) => {
  const { status, body } = await ask('POST', '/_simulator/reset', { fixture });

  expect(status).toBe(400);
  expect(body.detail).toMatch(/the control API knows those that are shipped\. Use one of: default, empty, geologic/);
  expect(JSON.stringify(body).length).toBeLessThan(1_000);
});

test('what is shipped can be named', async () => {
  for (const fixture of ['geologic', 'default', 'empty'])
    expect((await ask('POST', '/_simulator/reset', { fixture })).status).toBe(200);
});

test('a folder of fixtures that is gone is no fault of the simulator', async () => {
  const other = await startProcess(['--fixture', 'empty', '--fixtures', '/no/such/folder']);
  const askOther = askAt(other.url);

  expect((await askOther('POST', '/_simulator/reset', { fixture: 'mine' })).status).toBe(400);
  expect((await askOther('POST', '/_simulator/reset', { fixture: 'default' })).status).toBe(200);
  await other.stop();
});

test('a fixture of the folder is told of by the name that was given, wherever the folder is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'worlds-'));
  writeFileSync(join(folder, 'broken.yaml'), 'entities: { connectx/Customer: 7 }');
  const other = await startProcess(['--fixture', 'empty', '--fixtures', folder]);
  const askOther = askAt(other.url);

  const broken = await askOther('POST', '/_simulator/reset', { fixture: 'broken' });
  expect(broken.status).toBe(400);
  expect(broken.body.detail).toMatch(/^Failed to load the fixture broken: there is a problem\./);
  await other.stop();
  rmSync(folder, { recursive: true });
});
