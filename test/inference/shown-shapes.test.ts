import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

/** An answer of which the schema says nothing, and an example everything. */
const shown = (value: unknown) =>
  `{description: ok, content: {application/json: {schema: {type: object}, example: ${JSON.stringify(value)}}}}`;
const shop = { id: '870798b3-224f-4e1d-bff9-8499027f1c9a', title: 'Shop', floor: 1, opened_on: '2026-01-05' };

test('where schemas say nothing, examples show what is wrapped, listed and created', async () => {
  const ask = await serveContract({
    paths: `
/shops:
  get:
    parameters: [{name: id, in: query, schema: {type: string}}, {name: title, in: query, schema: {type: string}}]
    responses: {'200': ${shown({ data: [shop], meta: { total_count: 1 } })}}
  post:
    requestBody: {content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}}
    responses: {'201': ${shown({ data: shop, meta: {} })}}
/shops/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${shown({ data: shop })}, '404': {description: none}}}
  delete: {responses: {'200': ${shown({ data: shop })}}}`,
  });
  expect((await ask('GET', '/shops')).body).toEqual({ data: [], meta: { total_count: 0 } });
  const { status, body } = await ask('POST', '/shops', { title: 'A' });
  expect(status).toBe(201);
  expect(body.data).toMatchObject({ title: 'A', id: expect.stringMatching(/^[\da-f]{8}-/) });
  expect((await ask('GET', `/shops/${body.data.id}`)).body.data).toMatchObject({ title: 'A' });
  expect((await ask('GET', '/shops?title=A')).body.meta).toEqual({ total_count: 1 });
  expect((await ask('GET', '/shops?title=B')).body.data).toEqual([]);
  expect((await ask('DELETE', `/shops/${body.data.id}`)).body.data).toMatchObject({ title: 'A' });
  expect((await ask('GET', `/shops/${body.data.id}`)).status).toBe(404);
});

test('what an example shows is no rule: what a client sends beyond it is kept', async () => {
  const ask = await serveContract({
    paths: `
/shops:
  post: {requestBody: {content: {application/json: {schema: {type: object}, example: {title: A, floor: 1}}}}, responses: {'201': ${shown(shop)}}}
/shops/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${shown(shop)}}}`,
  });
  const { status, body } = await ask('POST', '/shops', { title: 7, floor: 'ground', colour: 'red' });
  expect(status).toBe(201);
  expect((await ask('GET', `/shops/${body.id}`)).body).toMatchObject({ title: 7, floor: 'ground', colour: 'red' });
});

test('a schema that says something is believed, whatever its example shows', async () => {
  const ask = await serveContract({
    paths: `
/rates:
  get:
    responses: {'200': {description: ok, content: {application/json: {schema: {type: object, additionalProperties: {type: number}}, example: {data: [{id: 1}]}}}}}`,
  });
  expect((await ask('GET', '/rates')).body).toEqual({ data: [{ id: 1 }] });
});

test('a part that describes the items of a list wins over one that only says that there are some', async () => {
  const ask = await serveContract({
    paths: `
/things:
  get:
    responses:
      '200': {description: ok, content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Page'}, {properties: {data: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}]}}}}
  post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, responses: {'201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}}
/things/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}}`,
    schemas: `
Page: {allOf: [{type: object, properties: {data: {}}}, {type: object, properties: {data: {type: array, items: {}}, limit: {type: integer}}}]}
Thing: {type: object, properties: {id: {type: string}, name: {type: string}}}`,
  });
  const { body } = await ask('POST', '/things', { name: 'A' });
  expect((await ask('GET', '/things')).body.data).toEqual([{ id: body.id, name: 'A' }]);
});

test('a list of what nobody creates shows what only the list has of it', async () => {
  const ask = await serveContract({
    paths: `
/orders:
  get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: object, properties: {id: {type: string}, state: {type: string}, total: {type: number}}}}}}}}}
/orders/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {id: {type: string}, product: {type: string}}}}}}}}`,
  });
  const { body } = await ask('GET', '/orders');
  expect(body.length).toBeGreaterThan(0);
  for (const order of body) {
    expect(order).toEqual({ id: expect.any(String), state: expect.any(String), total: expect.any(Number) });
    expect((await ask('GET', `/orders/${order.id}`)).body).toMatchObject({ id: order.id });
  }
  expect((await ask('GET', '/orders')).body).toEqual(body);
});
