import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { toCoverageTable, toMissingText } from '../../src/coverage/text.ts';
import { coverageOfRun } from '../../src/scenarios/coverage.ts';
import { diffLines } from '../../src/scenarios/diff-lines.ts';
import { createCtrfReporter } from '../../src/scenarios/reporters/ctrf.ts';
import { createJUnitReporter } from '../../src/scenarios/reporters/junit.ts';
import { createProgressReporter } from '../../src/scenarios/reporters/progress.ts';
import type { Reporter } from '../../src/scenarios/reporters/reporter.ts';
import { runScenarios, type ScenarioRun } from '../../src/scenarios/run-scenarios.ts';
import { tenantName, tenantNamesBeginWith } from '../../src/scenarios/tenant-name.ts';
import { verifyTranscripts, writeTranscripts } from '../../src/scenarios/transcripts.ts';
import { createFakePlayer, documentWith, events, readText, shop } from './scenario-builder.ts';

const LIST = 'operationId: $sourceDescriptions.shop.listOrders';
const STORIES = documentWith(`  - { workflowId: good, steps: [{ stepId: s, ${LIST} }] }
  - { workflowId: bad, steps: [{ stepId: s, ${LIST}, successCriteria: [{ condition: $statusCode == 404 }] }] }
  - { workflowId: part, inputs: { type: object, properties: { n: { type: integer } }, required: [n] }, steps: [{ stepId: s, ${LIST} }] }
  - { workflowId: whole, steps: [{ stepId: s, workflowId: part, parameters: [{ name: n, value: 1 }] }] }
`);

async function runStories(more: Partial<ScenarioRun> = {}) {
  const { documents, problems } = await readText(STORIES);
  expect(problems).toEqual([]);
  const tenants: string[] = [];
  const createPlayer = async (tenant: string) => {
    tenants.push(tenant);
    return {
      ...createFakePlayer({ answer: () => ({ body: '<&"' }) }),
      transcript: async () => `{"kind":"request","tenant":"${tenant}"}\n`,
    };
  };
  return { summary: await runScenarios({ documents, createPlayer, ...more }), tenants };
}

test('each workflow is played in a tenant of its own; a part without its inputs is left to the whole', async () => {
  const { summary, tenants } = await runStories({ parallel: 8 });
  expect(summary).toMatchObject({ passed: 2, failed: 1, skipped: 1 });
  expect(summary.scenarios.map(({ result }) => `${result.workflowId} ${result.status}`)).toEqual([
    'good passed',
    'bad failed',
    'part skipped',
    'whole passed',
  ]);
  expect(tenants.toSorted()).toEqual(['a.bad', 'a.good', 'a.whole']);
});

test('bail starts nothing after a failure, only selects, inputs reach those that declare them', async () => {
  expect((await runStories({ parallel: 1, bail: true })).summary).toMatchObject({ passed: 1, failed: 1, skipped: 2 });
  const { summary } = await runStories({ only: ['p*'], inputs: { n: 3, other: 1 } });
  expect(summary.scenarios.map(({ result }) => result)).toMatchObject([
    { workflowId: 'part', status: 'passed', inputs: { n: 3 } },
  ]);
});

test('a simulator that cannot be used fails the workflow', async () => {
  const createPlayer = async () => {
    throw new TypeError('fetch failed', { cause: new Error('refused') });
  };
  const { summary } = await runStories({ only: ['good'], createPlayer });
  expect(summary.scenarios[0]?.result.reason).toBe('It could not be played: fetch failed (refused)');
});

test('reports say what happened, in lines, JUnit and CTRF', async () => {
  const texts: Record<string, string> = { progress: '' };
  const reporters: Reporter[] = [
    createProgressReporter({ write: (text) => (texts.progress += text) }),
    createJUnitReporter((text) => {
      texts.junit = text;
    }),
    createCtrfReporter(
      (text) => {
        texts.ctrf = text;
      },
      () => 5,
    ),
  ];
  const came = { channel: 'order/created', at: '2026-01-01T00:00:00.000Z', payload: { id: 1 } };
  const createPlayer = async () => createFakePlayer({ answer: () => ({ body: '<&"' }), messages: [came] });
  await runStories({ reporters, parallel: 1, createPlayer });
  expect(texts.progress).toContain('✓ a.arazzo.yaml › good (1 step, 0 s virtual)');
  expect(texts.progress).toContain(
    '    ✗ $statusCode == 404\n        $statusCode is 200\n    > GET http://test/orders\n    < 200',
  );
  expect(texts.progress).toContain('    event order/created at 2026-01-01T00:00:00.000Z: {"id":1}\n');
  expect(texts.progress).toContain('2 passed, 1 failed, 1 skipped');
  expect(texts.junit).toContain('<testsuite name="a.arazzo.yaml" tests="4" failures="1" errors="0" skipped="1">');
  expect(texts.junit).toContain('&lt;&amp;');
  expect(JSON.parse(texts.ctrf ?? '')).toMatchObject({
    results: { summary: { tests: 4, passed: 2, failed: 1, skipped: 1, start: 5 } },
  });
});

test('on a terminal the workflows at work stand below what is done, each on one line of its width', async () => {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  await runStories({
    reporters: [createProgressReporter({ write, isLive: true, columns: () => 8 })],
    parallel: 1,
    only: ['good'],
  });
  expect(text).toContain('… a.goo\n\u001b[1A\u001b[0J');
  expect(text).not.toContain('… a.good');
  expect(text).toContain('✓ a.arazzo.yaml › good');
});

test('transcripts are written, and a difference is told line by line', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'transcripts-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const { summary } = await runStories({ takesTranscripts: true, only: ['good', 'whole'] });
  await writeTranscripts(directory, summary);
  expect(await readFile(join(directory, 'a.good.jsonl'), 'utf8')).toBe('{"kind":"request","tenant":"a.good"}\n');
  expect(await verifyTranscripts(directory, summary, { whole: [''] })).toEqual([]);
  await writeFile(join(directory, 'a.good.jsonl'), '{"kind":"request","tenant":"b"}\n');
  await writeFile(join(directory, 'old.jsonl'), '');
  await rm(join(directory, 'a.whole.jsonl'));
  expect(await verifyTranscripts(directory, summary, { whole: [''] })).toMatchObject([
    { lines: ['line 1:', '  /tenant: expected "b", got "a.good"'] },
    { lines: [expect.stringContaining('no such transcript')] },
    { lines: [expect.stringContaining('Remove it')] },
  ]);
});

test('a transcript that nobody plays any more is told by who plays all of its folder or file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'transcripts-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'stories-macd-add.gone.jsonl'), '');
  const { summary } = await runStories({ only: ['good'] });
  const told = async (path: string) =>
    (await verifyTranscripts(directory, summary, { whole: [tenantNamesBeginWith(path)] })).filter(({ lines }) =>
      lines.join().includes('Remove it'),
    ).length;
  expect(await told('stories')).toBe(1);
  expect(await told('stories/macd')).toBe(1);
  expect(await told('stories/macd/add.arazzo.yaml')).toBe(1);
  expect(await told('.')).toBe(1);
  expect(await told('stories/macd/ad.arazzo.yaml')).toBe(0);
  expect(await told('stories/connectx')).toBe(0);
});

test('lines that came or went are shown among their neighbours', () => {
  expect(diffLines('a\nb\nc\nd\n', 'a\nc\nd\ne\n')).toEqual(['  a', 'line 2:', '- b', '  c', '  d', 'line 5:', '+ e']);
  expect(diffLines('a\n', 'a')).toHaveLength(1);
});

test('coverage counts operations, answers and channels, and names what is missing', async () => {
  const { summary } = await runStories();
  const coverage = coverageOfRun(summary, [shop, events]);
  expect(coverage.items).toMatchObject([
    { totals: { operations: { covered: 1, total: 3 }, answers: { covered: 1, total: 6 } } },
    { totals: { channels: { covered: 0, total: 2 } } },
  ]);
  expect(toMissingText(coverage)).toMatch(/\(createOrder\): never asked for\n(.*\n)*.*\(getOrder\): never asked for/);
  expect(toCoverageTable(coverage)).toMatch(/shop\/api +1\/3 +1\/6 +-/);
});

test('tenant names have the characters they may have, and stay apart', () => {
  expect(tenantName('scenarios/macd/add.arazzo.yaml', 'addUser')).toBe('scenarios-macd-add.addUser');
  const names = [
    tenantName('a b.arazzo.yaml', 'w'),
    tenantName('a-b.arazzo.yaml', 'w'),
    tenantName('../x.yaml', 'w'),
    tenantName('long/'.repeat(20), 'w'),
    tenantName('long/'.repeat(21), 'w'),
  ];
  expect(new Set(names).size).toBe(5);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
});
