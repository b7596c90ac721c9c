import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runGenerate } from '../../src/cli/generate.ts';
import { generateWorld } from '../../src/generate-world.ts';
import { createSimulator } from '../../src/simulator.ts';
import { askAt, TEST_CACHE } from '../support/simulator.ts';
import { digestOf, playStory } from '../support/story.ts';

async function generate(flags: { customers?: number; out: string }, isTTY = false) {
  const cwd = await mkdtemp(join(tmpdir(), 'generate-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  let told = '';
  const output = { stdout: { write: () => {} }, stderr: { isTTY, write: (text: string) => (told += text) } };
  const code = await runGenerate(flags, { seed: 7, cache: TEST_CACHE }, { ...output, cwd, generateWorld });
  return { code, told, file: join(cwd, flags.out) };
}

async function digest(fixture?: string): Promise<string> {
  const simulator = createSimulator({ port: 0, seed: 7, cache: TEST_CACHE, fixture });
  await simulator.start();
  onTestFinished(() => simulator.stop());
  const ask = askAt(simulator.url);
  await playStory(ask, '', 3);
  return digestOf(ask);
}

test.each(['world.json', 'world.yaml'])(
  'a world written to %s lives on as the one that it was made from',
  async (out) => {
    const { code, told, file } = await generate({ out });
    expect(code).toBe(0);
    expect(told).toContain('--seed 7 --clock 2026-01-01T00:00:00.000Z');
    expect(await digest(file)).toBe(await digest());
  },
  60_000,
);

test('a world has as many customers as were asked for, and a terminal sees how far it is', async () => {
  const { file, told } = await generate({ customers: 100, out: 'world.json' }, true);
  expect(told).toContain('100 %');
  const simulator = createSimulator({ port: 0, seed: 7, cache: TEST_CACHE, fixture: file });
  await simulator.start();
  onTestFinished(() => simulator.stop());
  const { body } = await askAt(simulator.url)('GET', '/v1/customers?pageSize=1000');
  expect(body.data).toHaveLength(100);
}, 60_000);

test('a record that breaks its contract is told with its place', async () => {
  const { file } = await generate({ customers: 1, out: 'world.json' });
  const broken = { base: 'empty', records: { 'connectx/Customer': { 'CUS-1': { status: 'Lost' } } } };
  await writeFile(file, JSON.stringify(broken));
  const simulator = createSimulator({ port: 0, cache: TEST_CACHE, fixture: file });
  await expect(simulator.start()).rejects.toMatchObject({
    message: `Failed to load the fixture ${file}: there is a problem. Fix what is listed.`,
    problems: [{ file, line: 1, message: expect.stringContaining('/status must be one of') }],
  });
}, 60_000);
