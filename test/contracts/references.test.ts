import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { referencesIn } from '../../src/contracts/references.ts';
import { createValidation } from '../../src/contracts/validation.ts';
import { loadDocument, loadFiles, writeFiles } from './temp-files.ts';

const INFO = { title: 'T', version: '1' };

test('what is data refers to nothing, and what is only called as data is does', () => {
  const document = {
    properties: {
      example: { $ref: '#/a' },
      enum: { enum: [{ $ref: '#/no' }], default: { $ref: '#/no' }, const: { $ref: '#/no' } },
    },
    example: { $ref: '#/no' },
    examples: { one: { $ref: '#/b' }, two: { value: { $ref: '#/no' } }, 'application/json': { $ref: '#/no' } },
    'x-note': { $ref: '#/no' },
    responses: { default: { $ref: '#/c' } },
  };

  expect(referencesIn(document).map(({ ref }) => ref)).toEqual(['#/a', '#/b', '#/c']);
});

test.each([
  ['an $id', { $ref: 'https://shop.test/order' }],
  ['a part of what has an $id', { $ref: 'https://shop.test/order#/properties/id' }],
  ['an $id as it is written', { $ref: 'urn:shop:id' }],
  ['an $anchor', { $ref: '#theId' }],
  ['an $anchor of what has an $id', { $ref: 'https://shop.test/order#inOrder' }],
  ['an $anchor that is dynamic', { $dynamicRef: '#node' }],
  ['an $id relative to another', { $ref: 'https://shop.test/parts/id.json' }],
  ['a chain', { $ref: '#/components/schemas/Chain' }],
  ['a way through a reference', { $ref: '#/components/schemas/Chained/properties/id' }],
])('%s is followed', async (_, schema) => {
  const contract = await loadDocument({
    openapi: '3.1.0',
    info: INFO,
    paths: {},
    components: {
      schemas: {
        Tried: schema,
        Chain: { $ref: '#/components/schemas/Link' },
        Link: { $ref: '#theId' },
        Chained: { $ref: '#/components/schemas/Order' },
        Id: { $anchor: 'theId', type: 'integer', maximum: 9 },
        Urn: { $id: 'urn:shop:id', type: 'integer', maximum: 9 },
        Node: { $dynamicAnchor: 'node', type: 'integer', maximum: 9 },
        Order: {
          $id: 'https://shop.test/order',
          type: ['object', 'integer'],
          maximum: 9,
          properties: {
            id: { $anchor: 'inOrder', type: 'integer', maximum: 9 },
            part: { $id: 'parts/id.json', maximum: 9 },
          },
        },
      },
    },
  });
  const check = createValidation([contract]).check(contract.$defs.Tried ?? false);

  expect([check(9), check(10)]).toEqual([[], [{ path: '', message: 'must be <= 9' }]]);
});

test('a part with an id of its own is what its references count from', async () => {
  const { contracts } = await loadFiles({
    'shop/all.schema.json': {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: {
        a: { type: 'string' },
        inner: { $id: 'https://shop.test/inner', $ref: '#/$defs/a', $defs: { a: { type: 'integer' } } },
      },
    },
  });
  const check = createValidation(contracts).check(contracts[0]?.$defs.inner ?? false);

  expect([check(1), check('a')]).toEqual([[], [{ path: '', message: 'must be integer' }]]);
});

test('a file that is broken spoils only what refers to it', async () => {
  const folder = writeFiles({
    'shop/api.json': {
      openapi: '3.1.0',
      info: INFO,
      paths: {},
      components: { schemas: { Good: { type: 'integer' }, Bad: { $ref: 'bad.yaml#/A' }, Lost: { $ref: 'lost.yaml' } } },
    },
    'shop/bad.yaml': 'A: {type: [',
  });
  const { contracts, problems } = await loadContracts([folder]);

  expect(contracts[0]?.$defs).toEqual({ Good: { type: 'integer' }, Bad: {}, Lost: {} });
  expect(problems.map(({ file, message }) => `${file.slice(folder.length)} ${message}`)).toEqual([
    '/shop/api.json `lost.yaml` leads nowhere.',
    expect.stringMatching(/^\/shop\/bad.yaml /),
  ]);
});
