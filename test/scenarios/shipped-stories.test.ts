import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { type RunCommand, runScenarios } from '../../src/cli/run.ts';
import type { ContractCoverage } from '../../src/scenarios/coverage.ts';
import { createSimulator } from '../../src/simulator.ts';
import { TEST_CACHE } from '../support/simulator.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GOLDEN = join(ROOT, 'fixtures/transcripts');

/** Drawn anew each day; a failure can be repeated with `run scenarios --seed`. */
const DRAWN = 3 + (Math.floor(Date.now() / 86_400_000) % 1_000_000);

async function run(command: Partial<RunCommand>) {
  let output = '';
  const write = (text: string) => {
    output += text;
  };
  const code = await runScenarios(
    { files: ['scenarios'], ...command },
    {
      stdout: { write },
      stderr: { write },
      directory: ROOT,
      cacheDir: TEST_CACHE,
      fetch: (url, init) => fetch(url, init),
      now: () => 0,
      sleep: async () => {},
      startSimulator: async ({ seed }) => {
        const simulator = createSimulator({ port: 0, seed, cache: TEST_CACHE, strict: true });
        await simulator.start();
        return simulator;
      },
    },
  );
  return { code, output };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'stories-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** Every transcript in a folder, by its name. */
async function transcriptsIn(path: string): Promise<Record<string, string>> {
  const names = (await readdir(path)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'utf8')] as const)),
  );
}

test('every shipped story passes at seed 1 and gives its golden transcript', async () => {
  const { code, output } = await run({ verify: GOLDEN });
  expect(output).toContain(' 0 failed');
  expect(code, `${output}\nRegenerate with: bss-simulator run scenarios --transcripts fixtures/transcripts`).toBe(0);
}, 120_000);

test.each([2, DRAWN])(
  'every shipped story passes at seed %i',
  async (seed) => {
    const { code, output } = await run({ seed });
    expect(code, output).toBe(0);
  },
  120_000,
);

test('one after another and eight at once give the same transcripts', async () => {
  const [one, eight] = [await folder(), await folder()];
  expect((await run({ parallel: 1, transcripts: one })).code).toBe(0);
  expect((await run({ parallel: 8, transcripts: eight })).code).toBe(0);
  expect(await transcriptsIn(eight)).toEqual(await transcriptsIn(one));
}, 120_000);

test('together they cover every operation, channel and move of the systems', async () => {
  const file = join(await folder(), 'coverage.json');
  await run({ coverage: file });
  const coverage = JSON.parse(await readFile(file, 'utf8')) as ContractCoverage[];
  const missing = coverage
    .filter(({ system }) => system !== 'simulator')
    .flatMap(({ operations, channels, moves }) => [...operations.missing, ...channels.missing, ...moves.missing]);
  expect(missing).toEqual([]);
  expect(coverage.reduce((sum, { moves }) => sum + moves.total, 0)).toBeGreaterThan(30);
}, 120_000);

beforeAll(() => {
  process.stdout.write(`The drawn seed is ${DRAWN}.\n`);
});
