import { expect, test } from 'vitest';
import { loadDocument, loadFiles } from './temp-files.ts';

test('in AsyncAPI 2 the application sends what others subscribe to', async () => {
  const contract = await loadDocument({
    asyncapi: '2.6.0',
    info: { title: 'News', version: '1.0.0' },
    channels: {
      'order/created': {
        bindings: { ws: { method: 'GET' } },
        subscribe: { operationId: 'onCreated', message: { $ref: '#/components/messages/Created' } },
        publish: {
          operationId: 'tell',
          message: {
            oneOf: [{ $ref: '#/components/messages/Created' }, { name: 'Other', payload: { type: 'string' } }],
          },
        },
      },
    },
    components: {
      messages: {
        Created: {
          contentType: 'application/cloudevents+json',
          correlationId: { location: '$message.payload#/id' },
          headers: { type: 'object' },
          payload: { $ref: '#/components/schemas/Order' },
        },
      },
      schemas: { Order: { type: 'object', properties: { id: { type: 'string', examples: ['a'] } } } },
    },
  });

  expect(contract.format).toBe('asyncapi-2.6');
  expect(contract.channels).toMatchObject([
    {
      address: 'order/created',
      direction: 'send',
      operationId: 'onCreated',
      bindings: { ws: { method: 'GET' } },
      pointer: '/channels/order~1created/subscribe',
      messages: [
        {
          name: 'Created',
          contentType: 'application/cloudevents+json',
          correlationId: '$message.payload#/id',
          headers: { type: 'object' },
          payload: { $ref: 'contract://shop/api#/$defs/Order' },
        },
      ],
    },
    {
      direction: 'receive',
      operationId: 'tell',
      messages: [{ name: 'Created' }, { name: 'Other', contentType: 'application/json' }],
    },
  ]);
});

test('in AsyncAPI 3 an operation sends on the address of its channel', async () => {
  const contract = await loadDocument({
    asyncapi: '3.0.0',
    info: { title: 'News', version: '1.0.0' },
    channels: {
      created: {
        address: 'order/created',
        messages: { Created: { $ref: '#/components/messages/Created' }, Other: { payload: { type: 'string' } } },
      },
    },
    operations: {
      onCreated: {
        action: 'send',
        channel: { $ref: '#/channels/created' },
        messages: [{ $ref: '#/channels/created/messages/Created' }],
      },
      hear: { action: 'receive', channel: { $ref: '#/channels/created' } },
    },
    components: { messages: { Created: { payload: { type: 'object' } } } },
  });

  expect(contract.channels).toMatchObject([
    { address: 'order/created', direction: 'send', operationId: 'onCreated', messages: [{ name: 'Created' }] },
    { address: 'order/created', direction: 'receive', messages: [{ name: 'Created' }, { name: 'Other' }] },
  ]);
});

test('in AsyncAPI 3 a channel that no operation is about can be listened to', async () => {
  const contract = await loadDocument({
    asyncapi: '3.0.0',
    info: { title: 'News', version: '1.0.0' },
    channels: {
      placed: { address: 'order/placed', messages: { Placed: { payload: { type: 'object' } } } },
      price: {
        address: 'price/{product}',
        parameters: { product: {} },
        messages: { Price: { payload: { type: 'object' } } },
      },
      cancelled: { messages: {} },
    },
    operations: { place: { action: 'receive', channel: { $ref: '#/channels/placed' } } },
  });

  expect(contract.channels).toMatchObject([
    { address: 'order/placed', direction: 'receive', operationId: 'place' },
    { address: 'price/{product}', direction: 'send', operationId: 'price', messages: [{ name: 'Price' }] },
    { address: 'cancelled', direction: 'send', pointer: '/channels/cancelled' },
  ]);
});

test('in AsyncAPI 3 a reply is sent on its channel, unless an operation sends there anyway', async () => {
  const replying = (name: string) => ({
    action: 'receive',
    channel: { $ref: '#/channels/placed' },
    reply: { channel: { $ref: `#/channels/${name}` } },
  });
  const contract = await loadDocument({
    asyncapi: '3.0.0',
    info: { title: 'News', version: '1.0.0' },
    channels: {
      placed: { address: 'order/placed', messages: {} },
      confirmed: { address: 'order/confirmed', messages: { Confirmed: { payload: { type: 'object' } } } },
      refused: { address: 'order/refused', messages: {} },
    },
    operations: {
      place: replying('confirmed'),
      placeAgain: replying('refused'),
      refuse: { action: 'send', channel: { $ref: '#/channels/refused' } },
    },
  });

  expect(contract.channels).toMatchObject([
    { operationId: 'place', direction: 'receive', channelPointer: '/channels/placed' },
    { operationId: 'placeAgain', direction: 'receive' },
    { operationId: 'refuse', direction: 'send', address: 'order/refused' },
    {
      operationId: 'place reply',
      direction: 'send',
      address: 'order/confirmed',
      pointer: '/operations/place/reply',
      messages: [{ name: 'Confirmed' }],
    },
  ]);
});

test('a payload may be a recursive schema of another file', async () => {
  const { contracts } = await loadFiles({
    'shop/events.asyncapi.yaml': {
      asyncapi: '2.6.0',
      info: { title: 'News', version: '1.0.0' },
      channels: {
        a: {
          subscribe: { operationId: 'onA', message: { payload: { $ref: './tree.schema.json#/definitions/Node' } } },
        },
      },
    },
    'shop/tree.schema.json': {
      $schema: 'http://json-schema.org/draft-04/schema#',
      definitions: { Node: { type: 'object', properties: { next: { $ref: '#/definitions/Node' } } } },
    },
  });

  const events = contracts.find(({ name }) => name === 'events');
  expect(events?.$defs).toEqual({
    Node: { type: 'object', properties: { next: { $ref: 'contract://shop/events#/$defs/Node' } } },
  });
});

test.each([
  [
    '2.6.0',
    { url: 'wss://events.example.com/stream/{version}/', variables: { version: { default: 'v2' } } },
    '/stream/v2',
  ],
  ['2.6.0', { url: 'events.example.com/stream' }, '/stream'],
  ['2.6.0', { url: 'wss://events.example.com' }, ''],
  ['3.0.0', { host: 'events.example.com', pathname: '/stream' }, '/stream'],
  ['3.0.0', { host: 'events.example.com' }, ''],
])('the path of the WebSocket server is known: %s %o', async (asyncapi, server, path) => {
  const contract = await loadDocument({
    asyncapi,
    info: { title: 'News', version: '1.0.0' },
    servers: { broker: { ...server, protocol: 'amqp' }, socket: { ...server, protocol: 'wss' } },
    channels: {},
  });
  expect(contract.webSocketPath).toBe(path);
});

test('without a WebSocket server there is no such path', async () => {
  const contract = await loadDocument({ asyncapi: '2.6.0', info: { title: 'News', version: '1.0.0' }, channels: {} });
  expect(contract.webSocketPath).toBeUndefined();
});
