import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

/** An API of the family as it looks in its Swagger of version 4: orders with items, a hub, and listeners. */
const ordering = `
swagger: '2.0'
info: {title: Ordering, version: '4.0.0'}
basePath: /tmf-api/ordering/v4
paths:
  /serviceOrder:
    get:
      parameters: [{name: fields, in: query, type: string}, {name: offset, in: query, type: integer}, {name: limit, in: query, type: integer}]
      responses: {'200': {description: ok, schema: {type: array, items: {$ref: '#/definitions/ServiceOrder'}}}}
    post:
      parameters: [{name: serviceOrder, in: body, required: true, schema: {$ref: '#/definitions/ServiceOrder_Create'}}]
      responses: {'201': {description: ok, schema: {$ref: '#/definitions/ServiceOrder'}}}
  /serviceOrder/{id}:
    get:
      parameters: [{name: id, in: path, required: true, type: string}, {name: fields, in: query, type: string}]
      responses: {'200': {description: ok, schema: {type: array, items: {$ref: '#/definitions/ServiceOrder'}}}}
    patch:
      parameters: [{name: id, in: path, required: true, type: string}, {name: serviceOrder, in: body, required: true, schema: {$ref: '#/definitions/ServiceOrder_Update'}}]
      responses: {'200': {description: ok, schema: {$ref: '#/definitions/ServiceOrder'}}}
    delete:
      parameters: [{name: id, in: path, required: true, type: string}]
      responses: {'204': {description: gone}}
  /hub:
    post:
      parameters: [{name: data, in: body, required: true, schema: {$ref: '#/definitions/EventSubscriptionInput'}}]
      responses: {'201': {description: ok, schema: {$ref: '#/definitions/EventSubscription'}}}
  /hub/{id}:
    delete:
      parameters: [{name: id, in: path, required: true, type: string}]
      responses: {'204': {description: gone}}
  /listener/serviceOrderCreateEvent: {post: {parameters: [{name: data, in: body, required: true, schema: {$ref: '#/definitions/ServiceOrderCreateEvent'}}], responses: {'201': {description: ok, schema: {$ref: '#/definitions/EventSubscription'}}}}}
  /listener/serviceOrderStateChangeEvent: {post: {parameters: [{name: data, in: body, required: true, schema: {$ref: '#/definitions/ServiceOrderStateChangeEvent'}}], responses: {'201': {description: ok, schema: {$ref: '#/definitions/EventSubscription'}}}}}
  /listener/serviceOrderAttributeValueChangeEvent: {post: {parameters: [{name: data, in: body, required: true, schema: {$ref: '#/definitions/ServiceOrderStateChangeEvent'}}], responses: {'201': {description: ok, schema: {$ref: '#/definitions/EventSubscription'}}}}}
  /listener/serviceOrderDeleteEvent: {post: {parameters: [{name: data, in: body, required: true, schema: {$ref: '#/definitions/ServiceOrderStateChangeEvent'}}], responses: {'201': {description: ok, schema: {$ref: '#/definitions/EventSubscription'}}}}}
definitions:
  ServiceOrder: {type: object, properties: {id: {type: string}, href: {type: string}, category: {type: string}, orderDate: {type: string, format: date-time}, completionDate: {type: string, format: date-time}, orderItem: {type: array, items: {$ref: '#/definitions/OrderItem'}}, state: {$ref: '#/definitions/State'}, '@baseType': {type: string}, '@schemaLocation': {type: string}, '@type': {type: string}}}
  ServiceOrder_Create: {type: object, required: [orderItem], properties: {category: {type: string}, orderItem: {type: array, items: {$ref: '#/definitions/OrderItem'}}, '@baseType': {type: string}, '@schemaLocation': {type: string}, '@type': {type: string}}}
  ServiceOrder_Update: {type: object, properties: {category: {type: string}, state: {$ref: '#/definitions/State'}}}
  OrderItem: {type: object, required: [id], properties: {id: {type: string}, quantity: {type: integer}, state: {$ref: '#/definitions/State'}}}
  State: {type: string, enum: [acknowledged, inProgress, completed]}
  EventSubscription: {type: object, required: [id, callback], properties: {id: {type: string}, callback: {type: string}, query: {type: string}}}
  EventSubscriptionInput: {type: object, required: [callback], properties: {callback: {type: string}, query: {type: string}}}
  ServiceOrderCreateEvent: {type: object, properties: {eventId: {type: string}, eventTime: {type: string, format: date-time}, eventType: {type: string}, title: {type: string}, event: {$ref: '#/definitions/Payload'}}}
  ServiceOrderStateChangeEvent: {type: object, properties: {eventId: {type: string}, eventTime: {type: string, format: date-time}, eventType: {type: string}, event: {$ref: '#/definitions/Payload'}}}
  Payload: {type: object, properties: {serviceOrder: {$ref: '#/definitions/ServiceOrder'}}}
`;
const orders = '/tmf-api/ordering/v4/serviceOrder';

test('the server sets class, link, states and times, nested ones too', async () => {
  const ask = await serveContract(ordering);

  const { status, body } = await ask('POST', orders, { category: 'cloud', orderItem: [{ id: '1' }] });
  expect(status).toBe(201);
  expect(body).toEqual({
    id: expect.any(String),
    href: expect.stringContaining(`${orders}/${body.id}`),
    category: 'cloud',
    orderDate: '2026-01-01T00:00:00.000Z',
    orderItem: [{ id: '1', state: 'acknowledged' }],
    state: 'acknowledged',
    '@type': 'ServiceOrder',
  });
  // The contract declares an array where one is read.
  expect((await ask('GET', `${orders}/${body.id}`)).body).toEqual([body]);
});

test('any attribute filters, declared or not, and headers count', async () => {
  const ask = await serveContract(ordering, { fixture: 'empty' });
  for (const category of ['cloud', 'cloud', 'voice'])
    await ask('POST', orders, { category, orderItem: [{ id: category, quantity: 2 }] });
  const [first] = (await ask('GET', orders)).body;

  const found = await ask('GET', `${orders}?category=cloud&limit=1&offset=1`);
  expect(found.body).toHaveLength(1);
  expect([found.headers.get('x-total-count'), found.headers.get('x-result-count')]).toEqual(['2', '1']);
  expect(found.headers.get('link')).toContain('rel="first"');
  expect((await ask('GET', `${orders}?id=${first.id}`)).body).toEqual([first]);
  expect((await ask('GET', `${orders}?href=${encodeURIComponent(first.href)}`)).body).toEqual([first]);
  expect((await ask('GET', `${orders}?orderItem.id=voice`)).body).toHaveLength(1);
  expect((await ask('GET', `${orders}?orderItem.quantity.gt=2`)).body).toEqual([]);
  expect((await ask('GET', `${orders}?category=voice,cloud&sort=-category`)).body[0].category).toBe('voice');
});

test('fields select nested attributes, and id and link come along', async () => {
  const ask = await serveContract(ordering);
  const { body } = await ask('POST', orders, { category: 'cloud', orderItem: [{ id: '1', quantity: 2 }] });

  const { id, href } = body;
  expect((await ask('GET', `${orders}?id=${id}&fields=orderItem.id`)).body).toEqual([
    { id, href, orderItem: [{ id: '1' }] },
  ]);
  expect((await ask('GET', `${orders}?id=${id}&fields=category,state`)).body).toEqual([
    { id, href, category: 'cloud', state: 'acknowledged' },
  ]);
});

test('an inventory begins with a handful, which stays beside what is added', async () => {
  const ask = await serveContract(ordering);

  const before = (await ask('GET', orders)).body;
  expect(before.length).toBeGreaterThan(1);
  const { body } = await ask('POST', orders, { orderItem: [{ id: '1' }] });
  expect((await ask('GET', orders)).body).toEqual([...before, body]);
  expect((await ask('DELETE', `${orders}/${before[0].id}`)).status).toBe(204);
  expect((await ask('GET', orders)).body).toEqual([...before.slice(1), body]);
});

test('the hub sends the events of the contract to those who want them', async () => {
  const ask = await serveContract(ordering);
  const hub = '/tmf-api/ordering/v4/hub';
  const listen = (name: string, query?: string) =>
    ask('POST', hub, { callback: `http://simulator/_simulator/inbox/${name}`, query });
  expect((await listen('all')).status).toBe(201);
  await listen('moves', 'eventType=ServiceOrderStateChangeEvent&event.serviceOrder.state=completed');
  // Its contract takes any text for an address; to this one nothing can be sent.
  expect((await ask('POST', hub, { callback: 'mailto:someone' })).status).toBe(201);

  const { body } = await ask('POST', orders, { category: 'cloud', orderItem: [{ id: '1' }] });
  await ask('PATCH', `${orders}/${body.id}`, { state: 'inProgress', category: 'voice' });
  const { body: completed } = await ask('PATCH', `${orders}/${body.id}`, { state: 'completed' });
  await ask('DELETE', `${orders}/${body.id}`);
  await ask('POST', '/_simulator/clock/advance', { by: 'PT1M' });

  const received = async (name: string) =>
    (await ask('GET', `/_simulator/inbox/${name}/messages`)).body.items.map(
      (message: { body: unknown }) => message.body,
    );
  const all = await received('all');
  expect(all.map(({ eventType }: { eventType: string }) => eventType)).toEqual([
    'ServiceOrderCreateEvent',
    'ServiceOrderStateChangeEvent',
    'ServiceOrderAttributeValueChangeEvent',
    'ServiceOrderStateChangeEvent',
    'ServiceOrderDeleteEvent',
  ]);
  expect(all[0]).toMatchObject({
    eventId: expect.any(String),
    eventTime: '2026-01-01T00:00:00.000Z',
    title: 'ServiceOrderCreateEvent',
    event: { serviceOrder: { id: body.id, category: 'cloud' } },
  });
  const moves = await received('moves');
  expect(moves).toHaveLength(1);
  expect(moves[0].event.serviceOrder).toMatchObject({ id: body.id, state: completed.state });
  expect((await ask('GET', '/_simulator/events?channel=serviceOrderCreateEvent')).body.items).toHaveLength(1);
});
