import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

const json = (schema: string, links = '') =>
  `{description: ok, ${links} content: {application/json: {schema: ${schema}}}}`;
const ref = (name: string) => `{$ref: '#/components/schemas/${name}'}`;
const param = (name: string) => `parameters: [{name: ${name}, in: path, required: true, schema: {type: string}}]`;

test('a link says by which property a path calls a thing, whatever that is called', async () => {
  const links = "links: {self: {operationId: readUser, parameters: {who: '$response.body#/data/nick'}}},";
  const ask = await serveContract({
    paths: `
/users:
  post: {requestBody: {content: {application/json: {schema: {type: object, properties: {nick: {type: string}, mail: {type: string}}}}}}, responses: {'201': ${json(`{type: object, properties: {data: ${ref('User')}}}`, links)}}}
/users/{who}:
  ${param('who')}
  get: {operationId: readUser, responses: {'200': ${json(`{type: object, properties: {data: ${ref('User')}}}`)}}}`,
    schemas: 'User: {type: object, properties: {id: {type: string}, nick: {type: string}, mail: {type: string}}}',
  });

  const { body } = await ask('POST', '/users', { nick: 'ada', mail: 'ada@example.com' });
  expect((await ask('GET', `/users/${body.data.nick}`)).body).toEqual(body);
});

test('a link leads from what is there to what it refers to', async () => {
  const to = (where: string) =>
    `links: {buyer: {operationRef: '#/paths/~1people~1%7Bno%7D/get', parameters: {path.no: '$response.body#${where}'}}},`;
  const ask = await serveContract({
    paths: `
/people: {get: {responses: {'200': ${json(`{type: array, items: ${ref('Person')}}`)}}}}
/people/{no}:
  ${param('no')}
  get: {responses: {'200': ${json(ref('Person'))}}}
/sales:
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Sale')}}`, to('/0/soldTo'))}}}
/sales/{id}:
  ${param('id')}
  get: {responses: {'200': ${json(ref('Sale'))}}}
/offers:
  post: {requestBody: {content: {application/json: {schema: {type: object, properties: {price: {type: number}}}}}}, responses: {'201': ${json(ref('Offer'), to('/madeFor'))}}}
/offers/{id}:
  ${param('id')}
  get: {responses: {'200': ${json(ref('Offer'))}}}`,
    schemas: `
Person: {type: object, required: [no], properties: {no: {type: string}, name: {type: string}}}
Sale: {type: object, required: [id, soldTo], properties: {id: {type: string}, soldTo: {type: string}}}
Offer: {type: object, required: [id, madeFor], properties: {id: {type: string}, price: {type: number}, madeFor: {type: string}}}`,
  });

  const [sale] = (await ask('GET', '/sales')).body;
  expect((await ask('GET', `/people/${sale.soldTo}`)).status).toBe(200);
  const { body } = await ask('POST', '/offers', { price: 5 });
  expect((await ask('GET', `/people/${body.madeFor}`)).status).toBe(200);
});
