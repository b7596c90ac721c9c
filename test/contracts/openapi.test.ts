import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { styleOf } from '../../src/model/parameter-style.ts';
import { loadDocument, loadFiles, writeFiles } from './temp-files.ts';

const OK = { 200: { description: 'Fine.' } };

function openapi(paths: object, more: object = {}) {
  return { openapi: '3.1.0', info: { title: 'Shop', version: '1.2.0' }, paths, ...more };
}

function swagger(paths: object, more: object = {}) {
  return { swagger: '2.0', info: { title: 'Shop', version: '1' }, paths, ...more };
}

test('an operation carries the base path, the merged parameters and its pointer', async () => {
  const contract = await loadDocument(
    openapi(
      {
        '/a/{id}': {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'q', in: 'query', schema: { type: 'string' } },
          ],
          get: {
            operationId: 'readA',
            parameters: [{ $ref: '#/components/parameters/q' }],
            responses: OK,
          },
        },
      },
      {
        servers: [
          { url: 'https://{host}/v{major}/', variables: { host: { default: 'x.test' }, major: { default: '3' } } },
        ],
        components: { parameters: { q: { name: 'q', in: 'query', schema: { type: 'integer', default: 1 } } } },
      },
    ),
  );

  expect(contract).toMatchObject({ system: 'shop', name: 'api', format: 'openapi-3.1', basePath: '/v3' });
  expect(contract.operations).toMatchObject([
    {
      id: 'readA',
      method: 'GET',
      path: '/v3/a/{id}',
      pointer: '/paths/~1a~1{id}/get',
      parameters: [
        { in: 'path', name: 'id', required: true },
        { in: 'query', name: 'q', required: false, schema: { type: 'integer', default: 1 } },
      ],
    },
  ]);
});

test('of a server whose host is none, the path is meant', async () => {
  const servers = [{ url: 'http://:192.0.2.1/api/v1' }];
  const contract = await loadDocument(openapi({ '/a': { get: { responses: OK } } }, { servers }));

  expect(contract.operations[0]?.path).toBe('/api/v1/a');
});

test('an operation without an id is named by its method and path', async () => {
  const contract = await loadDocument(openapi({ '/a': { get: { responses: OK } } }));

  expect(contract.operations[0]?.id).toBe('GET /a');
});

test('arrays in queries are written as the parameter says', async () => {
  const array = { type: 'array', items: { type: 'string' } };
  const parameters = [
    { name: 'a', in: 'query', schema: array },
    { name: 'b', in: 'query', explode: false, schema: array },
    { name: 'c', in: 'query', style: 'pipeDelimited', explode: false, schema: array },
    { name: 'd', in: 'header', schema: array },
    { name: 'e', in: 'query', schema: { type: 'string' } },
  ];
  const contract = await loadDocument(openapi({ '/a': { get: { parameters, responses: OK } } }));

  expect(contract.operations[0]?.parameters.map(styleOf)).toEqual([
    { style: 'form', explode: true },
    { style: 'form', explode: false },
    { style: 'pipeDelimited', explode: false },
    { style: 'simple', explode: false },
    { style: 'form', explode: true },
  ]);
});

test('security of an operation replaces that of the document', async () => {
  const contract = await loadDocument(
    openapi(
      { '/a': { get: { responses: OK }, put: { security: [], responses: OK } } },
      {
        security: [{ login: ['read'] }],
        components: {
          securitySchemes: {
            login: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/token', scopes: { read: 'Read.' } } } },
          },
        },
      },
    ),
  );

  expect(contract.operations.map(({ security }) => security)).toEqual([[{ login: ['read'] }], []]);
  expect(contract.securitySchemes.login).toEqual({
    type: 'oauth2',
    flows: { client_credentials: { tokenUrl: '/token', scopes: { read: 'Read.' } } },
  });
});

test('schemas of other files are pulled in under readable names, circles included', async () => {
  const { contracts } = await loadFiles({
    'shop/api.yaml': openapi(
      {
        '/a': {
          get: {
            responses: {
              200: {
                description: 'Fine.',
                content: { 'application/json': { schema: { $ref: './parts/tree.yaml#/schemas/Node' } } },
              },
            },
          },
        },
      },
      { components: { schemas: { Node: { type: 'string' }, Leaf: { $ref: 'parts/tree.yaml#/schemas/Leaf' } } } },
    ),
    'shop/parts/tree.yaml': {
      schemas: {
        Node: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/schemas/Node' } } } },
        Leaf: { type: 'object', properties: { of: { $ref: '#/schemas/Node' } } },
      },
    },
  });

  expect(contracts).toHaveLength(1);
  const [contract] = contracts;
  expect(Object.keys(contract?.$defs ?? {})).toEqual(['Node', 'Leaf', 'Leaf2', 'Node2']);
  expect(contract?.$defs.Node2).toEqual({
    type: 'object',
    properties: { children: { type: 'array', items: { $ref: 'contract://shop/api#/$defs/Node2' } } },
  });
  expect(contract?.operations[0]?.responses[200]?.content['application/json']?.schema).toEqual({
    $ref: 'contract://shop/api#/$defs/Node2',
  });
});

test('examples are kept by name, a lone one as default', async () => {
  const content = (media: object) => ({ 200: { description: 'Fine.', content: { 'application/json': media } } });
  const contract = await loadDocument(
    openapi(
      {
        '/a': { get: { responses: content({ example: 1 }) } },
        '/b': {
          get: { responses: content({ examples: { one: { value: 1 }, two: { $ref: '#/components/examples/two' } } }) },
        },
      },
      { components: { examples: { two: { value: 2 } } } },
    ),
  );

  const examples = contract.operations.map(({ responses }) => responses[200]?.content['application/json']?.examples);
  expect(examples).toEqual([{ default: 1 }, { one: 1, two: 2 }]);
});

test('x-select of a request schema becomes an extension with absolute references', async () => {
  const { contracts } = await loadFiles({
    'shop/api.yaml': openapi({
      '/a': {
        post: {
          'x-slow': true,
          requestBody: {
            content: {
              'application/json': {
                schema: {
                  anyOf: [{ $ref: './order.schema.json' }],
                  'x-select': { property: '/kind', schemas: { order: './order.schema.json' } },
                },
              },
            },
          },
          responses: OK,
        },
      },
    }),
    'shop/order.schema.json': { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' },
  });

  expect(contracts[0]?.operations[0]?.extensions).toEqual({
    'x-slow': true,
    'x-select': { property: '/kind', schemas: { order: 'contract://shop/api#/$defs/Order' } },
  });
});

test('the schema of most error responses is the error schema', async () => {
  const body = (name: string) => ({
    description: 'No.',
    content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/${name}` } } },
  });
  const contract = await loadDocument(
    openapi(
      { '/a': { get: { responses: { ...OK, 400: body('Rare'), 404: body('Usual'), 409: body('Usual') } } } },
      { components: { schemas: { Rare: { type: 'string' }, Usual: { type: 'object' } } } },
    ),
  );

  expect(contract.errorSchema).toEqual({ $ref: 'contract://shop/api#/$defs/Usual' });
});

test('a Swagger body becomes a request body in every media type that is consumed', async () => {
  const contract = await loadDocument(
    swagger(
      {
        '/a': {
          post: {
            consumes: ['application/json;charset=utf-8', 'application/xml'],
            parameters: [{ name: 'a', in: 'body', required: true, schema: { $ref: '#/definitions/A' } }],
            responses: {
              200: { description: 'Fine.', schema: { $ref: '#/definitions/A' } },
              204: { description: '-' },
            },
          },
        },
      },
      { basePath: '/v1/', definitions: { A: { type: 'object', example: { a: 1 } } } },
    ),
  );

  const [operation] = contract.operations;
  const media = { schema: { $ref: 'contract://shop/api#/$defs/A' }, examples: {} };
  expect(contract).toMatchObject({ format: 'swagger-2.0', basePath: '/v1' });
  expect(operation?.path).toBe('/v1/a');
  expect(operation?.parameters).toEqual([]);
  expect(operation?.requestBody).toMatchObject({
    required: true,
    content: { 'application/json;charset=utf-8': media, 'application/xml': media },
  });
  expect(operation?.responses[200]?.content).toEqual({ 'application/json': media });
  expect(operation?.responses[204]?.content).toEqual({});
});

test('Swagger form fields become one object, with a file as binary text', async () => {
  const contract = await loadDocument(
    swagger({
      '/a': {
        post: {
          consumes: ['multipart/form-data'],
          parameters: [
            { name: 'file', in: 'formData', type: 'file', required: true },
            { name: 'note', in: 'formData', type: 'string', description: 'A note.' },
            { name: 'ids', in: 'query', type: 'array', items: { type: 'integer' }, collectionFormat: 'pipes' },
          ],
          responses: OK,
        },
      },
    }),
  );

  expect(contract.operations[0]?.requestBody?.content['multipart/form-data']?.schema).toEqual({
    type: 'object',
    properties: { file: { type: 'string', format: 'binary' }, note: { type: 'string' } },
    required: ['file'],
  });
  expect(contract.operations[0]?.parameters).toEqual([
    {
      in: 'query',
      name: 'ids',
      required: false,
      schema: { type: 'array', items: { type: 'integer' } },
      style: 'pipeDelimited',
    },
  ]);
});

test('an example in a file beside the contract is what the file says', async () => {
  const json = (externalValue: string) => ({
    responses: {
      200: { description: 'A.', content: { 'application/json': { examples: { one: { externalValue } } } } },
    },
  });
  const text = {
    responses: {
      200: {
        description: 'A.',
        content: { 'text/plain': { examples: { one: { externalValue: 'examples/hello.txt' } } } },
      },
    },
  };
  const folder = writeFiles({
    'shop/api.json': {
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      paths: {
        '/json': { get: json('./examples/one.json') },
        '/text': { get: text },
        '/gone': { get: json('examples/gone.json') },
        '/far': { get: json('https://example.com/one.json') },
        '/out': { get: json('../secret.json') },
        '/broken': { get: json('examples/broken.json') },
      },
    },
    'shop/examples/one.json': { a: 1 },
    'shop/examples/hello.txt': 'hello\n',
    'shop/examples/broken.json': '{"a": ',
    'secret.json': { a: 2 },
  });
  const { contracts, problems } = await loadContracts([join(folder, 'shop/api.json')]);
  const shown = (contracts[0]?.operations ?? []).map(({ responses }) =>
    Object.values(responses[200]?.content ?? {}).map(({ examples }) => examples),
  );
  expect(shown).toEqual([[{ one: { a: 1 } }], [{ one: 'hello\n' }], [{}], [{}], [{}], [{}]]);
  expect(problems.map(({ message }) => /, and (.*)$/.exec(message)?.[1])).toEqual([
    'there is no such file.',
    'it stands elsewhere, and nothing is fetched.',
    'it lies outside the folder of its contract.',
    'it is no JSON.',
  ]);
});
