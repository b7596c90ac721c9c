import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { type RunCommand, runScenarios } from '../../src/cli/run.ts';
import type { ContractCoverage, Coverage } from '../../src/coverage/covered.ts';
import { toMissingText } from '../../src/coverage/text.ts';
import { runIo } from '../support/run-io.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GOLDEN = join(ROOT, 'fixtures/transcripts');

/** Drawn anew each day; a failure can be repeated with `run scenarios --seed`. */
const DRAWN = 3 + (Math.floor(Date.now() / 86_400_000) % 1_000_000);

async function run(command: Partial<RunCommand>) {
  const { io, texts } = runIo(ROOT, { strict: true });
  const code = await runScenarios({ files: ['scenarios'], ...command }, io);
  return { code, output: texts.out + texts.err };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'stories-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('every shipped story passes at seed 1 and gives its golden transcript, and together they cover everything', async () => {
  const file = join(await folder(), 'coverage.json');
  const { code, output } = await run({ verify: GOLDEN, parallel: 8, coverage: file });
  expect(code, `${output}\nRegenerate with: bss-simulator run scenarios --transcripts fixtures/transcripts`).toBe(0);
  const coverage = JSON.parse(await readFile(file, 'utf8')) as Coverage;
  const { operations, channels, moves } = coverage.totals;
  expect(
    [operations, channels, moves].every(({ covered, total }) => covered === total),
    toMissingText(coverage),
  ).toBe(true);
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  await expect(withCoverage(readme, coverage.items)).toMatchFileSnapshot(join(ROOT, 'README.md'));
}, 120_000);

test('every shipped story passes at a seed drawn today', async () => {
  const { code, output } = await run({ seed: DRAWN });
  expect(code, output).toBe(0);
}, 120_000);

beforeAll(() => {
  process.stdout.write(`The drawn seed is ${DRAWN}.\n`);
});

/** The README with its table of what the stories cover (`npm run docs` writes it); contracts of schemas have no row. */
function withCoverage(readme: string, coverage: readonly ContractCoverage[]): string {
  const rows = coverage.map(({ system, contract, totals }) => {
    const cells = (['operations', 'answers', 'channels', 'moves'] as const).map((kind) => {
      const { covered, total } = totals[kind];
      return total === 0 ? '' : `${covered}/${total}`;
    });
    return `| ${system}/${contract} | ${cells.join(' | ')} |`;
  });
  const head = ['| contract | operations | answers | channels | life-cycle moves |', '|---|---|---|---|---|'];
  const table = /^\| contract \| operations \|.*\n(?:\|.*\n)+/m;
  expect(readme).toMatch(table);
  return readme.replace(table, `${[...head, ...rows].join('\n')}\n`);
}
