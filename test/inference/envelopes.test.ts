import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

/** A body of one schema, as a contract declares it. */
const json = (schema: string) => `{description: ok, content: {application/json: {schema: ${schema}}}}`;
const request = (schema: string) => `{content: {application/json: {schema: ${schema}}}}`;
const id = (name: string, type = 'string') =>
  `parameters: [{name: ${name}, in: path, required: true, schema: {type: ${type}}}]`;

test('a thing wrapped in "data" is stored unwrapped, and a list leads on truly', async () => {
  const wrapped = "{type: object, properties: {data: {$ref: '#/components/schemas/Thing'}}}";
  const ask = await serveContract({
    paths: `
/things:
  get:
    parameters: [{name: limit, in: query, schema: {type: integer}}, {name: offset, in: query, schema: {type: string}}]
    responses: {'200': ${json("{type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Thing'}}, next_page: {type: object, properties: {offset: {type: string}}}}}")}}
  post: {requestBody: ${request("{type: object, properties: {data: {$ref: '#/components/schemas/NewThing'}}}")}, responses: {'201': ${json(wrapped)}}}
/things/{thing_gid}:
  ${id('thing_gid')}
  get: {responses: {'200': ${json(wrapped)}}}`,
    schemas: `
NewThing: {type: object, required: [name], properties: {name: {type: string}}}
Thing: {type: object, required: [gid, name], properties: {gid: {type: string, readOnly: true}, name: {type: string}}}`,
  });

  const { status, body } = await ask('POST', '/things', { data: { name: 'a' } });
  expect([status, body]).toEqual([201, { data: { gid: expect.any(String), name: 'a' } }]);
  expect((await ask('GET', `/things/${body.data.gid}`)).body).toEqual(body);
  await ask('POST', '/things', { data: { name: 'b' } });
  const first = (await ask('GET', '/things?limit=1')).body;
  expect(first.data).toEqual([body.data]);
  const second = (await ask('GET', `/things?limit=1&offset=${first.next_page.offset}`)).body;
  expect(second).toEqual({ data: [{ gid: expect.any(String), name: 'b' }] });
});

test('a thing wrapped in its own name keeps its number for an id', async () => {
  const server = "{type: object, required: [server], properties: {server: {$ref: '#/components/schemas/Server'}}}";
  const ask = await serveContract({
    paths: `
/servers:
  get: {responses: {'200': ${json("{type: object, required: [servers], properties: {servers: {type: array, items: {$ref: '#/components/schemas/Server'}}}}")}}}
  post: {requestBody: ${request('{type: object, required: [name], properties: {name: {type: string}}}')}, responses: {'201': ${json(server)}}}
/servers/{id}:
  ${id('id', 'integer')}
  get: {responses: {'200': ${json(server)}}}`,
    schemas: 'Server: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}',
  });

  const { body } = await ask('POST', '/servers', { name: 'a' });
  expect(body).toEqual({ server: { id: 1, name: 'a' } });
  expect((await ask('GET', '/servers/1')).body).toEqual(body);
  expect((await ask('GET', '/servers')).body).toEqual({ servers: [body.server] });
  expect((await ask('GET', '/servers/2')).status).toBe(404);
});

test('the envelope of an answer says that all is well, and the list counts', async () => {
  const envelope = (result: string) =>
    `{type: object, required: [success, errors, messages, result], properties: {success: {type: boolean}, errors: {type: array, items: {type: object}}, messages: {type: array, items: {type: object}}, result: ${result}, result_info: {type: object, properties: {page: {type: integer}, per_page: {type: integer}, count: {type: integer}, total_count: {type: integer}}}}}`;
  const zone = "{$ref: '#/components/schemas/Zone'}";
  const ask = await serveContract({
    paths: `
/zones:
  get:
    parameters: [{name: page, in: query, schema: {type: integer}}, {name: per_page, in: query, schema: {type: integer}}]
    responses: {'200': ${json(envelope(`{type: array, items: ${zone}}`))}}
  post: {requestBody: ${request('{type: object, properties: {name: {type: string}}}')}, responses: {'200': ${json(envelope(zone))}}}
/zones/{zone_id}:
  ${id('zone_id')}
  get: {responses: {'200': ${json(envelope(zone))}}}
  delete: {responses: {'200': ${json(envelope('{type: object, properties: {id: {type: string}}}'))}}}`,
    schemas: 'Zone: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}',
  });

  const { body } = await ask('POST', '/zones', { name: 'a' });
  expect(body).toMatchObject({ success: true, errors: [], messages: [], result: { name: 'a' } });
  await ask('POST', '/zones', { name: 'b' });
  expect((await ask('GET', '/zones?page=2&per_page=1')).body).toMatchObject({
    success: true,
    result: [{ name: 'b' }],
    result_info: { page: 2, per_page: 1, count: 1, total_count: 2 },
  });
  const path = `/zones/${body.result.id}`;
  expect((await ask('DELETE', path)).body).toMatchObject({ success: true, result: { id: body.result.id } });
  expect((await ask('GET', path)).status).toBe(404);
});

test('a total beside the items is that of the list', async () => {
  const ask = await serveContract({
    paths: `
/jobs:
  get: {responses: {'200': ${json("{type: object, required: [jobs, total, kind], properties: {kind: {type: string, enum: [jobList]}, jobs: {type: array, items: {$ref: '#/components/schemas/Job'}}, total: {type: integer}}}")}}}
  post: {requestBody: ${request('{type: object, properties: {name: {type: string}}}')}, responses: {'201': ${json("{$ref: '#/components/schemas/Job'}")}}}`,
    schemas: 'Job: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}',
  });

  const { body } = await ask('POST', '/jobs', { name: 'a' });
  expect((await ask('GET', '/jobs')).body).toEqual({ kind: 'jobList', jobs: [body], total: 1 });
});

test('JSON:API documents keep id and attributes', async () => {
  const api = (schema: string) => `{content: {application/vnd.api+json: {schema: ${schema}}}}`;
  const document = "{type: object, properties: {data: {$ref: '#/components/schemas/Article'}}}";
  const ask = await serveContract({
    paths: `
/articles:
  post:
    requestBody: ${api('{type: object, properties: {data: {type: object, properties: {type: {type: string}, attributes: {type: object, properties: {title: {type: string}}}}}}}')}
    responses: {'201': {description: ok, ${api(document).slice(1)}}
/articles/{id}:
  ${id('id')}
  get: {responses: {'200': {description: ok, ${api(document).slice(1)}}}`,
    schemas:
      'Article: {type: object, required: [id, type], properties: {id: {type: string}, type: {type: string}, attributes: {type: object, properties: {title: {type: string}}}}}',
  });

  const sent = { data: { type: 'articles', attributes: { title: 'Deterministic worlds' } } };
  const { status, body } = await ask('POST', '/articles', sent, { 'content-type': 'application/vnd.api+json' });
  expect([status, body]).toEqual([201, { data: { id: expect.any(String), ...sent.data } }]);
  expect((await ask('GET', `/articles/${body.data.id}`)).body).toEqual(body);
});

test('of two arrays in an envelope, the one called as the path holds the things', async () => {
  const ask = await serveContract({
    paths: `
/people:
  get: {responses: {'200': ${json("{type: object, properties: {warnings: {type: array, items: {type: object, properties: {text: {type: string}}}}, people: {type: array, items: {$ref: '#/components/schemas/Person'}}}}")}}}
  post: {requestBody: ${request('{type: object, properties: {name: {type: string}}}')}, responses: {'201': ${json("{$ref: '#/components/schemas/Person'}")}}}
/people/{personId}:
  ${id('personId')}
  get: {responses: {'200': ${json("{$ref: '#/components/schemas/Person'}")}}}`,
    schemas: 'Person: {type: object, properties: {id: {type: string}, name: {type: string}}}',
  });

  const { body } = await ask('POST', '/people', { name: 'Ada' });
  expect((await ask('GET', '/people')).body).toEqual({ warnings: [], people: [body] });
});

test('what comes along with a thing is no part of it', async () => {
  const whole = `{type: object, required: [ticket], properties: {ticket: {$ref: '#/components/schemas/Ticket'}, user: {$ref: '#/components/schemas/User'}, tags: {type: array, items: {type: object, properties: {name: {type: string}}}}}}`;
  const ask = await serveContract({
    paths: `
/tickets.json:
  get: {responses: {'200': ${json(`{type: object, properties: {tickets: {type: array, items: ${whole}}}}`)}}}
  post: {requestBody: ${request('{type: object, properties: {ticket: {type: object, properties: {subject: {type: string}}}}}')}, responses: {'201': ${json(whole)}}}
/tickets/{id}.json:
  parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
  get: {responses: {'200': ${json(whole)}}}`,
    schemas: `
Ticket: {type: object, properties: {id: {type: integer}, subject: {type: string}}}
User: {type: object, properties: {id: {type: integer}, name: {type: string}}}`,
  });

  const { body } = await ask('POST', '/tickets.json', { ticket: { subject: 'Lamp' } });
  expect(body).toEqual({ ticket: { id: 1, subject: 'Lamp' } });
  expect((await ask('GET', '/tickets/1.json')).body).toEqual(body);
  expect((await ask('GET', '/tickets.json')).body).toEqual({ tickets: [body] });
});

test('an account beside an array is no count of it', async () => {
  const whole =
    "{type: object, properties: {account: {$ref: '#/components/schemas/Account'}, owners: {type: array, items: {type: object, properties: {name: {type: string}}}}}}";
  const ask = await serveContract({
    paths: `
/accounts: {post: {requestBody: ${request('{type: object, properties: {note: {type: string}}}')}, responses: {'201': ${json(whole)}}}}
/accounts/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(whole)}}}`,
    schemas: 'Account: {type: object, required: [id], properties: {id: {type: string}, note: {type: string}}}',
  });

  const { body } = await ask('POST', '/accounts', { note: 'n' });
  expect(body.account).toMatchObject({ note: 'n' });
  expect((await ask('GET', `/accounts/${body.account.id}`)).body).toEqual(body);
});

test('a value that comes along with a new thing in its envelope does not hide it', async () => {
  const server = '{type: object, properties: {id: {type: integer, readOnly: true}, name: {type: string}}}';
  const ask = await serveContract({
    paths: `
/servers:
  get: {responses: {'200': ${json(`{type: object, properties: {servers: {type: array, items: {$ref: '#/components/schemas/Server'}}}}`)}}}
  post: {requestBody: ${request('{type: object, properties: {name: {type: string}}}')}, responses: {'201': ${json(`{type: object, required: [server, root_password], properties: {server: {$ref: '#/components/schemas/Server'}, root_password: {type: string}}}`)}}}
/servers/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(`{type: object, properties: {server: {$ref: '#/components/schemas/Server'}}}`)}}}`,
    schemas: `Server: ${server}`,
  });

  const { body } = await ask('POST', '/servers', { name: 'web' });
  expect(body).toEqual({ server: { id: expect.any(Number), name: 'web' }, root_password: expect.any(String) });
  expect((await ask('GET', `/servers/${body.server.id}`)).body).toEqual({ server: body.server });
});

test('of alternative envelopes, the one that has the thing says what stands beside it', async () => {
  const beside = (name: string, schema: string) =>
    `{required: [${name}, links], properties: {${name}: ${schema}, links: {type: object, properties: {self: {type: string}}}}}`;
  const ship = "{$ref: '#/components/schemas/Ship'}";
  const ask = await serveContract({
    paths: `
/ships:
  post:
    requestBody: {content: {application/json: {schema: ${ship}}}}
    responses:
      '202':
        description: ok
        content: {application/json: {schema: {oneOf: [${beside('ship', ship)}, ${beside('ships', `{type: array, items: ${ship}}`)}]}}}
/ships/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
  get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {ship: ${ship}}}}}}}}`,
    schemas: 'Ship: {type: object, properties: {id: {type: integer, readOnly: true}, name: {type: string}}}',
  });
  const { body } = await ask('POST', '/ships', { name: 'Vasa' });
  expect(body).toEqual({ ship: { id: 1, name: 'Vasa' }, links: expect.any(Object) });
  expect((await ask('GET', '/ships/1')).body).toEqual({ ship: { id: 1, name: 'Vasa' } });
});
