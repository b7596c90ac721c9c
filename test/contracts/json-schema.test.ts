import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { createValidation } from '../../src/contracts/validation.ts';
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
  ['http://json-schema.org/draft-04/schema#', 'json-schema-draft-04'],
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

/** As owners publish such schemas: an unknown draft, line breaks in texts, and what draft-03 wrote differently. */
const PUBLISHED = `{
"$schema":"http://json-schema.org/V-04/schema#",
"title":"Removal v0.3",
"type":"object",
"properties":{
"Head":{
"type":"object",
"properties":{
"Id":{
"type":"string",
"description":"What the other side
calls it",
"required":true
},
"Ref":{
"type":"string",
"required":false
}
}
},
"Person":{
"type":"array",
"items":[
{
"Name":{
"type":"string",
"required":true
},
"Until":{
"type":"string",
"format":"date-time"
}
}
]
}
}
}`;

test('a schema as its owner publishes it is read with its repairs, and each is told where it stands', async () => {
  const folder = writeFiles({ 'shop/removal.schema.json': PUBLISHED });
  const { contracts, problems } = await loadContracts([folder]);

  expect(problems.map(({ line, message, severity }) => `${line} ${severity}: ${message}`)).toEqual([
    '2 warning: `http://json-schema.org/V-04/schema#` names no draft of JSON Schema: the document is read as draft-04.',
    '13 warning: `required` is true, as draft-03 has it: it is read as a name in the list of what is required around it.',
    '17 warning: `required` is false, as draft-03 has it: it is read as no name in the list of what is required around it.',
    '24 warning: `items` is a list with a bare map of properties: it is read as the properties of every item.',
    '27 warning: `required` is true, as draft-03 has it: it is read as a name in the list of what is required around it.',
  ]);
  const [contract] = contracts.filter(({ system }) => system === 'shop');
  const check = createValidation(contracts).check({ $ref: 'contract://shop/removal#/$defs/Removal' });
  expect(contract?.$defs.Removal).toMatchObject({ properties: { Head: { required: ['Id'] } } });
  const paths = (value: unknown) => check(value).map(({ path }) => path);
  expect(paths({ Head: { Id: '1' }, Person: [{ Name: 'a' }, { Name: 'b' }] })).toEqual([]);
  expect(paths({ Head: {} })).toEqual(['/Head/Id']);
  expect(paths({ Person: [{ Name: 'a' }, { Until: '2026-01-01T00:00:00Z' }] })).toEqual(['/Person/1/Name']);
});

test('a bare schema is bound to an endpoint by a hint beside it', async () => {
  const folder = writeFiles({
    'shop/removal.schema.json': PUBLISHED,
    'shop/removal.overlay.json': {
      overlay: '1.0.0',
      info: { title: 'Where removals are sent', version: '1' },
      actions: [{ target: '$', update: { 'x-simulator': { endpoint: '/removals' } } }],
    },
  });
  const { contracts } = await loadContracts([folder]);
  const operations = contracts.flatMap((contract) =>
    contract.operations.map(({ method, path }) => `${method} ${path}`),
  );
  expect(operations).toContain('POST /removals');
});

test.each([
  ['any value where draft-03 says so beside other types', { type: ['any', 'null'] }, [5, null, 'x'], []],
  ['an address by the name that draft-03 has for it', { type: 'string', format: 'ip-address' }, ['192.0.2.1'], ['x']],
  ['a host by the name that draft-03 has for it', { type: 'string', format: 'host-name' }, ['a.example'], ['-']],
  ['what may not be of some types', { disallow: ['null', { type: 'string', maxLength: 2 }] }, ['abc', 1], [null, 'a']],
  ['a schema among types', { type: ['string', { type: 'object', required: ['r'] }] }, ['a', { r: 1 }], [1, {}]],
])('reads %s', async (_, property, valid, invalid) => {
  const $schema = 'http://json-schema.org/draft-03/schema#';
  const folder = writeFiles({ 'shop/thing.schema.json': { $schema, type: 'object', properties: { a: property } } });
  const { contracts, problems } = await loadContracts([folder]);
  const check = createValidation(contracts).check({ $ref: 'contract://shop/thing#/$defs/Thing' });

  expect(problems).toEqual([]);
  expect(valid.filter((a) => check({ a }).length > 0)).toEqual([]);
  expect(invalid.filter((a) => check({ a }).length === 0)).toEqual([]);
});

test.each([
  ['no draft at all', {}, 'The document names no `$schema`: it is read as draft-07.'],
  [
    "its owner's own name for one",
    { $schema: 'http://schemas.example.com/2013/crm#' },
    '`http://schemas.example.com/2013/crm#` names no draft of JSON Schema: the document is read as draft-04.',
  ],
])('a schema that names %s is bound to the endpoint that its hint names, and told', async (_, draft, told) => {
  const folder = writeFiles({
    'shop/thing.json': {
      ...draft,
      type: 'object',
      properties: { id: { type: 'string' }, size: { type: 'integer', minimum: 1, exclusiveMinimum: true } },
      'x-simulator': { endpoint: '/things' },
    },
  });
  const { contracts, problems } = await loadContracts([folder]);
  const operations = contracts.flatMap((contract) =>
    contract.operations.map(({ method, path }) => `${method} ${path}`),
  );
  const check = createValidation(contracts).check({ $ref: 'contract://shop/thing#/$defs/Thing' });

  expect(problems.map(({ message, severity }) => [message, severity])).toEqual([[told, 'warning']]);
  expect(operations).toContain('PUT /things/{id}');
  expect([2, 1].map((size) => check({ size }).length)).toEqual([0, 1]);
});
