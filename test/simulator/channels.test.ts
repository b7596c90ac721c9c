import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { writeFiles } from '../contracts/temp-files.ts';
import { startSimulator } from '../support/simulator.ts';

const CONTRACT = `
asyncapi: 3.0.0
info: { title: Prices, version: '1' }
channels:
  ticker:
    address: /ticker/{symbol}
    parameters: { symbol: {} }
    messages: { price: { payload: { type: object, required: [price], properties: { price: { type: number, minimum: 1 } } } } }
  questions:
    address: questions
    messages: { question: { payload: { type: object, required: [requestId], properties: { requestId: { type: string }, about: { type: string } } } } }
  inboxes:
    address: inbox/{client}
    parameters: { client: {} }
    messages: { answer: { payload: { type: object, required: [requestId], properties: { requestId: { type: string } } } } }
  orders:
    address: orders
    messages: { order: { payload: { type: object, required: [requestId], properties: { requestId: { type: string } } } } }
  answers:
    address: answers
    messages: { answer: { payload: { type: object, required: [requestId, text], properties: { requestId: { type: string }, text: { type: string, minLength: 1 } } } } }
  lookups:
    address: lookups
    messages:
      ask: { payload: { type: object, required: [word], properties: { word: { type: string } } } }
      tell: { payload: { type: object, required: [meaning], properties: { meaning: { type: string } } } }
operations:
  lookUp:
    action: receive
    channel: { $ref: '#/channels/lookups' }
    messages: [{ $ref: '#/channels/lookups/messages/ask' }]
    reply: { channel: { $ref: '#/channels/lookups' }, messages: [{ $ref: '#/channels/lookups/messages/tell' }] }
  tellPrice: { action: send, channel: { $ref: '#/channels/ticker' } }
  takeQuestion:
    action: receive
    channel: { $ref: '#/channels/questions' }
    reply: { channel: { $ref: '#/channels/answers' } }
  takeOrder:
    action: receive
    channel: { $ref: '#/channels/orders' }
    reply: { address: { location: '$message.header#/replyTo' }, channel: { $ref: '#/channels/inboxes' } }
`;

const RATES = `
asyncapi: 3.0.0
info: { title: Rates, version: '1' }
channels:
  rates:
    address: /rates/{base}-{quote}
    parameters: { base: { enum: [EUR, USD], location: '$message.payload#/base' }, quote: { enum: [JPY, EUR-X] } }
    messages: { rate: { payload: { type: object, required: [base, rate], properties: { base: { type: string }, rate: { type: number } } } } }
operations:
  tellRate: { action: send, channel: { $ref: '#/channels/rates' } }
`;

const READINGS = `
asyncapi: 3.0.0
info: { title: Readings, version: '1' }
channels:
  batches:
    address: batches
    messages: { batch: { payload: { type: array, minItems: 1, items: { type: number, minimum: 0 } } } }
  names:
    address: names
    messages: { name: { payload: { type: string, minLength: 1 } } }
  counts:
    address: counts
    messages: { count: { payload: { type: integer, minimum: 1 } } }
  doubles:
    address: doubles
    messages: { double: { payload: { type: integer, minimum: 1 } } }
operations:
  tellBatch: { action: send, channel: { $ref: '#/channels/batches' } }
  tellName: { action: send, channel: { $ref: '#/channels/names' } }
  takeCount:
    action: receive
    channel: { $ref: '#/channels/counts' }
    reply: { channel: { $ref: '#/channels/doubles' } }
`;

const WORDS = `
asyncapi: 2.6.0
info: { title: Words, version: '1' }
channels:
  /words?language={language}:
    parameters: { language: { schema: { type: string } } }
    subscribe: { message: { contentType: text/plain, payload: { type: string, minLength: 1 } } }
  sayings:
    publish: { message: { contentType: text/plain; charset=utf-8, payload: { type: string, maxLength: 5 } } }
  counts:
    publish: { message: { contentType: text/plain, payload: { type: integer } } }
  news.*.>:
    subscribe: { message: { payload: { type: object, required: [head], properties: { head: { type: string } } } } }
`;

async function serve(contract = CONTRACT, toMessage: (text: string) => unknown = JSON.parse) {
  const root = writeFiles({ 'prices/prices.asyncapi.yaml': contract });
  const { simulator, ask } = await startSimulator({ specs: [join(root, 'prices')], cache: false });
  const open = async (path: string) => {
    const socket = new WebSocket(simulator.url.replace('http', 'ws') + path);
    const messages: unknown[] = [];
    let wake = () => {};
    socket.on('message', (data) => {
      messages.push(toMessage(String(data)));
      wake();
    });
    await new Promise((done, failed) => socket.once('open', done).once('error', failed));
    const next = async (count: number) => {
      while (messages.length < count) await new Promise<void>((done) => (wake = done));
      return messages;
    };
    return { socket, messages, next };
  };
  return { ask, open };
}

test('a text is sent as it is where the contract has text, at an address with a query', async () => {
  const { ask, open } = await serve(WORDS, (text) => text);
  const [german, all] = [await open('/words?language=de&access_token=any'), await open('/words')];
  await ask('POST', '/_simulator/events', { channel: '/words?language=en', payload: 'hello' });
  await ask('POST', '/_simulator/events', { channel: '/words?language=de', payload: '"Hallo"' });
  await ask('POST', '/_simulator/events', { channel: '/words?language={language}', payload: 'ok' });
  expect(await german.next(2)).toEqual(['"Hallo"', 'ok']);
  expect(await all.next(3)).toEqual(['hello', '"Hallo"', 'ok']);
});

test('a text that comes in is one, or the number that its schema wants', async () => {
  const { ask, open } = await serve(WORDS);
  const [sayings, counts] = [await open('/sayings'), await open('/counts')];
  sayings.socket.send('7');
  counts.socket.send('7');
  await expect
    .poll(async () =>
      (await ask('GET', '/_simulator/events')).body.items.map((each: { payload: unknown }) => each.payload),
    )
    .toEqual(expect.arrayContaining(['7', 7]));
  const closed = new Promise((done) => sayings.socket.once('close', (code) => done(code)));
  sayings.socket.send('too long');
  expect(await closed).toBe(1008);
});

test('an address with the wildcards of a broker opens as it is and with anything in their place', async () => {
  const { ask, open } = await serve(WORDS);
  const [some, other, all] = [await open('/news.eu.rail.late'), await open('/news.uk.x'), await open('/news.*.>')];
  await ask('POST', '/_simulator/events', { channel: 'news.eu.rail.late', payload: { head: 'a' } });
  await ask('POST', '/_simulator/events', { channel: 'news.*.>', payload: { head: 'b' } });
  expect(await some.next(2)).toEqual([{ head: 'a' }, { head: 'b' }]);
  expect(await all.next(2)).toEqual([{ head: 'a' }, { head: 'b' }]);
  expect(await other.next(1)).toEqual([{ head: 'b' }]);
});

test('a channel with parameters opens with any values, and hears of its own alone', async () => {
  const { ask, open } = await serve();
  const [bitcoin, ether] = [await open('/ticker/BTCUSD'), await open('/ticker/ETHUSD')];
  const publish = (channel: string, price: number) =>
    ask('POST', '/_simulator/events', { channel, payload: { price } });

  expect((await publish('/ticker/BTCUSD', 5)).body).toMatchObject({ channel: '/ticker/BTCUSD', payload: { price: 5 } });
  expect((await publish('/ticker/ETHUSD', 0)).status).toBe(400);
  expect((await publish('/ticker/a/b', 5)).status).toBe(404);
  await publish('/ticker/{symbol}', 7);

  expect(await bitcoin.next(2)).toEqual([{ price: 5 }, { price: 7 }]);
  expect(await ether.next(1)).toEqual([{ price: 7 }]);
  const hook = { url: 'http://simulator/_simulator/inbox/hook', channels: ['/ticker/BTCUSD'] };
  expect((await ask('POST', '/_simulator/webhooks', hook)).status).toBe(201);
  for (const { socket } of [bitcoin, ether]) socket.close();
});

test('a parameter that the contract enumerates has no other value, and what is said by itself is said to one of them', async () => {
  const { ask, open } = await serve(RATES);
  const listeners = await Promise.all(
    ['EUR-JPY', 'EUR-EUR-X', 'USD-JPY', 'USD-EUR-X'].map((pair) => open(`/rates/${pair}`)),
  );
  await expect(open('/rates/GBP-JPY')).rejects.toThrow('404');

  const other = { channel: '/rates/USD-GBP', payload: { base: 'USD', rate: 1 } };
  const published = await ask('POST', '/_simulator/events', other);
  expect(published).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('"quote" is one of: JPY, EUR-X.') },
  });
  expect((await ask('GET', '/_simulator/events?channel=/rates/GBP-JPY')).status).toBe(400);
  const hook = { url: 'http://simulator/_simulator/inbox/hook', channels: ['/rates/GBP-JPY'] };
  expect((await ask('POST', '/_simulator/webhooks', hook)).status).toBe(400);

  await ask('POST', '/_simulator/traffic', { rate: 60, count: 12, mix: { '/rates/{base}-{quote}': 1 } });
  await ask('POST', '/_simulator/clock/advance', { by: 'PT1M' });
  const { items } = (await ask('GET', '/_simulator/events')).body;
  expect(items).toHaveLength(12);
  for (const { channel, payload } of items) {
    expect(channel).toMatch(/^\/rates\/(EUR|USD)-(JPY|EUR-X)$/);
    expect(channel.startsWith(`/rates/${payload.base}-`)).toBe(true);
  }
  expect(new Set(items.map(({ channel }: { channel: string }) => channel)).size).toBeGreaterThan(1);
  for (const { socket } of listeners) socket.close();
});

test('AsyncAPI 2 enumerates a parameter in its schema', async () => {
  const { open } = await serve(`
asyncapi: 2.6.0
info: { title: Alarms, version: '1' }
channels:
  alarms/{level}:
    parameters: { level: { schema: { type: integer, enum: [1, 2] } } }
    subscribe: { message: { payload: { type: object } } }
`);
  const { socket } = await open('/alarms/2');
  await expect(open('/alarms/3')).rejects.toThrow('404');
  socket.close();
});

test('what a client says where the application listens is an event, and is answered where the contract says so', async () => {
  const { ask, open } = await serve();
  const { socket, next } = await open('/questions');
  socket.send(JSON.stringify({ requestId: 'q-1', about: 'gold' }));

  expect(await next(1)).toEqual([{ requestId: 'q-1', text: expect.stringMatching(/./) }]);
  const { items } = (await ask('GET', '/_simulator/events')).body;
  expect(items.map(({ channel }: { channel: string }) => channel)).toEqual(['questions', 'answers']);

  const closed = new Promise((done) => socket.once('close', (code, reason) => done([code, String(reason)])));
  socket.send(JSON.stringify({ about: 'gold' }));
  expect(await closed).toEqual([1008, 'the message breaks its contract: /requestId is required']);
});

test('who is answered on the channel of the question hears the answer alone', async () => {
  const { open } = await serve();
  const { socket, next } = await open('/lookups');
  socket.send(JSON.stringify({ word: 'gold' }));

  expect(await next(1)).toEqual([{ meaning: expect.any(String) }]);
  socket.close();
});

test('an answer goes to the address that the message names, where the contract has it there', async () => {
  const { ask } = await serve();

  const order = { channel: 'orders', payload: { requestId: 'r1' }, headers: { replyTo: 'inbox/ada' } };
  expect((await ask('POST', '/_simulator/events', order)).status).toBe(201);
  const { items } = (await ask('GET', '/_simulator/events?channel=inbox/*')).body as { items: unknown[] };

  expect(items).toMatchObject([{ channel: 'inbox/ada', payload: { requestId: 'r1' } }]);
});

test('a message may be a list, a text or a number: published, made and taken as the contract has it', async () => {
  const { ask, open } = await serve(READINGS);
  const [batches, names, doubles] = [await open('/batches'), await open('/names'), await open('/doubles')];
  const publish = (channel: string, payload?: unknown) =>
    ask('POST', '/_simulator/events', { channel, ...(payload !== undefined && { payload }) });

  expect((await publish('batches', [1, 2.5])).body).toMatchObject({ channel: 'batches', payload: [1, 2.5] });
  expect((await publish('names', 'Ada')).body).toMatchObject({ payload: 'Ada' });
  expect((await publish('batches')).body).toMatchObject({ payload: expect.arrayContaining([expect.any(Number)]) });
  expect((await publish('batches', ['one'])).body).toMatchObject({
    code: 'INVALID_EVENT',
    errors: [{ in: 'body', path: '/payload/0', message: 'must be number' }],
  });
  expect((await publish('names', {})).status).toBe(400);
  expect(await names.next(1)).toEqual(['Ada']);
  expect((await batches.next(2))[0]).toEqual([1, 2.5]);

  const counts = await open('/counts');
  counts.socket.send('21');
  expect(await doubles.next(1)).toEqual([expect.any(Number)]);
  counts.socket.send('"many"');
  await new Promise((closed) => counts.socket.once('close', closed));

  await ask('POST', '/_simulator/traffic', { rate: 60 });
  await ask('POST', '/_simulator/clock/advance', { by: 'PT1M' });
  const { items } = (await ask('GET', '/_simulator/events?channel=names&limit=100')).body as {
    items: { payload: unknown }[];
  };
  expect(items.length).toBeGreaterThan(1);
  expect(items.every(({ payload }) => typeof payload === 'string' && payload !== '')).toBe(true);
});

test('channels that nothing leads to send made messages at a rate, the same for the same seed', async () => {
  const { ask } = await serve();

  expect((await ask('POST', '/_simulator/traffic', { rate: 60, count: 5 })).body).toMatchObject({
    mix: { '/ticker/{symbol}': 1 },
  });
  await ask('POST', '/_simulator/clock/advance', { by: 'PT1M' });
  const { items } = (await ask('GET', '/_simulator/events')).body as { items: { channel: string; payload: object }[] };

  expect(items.map(({ channel }) => channel)).toEqual(Array(5).fill('/ticker/{symbol}'));
  expect(new Set(items.map(({ payload }) => JSON.stringify(payload))).size).toBeGreaterThan(1);
  await ask('POST', '/_simulator/reset');
  await ask('POST', '/_simulator/traffic', { rate: 60, count: 5 });
  await ask('POST', '/_simulator/clock/advance', { by: 'PT1M' });
  expect((await ask('GET', '/_simulator/events')).body).toEqual({ items });
});
