import { afterAll, expect, test } from 'vitest';
import { createSimulator } from '../../src/simulator.ts';
import type { LateCheck } from '../../src/simulator-hooks.ts';
import { writeFiles } from '../contracts/temp-files.ts';
import { askAt } from '../support/simulator.ts';

const HEAD = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";
const OK =
  "responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: string}}}}}}";

type Served = readonly [kind: string, files: Readonly<Record<string, string>>, calls: Readonly<Record<string, number>>];

/** What common parsers read and other tools serve is served; each kind is called. */
const KINDS: readonly Served[] = [
  [
    'an example that breaks its schema',
    {
      'api.yaml': `${HEAD}paths: {/things: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: object, properties: {n: {type: integer}}}}, example: [{n: one}]}}}}}}}`,
    },
    { 'GET /things': 200 },
  ],
  [
    'nullable without a type, beside allOf',
    {
      'api.yaml': `${HEAD}paths: {'/things/{id}': {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}}}}
components: {schemas: {Owner: {type: object, properties: {name: {type: string}}}, Thing: {type: object, example: {id: a, owner: null}, properties: {id: {type: string}, owner: {nullable: true, allOf: [{$ref: '#/components/schemas/Owner'}]}}}}}`,
    },
    { 'GET /things/a': 200 },
  ],
  [
    'nullable in 3.1',
    {
      'api.yaml': `openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/note: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {n: {type: string, nullable: true}}}}}}}}}}`,
    },
    { 'GET /note': 200 },
  ],
  [
    'a variable of a server that is not defined',
    { 'api.yaml': `${HEAD}servers: [{url: 'https://{region}.example.com/{stage}'}]\npaths: {/things: {get: {${OK}}}}` },
    { 'GET /stage/things': 200, 'GET /v2/things': 200, 'GET /things': 200 },
  ],
  [
    'a variable of a server with a list of values, and one in place of the origin',
    {
      'api.yaml': `${HEAD}servers: [{url: '{origin}/{stage}/{customer}', variables: {stage: {default: live, enum: [live, test]}, customer: {default: acme}}}]\npaths: {/things: {get: {${OK}}}}`,
    },
    {
      'GET /live/acme/things': 200,
      'GET /test/other/things': 200,
      'GET /beta/acme/things': 404,
      'GET /things': 200,
    },
  ],
  [
    'a key without a name',
    {
      'api.yaml': `${HEAD}security: [{key: []}]\npaths: {/things: {get: {${OK}}}}\ncomponents: {securitySchemes: {key: {type: apiKey}}}`,
    },
    { 'GET /things': 200 },
  ],
  [
    'headers that nobody could send',
    {
      'api.yaml': `${HEAD}paths: {/things: {get: {responses: {'200': {description: ok, headers: {'Bad Name': {required: true, schema: {type: string}}, X-Lines: {required: true, schema: {type: string, example: "a\\r\\nb"}}}}}}}}`,
    },
    { 'GET /things': 200 },
  ],
  [
    'a security scheme that is not defined',
    { 'api.yaml': `${HEAD}security: [{oauth: []}]\npaths: {/things: {get: {${OK}}}}` },
    { 'GET /things': 200 },
  ],
  [
    'a text that goes on at the column of its key',
    {
      'api.yaml': `${HEAD}paths:\n  /things:\n    get:\n      operationId: listThings\n      description: 'first line\n      second line'\n      ${OK}\n`,
    },
    { 'GET /things': 200 },
  ],
  [
    'an operation in a file of its own',
    {
      'api.yaml': `${HEAD}paths: {/things: {get: {$ref: './get.yaml'}}}`,
      'get.yaml': `operationId: listThings\n${OK}`,
    },
    { 'GET /things': 200 },
  ],
  [
    'references at a path item, its parameters, a response, a header, a content and all paths',
    {
      'api.yaml': `${HEAD}paths: {$ref: './parts/paths.yaml'}`,
      'parts/paths.yaml': `/things/{id}: {$ref: 'item.yaml#/Item'}`,
      'parts/item.yaml': `Item: {parameters: {$ref: '#/Parameters'}, get: {responses: {'200': {$ref: '#/Ok'}}}}
Parameters: [{$ref: '#/Id'}]
Id: {name: id, in: path, required: true, schema: {$ref: '#/Numeral'}}
Numeral: {type: integer}
Ok: {description: ok, headers: {X-Count: {$ref: '#/Count'}}, content: {$ref: '#/Content'}}
Count: {schema: {$ref: '#/Numeral'}}
Content: {application/json: {$ref: '#/Media'}}
Media: {schema: {type: object, properties: {n: {$ref: '#/Numeral'}}}}`,
    },
    { 'GET /things/x': 400 },
  ],
  [
    'a keyword that no check can be made of',
    {
      'api.yaml': `${HEAD}paths: {/things: {get: {parameters: [
  {name: fields, in: query, schema: {type: string, pattern: '(?i)^(all|none)$'}},
  {name: status, in: query, schema: {type: string, enum: []}},
  {name: kind, in: query, schema: {type: null}},
  {name: size, in: query, schema: {type: integer, minimum: none, multipleOf: 0, maximum: '9'}}], ${OK}}}}`,
    },
    { 'GET /things?fields=some&status=any&kind=odd&size=7': 200, 'GET /things?size=10': 400 },
  ],
  [
    'a base path that the client leaves out',
    { 'api.yaml': `${HEAD}servers: [{url: 'https://example.com/v1'}, {url: /v2}]\npaths: {/things: {get: {${OK}}}}` },
    { 'GET /v1/things': 200, 'GET /v2/things': 200, 'GET /things': 200, 'GET /v3/things': 404 },
  ],
  [
    'a star in a path',
    { 'api.yaml': `${HEAD}paths: {'/files/*/x': {get: {${OK}}}, '/things?kind=a': {get: {${OK}}}}` },
    { 'GET /files/*/x': 200, 'GET /files/1/x': 404, 'GET /things': 200 },
  ],
  [
    'a reference inside an example, and a schema that is true',
    {
      'api.yaml': `openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/note: {get: {responses: {'200': {description: ok, content: {application/json: {schema: true, example: {$ref: './nowhere.yaml'}}}}}}}}`,
    },
    { 'GET /note': 200 },
  ],
  [
    'QUERY and a further method of OpenAPI 3.2',
    {
      'api.yaml': `openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {/things: {query: {${OK}}, additionalOperations: {COPY: {${OK}}, FROB: {${OK}}}}}`,
    },
    { 'QUERY /things': 200, 'COPY /things': 200, 'GET /things': 405 },
  ],
  [
    'an operation that says nothing about its answer',
    { 'api.yaml': `${HEAD}paths: {/ping: {get: , post: {}}}` },
    { 'GET /ping': 204, 'POST /ping': 204 },
  ],
  [
    'a broken file of a family, and a broken operation',
    {
      'good.yaml': `${HEAD}paths: {/things: {get: {${OK}}}, /other: {get: {$ref: 'bad.yaml'}}, /text: {get: text}}`,
      'bad.yaml': 'a: {b: [',
    },
    { 'GET /things': 200, 'GET /other': 404, 'GET /text': 404 },
  ],
  [
    'documents that share their operation ids',
    {
      'a.yaml': `${HEAD}paths: {/a: {get: {operationId: list, ${OK}}}}`,
      'b.yaml': `${HEAD}paths: {/b: {get: {operationId: list, responses: {'204': {description: none}}}}}`,
    },
    { 'GET /a': 200, 'GET /b': 204 },
  ],
  [
    'files and schemas of odd names',
    {
      'API_definitions/Bücher & #1 50%/My API (v1).yaml': `${HEAD}paths: {/things: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Page«Größe»'}}}}}}}}
components: {schemas: {'Page«Größe»': {type: object, properties: {a: {$ref: '#/components/schemas/A%20B~1C'}}}, 'A B/C': {type: string}, 'A%20B/C': {type: string}}}`,
    },
    { 'GET /things': 200 },
  ],
];

test.each(KINDS)('%s is served', async (_, files, calls) => {
  const ask = await serve(files);

  const statuses: Record<string, number> = {};
  for (const call of Object.keys(calls)) {
    const [method = '', path = ''] = call.split(' ');
    statuses[call] = (await ask(method, path)).status;
  }
  expect(statuses).toEqual(calls);
});

test('where nothing can be read nothing is served, and the error says why', async () => {
  const folder = writeFiles({
    'shop/api.yaml': 'openapi: 3.0.3\npaths: {a: [',
    'shop/old.yaml': 'swaggerVersion: "1.2"\n',
  });
  const simulator = createSimulator({ port: 0, specs: [folder] });

  await expect(simulator.start()).rejects.toMatchObject({
    code: 'CONTRACT_INVALID',
    problems: [
      { file: `${folder}/shop/api.yaml`, line: 2 },
      { file: `${folder}/shop/old.yaml`, line: 1, message: 'This version is not read: `swaggerVersion: 1.2`.' },
    ],
  });
});

test('with strictContracts anything wrong is a reason not to start', async () => {
  const folder = writeFiles({ 'shop/api.yaml': `${HEAD}security: [{oauth: []}]\npaths: {/things: {get: {${OK}}}}\n` });
  const simulator = createSimulator({ port: 0, specs: [folder], strictContracts: true });

  await expect(simulator.start()).rejects.toMatchObject({
    code: 'CONTRACT_INVALID',
    problems: [{ line: 3, severity: 'warning' }],
  });
});

test('what is found after the start ends nothing', async () => {
  const folder = writeFiles({ 'shop/api.yaml': `${HEAD}paths: {/things: {get: {${OK}}}}\n` });
  const checked: LateCheck[] = [];
  const checkLate = (check: LateCheck): Promise<never> => {
    checked.push(check);
    return Promise.reject(new Error('It ran out of memory.'));
  };
  const simulator = createSimulator({ port: 0, specs: [folder] }, { checkLate });
  await simulator.start();
  afterAll(() => simulator.stop());

  expect(checked).toMatchObject([{ paths: expect.arrayContaining([folder]) }]);
  expect((await askAt(simulator.url)('GET', '/things')).status).toBe(200);
});

async function serve(files: Readonly<Record<string, string>>) {
  const named = Object.entries(files).map(([name, text]) => [`shop/${name}`, text]);
  const simulator = createSimulator({ port: 0, specs: [writeFiles(Object.fromEntries(named))] });
  await simulator.start();
  afterAll(() => simulator.stop());
  return askAt(simulator.url);
}
