import { expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../src/simulator.ts';
import { writeFiles } from '../contracts/temp-files.ts';
import { askAt } from '../support/simulator.ts';

const text = (schema: string, more = '') =>
  `{description: ok, content: {application/json: {schema: ${schema}${more}}}}`;
const ok = "responses: {'200': {description: ok}}";
const param = (name: string, where: string, schema: string) =>
  `parameters: [{name: ${name}, in: ${where}, ${where === 'path' ? 'required: true, ' : ''}schema: ${schema}}]`;
const document = (paths: string, more = '', version = '3.0.3') =>
  `openapi: ${version}\ninfo: {title: T, version: '1'}\n${more}\npaths:\n${paths}\n`;

/** Each a kind of document that was refused, or answered wrongly, when it was first served. */
const FILES = {
  'shapes.yaml': document(
    `
  /example: {get: {responses: {'200': ${text('{type: array, items: {type: object, properties: {n: {type: integer}}}}', ', example: [{n: one}]')}}}}
  /nullable/{id}: {get: {${param('id', 'path', '{type: string}')}, responses: {'200': ${text("{$ref: '#/components/schemas/Thing'}")}}}}
  /yaml:
    get:
      description: 'first line
      second line at the column of its key'
      ${ok}
  /operation: {get: {$ref: './get.yaml'}}
  /speech: {post: {responses: {'200': {description: ok, headers: {Transfer-Encoding: {schema: {type: string}, description: chunked}}, content: {application/octet-stream: {schema: {type: string, format: binary}}}}}}}
  /subs: {post: {requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Sub'}}}}, responses: {'201': ${text("{$ref: '#/components/schemas/Sub'}")}}}}
  /shared/{ids}: {get: {${param('ids', 'path', '{type: array, maxItems: 2, items: {type: string, maxLength: 1}}')}, ${ok}}}
  /regex: {get: {${param('fields', 'query', "{type: string, pattern: '(?i)^(all|none)$'}")}, ${ok}}}
  /enum: {get: {${param('status', 'query', '{type: string, enum: []}')}, ${ok}}}
  /form: {post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, additionalProperties: false, properties: {name: {type: string}, address: {type: object, properties: {city: {type: string}}}, tags: {type: array, items: {type: string}}}}, encoding: {address: {style: deepObject, explode: true}, tags: {style: deepObject, explode: true}}}}}, responses: {'200': ${text('{type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}')}}}}
  /checked: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}, responses: {'201': {description: ok}, '422': {description: invalid, content: {application/json: {schema: {type: object, required: [detail], properties: {detail: {type: array, items: {type: object, required: [loc, msg, type], properties: {loc: {type: array, items: {type: string}}, msg: {type: string}, type: {type: string}}}}}}}}}}}}
components:
  schemas:
    Owner: {type: object, properties: {name: {type: string}}}
    Thing: {type: object, example: {id: a, owner: null}, properties: {id: {type: string}, owner: {nullable: true, allOf: [{$ref: '#/components/schemas/Owner'}]}}}
    Sub: {type: object, required: [uri, subscriptionId], properties: {uri: {type: string}, subscriptionId: {type: string, readOnly: true}}}`,
  ),
  'get.yaml': ok,
  'nullable.yaml': document(
    `  /nullable31: {get: {responses: {'200': ${text('{type: object, properties: {n: {type: string, nullable: true}}}')}}}}`,
    '',
    '3.1.0',
  ),
  'variable.yaml': document(`  /variable: {get: {${ok}}}`, "servers: [{url: 'https://{region}.example.com'}]"),
  'scheme.yaml': document(`  /scheme: {get: {${ok}}}`, 'security: [{oauth: []}]'),
  'base.yaml': document(`  /based: {get: {${ok}}}`, "servers: [{url: 'https://api.example.com/v1'}]"),
};

test('what real documents have is served as it was meant', async () => {
  const folder = writeFiles(
    Object.fromEntries(Object.entries(FILES).map(([name, file]) => [`stranger/${name}`, file])),
  );
  const simulator = createSimulator({ port: 0, specs: [folder], cache: false });
  onTestFinished(() => simulator.stop());
  await simulator.start();
  const ask = askAt(simulator.url);

  const read =
    '/example /nullable/a /nullable31 /variable /scheme /yaml /operation /based /v1/based /shared/a /shared/a,b /regex?fields=All /enum?status=a';
  for (const path of read.split(' ')) expect([path, (await ask('GET', path)).status]).toEqual([path, 200]);
  expect((await ask('GET', '/shared/ab')).status).toBe(400);

  expect((await ask('POST', '/speech')).headers.get('transfer-encoding')).toBeNull();
  const sub = await ask('POST', '/subs', { uri: 'http://a.example' });
  expect([sub.status, sub.body]).toEqual([201, { uri: 'http://a.example', subscriptionId: expect.any(String) }]);
  const form = await ask('POST', '/form', 'name=a&address[city]=Oslo&tags[]=x', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(form.body).toMatchObject({ name: 'a', address: { city: 'Oslo' }, tags: ['x'] });
  const { status, body } = await ask('POST', '/checked', {});
  expect([status, body]).toEqual([
    422,
    { detail: [{ loc: ['body', 'name'], msg: 'is required', type: expect.any(String) }] },
  ]);
});
