import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { temporaryFolder, writeFiles } from './temp-files.ts';

const SCHEMA = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' };

test('a second load is read from the cache and says the same', async () => {
  const cacheDir = temporaryFolder();
  const first = await loadContracts(['specs'], { cacheDir });
  const second = await loadContracts(['specs'], { cacheDir });

  expect(readdirSync(cacheDir)).toHaveLength(1);
  expect(second).toEqual(first);
});

test('a load that is written in several pieces is read as it was', async () => {
  const cacheDir = temporaryFolder();
  const long = 'Grüße, 世界. '.repeat(5_000);
  const operation = { description: long, responses: { 204: { description: 'Fine.' } } };
  const paths = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`/p${index}`, { get: operation }]));
  const document = { openapi: '3.1.0', info: { title: 'T', version: '1' } };
  const folder = writeFiles({ 'shop/a.json': { ...document, paths }, 'shop/b.json': { ...document, paths: {} } });
  const first = await loadContracts([folder], { cacheDir });
  const second = await loadContracts([folder], { cacheDir });

  expect(second.contracts).toEqual(JSON.parse(JSON.stringify(first.contracts)));
});

test('a hit loads no library of any format', async () => {
  const cacheDir = temporaryFolder();
  await loadContracts(['specs'], { cacheDir });
  const loaded = await urlsLoadedBy(cacheDir);

  expect(loaded).toContainEqual(expect.stringMatching(/contract-cache\.ts$/));
  expect(loaded.filter((url) => /@redocly|@asyncapi|@stoplight|\/ajv|\/formats\/\w/.test(url))).toEqual([]);
});

test('a miss is seen to load them, so that the test above can fail', async () => {
  const loaded = await urlsLoadedBy(temporaryFolder());

  expect(loaded.filter((url) => /@redocly\/openapi-core\/lib\/index/.test(url))).not.toEqual([]);
});

test('a change of any file is a miss', async () => {
  const cacheDir = temporaryFolder();
  const folder = writeFiles({ 'shop/a.schema.json': SCHEMA });
  await loadContracts([folder], { cacheDir });
  writeFileSync(join(folder, 'shop/a.schema.json'), JSON.stringify({ ...SCHEMA, title: 'New' }));
  const { contracts } = await loadContracts([folder], { cacheDir });

  expect(contracts[0]?.title).toBe('New');
});

test('a change of a file outside that a contract refers to is a miss', async () => {
  const cacheDir = temporaryFolder();
  const folder = writeFiles({
    'shop/a.schema.json': { ...SCHEMA, items: { $ref: '../parts/b.json' } },
    'parts/b.json': { type: 'string' },
  });
  const before = await loadContracts([join(folder, 'shop')], { cacheDir, allowRefs: true });
  writeFileSync(join(folder, 'parts/b.json'), JSON.stringify({ type: 'integer' }));
  const after = await loadContracts([join(folder, 'shop')], { cacheDir, allowRefs: true });

  expect(before.contracts[0]?.$defs.B).toEqual({ type: 'string' });
  expect(after.contracts[0]?.$defs.B).toEqual({ type: 'integer' });
});

test('a broken cache file is ignored and written anew', async () => {
  const cacheDir = temporaryFolder();
  const folder = writeFiles({ 'shop/a.schema.json': SCHEMA });
  await loadContracts([folder], { cacheDir });
  const file = join(cacheDir, String(readdirSync(cacheDir)[0]));
  const good = readFileSync(file, 'utf8');
  writeFileSync(file, good.slice(0, 20));
  const { contracts } = await loadContracts([folder], { cacheDir });

  expect(contracts).toHaveLength(1);
  expect(readFileSync(file, 'utf8')).toBe(good);
});

test('what is wrong is kept with the rest, under the paths of the next load', async () => {
  const cacheDir = temporaryFolder();
  const folder = writeFiles({ 'shop/a.schema.json': { ...SCHEMA, type: 'objct' } });
  const first = await loadContracts([folder], { cacheDir });
  const second = await loadContracts([join(folder, 'shop')], { cacheDir });

  expect(first.problems).toMatchObject([{ file: `${folder}/shop/a.schema.json`, severity: 'error' }]);
  expect(second.problems).toEqual(first.problems);
  expect(readdirSync(cacheDir)).toHaveLength(1);
});

test('a quick load is kept where nobody checks later, and a thorough one then takes its place', async () => {
  const cacheDir = temporaryFolder();
  const folder = writeFiles({ 'shop/a.schema.json': SCHEMA });
  await loadContracts([folder], { cacheDir, isQuick: true, isCheckedLater: true });
  expect(readdirSync(cacheDir)).toEqual([]);
  const quick = await loadContracts([folder], { cacheDir, isQuick: true });
  const thorough = await loadContracts([folder], { cacheDir });
  const after = await loadContracts([folder], { cacheDir, isQuick: true });

  expect([quick, thorough, after].map(({ isThorough }) => isThorough)).toEqual([false, true, true]);
});

test('a quick load that a later check could add nothing to is kept at once, and found settled', async () => {
  const cacheDir = temporaryFolder();
  const RIGHT =
    "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {responses: {'204': {description: ok}}}}}\n";
  const folder = writeFiles({ 'shop/api.yaml': RIGHT });
  const options = { cacheDir, isQuick: true, isCheckedLater: true, mostLinted: 10 };
  await loadContracts([folder], options);
  expect(readdirSync(cacheDir)).toHaveLength(1);
  expect(await loadContracts([folder], options)).toMatchObject({ isSettled: true, problems: [] });
});

/** Loads the shipped contracts in a process of its own, with a hook that strips types and notes what is loaded. */
async function urlsLoadedBy(cacheDir: string): Promise<string[]> {
  const folder = writeFiles({
    'hook.mjs': `
      import { appendFileSync, readFileSync } from 'node:fs';
      import { fileURLToPath } from 'node:url';
      import { transformWithOxc } from ${JSON.stringify(import.meta.resolve('vite'))};
      export async function load(url, context, next) {
        appendFileSync(new URL('./loaded.txt', import.meta.url), url + '\\n');
        if (!url.endsWith('.ts')) return next(url, context);
        const path = fileURLToPath(url);
        const { code } = await transformWithOxc(readFileSync(path, 'utf8'), path);
        return { format: 'module', source: code, shortCircuit: true };
      }`,
    'main.mjs': `
      import { register } from 'node:module';
      register('./hook.mjs', import.meta.url);
      const { loadContracts } = await import(${JSON.stringify(pathToFileURL('src/contracts/load-contracts.ts').href)});
      const { problems } = await loadContracts(['specs'], { cacheDir: ${JSON.stringify(cacheDir)} });
      if (problems.length > 0) throw new Error(JSON.stringify(problems));`,
  });
  await promisify(execFile)(process.execPath, [join(folder, 'main.mjs')]);
  return readFileSync(join(folder, 'loaded.txt'), 'utf8').trim().split('\n');
}
