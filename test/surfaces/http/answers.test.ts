import { expect, test } from 'vitest';
import { createSamplers } from '../../../src/contracts/formats/openapi/prism.ts';
import { createValidation } from '../../../src/contracts/validation.ts';
import { createGenerator } from '../../../src/engine/values/generator.ts';
import type { Outcome } from '../../../src/model/command.ts';
import { Refusal } from '../../../src/model/command.ts';
import { createSchemaResolver } from '../../../src/model/schema-resolver.ts';
import { createSampleHandler } from '../../../src/surfaces/http/sample-handler.ts';
import { loadDocument } from '../../contracts/temp-files.ts';
import { startHttp } from './http-world.ts';

/** A server of one OpenAPI document; operations named in `outcomes` are answered so, all others from the contract. */
async function serve(paths: object, more: object = {}, outcomes: Readonly<Record<string, () => Outcome>> = {}) {
  const contract = await loadDocument({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths, ...more });
  const contracts = [contract];
  const validation = createValidation(contracts);
  const generator = createGenerator(contracts, { validation });
  const sample = createSampleHandler({
    schemas: createSchemaResolver(contracts),
    validation,
    generator: async () => generator,
    createSampler: createSamplers(),
  });
  return startHttp({ contracts, sample, systems: [{ name: contract.system, operations: outcomes }] });
}

const json = (schema: object) => ({ 'application/json': { schema } });
const body = (schema: object) => ({ required: true, content: json(schema) });
const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

test('a request with something wrong in it is 422 where that is declared, in its shape, down to the last member', async () => {
  const detail = {
    type: 'array',
    items: {
      type: 'object',
      required: ['loc', 'msg', 'type'],
      properties: {
        loc: { type: 'array', items: { type: 'string' } },
        msg: { type: 'string' },
        type: { type: 'string' },
      },
    },
  };
  const { ask } = await serve({
    '/things': {
      post: {
        operationId: 'createThing',
        requestBody: body({ type: 'object', required: ['name'], properties: { name: { type: 'string' } } }),
        responses: {
          201: { description: 'ok' },
          422: {
            description: 'invalid',
            content: json({ type: 'object', required: ['detail'], properties: { detail } }),
          },
        },
      },
    },
  });
  const { status, body: answered } = await ask('POST', '/things', { json: {} });
  expect(status).toBe(422);
  expect(answered.detail).toEqual([{ loc: ['body', 'name'], msg: 'is required', type: 'INVALID_REQUEST' }]);
});

test('an error keeps to the words that its schema has, also where these stand in a list, and a problem has a URI for a type', async () => {
  const text = { type: 'string' };
  const scim = {
    type: 'object',
    required: ['schemas', 'path'],
    properties: {
      schemas: { type: 'array', items: { type: 'string', enum: ['urn:error'] } },
      path: { type: 'array', items: { type: 'object', properties: { pointer: { type: 'string', minLength: 1 } } } },
    },
  };
  const problem = { type: 'object', properties: { type: text, title: text, status: { type: 'integer' } } };
  const { ask } = await serve({
    '/things': {
      post: {
        operationId: 'createThing',
        requestBody: body({ type: 'object' }),
        responses: { 201: { description: 'ok' }, 400: { description: 'invalid', content: json(scim) } },
      },
    },
    '/others': {
      post: {
        operationId: 'createOther',
        requestBody: body({ type: 'object' }),
        responses: {
          201: { description: 'ok' },
          400: { description: 'invalid', content: { 'application/problem+json': { schema: problem } } },
        },
      },
    },
  });
  const things = await ask('POST', '/things', { json: [] });
  expect(things.body).toMatchObject({ schemas: ['urn:error'], path: [{ pointer: '/' }] });
  const others = await ask('POST', '/others', { json: [] });
  expect(others.body).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
});

test.each([
  [{ 400: {}, 422: {} }, 400],
  [{ 422: {} }, 422],
  [{ '4XX': {} }, 400],
  [{}, 400],
])('what is wrong with a request is answered, of %j, with %d', async (declared, status) => {
  const responses = Object.fromEntries(Object.keys(declared).map((key) => [key, { description: '' }]));
  const { ask } = await serve({
    '/things': {
      get: {
        operationId: 'a',
        parameters: [{ name: 'n', in: 'query', required: true, schema: { type: 'integer' } }],
        responses: { 200: { description: '' }, ...responses },
      },
    },
  });
  expect((await ask('GET', '/things')).status).toBe(status);
});

test.each<[string, object, unknown]>([
  [
    'wrapped in an error',
    {
      type: 'object',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          required: ['code', 'message', 'target'],
          properties: { code: { type: 'string' }, message: { type: 'string' }, target: { type: 'string' } },
        },
      },
    },
    { error: { code: 'ILLEGAL_TRANSITION', message: 'Failed to move it.', target: '' } },
  ],
  [
    'with words of its own',
    {
      type: 'object',
      properties: { code: { enum: ['INVALID', 'ALREADY_EXISTS', 'GONE'] }, message: { type: 'string' } },
    },
    { code: 'ALREADY_EXISTS', message: 'Failed to move it.' },
  ],
  [
    'a list of errors',
    {
      type: 'object',
      properties: {
        errors: {
          type: 'array',
          items: {
            type: 'object',
            properties: { code: { type: 'string' }, detail: { type: 'string' }, status: { type: 'string' } },
          },
        },
      },
    },
    { errors: [{ code: 'ILLEGAL_TRANSITION', detail: 'Failed to move it.', status: '409' }] },
  ],
  [
    'an answer that says whether it went well',
    {
      type: 'object',
      properties: {
        success: { type: 'boolean' },
        errors: { type: 'array', items: { type: 'string' } },
        result: { type: 'object' },
      },
    },
    { success: false, errors: ['Failed to move it.'] },
  ],
  [
    'with what nobody decides',
    {
      type: 'object',
      required: ['timestamp', 'traceId', 'title', 'type'],
      properties: {
        timestamp: { type: 'string', format: 'date-time' },
        traceId: { type: 'string', format: 'uuid' },
        title: { type: 'string' },
        type: { type: 'string', format: 'uri' },
      },
    },
    {
      timestamp: '2026-01-01T00:00:00.000Z',
      traceId: '00000000-0000-0000-0000-000000000000',
      title: 'Conflict',
      type: 'about:blank',
    },
  ],
  ['a text', { type: 'string' }, 'Failed to move it.'],
])('an error %s is filled', async (_case, schema, expected) => {
  const { ask } = await serve(
    {
      '/things': {
        post: {
          operationId: 'move',
          responses: { 200: { description: '' }, 409: { description: '', content: json(schema) } },
        },
      },
    },
    {},
    {
      move: () => {
        throw new Refusal(409, 'ILLEGAL_TRANSITION', 'Failed to move it.');
      },
    },
  );
  const { status, body: answered } = await ask('POST', '/things');
  expect(status).toBe(409);
  expect(answered).toEqual(expected);
});

test('what a client may only send is in no answer, and required of none', async () => {
  const user = {
    type: 'object',
    required: ['name', 'password'],
    properties: { id: { type: 'string' }, name: { type: 'string' }, password: { type: 'string', writeOnly: true } },
  };
  const { ask, logged } = await serve({
    '/users': {
      get: {
        operationId: 'listUsers',
        responses: { 200: { description: '', content: json({ type: 'array', items: user }) } },
      },
      post: {
        operationId: 'createUser',
        requestBody: body(user),
        responses: { 201: { description: '', content: json(user) } },
      },
    },
    '/users/{id}': {
      parameters: [ID],
      get: { operationId: 'readUser', responses: { 200: { description: '', content: json(user) } } },
    },
  });
  const created = await ask('POST', '/users', { json: { name: 'Ada', password: 'secret' } });
  expect(created.status).toBe(201);
  const { text } = await ask('GET', '/users');
  const { text: one } = await ask('GET', `/users/${created.body.id}`);
  expect([created.text, text, one].join()).toContain('Ada');
  expect([created.text, text, one].join()).not.toContain('secret');
  expect(logged).toEqual([]);
  expect((await ask('POST', '/users', { json: { name: 'Ada' } })).status).toBe(400);
});

const PET = {
  type: 'object',
  xml: { name: 'pet' },
  properties: {
    id: { type: 'integer', xml: { attribute: true } },
    name: { type: 'string' },
    tags: { type: 'array', xml: { wrapped: true }, items: { type: 'string', xml: { name: 'tag' } } },
  },
};

function pets(
  types: readonly string[],
  outcome: Outcome = { status: 200, body: { id: 1, name: 'Tom & Co', tags: ['a'] } },
) {
  const content = Object.fromEntries(types.map((type) => [type, { schema: PET }]));
  return serve(
    { '/pet': { get: { operationId: 'readPet', responses: { 200: { description: '', content } } } } },
    {},
    { readPet: () => outcome },
  );
}

const XML =
  '<?xml version="1.0" encoding="UTF-8"?><pet id="1"><name>Tom &amp; Co</name><tags><tag>a</tag></tags></pet>';

test.each([
  [['application/json', 'application/xml'], undefined, 'application/json'],
  [['application/xml', 'application/json'], '*/*', 'application/json'],
  [['application/json', 'application/xml'], 'application/xml', 'application/xml'],
  [['application/json', 'application/xml'], 'application/json;q=0.2, application/xml;q=0.8', 'application/xml'],
  [['application/json', 'application/xml'], 'application/json, text/plain, */*', 'application/json'],
  [['application/xml'], undefined, 'application/xml'],
  [
    ['application/vnd.a.v1+json', 'application/vnd.a.v2+json'],
    'application/vnd.a.v2+json',
    'application/vnd.a.v2+json',
  ],
  [
    ['application/json;version=1', 'application/json;version=2'],
    'application/json;version=2',
    'application/json;version=2',
  ],
  [['application/json'], 'application/json;version=2', 'application/json'],
  [['*/*'], undefined, 'application/json'],
  [['*/*'], 'application/xml', 'application/xml'],
  [['application/*'], 'application/hal+json', 'application/hal+json'],
])('of %j, a client that accepts %s gets %s', async (types, accept, expected) => {
  const { ask } = await pets(types);
  const { status, headers, text } = await ask('GET', '/pet', accept === undefined ? {} : { headers: { accept } });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe(expected);
  if (expected.endsWith('xml')) expect(text).toBe(XML);
  else expect(JSON.parse(text)).toEqual({ id: 1, name: 'Tom & Co', tags: ['a'] });
});

test.each([
  [['application/json;version=1'], 'application/json;version=2'],
  [['application/json'], 'application/xml'],
  [['application/json'], 'application/json;q=0'],
])('of %j, a client that accepts %s gets 406', async (types, accept) => {
  const { ask } = await pets(types);
  expect((await ask('GET', '/pet', { headers: { accept } })).status).toBe(406);
});

test('lines of JSON, text and bytes are written as they are', async () => {
  const { url } = await serve(
    {
      '/lines': {
        get: { operationId: 'lines', responses: { 200: { description: '', content: { 'application/x-ndjson': {} } } } },
      },
      '/line': {
        get: {
          operationId: 'line',
          responses: { 200: { description: '', content: { 'application/x-json-stream': {} } } },
        },
      },
      '/text': { get: { operationId: 'text', responses: { 200: { description: '', content: { 'text/csv': {} } } } } },
      '/yaml': {
        get: { operationId: 'yaml', responses: { 200: { description: '', content: { 'application/x-yaml': {} } } } },
      },
      '/bytes': { get: { operationId: 'bytes', responses: { 200: { description: '', content: { '*/*': {} } } } } },
    },
    {},
    {
      lines: () => ({ status: 200, body: [{ a: 1 }, { a: 2 }] }),
      line: () => ({ status: 200, body: { a: 1 } }),
      text: () => ({ status: 200, body: 'a,b' }),
      yaml: () => ({ status: 200, body: { a: 1 } }),
      bytes: () => ({ status: 200, body: new Uint8Array([1, 2]) }),
    },
  );
  const answer = async (path: string) => {
    const response = await fetch(url + path);
    return [response.headers.get('content-type'), await response.text()];
  };
  expect(await answer('/lines')).toEqual(['application/x-ndjson', '{"a":1}\n{"a":2}\n']);
  expect(await answer('/line')).toEqual(['application/x-json-stream', '{"a":1}\n']);
  expect(await answer('/text')).toEqual(['text/csv', 'a,b']);
  // All JSON is YAML.
  expect(await answer('/yaml')).toEqual(['application/x-yaml', '{"a":1}']);
  expect(await answer('/bytes')).toEqual(['application/octet-stream', '\u0001\u0002']);
});

test('no sample has a header that says how bytes travel', async () => {
  const header = { schema: { type: 'string' } };
  const { ask, url } = await serve({
    '/speech': {
      post: {
        operationId: 'speak',
        responses: {
          200: {
            description: '',
            headers: {
              'Transfer-Encoding': { ...header, required: true },
              'Content-Encoding': header,
              Trailer: header,
              'X-Voice': header,
            },
            content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
          },
        },
      },
    },
  });
  const { status, headers } = await fetch(`${url}/speech`, { method: 'POST' });
  expect(status).toBe(200);
  expect(headers.get('x-voice')).not.toBeNull();
  expect(['transfer-encoding', 'content-encoding', 'trailer'].map((name) => headers.get(name))).toEqual([
    null,
    null,
    null,
  ]);
  expect((await ask('POST', '/speech')).status).toBe(200);
});

test('a sample shows the examples of headers, schemas and properties', async () => {
  const { ask } = await serve({
    '/a': {
      get: {
        operationId: 'a',
        responses: {
          200: {
            description: '',
            headers: {
              'X-One': { schema: { type: 'string' }, example: 'first' },
              'X-Two': { schema: { type: 'object' }, examples: { some: { value: { a: 1 } } } },
            },
            content: json({
              type: 'object',
              required: ['city', 'n'],
              properties: { city: { type: 'string', examples: ['Oslo'] }, n: { type: 'integer' } },
            }),
          },
        },
      },
    },
    '/b': {
      get: {
        operationId: 'b',
        responses: { 200: { description: '', content: json({ type: 'object', examples: [{ x: 1 }] }) } },
      },
    },
  });
  const { body: shown, headers } = await ask('GET', '/a');
  expect(shown).toEqual({ city: 'Oslo', n: expect.any(Number) });
  expect([headers.get('x-one'), headers.get('x-two')]).toEqual(['first', 'a,1']);
  expect((await ask('GET', '/b')).body).toEqual({ x: 1 });
});

test('a discriminator in a sample has a word that leads to the schema of the rest', async () => {
  const kind = (name: string, property: string, more = {}) => ({
    type: 'object',
    required: ['kind', property],
    properties: { kind: { type: 'string' }, [property]: { type: 'integer' } },
    title: name,
    ...more,
  });
  const schemas = {
    Cat: kind('Cat', 'lives'),
    Dog: kind('Dog', 'walks'),
    Shape: {
      type: 'object',
      required: ['type'],
      properties: { type: { type: 'string' } },
      discriminator: { propertyName: 'type', mapping: { round: '#/components/schemas/Circle' } },
    },
    Circle: {
      allOf: [
        { $ref: '#/components/schemas/Shape' },
        { type: 'object', required: ['radius'], properties: { radius: { type: 'integer' } } },
      ],
    },
    Square: {
      allOf: [
        { $ref: '#/components/schemas/Shape' },
        { type: 'object', required: ['side'], properties: { side: { type: 'integer' } } },
      ],
    },
  };
  const pet = {
    oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
    discriminator: { propertyName: 'kind', mapping: { meow: '#/components/schemas/Cat' } },
  };
  const list = (items: object) => json({ type: 'array', items, minItems: 8, maxItems: 8 });
  const { ask } = await serve(
    {
      '/pets': { get: { operationId: 'samplePets', responses: { 200: { description: '', content: list(pet) } } } },
      '/shapes': {
        get: {
          operationId: 'sampleShapes',
          responses: { 200: { description: '', content: list({ $ref: '#/components/schemas/Shape' }) } },
        },
      },
    },
    { components: { schemas } },
  );
  for (const each of (await ask('GET', '/pets')).body as unknown as Record<string, unknown>[]) {
    expect(['meow', 'Dog']).toContain(each.kind);
    expect('lives' in each).toBe(each.kind === 'meow');
  }
  for (const each of (await ask('GET', '/shapes')).body as unknown as Record<string, unknown>[]) {
    expect(['round', 'Square']).toContain(each.type);
    expect('radius' in each).toBe(each.type === 'round');
  }
});

test('a preference for what the operation does not have is not applied, and noted', async () => {
  const responses = {
    200: {
      description: '',
      content: { 'application/json': { schema: { type: 'object' }, examples: { full: { value: { a: 1 } } } } },
    },
    404: {
      description: '',
      content: json({ type: 'object', properties: { code: { type: 'string' }, status: { type: 'integer' } } }),
    },
  };
  const { ask, tenant } = await serve(
    { '/a': { get: { operationId: 'readA', responses } } },
    {},
    { readA: () => ({ status: 200, body: { living: true } }) },
  );
  const prefer = async (text: string) => {
    const { status, headers, body: answered } = await ask('GET', '/a', { headers: { prefer: text } });
    return [status, headers.get('preference-applied'), answered];
  };
  expect(await prefer('code=422')).toEqual([200, null, { living: true }]);
  expect(tenant.journal.entries()[0]?.notes).toEqual([
    'The preference code=422 was not applied: readA has no such answer.',
  ]);
  expect(await prefer('example=none')).toEqual([200, null, { living: true }]);
  expect(await prefer('example=full')).toEqual([200, 'example=full', { a: 1 }]);
  expect(await prefer('code=404')).toEqual([404, 'code=404', { code: 'NOT_FOUND', status: 404 }]);
});

test.each([
  [{ type: 'http', scheme: 'digest' }, { authorization: 'Digest username="a", response="b"' }],
  [
    { type: 'http', scheme: 'DPoP' },
    { authorization: 'DPoP abc', dpop: 'proof' },
  ],
  [{ type: 'http', scheme: 'hoba' }, { authorization: 'HOBA result="x"' }],
  [
    { type: 'oauth2', flows: {} },
    { authorization: 'DPoP abc', dpop: 'proof' },
  ],
  [{ type: 'apiKey', in: 'cookie', name: 'session' }, { cookie: 'a=b; session=x' }],
])('any credential of the scheme %j passes with --auth any, and none is 401', async (scheme, headers) => {
  const contract = await loadDocument({
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    components: { securitySchemes: { s: scheme } },
    paths: { '/a': { get: { security: [{ s: [] }], responses: { 200: { description: '' } } } } },
  });
  const { ask } = await startHttp({ contracts: [contract], settings: { auth: 'any' } });
  const refused = await ask('GET', '/a');
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).not.toBeNull();
  expect((await ask('GET', '/a', { headers: { authorization: 'Basic YTpi' } })).status).toBe(401);
  expect((await ask('GET', '/a', { headers: headers as Record<string, string> })).status).toBe(200);
});

test('mutual TLS is satisfied over plain HTTP, where no certificate can be seen', async () => {
  const contract = await loadDocument({
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    components: { securitySchemes: { tls: { type: 'mutualTLS' } } },
    paths: { '/a': { get: { security: [{ tls: [] }], responses: { 200: { description: '' } } } } },
  });
  const { ask } = await startHttp({ contracts: [contract], settings: { auth: 'any' } });
  expect((await ask('GET', '/a')).status).toBe(200);
});

test('a slash at the end of a path makes no difference where nothing else stands there', async () => {
  const operation = (operationId: string) => ({
    get: { operationId, responses: { 200: { description: '', content: json({}) } } },
  });
  const { ask } = await serve(
    { '/a': operation('a'), '/b/': operation('b'), '/c': operation('c'), '/c/': operation('cSlash') },
    {},
    Object.fromEntries(['a', 'b', 'c', 'cSlash'].map((id) => [id, () => ({ status: 200, body: id })])),
  );
  const at = async (path: string) => (await ask('GET', path)).body;
  expect(await Promise.all(['/a', '/a/', '/b', '/b/', '/c', '/c/'].map(at))).toEqual([
    'a',
    'a',
    'b',
    'b',
    'c',
    'cSlash',
  ]);
  expect((await ask('PUT', '/a/')).status).toBe(405);
});

/** Notes with entity tags, JSON Patch and keys that make a POST repeatable. */
function notes() {
  const note = {
    type: 'object',
    required: ['text'],
    properties: {
      id: { type: 'string' },
      text: { type: 'string', minLength: 1 },
      tags: { type: 'array', items: { type: 'string' } },
    },
  };
  const answer = { description: '', headers: { ETag: { schema: { type: 'string' } } }, content: json(note) };
  const header = (name: string) => ({ name, in: 'header', schema: { type: 'string' } });
  return serve({
    '/notes': {
      get: {
        operationId: 'listNotes',
        responses: { 200: { description: '', content: json({ type: 'array', items: note }) } },
      },
      post: {
        operationId: 'createNote',
        parameters: [header('Idempotency-Key')],
        requestBody: body(note),
        responses: { 201: answer, 422: { description: '' } },
      },
    },
    '/notes/{id}': {
      parameters: [ID],
      get: { operationId: 'readNote', responses: { 200: answer } },
      put: {
        operationId: 'replaceNote',
        parameters: [header('If-Match')],
        requestBody: body(note),
        responses: { 200: answer, 412: { description: '' } },
      },
      patch: {
        operationId: 'patchNote',
        requestBody: { content: { 'application/json-patch+json': { schema: { type: 'array' } } } },
        responses: { 200: answer, 409: { description: '' }, 422: { description: '' } },
      },
      delete: { operationId: 'deleteNote', parameters: [header('If-Match')], responses: { 204: { description: '' } } },
    },
  });
}

test('an entity tag is the same for the same state, and If-Match guards a change', async () => {
  const { ask } = await notes();
  const created = await ask('POST', '/notes', { json: { text: 'a' } });
  const etag = created.headers.get('etag') ?? '';
  const path = `/notes/${created.body.id}`;
  expect(etag).toMatch(/^"[\w-]{22}"$/);
  expect((await ask('GET', path)).headers.get('etag')).toBe(etag);
  const same = await ask('GET', path, { headers: { 'if-none-match': `W/${etag}` } });
  expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', etag]);
  const put = (ifMatch: string) => ask('PUT', path, { json: { text: 'b' }, headers: { 'if-match': ifMatch } });
  expect((await put('"other"')).status).toBe(412);
  const changed = await put(`"other", ${etag}`);
  expect(changed.status).toBe(200);
  expect(changed.headers.get('etag')).not.toBe(etag);
  expect((await ask('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(200);
  expect((await ask('DELETE', path, { headers: { 'if-match': etag } })).status).toBe(412);
  expect((await ask('DELETE', path, { headers: { 'if-match': '*' } })).status).toBe(204);
});

test('a POST with the same Idempotency-Key is answered alike and done once', async () => {
  const { ask } = await notes();
  const post = (text: string, key: string) =>
    ask('POST', '/notes', { json: { text }, headers: { 'idempotency-key': key } });
  const first = await post('a', 'k1');
  const again = await post('a', 'k1');
  expect([again.status, again.text, again.headers.get('location')]).toEqual([
    201,
    first.text,
    first.headers.get('location'),
  ]);
  expect((await post('b', 'k1')).status).toBe(422);
  expect((await post('a', 'k2')).body.id).not.toBe(first.body.id);
  expect((await ask('GET', '/notes')).body).toHaveLength(2);
});

test('a JSON Patch is applied as a whole, or not at all', async () => {
  const { ask } = await notes();
  const { body: note } = await ask('POST', '/notes', { json: { text: 'a', tags: ['x'] } });
  const patch = (...operations: object[]) =>
    ask('PATCH', `/notes/${note.id}`, {
      body: JSON.stringify(operations),
      headers: { 'content-type': 'application/json-patch+json' },
    });
  const patched = await patch({ op: 'replace', path: '/text', value: 'b' }, { op: 'add', path: '/tags/0', value: 'w' });
  expect(patched.body).toMatchObject({ id: note.id, text: 'b', tags: ['w', 'x'] });
  expect((await patch({ op: 'remove', path: '/tags' })).body).not.toHaveProperty('tags');
  expect(
    (await patch({ op: 'replace', path: '/text', value: 'c' }, { op: 'test', path: '/text', value: 'b' })).status,
  ).toBe(409);
  expect((await patch({ op: 'replace', path: '/text', value: '' })).status).toBe(422);
  expect((await patch({ op: 'remove', path: '/text' })).status).toBe(422);
  expect((await patch({ op: 'remove', path: '/nothing' })).status).toBe(422);
  expect((await ask('GET', `/notes/${note.id}`)).body).toMatchObject({ text: 'b' });
});
