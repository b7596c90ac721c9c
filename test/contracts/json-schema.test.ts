import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { loadDocument, writeFiles } from './temp-files.ts';

test('a schema file is a contract of schemas, named after the file', async () => {
  const contract = await loadDocument(
    {
      $schema: 'http://json-schema.org/draft-04/schema#',
      title: 'Order v0.12',
      type: 'object',
      properties: { size: { $ref: '#/definitions/Size' } },
      definitions: { Size: { type: 'integer', minimum: 0, exclusiveMinimum: true } },
    },
    'add-order.schema.json',
  );

  expect(contract).toMatchObject({ name: 'add-order', version: '0.12', format: 'json-schema-draft-04' });
  expect(contract.$defs).toEqual({
    AddOrder: {
      title: 'Order v0.12',
      type: 'object',
      properties: { size: { $ref: 'contract://shop/add-order#/$defs/Size' } },
    },
    Size: { type: 'integer', exclusiveMinimum: 0 },
  });
});

test.each([
  ['http://json-schema.org/V-04/schema#', 'json-schema-draft-04'],
  ['http://json-schema.org/draft-03/schema#', 'json-schema-draft-03'],
  ['http://json-schema.org/draft-06/schema#', 'json-schema-draft-06'],
  ['http://json-schema.org/draft-07/schema#', 'json-schema-draft-07'],
  ['https://json-schema.org/draft/2019-09/schema', 'json-schema-2019-09'],
  ['https://json-schema.org/draft/2020-12/schema', 'json-schema-2020-12'],
])('%s is read as %s', async ($schema, format) => {
  const contract = await loadDocument({ $schema, type: 'string', minLength: 1 }, 'a.schema.json');

  expect(contract.format).toBe(format);
});

test.each([
  ['http://json-schema.org/draft-06/schema#'],
  ['http://json-schema.org/draft-07/schema#'],
  ['https://json-schema.org/draft/2019-09/schema'],
  ['https://json-schema.org/draft/2020-12/schema'],
])('a wrong value is found under %s', async ($schema) => {
  const folder = writeFiles({ 'shop/a.schema.json': { $schema, minLength: 'one' } });
  const { problems } = await loadContracts([folder]);

  expect(problems).toMatchObject([
    { line: 3, column: 16, message: '`minLength` must be a whole number from 0: it is ignored.' },
  ]);
});
