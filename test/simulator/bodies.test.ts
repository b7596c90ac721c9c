import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFiles } from '../contracts/temp-files.ts';
import { startSimulator } from '../support/simulator.ts';

const THING = "{ schema: { $ref: '#/components/schemas/Thing' } }";
const CONTRACT = `
openapi: 3.0.3
info: { title: Things, version: '1' }
paths:
  /things:
    post:
      requestBody: { content: { application/json-patch+json: ${THING}, application/json: ${THING} } }
      responses: { '201': { description: Made, content: { application/json: ${THING} } } }
    get:
      responses:
        '200':
          description: Things
          content:
            application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } }
            text/csv: { schema: { type: string } }
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { description: Thing, content: { application/json: ${THING}, application/x-www-form-urlencoded: ${THING} } } }
    put:
      requestBody: { content: { application/json: ${THING} } }
      responses: { '200': { description: Changed, content: { application/json: ${THING} } } }
    patch:
      requestBody: { content: { application/json: ${THING}, application/merge-patch+json: ${THING} } }
      responses: { '200': { description: Changed, content: { application/json: ${THING} } } }
  /report:
    get: { responses: { '200': { description: Report, content: { text/csv: { schema: { type: array, items: { $ref: '#/components/schemas/Line' } } } } } } }
  /token:
    post: { responses: { '200': { description: Token, content: { application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/Line' } } } } } }
  /keyed: { get: { security: [{ key: [] }], responses: { '204': { description: Fine } } } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Line: { type: object, required: [a, b], properties: { a: { type: string, enum: ['x, y'] }, b: { type: integer, enum: [1] } } }
    Thing:
      type: object
      properties:
        id: { type: string }
        name: { type: string }
        nick: { type: string, nullable: true }
        inner: { type: object, properties: { n: { type: integer, nullable: true } } }
`;

const OTHER = `
openapi: 3.0.3
info: { title: Other, version: '1' }
paths:
  /tokened: { get: { security: [{ key: [] }], responses: { '204': { description: Fine } } } }
components: { securitySchemes: { key: { type: http, scheme: bearer } } }
`;

const OVERLAY = `
overlay: 1.0.0
info: { title: Better, version: '1' }
actions: [{ target: $.info, update: { title: Better } }]
`;

async function serve() {
  const root = writeFiles({
    'shop/things.openapi.yaml': CONTRACT,
    'shop/other.openapi.yaml': OTHER,
    'shop/other.overlay.yaml': OVERLAY,
  });
  return (await startSimulator({ specs: [join(root, 'shop')], cache: false })).ask;
}

const type = (name: string) => ({ 'content-type': name });

test('a body that is to be a thing is no patch, whatever its media type is called', async () => {
  const ask = await serve();

  const made = await ask('POST', '/things', { name: 'hat' }, type('application/json-patch+json'));
  expect(made).toMatchObject({ status: 201, body: { name: 'hat' } });
});

test('null is kept where it is a value of the schema, and removes where the patch is a merge patch', async () => {
  const ask = await serve();
  const { body } = await ask('POST', '/things', { name: 'hat', nick: null, inner: { n: null } });
  const path = `/things/${body.id}`;
  expect(body).toEqual({ id: body.id, name: 'hat', nick: null, inner: { n: null } });

  expect((await ask('PUT', path, { name: 'cap', nick: null })).body).toEqual({ id: body.id, name: 'cap', nick: null });
  expect((await ask('PATCH', path, { inner: { n: null } })).body).toHaveProperty('inner', { n: null });
  expect((await ask('PATCH', path, { name: null })).status).toBe(400);
  const merged = await ask('PATCH', path, { nick: null, inner: { n: null } }, type('application/merge-patch+json'));
  expect(merged.body).toEqual({ id: body.id, name: 'cap', inner: {} });
  expect((await ask('GET', path)).body).toEqual(merged.body);
});

test('a table is written as a table, and a form as a form', async () => {
  const ask = await serve();
  const { body } = await ask('POST', '/things', { name: 'a "hat", red', nick: null });

  const list = await ask('GET', '/things', undefined, { accept: 'text/csv' });
  expect(list.headers.get('content-type')).toBe('text/csv');
  expect(list.text).toBe(`id,name,nick\r\n${body.id},"a ""hat"", red",\r\n`);
  const form = await ask('GET', `/things/${body.id}`, undefined, { accept: 'application/x-www-form-urlencoded' });
  expect(form.text).toBe(`id=${body.id}&name=a+%22hat%22%2C+red&nick=`);
  expect((await ask('GET', '/report')).text).toMatch(/^a,b\r\n("x, y",1\r\n)*$/);
  expect((await ask('POST', '/token')).text).toBe('a=x%2C+y&b=1');
});

test('security schemes of one name in two documents of a folder are two', async () => {
  const ask = await serve();

  const statuses = async (path: string) => [
    (await ask('GET', path, undefined, { authorization: '', 'x-key': 'k' })).status,
    (await ask('GET', path, undefined, { authorization: 'Bearer t' })).status,
  ];
  expect(await statuses('/keyed')).toEqual([204, 401]);
  expect(await statuses('/tokened')).toEqual([401, 204]);
});

test('a document is shown with its overlays applied, and raw as it stands in its file', async () => {
  const ask = await serve();

  const shown = await ask('GET', '/_simulator/contracts/shop/other');
  expect(shown.text).toContain('title: Better');
  expect(shown.text).toMatch(/servers:\n {2}- url: http:\/\/127\.0\.0\.1:\d+/);
  const json = await ask('GET', '/@acme/_simulator/contracts/shop/other.json');
  expect(json.body.servers[0].url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/@acme/);
  expect(shown.headers.get('content-type')).toBe('application/yaml');
  expect((await ask('GET', '/_simulator/contracts/shop/other?raw')).text).toBe(OTHER);
  expect((await ask('GET', '/_simulator/contracts/shop/things?raw')).text).toBe(CONTRACT);
});
