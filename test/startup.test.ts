import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { temporaryFolder, writeFiles } from './contracts/temp-files.ts';

const MAIN = resolve('dist/cli/main.js');

/** Libraries that a start needs; whoever adds one says what it is worth waiting for. */
const EXPECTED = [
  '@faker-js/faker',
  'ajv',
  'ajv-formats',
  'commander',
  'fast-decode-uri-component',
  'fast-deep-equal',
  'fast-querystring',
  'fast-uri',
  'find-my-way',
  'json-schema-traverse',
  'pure-rand',
  'ret',
  'safe-regex2',
];

const CUSTOMER = '/v1/customers/CUS-000007';

test('a warm start answers from few files, with no library that it does not need', async () => {
  const { files } = await filesLoadedBy([], CUSTOMER);

  expect(librariesIn(files).filter((library) => !EXPECTED.includes(library))).toEqual([]);
  expect(files.length).toBeLessThanOrEqual(40);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  expect(bytes).toBeLessThan(1_600_000);
});

test('the shipped contracts are in the cache before the first start', async () => {
  const before = readdirSync('dist/contract-cache');
  const { files } = await filesLoadedBy([], CUSTOMER);

  expect(files.map((file) => basename(file))).not.toContain('load-sources.js');
  expect(readdirSync('dist/contract-cache')).toEqual(before);
});

test('what is loaded on demand is seen when it is, so that the tests above can fail', async () => {
  const { files } = await filesLoadedBy(['--cache', temporaryFolder()], '/');

  expect(librariesIn(files)).toEqual(expect.arrayContaining(['express', 'js-yaml']));
  // What only finds mistakes is for the worker.
  expect(librariesIn(files)).not.toContain('@asyncapi/parser');
  expect(librariesIn(files)).not.toContain('@redocly/openapi-core');
});

const TWICE = `asyncapi: 2.6.0
info: { title: Shop, version: '1' }
channels:
  a:
    subscribe:
      message: { messageId: one, payload: { type: object } }
  b:
    subscribe:
      message: { messageId: one, payload: { type: object } }
`;

test('what only the late check finds is logged, and ends nothing', async () => {
  const folder = writeFiles({ 'shop/events.yaml': TWICE });
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--cache', 'false', '--specs', folder]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let errors = '';
  const isLogged = new Promise<void>((resolve) => {
    child.stderr.on('data', (text) => {
      errors += String(text);
      if (errors.includes('the contracts have problems')) resolve();
    });
  });
  const [url] = await once(child.stdout, 'data');
  await isLogged;

  expect(errors).toMatch(/"errors":0,"warnings":1/);
  expect((await fetch(`${String(url).trim()}/_simulator/health`)).status).toBe(200);
});

test('with --strict-contracts nothing is served before everything is checked', async () => {
  const specs = [writeFiles({ 'shop/events.yaml': TWICE })];
  const simulator = createSimulator({ port: 0, specs, strictContracts: true });

  await expect(simulator.start()).rejects.toMatchObject({
    code: 'CONTRACT_INVALID',
    problems: [{ line: 9, column: 29 }],
  });
});

/** Starts the built program with a hook that notes what it loads, and stops it after it has answered. */
async function filesLoadedBy(args: readonly string[], path: string): Promise<{ files: string[] }> {
  const folder = writeFiles({
    'register.mjs': `import { register } from 'node:module'; register('./hook.mjs', import.meta.url);`,
    'hook.mjs': `
      import { appendFileSync } from 'node:fs';
      export async function load(url, context, next) {
        appendFileSync(new URL('./loaded.txt', import.meta.url), url + '\\n');
        return next(url, context);
      }`,
  });
  const child = spawn(process.execPath, ['--import', join(folder, 'register.mjs'), MAIN, '--port', '0', ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [url] = await once(child.stdout, 'data');
  const response = await fetch(`${String(url).trim()}${path}`, { headers: { Authorization: 'Bearer any' } });
  expect(response.status).toBe(200);
  const loaded = readFileSync(join(folder, 'loaded.txt'), 'utf8').trim().split('\n');
  child.kill('SIGTERM');
  await once(child, 'close');
  const files = loaded.filter((each) => each.startsWith('file:')).map((each) => fileURLToPath(each));
  return { files: files.filter((file) => !file.startsWith(folder)) };
}

/** The packages whose code is in these files: those that stand alone, and those that the build has put together. */
function librariesIn(files: readonly string[]): string[] {
  const sources = files.flatMap((file) => {
    if (file.includes('node_modules')) return [file];
    // A file of the bundler alone, which only passes on, has no map.
    if (!existsSync(`${file}.map`) && (statSync(file).size < 2_000 || basename(file) === 'rolldown-runtime.js'))
      return [];
    return (JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] }).sources;
  });
  const names = sources.map((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? '');
  return [...new Set(names)].filter((name) => name !== '').sort();
}
