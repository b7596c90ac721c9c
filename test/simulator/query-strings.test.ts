import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFiles } from '../contracts/temp-files.ts';
import { startSimulator } from '../support/simulator.ts';

const contract = (content: string) => `
openapi: 3.2.0
info: { title: Things, version: '1' }
paths:
  /things:
    get:
      parameters: [{ in: querystring, name: search, required: true, content: { ${content} } }]
      responses:
        '200': { description: Things, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '201': { description: Made, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
  /things/{id}:
    get:
      parameters: [{ in: path, name: id, required: true, schema: { type: string } }]
      responses: { '200': { description: Thing, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
components:
  schemas:
    Thing: { type: object, properties: { id: { type: string }, colour: { type: string } } }
    Paged: { type: object, properties: { limit: { type: integer, maximum: 10 } } }
    Search:
      allOf: [{ $ref: '#/components/schemas/Paged' }]
      required: [colour]
      properties: { colour: { type: string }, sizes: { type: array, items: { type: integer } } }
`;

async function serve(content: string) {
  const root = writeFiles({ 'things/things.openapi.yaml': contract(content) });
  const { ask } = await startSimulator({ specs: [join(root, 'things')], cache: false });
  for (const colour of ['red', 'red', 'blue']) await ask('POST', '/things', { colour });
  return ask;
}

test('a query that is one form is checked and works as its properties say', async () => {
  const ask = await serve("application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/Search' } }");

  expect((await ask('GET', '/things?colour=red')).body).toHaveLength(2);
  expect((await ask('GET', '/things?colour=red&limit=1')).body).toHaveLength(1);
  expect((await ask('GET', '/things?limit=11&sizes=a')).body.errors).toEqual([
    { in: 'query', path: '/colour', message: 'is required' },
    { in: 'query', path: '/limit', message: 'must be <= 10' },
    { in: 'query', path: '/sizes/0', message: 'must be integer' },
  ]);
});

test('a query that is one JSON value is parsed and checked as a whole', async () => {
  const ask = await serve("application/json: { schema: { $ref: '#/components/schemas/Search' } }");
  const search = (value: unknown) => ask('GET', `/things?${encodeURIComponent(JSON.stringify(value))}`);

  expect((await search({ colour: 'red', sizes: [1, 2] })).status).toBe(200);
  expect((await search({ sizes: ['a'] })).body.errors).toMatchObject([
    { in: 'query', path: '/search/colour', message: 'is required' },
    { in: 'query', path: '/search/sizes/0' },
  ]);
  expect((await ask('GET', '/things?{')).status).toBe(400);
  expect((await ask('GET', '/things')).status).toBe(400);
});
