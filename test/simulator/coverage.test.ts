import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { mergeCoverage } from '../../src/coverage/coverage.ts';
import type { Coverage } from '../../src/coverage/covered.ts';
import { parseLeast, shortfalls } from '../../src/coverage/least.ts';
import { toCoveragePage } from '../../src/coverage/page.ts';
import { temporaryFolder, writeFiles } from '../contracts/temp-files.ts';
import { startSimulator } from '../support/simulator.ts';

const MAIN = resolve('dist/cli/main.js');

const coverage = (...argv: string[]) =>
  spawnSync(process.execPath, [MAIN, 'coverage', ...argv], { encoding: 'utf8', cwd: resolve('.') });

const counted = (name: string, count: number): Coverage => {
  const operation = { operationId: name, method: 'GET', path: `/${name}`, count };
  const answers = [{ status: '200', declared: true, count }];
  const totals = {
    operations: { covered: Math.min(count, 1), total: 1 },
    answers: { covered: Math.min(count, 1), total: 1 },
    channels: { covered: 0, total: 0 },
    moves: { covered: 0, total: 0 },
  };
  return {
    items: [
      { system: 'shop', contract: 'api', operations: [{ ...operation, answers }], channels: [], moves: [], totals },
    ],
    faults: [{ effect: 'reset', count: 0 }],
    totals: { ...totals, faults: { covered: 0, total: 1 } },
  };
};

test('what several workers have exercised is put together', () => {
  const all = mergeCoverage([counted('orders', 2), counted('orders', 3), counted('parcels', 0)]);
  expect(all.items[0]?.operations).toMatchObject([
    { operationId: 'orders', count: 5, answers: [{ status: '200', count: 5 }] },
    { operationId: 'parcels', count: 0 },
  ]);
  expect(all.totals).toMatchObject({ operations: { covered: 1, total: 2 }, faults: { covered: 0, total: 1 } });
});

test('too little is told in a sentence, of everything or of a kind', () => {
  const half = mergeCoverage([counted('orders', 1), counted('parcels', 0)]);
  expect(shortfalls(half, parseLeast(['50', 'answers=50', 'channels=100']))).toEqual([]);
  expect(shortfalls(half, parseLeast(['operations=51,faults=1']))).toEqual([
    'Only 50 % of operations are covered (1 of 2), and 51 % have to be.',
    'Only 0 % of faults are covered (0 of 1), and 1 % have to be.',
  ]);
  expect(() => parseLeast(['operation=50'])).toThrow('Did you mean `operations`?');
  expect(() => parseLeast(['101'])).toThrow('"101" is no percentage');
});

test('the page is whole in one file, and names are never markup', () => {
  const page = toCoveragePage(counted('<script>alert(1)</script>', 1));
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toMatch(/<script|https?:/);
});

test('simulators that stop write down what was exercised, each in a file of its own, and the command reads all', async () => {
  const folder = temporaryFolder();
  for (const name of ['GET /v1/products', 'GET /v1/customers']) {
    const { simulator, ask } = await startSimulator({ coverage: folder });
    const [method = '', path = ''] = name.split(' ');
    await ask(method, path);
    await simulator.stop();
  }
  const { stdout, status } = coverage(folder, '--missing', '--min', 'operations=90');
  expect(stdout).toMatch(/connectx\/bss-api +2\/8/);
  expect(stdout).toMatch(/POST \/v1\/customers \(createCustomer\): never asked for/);
  expect(stdout).not.toMatch(/listProducts\): never/);
  expect(status).toBe(1);
});

test('a running simulator is asked, and nothing that answers is a sentence', async () => {
  const { simulator, ask } = await startSimulator();
  await ask('GET', '/v1/products');
  const out = join(temporaryFolder(), 'reports/coverage');
  // Not `spawnSync`, because the simulator is in this process.
  const status = await new Promise((done) =>
    spawn(process.execPath, [
      MAIN,
      'coverage',
      simulator.url,
      '--out',
      `${out}.json`,
      '--html',
      `${out}.html`,
      '--min',
      'operations=1',
    ]).once('exit', done),
  );
  expect(status).toBe(0);
  const api = (JSON.parse(readFileSync(`${out}.json`, 'utf8')) as Coverage).items.find(
    ({ contract }) => contract === 'bss-api',
  );
  expect(api?.totals.operations).toEqual({ covered: 1, total: 8 });
  expect(readFileSync(`${out}.html`, 'utf8')).toContain('GET /v1/products');
  expect(coverage('http://127.0.0.1:1')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^Failed to read the coverage of http:\/\/127\.0\.0\.1:1: nothing answers there\./),
  });
}, 60_000);

test('a suite is run, and all its simulators in all its processes are asked', () => {
  const folder = writeFiles({
    'suite.mjs': `
      import { spawn, spawnSync } from 'node:child_process';
      import { createSimulator } from ${JSON.stringify(resolve('dist/index.js'))};
      const path = process.argv[2];
      const simulator = createSimulator({ port: 0, coverage: process.env.BSS_SIMULATOR_COVERAGE });
      await simulator.start();
      await fetch(simulator.url + path, { headers: { authorization: 'Bearer any' } });
      if (path === '/v1/products') spawnSync(process.execPath, [process.argv[1], '/v1/customers']);
      process.exit(0);
    `,
  });
  const run = `"${process.execPath}" "${join(folder, 'suite.mjs')}" /v1/products`;
  const { stdout, status } = coverage('--run', run);
  expect(stdout).toMatch(/connectx\/bss-api +2\/8/);
  expect(status).toBe(0);
  expect(coverage('--run', 'exit 3').status).toBe(1);
}, 60_000);
