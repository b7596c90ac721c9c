import { expect, test } from 'vitest';
import { createMetaAjv } from '../../src/contracts/ajv.ts';
import { APS_TYPE_SCHEMA } from '../../src/contracts/formats/aps/aps-type-schema.ts';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { createValidation } from '../../src/contracts/validation.ts';
import { loadFiles, writeFiles } from './temp-files.ts';

const SERVICE = {
  name: 'Shop',
  id: 'http://shop.test/shop/1.2',
  apsVersion: '2.0',
  access: { public: true },
  operations: {
    find: {
      path: '/find/{kind}',
      verb: 'GET',
      parameters: { kind: { kind: 'path', type: 'string' }, name: { kind: 'query', type: 'string' } },
      response: { type: 'array', items: { type: 'Order' } },
      errorResponse: { type: 'object' },
      access: { public: false },
    },
    pay: { path: '/pay', verb: 'POST', parameters: { request: { kind: 'body', type: 'Payment' } } },
  },
  structures: {
    Payment: { type: 'object', properties: { id: { type: 'string', required: true }, sum: { type: 'number' } } },
  },
};

const ORDER = {
  'x-reconstructed': true,
  name: 'Order',
  id: 'http://shop.test/order/1.0',
  apsVersion: '2.0',
  properties: { number: { type: 'integer', required: true, readonly: true } },
  relations: {
    buyer: { types: ['http://shop.test/buyer/1.0'], collection: false, required: true },
    parts: { types: ['http://shop.test/order/1.0'], collection: true },
  },
  operations: { retrieve: { path: '/', verb: 'GET' } },
};

test('an operation of a type is asked of a resource', async () => {
  const { contracts } = await loadFiles({ 'shop/a.aps.json': SERVICE, 'shop/b.aps.json': ORDER });
  const [shop] = contracts;

  expect(shop).toMatchObject({ format: 'aps-2.0', title: 'Shop', version: '1.2', basePath: '/aps/2/resources' });
  expect(shop?.operations[0]).toMatchObject({
    id: 'find',
    method: 'GET',
    path: '/aps/2/resources/{aps-id}/find/{kind}',
    parameters: [
      { in: 'path', name: 'aps-id' },
      { in: 'path', name: 'kind', required: true },
      { in: 'query', name: 'name', required: false },
    ],
    security: [{ 'APS-Token': [] }],
    extensions: { 'x-aps-access': { public: false } },
  });
  expect(Object.keys(shop?.operations[0]?.responses ?? {})).toEqual(['200', 'default']);
});

test('a body parameter is the body itself, and no response means no content', async () => {
  const { contracts } = await loadFiles({ 'shop/a.aps.json': SERVICE, 'shop/b.aps.json': ORDER });
  const pay = contracts[0]?.operations[1];

  expect(pay?.requestBody?.content['application/json']?.schema).toEqual({ $ref: 'contract://shop/a#/$defs/Payment' });
  expect(pay?.responses).toEqual({ 204: { description: 'Done.', headers: {}, content: {} } });
});

test('required is lifted and relations become links', async () => {
  const { contracts } = await loadFiles({ 'shop/a.aps.json': SERVICE, 'shop/b.aps.json': ORDER });
  const [shop, order] = contracts;

  expect(shop?.$defs.Payment).toMatchObject({ required: ['id'], properties: { id: { type: 'string' } } });
  expect(shop?.$defs.Order).toMatchObject({
    required: ['number', 'buyer'],
    properties: {
      number: { type: 'integer', readOnly: true },
      buyer: { type: 'object', required: ['aps'] },
      parts: { type: 'array', items: { type: 'object' } },
    },
  });
  // Must not serve what the reconstruction only repeats from the standard type.
  expect(order?.operations).toEqual([]);
});

test('a single file finds the types beside it', async () => {
  const folder = writeFiles({ 'shop/a.aps.json': SERVICE, 'shop/b.aps.json': ORDER });
  const { contracts, problems } = await loadContracts([`${folder}/shop/a.aps.json`]);

  expect(problems).toEqual([]);
  expect(contracts.map(({ name }) => name)).toEqual(['a']);
});

test('the description of APS types is a sound schema, which a start takes for granted', async () => {
  const ajv = await createMetaAjv('2020-12');
  expect(ajv.validateSchema(APS_TYPE_SCHEMA), JSON.stringify(ajv.errors)).toBe(true);
});

test('the schema of an order demands what the type of a subscription does: an account, and something that is ordered', async () => {
  const { contracts } = await loadContracts(['specs/aps-subscriptions']);
  const operation = contracts.flatMap(({ operations }) => operations).find(({ id }) => id === 'provisionResource');
  const schema = operation?.requestBody?.content['application/json']?.schema ?? true;
  const check = createValidation(contracts).checkRequest(schema);
  const account = { aps: { id: '8a3fab5c-c008-4722-91d8-6f355de71aeb' } };
  const subscription = { aps: { type: 'http://www.odin.com/billing/Subscription/1.0' } };
  expect(check({ ...subscription, account, name: 'Broadband' })).toEqual([]);
  expect(check({ ...subscription, name: 'Broadband' })).toMatchObject([{ path: '/account', message: 'is required' }]);
  expect(check({ ...subscription, account })).not.toEqual([]);
  expect(check({ aps: { type: 'http://parallels.com/aps/types/pa/account/1.2' } })).toEqual([]);
});
