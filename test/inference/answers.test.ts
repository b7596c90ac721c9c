import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

const json = (schema: string) => `{description: ok, content: {application/json: {schema: ${schema}}}}`;
const request = (schema: string) => `{content: {application/json: {schema: ${schema}}}}`;
const id = 'parameters: [{name: id, in: path, required: true, schema: {type: string}}]';
const ref = (name: string) => `{$ref: '#/components/schemas/${name}'}`;

const parcels = (sent: string, list: string) => `
/parcels:
  post: {requestBody: ${request(sent)}, responses: {'201': ${json(ref('Parcel'))}}}
  get:
    parameters: [{name: page, in: query, schema: {type: integer}}, {name: page_size, in: query, schema: {type: integer}}]
    responses: {'200': ${json(list)}}
/parcels/{id}:
  ${id}
  get: {responses: {'200': ${json(ref('Parcel'))}}}
  patch: {requestBody: ${request(sent)}, responses: {'200': ${json(ref('Parcel'))}}}`;

test('links of a list are full addresses where the contract wants them to be URIs, and paths elsewhere', async () => {
  const ask = await serveContract({
    paths: parcels(
      '{type: object, properties: {note: {type: string}}}',
      `{type: object, properties: {parcels: {type: array, items: ${ref('Parcel')}}, meta: {type: object, properties: {first_page_url: {type: string, format: uri}, next_page_url: {type: string, format: uri, nullable: true}, next_page_path: {type: string}, url: {type: string}}}}}`,
    ),
    schemas: 'Parcel: {type: object, properties: {id: {type: string}, note: {type: string}}}',
  });
  for (const note of ['a', 'b']) await ask('POST', '/parcels', { note });

  const { body } = await ask('GET', '/parcels?page_size=1');
  expect(body.meta.first_page_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/parcels\?page_size=1&page=1$/);
  const next = new URL(body.meta.next_page_url);
  const last = await ask('GET', next.pathname + next.search);
  expect(last.body.parcels).toMatchObject([{ note: 'b' }]);
  expect(last.body.meta).toMatchObject({ next_page_url: null, url: '/parcels' });
});

test('what is sent as an id and answered as an object is answered as the object of that id', async () => {
  const ask = await serveContract({
    paths: parcels(
      '{type: object, properties: {note: {type: string}, depot: {type: string}, value: {type: number}, tags: {type: array, items: {type: string}}}}',
      `{type: array, items: ${ref('Parcel')}}`,
    ),
    schemas: `
Parcel: {type: object, required: [id], properties: {id: {type: string}, note: {type: string}, depot: ${ref('Depot')}, value: ${ref('Money')}, tags: {type: array, items: {type: object, required: [name], properties: {name: {type: string}}}}}}
Depot: {type: object, required: [slug, city], properties: {slug: {type: string}, city: {type: string}}}
Money: {type: object, required: [currency, value], properties: {currency: {type: string, enum: [EUR]}, value: {type: number}}}`,
  });

  const { body } = await ask('POST', '/parcels', { note: 'a', depot: 'ams1', value: 12, tags: ['cold'] });
  expect(body).toMatchObject({ note: 'a', depot: { slug: 'ams1' }, value: { currency: 'EUR', value: 12 } });
  expect(body.depot.city).toEqual(expect.any(String));
  expect(body.tags).toEqual([{ name: 'cold' }]);
  expect((await ask('GET', `/parcels/${body.id}`)).body).toEqual(body);
  expect((await ask('GET', '/parcels')).body).toEqual([body]);
  const changed = await ask('PATCH', `/parcels/${body.id}`, { depot: 'fra2' });
  expect(changed.body).toMatchObject({ note: 'a', depot: { slug: 'fra2' } });
});

test('a value that the contract does not answer is not kept, and one that only breaks a pattern is', async () => {
  const ask = await serveContract({
    paths: parcels(
      '{type: object, properties: {status: {type: string}, code: {type: string}}}',
      `{type: array, items: ${ref('Parcel')}}`,
    ),
    schemas:
      "Parcel: {type: object, properties: {id: {type: string}, status: {type: string, enum: [OPEN, CLOSED]}, code: {type: string, pattern: '^[A-Z]+$'}}}",
  });

  const { body } = await ask('POST', '/parcels', { status: 'closed', code: 'x1' });
  expect(body).toMatchObject({ status: 'CLOSED', code: 'x1' });
  expect((await ask('PATCH', `/parcels/${body.id}`, { status: 'lost' })).body.status).toBe('CLOSED');
});

test('an example that breaks its schema is corrected before it is sent', async () => {
  const ask = await serveContract({
    paths: `
/report:
  get:
    responses:
      '200':
        description: ok
        content:
          application/json:
            schema: {type: object, required: [total, unit], properties: {total: {type: integer}, unit: {type: string, enum: [kg]}, link: {type: string, format: uri}}}
            example: {total: '12', link: 'somewhere'}`,
  });

  const { body } = await ask('GET', '/report');
  expect(body).toMatchObject({ total: 12, unit: 'kg' });
  expect(body.link === undefined || URL.canParse(body.link)).toBe(true);
});

test('what is demanded and described nowhere is there all the same', async () => {
  const ask = await serveContract({
    paths: parcels('{type: object, properties: {Note: {type: string}}}', `{type: array, items: ${ref('Parcel')}}`),
    schemas: 'Parcel: {type: object, required: [note, extra], properties: {id: {type: string}, Note: {type: string}}}',
  });

  expect((await ask('POST', '/parcels', { Note: 'a' })).body).toMatchObject({ Note: 'a', note: 'a', extra: null });
});

test('what is sent of a kind that is answered in alternatives is answered in the nearest of them', async () => {
  const ask = await serveContract({
    paths: parcels(
      '{type: object, properties: {receiver: {type: object, properties: {type: {type: string}, login: {type: string}}}}}',
      `{type: array, items: ${ref('Parcel')}}`,
    ),
    schemas: `
Parcel: {type: object, required: [id], properties: {id: {type: string}, receiver: {oneOf: [${ref('Company')}, ${ref('Person')}]}}}
Company: {type: object, required: [type, number], properties: {type: {type: string, enum: [company]}, number: {type: integer}}}
Person: {type: object, required: [type], properties: {type: {type: string, enum: [person]}, login: {type: string}}}`,
  });

  const exact = await ask('POST', '/parcels', { receiver: { type: 'person', login: 'ada' } });
  expect(exact.body.receiver).toEqual({ type: 'person', login: 'ada' });
  const unknown = await ask('POST', '/parcels', { receiver: { type: 'robot', login: 'r2' } });
  expect(unknown.body.receiver).toEqual({ type: 'person', login: 'r2' });
  expect((await ask('GET', `/parcels/${unknown.body.id}`)).body).toEqual(unknown.body);
});

test('a part of an example that is of two exclusive kinds at once is made instead', async () => {
  const kind = '{type: object, required: [type], properties: {type: {type: string}, unit: {type: string, enum: [kg]}}}';
  const ask = await serveContract({
    paths: `
/scales:
  get:
    responses:
      '200':
        description: ok
        content:
          application/json:
            schema: {type: array, items: ${ref('Scale')}}
            example: [{id: one, name: Big, reads: {type: weight}}, {id: two, name: Small, reads: {type: weight, unit: stone}}]
/scales/{id}:
  ${id}
  get: {responses: {'200': ${json(ref('Scale'))}}}`,
    schemas: `
Scale: {type: object, required: [id, reads], properties: {id: {type: string}, name: {type: string}, reads: {type: object, oneOf: [{title: Anything}, ${kind}]}}}`,
  });

  const { body } = await ask('GET', '/scales');
  expect(body.slice(0, 2)).toMatchObject([
    { id: 'one', name: 'Big' },
    { id: 'two', name: 'Small', reads: { type: 'weight', unit: 'stone' } },
  ]);
  expect(body[0].reads).not.toEqual({ type: 'weight' });
});

test('a list has at most as many items as its contract lets it have, and a PUT without a body changes nothing', async () => {
  const ask = await serveContract({
    paths: `
/slots:
  get: {responses: {'200': ${json(`{type: array, maxItems: 2, items: ${ref('Slot')}}`)}}}
/slots/{id}:
  ${id}
  get: {responses: {'200': ${json(ref('Slot'))}}}
  put: {requestBody: ${request(ref('Slot'))}, responses: {'200': ${json(ref('Slot'))}}}`,
    schemas: 'Slot: {type: object, properties: {id: {type: string}, note: {type: string}}}',
  });

  const { body } = await ask('GET', '/slots');
  expect(body).toHaveLength(2);
  expect((await ask('PUT', `/slots/${body[0].id}`)).body).toEqual(body[0]);
  expect((await ask('PUT', `/slots/${body[0].id}`, { note: 'a' })).body).toEqual({ id: body[0].id, note: 'a' });
});

test('what is sent under a name in another casing is the same member, the id that a client chooses too', async () => {
  const ask = await serveContract({
    paths: `
/entities:
  post:
    requestBody: ${request('{type: object, required: [Identity], properties: {Identity: {type: string}, FriendlyName: {type: string}, Depot: {type: string}}}')}
    responses: {'201': ${json(ref('Entity'))}}
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Entity')}}`)}}}
/entities/{Identity}:
  parameters: [{name: Identity, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${json(ref('Entity'))}}}
  post: {requestBody: ${request('{type: object, properties: {FriendlyName: {type: string}}}')}, responses: {'200': ${json(ref('Entity'))}}}`,
    schemas:
      'Entity: {type: object, properties: {identity: {type: string}, friendly_name: {type: string}, depot: {type: object, required: [slug], properties: {slug: {type: string}}}}}',
  });

  const sent = { Identity: 'ada', FriendlyName: 'Ada', Depot: 'ams1' };
  const created = { identity: 'ada', friendly_name: 'Ada', depot: { slug: 'ams1' } };
  expect((await ask('POST', '/entities', sent)).body).toEqual(created);
  expect((await ask('GET', '/entities/ada')).body).toEqual(created);
  expect((await ask('POST', '/entities/ada', { FriendlyName: 'Ada L.' })).body).toEqual({
    ...created,
    friendly_name: 'Ada L.',
  });
});

test('a list that may not be empty says by its status that nothing is in it, where the contract has one', async () => {
  const path = (name: string, thing: string, empty: string) => `
/${name}:
  get: {responses: {'200': ${json(`{type: array, minItems: 1, items: ${ref(thing)}}`)}${empty}}}
  post: {requestBody: ${request(ref(thing))}, responses: {'201': ${json(ref(thing))}}}`;
  const ask = await serveContract({
    paths:
      path('notes', 'Note', ", '404': {description: none}") +
      path('jobs', 'Job', ", '204': {description: none}") +
      path('marks', 'Mark', ''),
    schemas: `
Note: {type: object, properties: {id: {type: string}, name: {type: string}}}
Job: {type: object, properties: {id: {type: string}, task: {type: string}}}
Mark: {type: object, properties: {id: {type: string}, colour: {type: string}}}`,
  });

  expect((await ask('GET', '/notes')).status).toBe(404);
  expect((await ask('GET', '/jobs')).status).toBe(204);
  expect((await ask('GET', '/marks')).body).toEqual([]);
  await ask('POST', '/notes', { name: 'a' });
  expect((await ask('GET', '/notes')).body).toHaveLength(1);
});

test('when a thing was made is told in seconds, too, and a flag in a wrapper says what became of it', async () => {
  const ask = await serveContract({
    paths: `
/charges:
  post: {requestBody: {content: {application/json: {schema: {type: object, properties: {amount: {type: integer}}}}}}, responses: {'201': ${json(ref('Charge'))}}}
/charges/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${json(ref('Charge'))}}}
  delete: {responses: {'200': ${json('{type: object, properties: {data: {type: object, properties: {deleted: {type: boolean}}}}}')}}}`,
    schemas:
      'Charge: {type: object, required: [id, created], properties: {id: {type: string}, amount: {type: integer}, created: {type: integer}}}',
  });

  const { body } = await ask('POST', '/charges', { amount: 5 });
  expect(body.created).toBe(Date.parse('2026-01-01T00:00:00Z') / 1_000);
  expect((await ask('DELETE', `/charges/${body.id}`)).body).toEqual({ data: { deleted: true } });
});

test('JSON of which nothing is said is an object with nothing in it', async () => {
  const ask = await serveContract({
    paths: `/features: {get: {responses: {'200': {description: ok, content: {application/json: {}}}}}}`,
  });

  expect((await ask('GET', '/features')).body).toEqual({});
});
