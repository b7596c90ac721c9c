import { expect, test } from 'vitest';
import { inferResources } from '../../src/contracts/infer-resources.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Schema } from '../../src/model/schema.ts';
import { contractOf, ref } from './contract-builder.ts';

const text: Schema = { type: 'string' };
const time: Schema = { type: 'string', format: 'date-time' };
const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
});
const arrayOf = (items: Schema): Schema => ({ type: 'array', items });

const $defs = {
  Buyer: object({ buyerId: text, status: { enum: ['New', 'Old'] }, email: text, createdAt: time, updatedAt: time }),
  BuyerRequest: object({ email: text }),
  BuyerUpdate: object({ email: text, status: { enum: ['Old'] } }),
  BuyerList: object({
    data: arrayOf(ref('Buyer')),
    pagination: object({ page: text, pageSize: text, totalPages: text, totalItems: text }),
  }),
  Order: object({ orderId: text, buyerId: text, total: { type: 'number' }, note: text, dueDate: { format: 'date' } }),
};

function resourcesOf(...contracts: Contract[]): readonly Resource[] {
  return inferResources(contracts).flatMap((contract) => contract.resources);
}

test('roles, paths and the id come from the shape of the operations', () => {
  const [buyer] = resourcesOf(
    contractOf({
      $defs,
      operations: {
        'GET /buyers': { responses: { 200: ref('BuyerList') } },
        'POST /buyers': { request: ref('BuyerRequest'), responses: { 201: ref('Buyer') } },
        'GET /buyers/{buyerId}': { responses: { 200: ref('Buyer') } },
        'PATCH /buyers/{buyerId}': { request: ref('BuyerUpdate'), responses: { 200: ref('Buyer') } },
        'PUT /buyers/{buyerId}': { request: ref('BuyerRequest'), responses: { 204: undefined } },
        'DELETE /buyers/{buyerId}': { responses: { 204: undefined } },
      },
    }),
  );

  expect(buyer).toMatchObject({
    name: 'Buyer',
    schema: ref('Buyer'),
    idProperty: 'buyerId',
    collectionPath: '/buyers',
    itemPath: '/buyers/{buyerId}',
    idParameter: 'buyerId',
    createdProperty: 'createdAt',
    updatedProperty: 'updatedAt',
    serverOwned: ['buyerId', 'createdAt', 'updatedAt'],
    initialValues: { status: 'New' },
    operations: {
      create: 'POST /buyers',
      list: 'GET /buyers',
      read: 'GET /buyers/{buyerId}',
      replace: 'PUT /buyers/{buyerId}',
      merge: 'PATCH /buyers/{buyerId}',
      delete: 'DELETE /buyers/{buyerId}',
    },
    list: {
      items: ['data'],
      figures: [
        { path: ['pagination', 'page'], figure: 'page' },
        { path: ['pagination', 'pageSize'], figure: 'pageSize' },
        { path: ['pagination', 'totalPages'], figure: 'totalPages' },
        { path: ['pagination', 'totalItems'], figure: 'total' },
      ],
    },
  });
});

test('a collection below an item belongs to it', () => {
  const resources = resourcesOf(
    contractOf({
      $defs,
      operations: {
        'GET /buyers/{buyerId}': { responses: { 200: ref('Buyer') } },
        'GET /buyers/{buyerId}/orders': { responses: { 200: arrayOf(ref('Order')) } },
      },
    }),
  );

  expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
    ['Buyer', undefined],
    ['Order', { resource: 'Buyer', parameter: 'buyerId', property: 'buyerId' }],
  ]);
});

test('a child whose schema has no room for its parent keeps it hidden', () => {
  const resources = resourcesOf(
    contractOf({
      $defs: { Cart: object({ id: text }), Line: object({ id: text, amount: text }) },
      operations: {
        'GET /carts/{id}': { responses: { 200: ref('Cart') } },
        'GET /carts/{id}/lines': { responses: { 200: arrayOf(ref('Line')) } },
      },
    }),
  );

  // The line has an `id` too, but that is its own.
  expect(resources[1]?.parent).toEqual({ resource: 'Cart', parameter: 'id', property: '$parent' });
});

test('a POST that answers with something else than it was sent creates nothing', () => {
  const contract = contractOf({
    $defs: {
      Hook: object({ id: text, callback: text, query: text }, ['id']),
      Notice: object({ id: text, title: text }),
      HookInput: object({ callback: text }),
    },
    operations: {
      'POST /listener/notice': { request: ref('Notice'), responses: { 200: ref('Hook'), 201: undefined } },
      'POST /hub': { request: ref('HookInput'), responses: { 201: ref('Hook') } },
      'DELETE /hub/{id}': { responses: { 204: undefined } },
    },
  });

  expect(resourcesOf(contract)).toMatchObject([
    { name: 'Hook', itemPath: '/hub/{id}', operations: { create: 'POST /hub', delete: 'DELETE /hub/{id}' } },
  ]);
});

test('a POST without an answer and a GET of a figure are no resource operations', () => {
  const contract = contractOf({
    $defs,
    operations: {
      'POST /orders/bill': { request: object({ orderIds: arrayOf(text) }), responses: { 204: undefined } },
      'GET /orders/count': { responses: { 200: { type: 'integer' } } },
    },
  });

  expect(resourcesOf(contract)).toEqual([]);
});

test('a query that lists something its path does not name is no collection', () => {
  const contract = contractOf({
    $defs,
    operations: {
      'GET /buyers/{buyerId}': { responses: { 200: ref('Buyer') } },
      'GET /buyers/{buyerId}/findByVendor': { responses: { 200: arrayOf(ref('Order')) } },
    },
  });

  expect(resourcesOf(contract).map((resource) => resource.name)).toEqual(['Buyer']);
});

test('an object with a list among other things is no list', () => {
  const contract = contractOf({
    $defs: { Bill: object({ billId: text, lines: arrayOf(object({ amount: text })) }) },
    operations: { 'GET /bill': { responses: { 200: ref('Bill') } } },
  });

  expect(resourcesOf(contract)).toEqual([]);
});

test('a Swagger POST that declares both 200 and 201 is one create', () => {
  const contract = contractOf({
    $defs,
    operations: { 'POST /orders': { request: ref('Order'), responses: { 200: ref('Order'), 201: ref('Order') } } },
  });

  expect(resourcesOf(contract)).toMatchObject([{ name: 'Order', operations: { create: 'POST /orders' } }]);
});

test('an unnamed schema takes its name from the path', () => {
  const contract = contractOf({
    operations: { 'GET /sales-companies/{id}': { responses: { 200: object({ id: text }) } } },
  });

  expect(resourcesOf(contract)).toMatchObject([{ name: 'SalesCompany', idProperty: 'id' }]);
});

test('something without an id is no resource, and "paid" is no id', () => {
  const contract = contractOf({
    $defs: { Rate: object({ paid: text, price: text }, ['paid']) },
    operations: { 'GET /rates': { responses: { 200: arrayOf(ref('Rate')) } } },
  });

  expect(resourcesOf(contract)).toEqual([]);
});

test('the same thing below two parents is one resource of the first', () => {
  const contract = contractOf({
    $defs,
    operations: {
      'GET /buyers/{buyerId}/orders': { responses: { 200: arrayOf(ref('Order')) } },
      'GET /orders': { responses: { 200: arrayOf(ref('Order')) } },
      'GET /orders/{orderId}': { responses: { 200: ref('Order') } },
    },
  });

  expect(resourcesOf(contract)).toMatchObject([
    {
      name: 'Order',
      collectionPath: '/buyers/{buyerId}/orders',
      itemPath: '/orders/{orderId}',
      operations: { list: 'GET /buyers/{buyerId}/orders', read: 'GET /orders/{orderId}' },
    },
  ]);
});

test('query parameters page and filter by their stems', () => {
  const number: Schema = { type: 'integer' };
  const contract = contractOf({
    $defs,
    operations: {
      'GET /orders': {
        query: {
          note: text,
          fromDate: { type: 'string', format: 'date' },
          toDate: { type: 'string', format: 'date' },
          minTotal: { type: 'number' },
          total: { type: 'number' },
          page: number,
          pageSize: number,
          offset: number,
          limit: number,
          fields: text,
          towards: text,
        },
        responses: { 200: arrayOf(ref('Order')) },
        responseHeaders: ['X-Total-Count', 'X-Result-Count'],
      },
    },
  });

  expect(resourcesOf(contract)[0]?.list).toEqual({
    pageParameter: 'page',
    pageSizeParameter: 'pageSize',
    offsetParameter: 'offset',
    limitParameter: 'limit',
    totalHeader: 'x-total-count',
    countHeader: 'x-result-count',
    fieldsParameter: 'fields',
    filters: {
      note: { property: 'note', op: 'eq' },
      fromDate: { property: 'dueDate', op: 'gte' },
      toDate: { property: 'dueDate', op: 'lte' },
      minTotal: { property: 'total', op: 'gte' },
      total: { property: 'total', op: 'eq' },
    },
  });
});

test('channels of any contract of the system announce by their names', () => {
  const [resource] = resourcesOf(
    contractOf({ $defs, operations: { 'GET /orders': { responses: { 200: arrayOf(ref('Order')) } } } }),
    contractOf({
      name: 'events',
      channels: ['sales/orders/created', 'order/changed', 'order/removed', 'order/paid', 'invoice/created'],
    }),
    contractOf({ system: 'other', channels: ['order/created'] }),
  );

  expect(resource?.announcements).toEqual([
    { on: 'created', channel: 'sales/orders/created' },
    { on: 'updated', channel: 'order/changed' },
    { on: 'deleted', channel: 'order/removed' },
  ]);
});

test('links and read-only properties belong to the server', () => {
  const contract = contractOf({
    $defs: { Part: object({ id: text, href: text, weight: { type: 'number', readOnly: true }, name: text }) },
    operations: { 'POST /parts': { request: ref('Part'), responses: { 201: ref('Part') } } },
  });

  expect(resourcesOf(contract)[0]).toMatchObject({ hrefProperty: 'href', serverOwned: ['id', 'href', 'weight'] });
});
