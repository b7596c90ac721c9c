import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

const json = (schema: string) => `{description: ok, content: {application/json: {schema: ${schema}}}}`;
const request = (schema: string) => `{content: {application/json: {schema: ${schema}}}}`;
const id = (name: string, schema = '{type: string}') =>
  `parameters: [{name: ${name}, in: path, required: true, schema: ${schema}}]`;
const ref = (name: string) => `{$ref: '#/components/schemas/${name}'}`;

/** Paths that create and read one kind of thing. */
const creating = (
  path: string,
  parameter: string,
  name: string,
  more: { request?: string; status?: string; schema?: string } = {},
) => `
${path}:
  post: {requestBody: ${request(more.request ?? ref(name))}, responses: {'${more.status ?? '201'}': ${json(ref(name))}}}
  get: {responses: {'200': ${json(`{type: array, items: ${ref(name)}}`)}}}
${path}/{${parameter}}:
  ${id(parameter, more.schema)}
  get: {responses: {'200': ${json(ref(name))}}}
  delete: {responses: {'204': {description: gone}}}`;

test('a created thing without an answer is found at its Location', async () => {
  const ask = await serveContract({
    paths: `
/things:
  post: {requestBody: ${request(ref('Thing'))}, responses: {'201': {description: made, headers: {Location: {schema: {type: string}}}}}}
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Thing')}}`)}}}
/things/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(ref('Thing'))}}}`,
    schemas: 'Thing: {type: object, properties: {id: {type: string}, name: {type: string}}}',
  });

  const { status, text, headers } = await ask('POST', '/things', { name: 'a' });
  expect([status, text]).toEqual([201, '']);
  const { pathname } = new URL(headers.get('location') ?? '');
  expect((await ask('GET', pathname)).body).toMatchObject({ name: 'a' });
});

test('the id that a client chooses is kept, and cannot be chosen twice', async () => {
  const ask = await serveContract({
    paths: creating('/user', 'username', 'User', { status: '200' }),
    schemas:
      'User: {type: object, required: [username], properties: {username: {type: string}, email: {type: string}}}',
  });

  const user = { username: 'theUser', email: 'the.user@example.com' };
  expect((await ask('POST', '/user', user)).status).toBe(200);
  expect((await ask('GET', '/user/theUser')).body).toEqual(user);
  expect((await ask('POST', '/user', user)).status).toBe(409);
  expect((await ask('DELETE', '/user/theUser')).status).toBe(204);
  expect((await ask('GET', '/user/theUser')).status).toBe(404);
});

test('an id may be nested', async () => {
  const ask = await serveContract({
    paths: creating('/pods', 'name', 'Pod'),
    schemas:
      'Pod: {type: object, properties: {kind: {type: string}, metadata: {type: object, properties: {name: {type: string}, uid: {type: string}}}, spec: {type: object}}}',
  });

  const pod = { metadata: { name: 'web' }, spec: { replicas: 2 } };
  expect((await ask('POST', '/pods', pod)).body).toEqual(pod);
  expect((await ask('GET', '/pods/web')).body).toEqual(pod);
  expect((await ask('POST', '/pods', { spec: {} })).body.metadata.name).toEqual(expect.any(String));
});

test('an id is found in whatever it is nested in, where the path calls it the same', async () => {
  const ask = await serveContract({
    paths: creating('/devices', 'deviceId', 'Device'),
    schemas:
      'Device: {type: object, properties: {name: {type: string}, hardware: {type: object, properties: {deviceId: {type: string}}}}}',
  });

  const { body } = await ask('POST', '/devices', { name: 'a', hardware: { deviceId: 'd-1' } });
  expect((await ask('GET', '/devices/d-1')).body).toEqual(body);
  const made = (await ask('POST', '/devices', { name: 'b' })).body.hardware.deviceId;
  expect((await ask('GET', `/devices/${made}`)).body.name).toBe('b');
});

test('a list of ids in an envelope is called as the path calls one', async () => {
  const ask = await serveContract({
    paths: `
/objects: {get: {responses: {'200': ${json('{type: object, properties: {keys: {type: array, items: {type: string}}}}')}}}}
/objects/{key}:
  ${id('key')}
  put: {requestBody: ${request(ref('Thing'))}, responses: {'201': ${json(ref('Thing'))}}}
  get: {responses: {'200': ${json(ref('Thing'))}}}`,
    schemas: 'Thing: {type: object, properties: {size: {type: integer}}}',
  });

  await ask('PUT', '/objects/a', { size: 1 });
  expect((await ask('GET', '/objects')).body).toEqual({ keys: ['a'] });
});

test.each([
  ['{type: integer, minimum: 1000}', /^1\d{3}$/],
  ['{type: string, format: uuid}', /^[0-9a-f-]{36}$/],
  ["{type: string, pattern: '^[a-z]{2}_[0-9]{4}$'}", /^[a-z]{2}_\d{4}$/],
  ['{type: string, minLength: 24, maxLength: 24}', /^.{24}$/],
  ['{type: string, enum: [red, green]}', /^(red|green)$/],
])('an id of the schema %s fits it, in the body and in the path', async (schema, wanted) => {
  const ask = await serveContract({
    paths: creating('/things', 'id', 'Thing', {
      request: '{type: object, properties: {name: {type: string}}}',
      schema,
    }),
    schemas: `Thing: {type: object, required: [id], properties: {id: ${schema}, name: {type: string}}}`,
  });

  const { body } = await ask('POST', '/things', { name: 'a' });
  const { body: other } = await ask('POST', '/things', { name: 'b' });
  expect(String(body.id)).toMatch(wanted);
  expect(other.id).not.toBe(body.id);
  expect((await ask('GET', `/things/${body.id}`)).body).toEqual(body);
});

test('an id that only the path has is that of the Location', async () => {
  const ask = await serveContract({
    paths: creating('/notes', 'noteId', 'Note'),
    schemas: 'Note: {type: object, properties: {text: {type: string}}}',
  });

  const { body, headers } = await ask('POST', '/notes', { text: 'a' });
  expect(body).toEqual({ text: 'a' });
  expect((await ask('GET', new URL(headers.get('location') ?? '').pathname)).body).toEqual({ text: 'a' });
  expect((await ask('GET', '/notes')).body).toEqual([{ text: 'a' }]);
});

test('where only an error is declared, a thing is stored all the same', async () => {
  const ask = await serveContract({
    dialect: 'swagger',
    paths: `
/pet:
  post: {parameters: [{in: body, name: body, required: true, schema: {$ref: '#/definitions/Pet'}}], responses: {'405': {description: Invalid input}}}
/pet/{petId}:
  get: {parameters: [{in: path, name: petId, required: true, type: integer}], responses: {'200': {description: ok, schema: {$ref: '#/definitions/Pet'}}}}`,
    schemas: 'Pet: {type: object, required: [name], properties: {id: {type: integer}, name: {type: string}}}',
  });

  expect((await ask('POST', '/pet', { id: 7, name: 'a' })).status).toBe(200);
  expect((await ask('GET', '/pet/7')).body).toEqual({ id: 7, name: 'a' });
});

test('of alternatives that differ by their discriminator alone, that decides', async () => {
  const kind = (more: string) => `{allOf: [${ref('Base')}, {type: object, ${more}}]}`;
  const ask = await serveContract({
    paths: creating('/pets', 'id', 'Pet'),
    schemas: `
Pet: {oneOf: [${ref('Cat')}, ${ref('Dog')}], discriminator: {propertyName: kind, mapping: {hound: '#/components/schemas/Dog'}}}
Base: {type: object, required: [kind], properties: {id: {type: string}, kind: {type: string}}}
Cat: ${kind('properties: {lives: {type: integer}}')}
Dog: ${kind('required: [bark], properties: {bark: {type: string, maxLength: 9}}')}`,
  });

  const { status, body } = await ask('POST', '/pets', { kind: 'hound', bark: 'loud' });
  expect([status, body]).toEqual([201, { id: expect.any(String), kind: 'hound', bark: 'loud' }]);
  expect((await ask('POST', '/pets', { kind: 'Cat', bark: 'none' })).status).toBe(201);
  // Nothing says which of both it is.
  expect((await ask('POST', '/pets', { kind: 'fish', bark: 'none' })).status).toBe(400);
});

test('alternatives of a schema are stored as they were sent', async () => {
  const ask = await serveContract({
    paths: creating('/subs', 'id', 'Sub'),
    schemas: `
Sub: {oneOf: [${ref('A')}, ${ref('B')}]}
A: {type: object, required: [kind], properties: {id: {type: string}, kind: {type: string, enum: [a]}}}
B: {type: object, required: [kind], properties: {id: {type: string}, kind: {type: string, enum: [b]}}}`,
  });

  const { body } = await ask('POST', '/subs', { kind: 'b' });
  expect(body).toEqual({ id: expect.any(String), kind: 'b' });
  expect((await ask('GET', `/subs/${body.id}`)).body).toEqual(body);
});

test('a create that answers another schema than the read makes what is read', async () => {
  const ask = await serveContract({
    paths: `
/sessions:
  post: {requestBody: ${request('{type: object, required: [shop], properties: {shop: {type: string}}}')}, responses: {'201': ${json(ref('SessionCreated'))}}}
/sessions/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(ref('Session'))}}}`,
    schemas: `
SessionCreated: {type: object, required: [id, secret], properties: {id: {type: string}, shop: {type: string}, secret: {type: string}}}
Session: {type: object, required: [id], properties: {id: {type: string}, shop: {type: string}, status: {type: string, enum: [open, done]}}}`,
  });

  const { body } = await ask('POST', '/sessions', { shop: 'x' });
  expect(body).toEqual({ id: expect.any(String), shop: 'x', secret: expect.any(String) });
  expect((await ask('GET', `/sessions/${body.id}`)).body).toEqual({ id: body.id, shop: 'x', status: 'open' });
  expect((await ask('GET', '/sessions/none')).status).toBe(404);
});

test('what is below a parent that nobody can create needs none', async () => {
  const ask = await serveContract({
    paths: `
/repos/{owner}/{repo}:
  parameters: [{name: owner, in: path, required: true, schema: {type: string}}, {name: repo, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${json(ref('Repo'))}}}
/repos/{owner}/{repo}/issues:
  parameters: [{name: owner, in: path, required: true, schema: {type: string}}, {name: repo, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Issue')}}`)}}}
  post: {requestBody: ${request('{type: object, required: [title], properties: {title: {type: string}}}')}, responses: {'201': ${json(ref('Issue'))}}}`,
    schemas: `
Repo: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}
Issue: {type: object, required: [number, title], properties: {id: {type: integer}, number: {type: integer}, title: {type: string}}}`,
  });

  const { status, body } = await ask('POST', '/repos/o/r/issues', { title: 'a' });
  expect([status, body.title]).toEqual([201, 'a']);
  expect((await ask('GET', '/repos/o/r/issues')).body).toEqual([body]);
  expect((await ask('GET', '/repos/o/other/issues')).body).toEqual([]);
  expect((await ask('GET', '/repos/o/r')).body).toMatchObject({ name: 'r' });
});

test('what is below a parent that can be created needs it, whatever answers there', async () => {
  const ask = await serveContract({
    paths: `${creating('/carts', 'cartId', 'Cart')}
/carts/{cartId}/lines:
  ${id('cartId')}
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Line')}}`)}}}
  post: {requestBody: ${request(ref('Line'))}, responses: {'201': ${json(ref('Line'))}}}
/carts/{cartId}/total:
  ${id('cartId')}
  get: {responses: {'200': ${json('{type: object, properties: {amount: {type: number}}}')}}}`,
    schemas: `
Cart: {type: object, properties: {id: {type: string}, note: {type: string}}}
Line: {type: object, properties: {id: {type: string}, sku: {type: string}}}`,
  });

  expect((await ask('POST', '/carts/none/lines', { sku: 'a' })).status).toBe(404);
  expect((await ask('GET', '/carts/none/total')).status).toBe(404);
  const { body: cart } = await ask('POST', '/carts', { note: 'a' });
  const { body: line } = await ask('POST', `/carts/${cart.id}/lines`, { sku: 'a' });
  expect(line).toEqual({ id: expect.any(String), sku: 'a' });
  expect((await ask('GET', `/carts/${cart.id}/lines`)).body).toEqual([line]);
  expect((await ask('GET', `/carts/${cart.id}/total`)).status).toBe(200);
});

test('names below different parents do not meet', async () => {
  const ask = await serveContract({
    paths: `
/namespaces/{namespace}/pods:
  ${id('namespace')}
  post: {requestBody: ${request(ref('Pod'))}, responses: {'201': ${json(ref('Pod'))}}}
/namespaces/{namespace}/pods/{name}:
  parameters: [{name: namespace, in: path, required: true, schema: {type: string}}, {name: name, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${json(ref('Pod'))}}}`,
    schemas: 'Pod: {type: object, properties: {name: {type: string}, image: {type: string}}}',
  });

  await ask('POST', '/namespaces/one/pods', { name: 'web', image: 'a' });
  expect((await ask('POST', '/namespaces/two/pods', { name: 'web', image: 'b' })).status).toBe(201);
  expect((await ask('GET', '/namespaces/one/pods/web')).body).toEqual({ name: 'web', image: 'a' });
  expect((await ask('GET', '/namespaces/two/pods/web')).body).toEqual({ name: 'web', image: 'b' });
});

test('HEAD says whether a thing is there, as GET does', async () => {
  const ask = await serveContract({
    paths: `
/buckets/{bucket}:
  parameters: [{name: bucket, in: path, required: true, schema: {type: string}}]
  head: {responses: {'200': {description: there}, '404': {description: none}}}
  get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Bucket'}}}}}}
  put: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Bucket'}}}}, responses: {'201': {description: made}}}`,
    schemas: 'Bucket: {type: object, properties: {name: {type: string}, region: {type: string}}}',
  });

  expect((await ask('HEAD', '/buckets/logs')).status).toBe(404);
  await ask('PUT', '/buckets/logs', { region: 'north' });
  expect((await ask('HEAD', '/buckets/logs')).status).toBe(200);
  expect((await ask('GET', '/buckets/logs')).body).toEqual({ name: 'logs', region: 'north' });
});

test('what has numbers for ids is not there under a name, and an id that a path reads as a number is written as one', async () => {
  const ask = await serveContract({
    paths: `
/reports/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(ref('Report'))}}}
/guests:
  post: {requestBody: ${request(ref('Guest'))}, responses: {'201': ${json(ref('Guest'))}}}
/guests/{guestId}:
  ${id('guestId', '{type: integer}')}
  get: {responses: {'200': ${json(ref('Guest'))}}}`,
    schemas: `
Report: {type: object, required: [id], properties: {id: {type: integer}, total: {type: number}}}
Guest: {type: object, properties: {id: {type: string, readOnly: true}, name: {type: string}}}`,
  });

  expect((await ask('GET', '/reports/7')).body.id).toBe(7);
  expect((await ask('GET', '/reports/seven')).status).toBe(404);
  const { body } = await ask('POST', '/guests', { name: 'Ada' });
  expect((await ask('GET', `/guests/${body.id}`)).body).toEqual(body);
});

test.each([
  ['integer', 'string', 1, '1'],
  ['string', 'integer', '1', 1],
])('an id that a list has as %s and a read as %s is one that both can say', async (inList, inRead, listed, read) => {
  const book = (type: string) =>
    `{type: object, required: [id], properties: {id: {type: ${type}}, title: {type: string}}}`;
  const ask = await serveContract({
    paths: `
/books:
  get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: ${book(inList)}}}}}}}
  post:
    requestBody: {content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}}
    responses: {'201': {description: ok, content: {application/json: {schema: ${book(inRead)}}}}}
/books/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': {description: ok, content: {application/json: {schema: ${book(inRead)}}}}}}`,
  });
  expect((await ask('POST', '/books', { title: 'A' })).body).toEqual({ id: read, title: 'A' });
  expect((await ask('GET', '/books')).body).toEqual([{ id: listed, title: 'A' }]);
  expect((await ask('GET', '/books/1')).body).toEqual({ id: read, title: 'A' });
});
