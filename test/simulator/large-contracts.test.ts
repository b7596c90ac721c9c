import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { loadInWorker } from '../../src/contracts/load-in-worker.ts';
import { temporaryFolder, writeFiles } from '../contracts/temp-files.ts';

const description = 'Grüße, 世界. '.repeat(8_000);
const thing = { type: 'object', description, properties: { id: { type: 'string' }, at: { type: 'strng' } } };
const answer = {
  description: 'One.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
};
const document = {
  openapi: '3.0.3',
  info: { title: 'Many words', version: '1' },
  paths: Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `/things${index}/{id}`,
      {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        get: { description, responses: { 200: answer, 404: { $ref: '#/components/responses/Missing' } } },
      },
    ]),
  ),
  components: { schemas: { Thing: thing } },
};
const writeShop = () => writeFiles({ 'shop/api.json': document });

/** What is loaded here because a format comes with the call, which no worker could be told. */
const here = { isQuick: true, formats: [] };

test('a large document is loaded in a worker, with the same contract and the same problems at the same places', async () => {
  const folder = writeShop();
  const workers = countWorkers();
  const expected = await loadContracts([folder], here);
  expect(workers.count).toBe(0);
  const loaded = await loadContracts([folder], { isQuick: true });

  expect(workers.count).toBe(1);
  expect(loaded.contracts).toEqual(JSON.parse(JSON.stringify(expected.contracts)));
  expect({ ...loaded, contracts: [] }).toEqual({ ...expected, contracts: [] });
  expect(loaded.problems).toContainEqual(
    expect.objectContaining({ file: join(folder, 'shop/api.json'), severity: 'error' }),
  );
  expect(loaded.documents['shop/api']).toBe(JSON.stringify(document, null, 2));
});

test('it is kept by the worker, and found by the next start without one', async () => {
  const folder = writeShop();
  const cacheDir = temporaryFolder();
  const first = await loadContracts([folder], { isQuick: true, cacheDir });
  expect(readdirSync(cacheDir)).toHaveLength(1);
  const workers = countWorkers();
  const second = await loadContracts([folder], { isQuick: true, cacheDir });

  expect(workers.count).toBe(0);
  expect(second).toEqual(first);
});

test('where somebody checks later nobody waits for lines, unless there is nothing to be served', async () => {
  const folder = writeShop();
  const later = { isQuick: true, isCheckedLater: true };
  const broken = writeFiles({ 'shop/api.json': `${JSON.stringify(document, null, 2).slice(0, -2)},,}` });
  const { problems } = await loadContracts([broken], later);

  expect((await loadContracts([folder], later)).problems).toEqual([]);
  expect(problems).not.toEqual([]);
  expect(problems).toEqual((await loadContracts([broken], here)).problems);
});

test('what has changed in between, or is too large for the worker, is left to whoever has asked', async () => {
  const folder = writeShop();
  const order = { paths: [folder], options: { isQuick: true }, key: 'another' };

  expect(await loadInWorker(order, 0)).toBeUndefined();
});

test('a small one needs no worker', async () => {
  const workers = countWorkers();
  await loadContracts([writeFiles({ 'shop/api.json': { ...document, paths: {} } })], { isQuick: true });

  expect(workers.count).toBe(0);
});

function countWorkers() {
  const counted = { count: 0 };
  const add = () => {
    counted.count += 1;
  };
  process.on('worker', add);
  onTestFinished(() => void process.off('worker', add));
  return counted;
}
