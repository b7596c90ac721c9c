import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

const json = (schema: string) => `{description: ok, content: {application/json: {schema: ${schema}}}}`;
const request = (schema: string) => `{content: {application/json: {schema: ${schema}}}}`;
const id = (name: string) => `parameters: [{name: ${name}, in: path, required: true, schema: {type: string}}]`;
const ref = (name: string) => `{$ref: '#/components/schemas/${name}'}`;

const orders = `
/orders:
  post: {requestBody: ${request(ref('Order'))}, responses: {'201': ${json(ref('Order'))}}}
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Order')}}`)}}}
/orders/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(ref('Order'))}}}`;
const order =
  'Order: {type: object, properties: {id: {type: string, readOnly: true}, note: {type: string}, archived: {type: boolean, readOnly: true}, status: {type: string, readOnly: true, enum: [open, paid, cancelled]}}}';

test.each([
  ['POST', 'cancel', { status: 'cancelled' }],
  ['POST', 'pay', { status: 'paid' }],
  ['PUT', 'archive', { archived: true }],
])('%s on an item and a verb (%s) moves what the schema has for it', async (method, verb, moved) => {
  const ask = await serveContract({
    paths: `${orders}
/orders/{id}/${verb}:
  ${id('id')}
  ${method.toLowerCase()}: {responses: {'200': ${json(ref('Order'))}}}`,
    schemas: order,
  });

  const { body } = await ask('POST', '/orders', { note: 'a' });
  expect(body.status).toBe('open');
  expect((await ask(method, `/orders/${body.id}/${verb}`)).body).toEqual({ ...body, ...moved });
  expect((await ask('GET', `/orders/${body.id}`)).body).toEqual({ ...body, ...moved });
  expect((await ask(method, `/orders/none/${verb}`)).status).toBe(404);
});

test('a verb behind a colon is one, too', async () => {
  const ask = await serveContract({
    paths: `${orders}
/orders/{id}:cancel:
  ${id('id')}
  post: {responses: {'200': ${json(ref('Order'))}}}`,
    schemas: order,
  });

  const { body } = await ask('POST', '/orders', { note: 'a' });
  expect((await ask('POST', `/orders/${body.id}:cancel`)).body.status).toBe('cancelled');
});

test('what a verb takes by name it sets, though no other request may', async () => {
  const ask = await serveContract({
    paths: `${orders}
/orders/{id}/cancel:
  ${id('id')}
  post: {requestBody: ${request('{type: object, properties: {id: {type: string}, reason: {type: string}}}')}, responses: {'200': ${json(ref('Order'))}}}`,
    schemas: order.replace('status:', 'reason: {type: string, readOnly: true}, status:'),
  });

  const { body } = await ask('POST', '/orders', { note: 'a', reason: 'early' });
  expect(body.reason).toBeUndefined();
  const cancelled = await ask('POST', `/orders/${body.id}/cancel`, { id: 'other', reason: 'late' });
  expect(cancelled.body).toEqual({ ...body, status: 'cancelled', reason: 'late' });
});

test('POST on an item changes it where that is what the contract has', async () => {
  const ask = await serveContract({
    paths: `${orders}
  post: {requestBody: ${request('{type: object, properties: {note: {type: string}}}')}, responses: {'200': ${json(ref('Order'))}}}
  delete: {responses: {'200': ${json('{type: object, required: [id, object, deleted], properties: {id: {type: string}, object: {type: string, enum: [order]}, deleted: {type: boolean, enum: [true]}}}')}}}`,
    schemas: order,
  });

  const { body } = await ask('POST', '/orders', { note: 'a' });
  expect((await ask('POST', `/orders/${body.id}`, { note: 'b' })).body).toEqual({ ...body, note: 'b' });
  expect((await ask('DELETE', `/orders/${body.id}`)).body).toEqual({ id: body.id, object: 'order', deleted: true });
  expect((await ask('GET', `/orders/${body.id}`)).status).toBe(404);
});

test('PUT creates where the contract says so, and replaces after that', async () => {
  const ask = await serveContract({
    paths: `
/buckets: {get: {responses: {'200': ${json(`{type: array, items: ${ref('Bucket')}}`)}}}}
/buckets/{name}:
  ${id('name')}
  put: {requestBody: ${request(ref('Bucket'))}, responses: {'201': ${json(ref('Bucket'))}, '200': ${json(ref('Bucket'))}}}
  get: {responses: {'200': ${json(ref('Bucket'))}}}`,
    schemas: 'Bucket: {type: object, properties: {name: {type: string}, region: {type: string}, tag: {type: object}}}',
  });

  expect((await ask('GET', '/buckets')).body).toEqual([]);
  expect((await ask('GET', '/buckets/logs')).status).toBe(404);
  const made = await ask('PUT', '/buckets/logs', { region: 'north', tag: { a: 1 } });
  expect([made.status, made.body]).toEqual([201, { name: 'logs', region: 'north', tag: { a: 1 } }]);
  const replaced = await ask('PUT', '/buckets/logs', { region: 'south', tag: { b: 2 } });
  expect([replaced.status, replaced.body]).toEqual([200, { name: 'logs', region: 'south', tag: { b: 2 } }]);
  expect((await ask('GET', '/buckets')).body).toEqual([replaced.body]);
});

test('a POST that searches lists what its body describes', async () => {
  const ask = await serveContract({
    paths: `${orders}
/orders/search:
  post:
    requestBody: ${request('{type: object, properties: {filter: {type: object, properties: {note: {type: string}}}, limit: {type: integer}}}')}
    responses: {'200': ${json(`{type: object, properties: {orders: {type: array, items: ${ref('Order')}}, total: {type: integer}}}`)}}
/orders/count:
  get:
    parameters: [{name: note, in: query, schema: {type: string}}]
    responses: {'200': ${json('{type: object, required: [count], properties: {count: {type: integer}}}')}}`,
    schemas: order,
  });

  const made = [];
  for (const note of ['a', 'b', 'a']) made.push((await ask('POST', '/orders', { note })).body);
  const found = await ask('POST', '/orders/search', { filter: { note: 'a' }, limit: 1 });
  expect(found.body).toEqual({ orders: [made[0]], total: 2 });
  expect((await ask('GET', '/orders/count?note=a')).body).toEqual({ count: 2 });
});

test('one path that reads and changes is one thing', async () => {
  const ask = await serveContract({
    paths: `
/settings:
  get: {responses: {'200': ${json(ref('Settings'))}}}
  patch: {requestBody: ${request(ref('Settings'))}, responses: {'200': ${json(ref('Settings'))}}}`,
    schemas:
      'Settings: {type: object, required: [theme], properties: {theme: {type: string, enum: [dark, light]}, language: {type: string}}}',
  });

  const before = (await ask('GET', '/settings')).body;
  expect(before).toMatchObject({ theme: expect.stringMatching(/dark|light/) });
  expect((await ask('GET', '/settings')).body).toEqual(before);
  expect((await ask('PATCH', '/settings', { language: 'en' })).body).toEqual({ ...before, language: 'en' });
  expect((await ask('GET', '/settings')).body).toEqual({ ...before, language: 'en' });
});

test('an array of things is created, changed and deleted as a whole', async () => {
  const ask = await serveContract({
    paths: `${orders}
/orders/batch:
  post: {requestBody: ${request(`{type: array, items: ${ref('Order')}}`)}, responses: {'201': ${json(`{type: array, items: ${ref('Order')}}`)}}}
/orders/bulk:
  delete:
    parameters: [{name: ids, in: query, style: form, explode: false, schema: {type: array, items: {type: string}}}]
    responses: {'204': {description: gone}}`,
    schemas: order,
  });

  const { body } = await ask('POST', '/orders/batch', [{ note: 'a' }, { note: 'b' }]);
  expect(body).toMatchObject([{ note: 'a' }, { note: 'b' }]);
  expect((await ask('GET', '/orders')).body).toEqual(body);
  expect((await ask('DELETE', `/orders/bulk?ids=${body[0].id},unknown`)).status).toBe(204);
  expect((await ask('GET', '/orders')).body).toEqual([body[1]]);
});

test('the body of PUT on a collection says which thing it changes', async () => {
  const ask = await serveContract({
    paths: `
/pet:
  post: {requestBody: ${request(ref('Pet'))}, responses: {'200': ${json(ref('Pet'))}}}
  put: {requestBody: ${request(ref('Pet'))}, responses: {'200': ${json(ref('Pet'))}}}
/pet/findByStatus:
  get:
    parameters: [{name: status, in: query, schema: {type: string}}]
    responses: {'200': ${json(`{type: array, items: ${ref('Pet')}}`)}}
/pet/{petId}:
  parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
  get: {responses: {'200': ${json(ref('Pet'))}}}`,
    schemas: 'Pet: {type: object, properties: {id: {type: integer}, name: {type: string}, status: {type: string}}}',
  });

  await ask('POST', '/pet', { id: 7, name: 'a', status: 'sold' });
  await ask('PUT', '/pet', { id: 7, name: 'b', status: 'pending' });
  expect((await ask('GET', '/pet/7')).body).toEqual({ id: 7, name: 'b', status: 'pending' });
  expect((await ask('PUT', '/pet', { id: 8, name: 'b' })).status).toBe(404);
  expect((await ask('GET', '/pet/findByStatus?status=pending')).body).toHaveLength(1);
  expect((await ask('GET', '/pet/findByStatus?status=sold')).body).toEqual([]);
});

test('what is uploaded is what is downloaded', async () => {
  const ask = await serveContract({
    paths: `
/files: {get: {responses: {'200': ${json(`{type: array, items: ${ref('File')}}`)}}}}
/files/{name}:
  ${id('name')}
  put: {requestBody: {content: {text/plain: {schema: {type: string}}}}, responses: {'201': ${json(ref('File'))}}}
  get: {responses: {'200': {description: ok, content: {text/plain: {schema: {type: string}}}}}}`,
    schemas: 'File: {type: object, properties: {name: {type: string}}}',
  });
  const put = await ask('PUT', '/files/a.txt', undefined, { 'content-type': 'text/plain' });
  expect([put.status, put.body]).toEqual([201, { name: 'a.txt' }]);
  const { status, headers } = await ask('GET', '/files/a.txt');
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  expect((await ask('GET', '/files')).body).toEqual([{ name: 'a.txt' }]);
});

test('a PUT of the collection creates what it names, where nothing else creates and its name says so', async () => {
  const one = `{type: object, properties: {accounts: {type: array, items: ${ref('Account')}}}}`;
  const ask = await serveContract({
    paths: `
/accounts:
  get: {responses: {'200': ${json(one)}}}
  put: {operationId: createAccount, requestBody: ${request(ref('Account'))}, responses: {'200': ${json(one)}}}
/accounts/{accountId}:
  ${id('accountId')}
  get: {responses: {'200': ${json(one)}}}
  post: {operationId: updateAccount, requestBody: ${request(ref('Account'))}, responses: {'200': ${json(one)}}}`,
    schemas: 'Account: {type: object, properties: {accountId: {type: string}, name: {type: string}}}',
  });

  const named = await ask('PUT', '/accounts', { accountId: 'cash', name: 'Cash' });
  expect(named.body.accounts).toEqual([{ accountId: 'cash', name: 'Cash' }]);
  expect((await ask('GET', '/accounts/cash')).body).toEqual(named.body);
  const { body } = await ask('PUT', '/accounts', { name: 'Bank' });
  expect(body.accounts).toEqual([{ accountId: expect.stringMatching(/.+/), name: 'Bank' }]);
  expect((await ask('GET', `/accounts/${body.accounts[0].accountId}`)).body).toEqual(body);
});

test('an array of things is taken below their collection, too, where that is called as making them', async () => {
  const ask = await serveContract({
    paths: `${orders}
/orders/createWithList: {post: {requestBody: ${request(`{type: array, items: ${ref('Order')}}`)}, responses: {default: {description: done}}}}
/orders/validate: {post: {requestBody: ${request(`{type: array, items: ${ref('Order')}}`)}, responses: {'204': {description: fine}}}}`,
    schemas: order,
  });

  await ask('POST', '/orders/validate', [{ note: 'a' }]);
  await ask('POST', '/orders/createWithList', [{ note: 'b' }, { note: 'c' }]);

  expect((await ask('GET', '/orders')).body.map(({ note }: { note: string }) => note)).toEqual(['b', 'c']);
});

test('a list across all parents shows what was made below each', async () => {
  const pod = `{allOf: [${ref('Pod')}]}`;
  const pods = json(`{type: object, properties: {items: {type: array, items: ${ref('Pod')}}}}`);
  const space = '{name: namespace, in: path, required: true, schema: {type: string}}';
  const ask = await serveContract({
    paths: `
/namespaces/{namespace}/pods:
  parameters: [${space}]
  get: {responses: {'200': ${pods}}}
  post: {requestBody: ${request(pod)}, responses: {'201': ${json(ref('Pod'))}}}
/namespaces/{namespace}/pods/{name}:
  parameters: [${space}, {name: name, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${json(ref('Pod'))}}}
/pods: {get: {responses: {'200': ${pods}}}}`,
    schemas:
      'Pod: {type: object, properties: {kind: {type: string}, metadata: {type: object, properties: {name: {type: string}}}}}',
  });

  for (const namespace of ['a', 'b']) await ask('POST', `/namespaces/${namespace}/pods`, { metadata: { name: 'web' } });

  expect((await ask('GET', '/namespaces/a/pods')).body.items).toHaveLength(1);
  expect((await ask('GET', '/pods')).body.items).toHaveLength(2);
});
