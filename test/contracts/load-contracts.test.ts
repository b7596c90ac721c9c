import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { loadFiles, writeFiles } from './temp-files.ts';

const SCHEMA = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' };

function api(paths: object) {
  return { openapi: '3.0.3', info: { title: 'Api', version: '1' }, paths };
}

const GET = { get: { operationId: 'read', responses: { 200: { description: 'Fine.' } } } };

test('the shipped contracts load without a problem', async () => {
  const { contracts, documents, problems } = await loadContracts(['specs']);

  expect(problems).toEqual([]);
  expect(contracts.map(({ system, name }) => `${system}/${name}`)).toEqual(Object.keys(documents).toSorted());
  expect(contracts.find(({ name }) => name === 'bss-api')?.operations).toHaveLength(8);
  expect(contracts.find(({ name }) => name === 'bss-events')?.channels).toHaveLength(7);
  expect(contracts.find(({ name }) => name === 'billing-account')?.$defs).toHaveProperty('BillingAccount');
});

test('every reference of the shipped contracts leads to a schema of the same contract', async () => {
  const { contracts } = await loadContracts(['specs']);

  for (const contract of contracts) {
    const refs = [...JSON.stringify(contract).matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => String(ref));
    const prefix = `contract://${contract.system}/${contract.name}#/$defs/`;
    for (const ref of refs) {
      expect(ref.slice(0, prefix.length)).toBe(prefix);
      expect(Object.keys(contract.$defs)).toContain(ref.slice(prefix.length));
    }
  }
});

test('a contract is plain data, as it is cached as JSON', async () => {
  const { contracts } = await loadContracts(['specs']);

  expect(JSON.parse(JSON.stringify(contracts))).toEqual(contracts);
});

test('the system is the folder and the name is the file without its endings', async () => {
  const { contracts, documents } = await loadFiles({
    'a/shop/events.asyncapi.yml': 'asyncapi: 2.6.0\ninfo: {title: E, version: "1"}\nchannels: {}\n',
    'b/depot/goods.schema.json': SCHEMA,
  });

  expect(contracts.map(({ system, name, file }) => [system, name, file])).toEqual([
    ['depot', 'goods', 'b/depot/goods.schema.json'],
    ['shop', 'events', 'a/shop/events.asyncapi.yml'],
  ]);
  expect(documents['shop/events']).toMatch(/^asyncapi/);
});

test('a file of no known format is a problem unless it is an example or part of a contract', async () => {
  const ref = { 200: { description: 'Fine.', content: { 'application/json': { schema: { $ref: 'part.json' } } } } };
  const folder = writeFiles({
    'shop/api.yaml': api({ '/a': { get: { operationId: 'a', responses: ref } } }),
    'shop/part.json': { type: 'object' },
    'shop/examples/order.json': { id: 1 },
    'shop/notes.yaml': 'remember: milk\n',
  });
  const { problems } = await loadContracts([folder]);

  expect(problems).toMatchObject([{ file: `${folder}/shop/notes.yaml`, line: 1, column: 1 }]);
});

test('names that two contracts claim are problems', async () => {
  const folder = writeFiles({
    'a/shop/api.yaml': api({ '/a/{x}': { ...GET, parameters: [path('x')] } }),
    'b/shop/api.yaml': api({ '/a/{y}': { ...GET, parameters: [path('y')] } }),
  });
  const { problems } = await loadContracts([folder]);

  expect(problems.map(({ file }) => file)).toEqual(Array(2).fill(`${folder}/b/shop/api.yaml`));
  expect(problems.map(({ message }) => message)).toEqual([
    'There is another contract shop/api: this one is called shop/api-2.',
    'GET /a/{y} is answered by shop/api: this operation is not reached.',
  ]);
});

test('a mistake in a file that three documents share is told of once', async () => {
  const folder = writeFiles({
    'shop/a.yaml': use('/a'),
    'shop/b.yaml': use('/b'),
    'shop/c.yaml': use('/c'),
    'shop/part.yaml': 'Thing:\n  type: object\n  proprties: {}\n',
  });
  const { problems } = await loadContracts([folder]);

  expect(problems).toMatchObject([
    { file: `${folder}/shop/part.yaml`, line: 3, column: 3, hint: 'Did you mean `properties`?' },
  ]);
});

test('a required member with a slip in its name is one problem in every format', async () => {
  const folder = writeFiles({
    'shop/api.yaml': JSON.stringify(api({ '/a': GET })).replace('"responses"', '"respones"'),
    'shop/shop.aps.json': {
      name: 'Shop',
      id: 'http://shop.test/1.0',
      apsVersion: '2.0',
      operations: { pay: { path: '/pay', vreb: 'POST' } },
    },
    'shop/events.yaml': 'asyncapi: 2.6.0\ninof: {title: E, version: "1"}\nchannels: {}\n',
  });
  const { problems } = await loadContracts([folder]);

  expect(problems.map(({ hint }) => hint)).toEqual([
    'Did you mean `responses`?',
    'Did you mean `info`?',
    'Did you mean `verb`?',
  ]);
});

test('references that only lead to each other are problems', async () => {
  const folder = writeFiles({
    'shop/a.schema.json': {
      ...SCHEMA,
      definitions: { A: { $ref: '#/definitions/B' }, B: { $ref: '#/definitions/A' } },
    },
  });
  const { problems } = await loadContracts([folder]);

  expect(problems.map(({ message }) => message)).toEqual([
    '`#/definitions/B` leads only back to itself.',
    '`#/definitions/A` leads only back to itself.',
  ]);
});

test('nothing is fetched from another host', async () => {
  const folder = writeFiles({ 'shop/a.schema.json': { ...SCHEMA, items: { $ref: 'https://host.test/a.json' } } });
  const { problems } = await loadContracts([folder]);

  expect(problems).toMatchObject([{ line: 5, column: 13, hint: expect.stringMatching(/Nothing is fetched/) }]);
});

test('a file that is broken is told of once, not at each reference to it', async () => {
  const folder = writeFiles({ 'shop/a.yaml': use('/a'), 'shop/b.yaml': use('/b'), 'shop/part.yaml': 'Thing: {\n' });
  const { problems } = await loadContracts([folder]);

  expect(problems.map(({ file }) => file)).toEqual([`${folder}/shop/part.yaml`]);
});

test('a path that does not exist is refused', async () => {
  await expect(loadContracts(['no/such/folder'])).rejects.toMatchObject({ code: 'CONTRACT_INVALID' });
});

function path(name: string) {
  return { name, in: 'path', required: true, schema: { type: 'string' } };
}

function use(at: string) {
  const schema = { $ref: 'part.yaml#/Thing' };
  const responses = { 200: { description: 'Fine.', content: { 'application/json': { schema } } } };
  return api({ [at]: { get: { operationId: `read${at.slice(1)}`, responses } } });
}
