import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { writeFiles } from '../contracts/temp-files.ts';
import { proxyTo } from '../support/proxy-to.ts';
import type { Ask } from '../support/simulator.ts';

const TICKER = `asyncapi: 3.0.0
info: {title: Ticker, version: '1'}
channels:
  prices:
    address: prices/{symbol}
    parameters: {symbol: {}}
    messages: {price: {$ref: '#/components/messages/price'}, halt: {$ref: '#/components/messages/halt'}, order: {$ref: '#/components/messages/order'}}
operations:
  sendPrice: {action: send, channel: {$ref: '#/channels/prices'}, messages: [{$ref: '#/channels/prices/messages/price'}, {$ref: '#/channels/prices/messages/halt'}]}
  takeOrder: {action: receive, channel: {$ref: '#/channels/prices'}, messages: [{$ref: '#/channels/prices/messages/order'}]}
components:
  messages:
    price: {contentType: application/json, payload: {type: object, required: [symbol, price], properties: {symbol: {type: string}, price: {type: number}}}}
    halt: {contentType: application/json, payload: {type: object, required: [halted, since, until, reason], properties: {halted: {type: boolean}}}}
    order: {contentType: application/json, payload: {type: object, required: [side], properties: {side: {enum: [buy, sell]}, token: {type: string}}}}
`;

/** A server that says what it is told to, to whoever connects, and a client that has connected through the proxy. */
async function talk(path: string, flags = {}, options = {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const specs = [writeFiles({ 'ticker/events.yaml': TICKER })];
  const proxy = await proxyTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, flags, {
    specs,
    ...options,
  });
  const connected = once(server, 'connection');
  const client = new WebSocket(`${proxy.url.replace('http', 'ws')}${path}`);
  onTestFinished(() => client.terminate());
  await once(client, 'open');
  const [there] = (await connected) as [WebSocket];
  /** Says something on one side, and waits until it has reached the other. */
  const say = async (from: WebSocket, data: string | Buffer) => {
    const heard = once(from === client ? there : client, 'message');
    from.send(data, { fin: true });
    return (await heard)[0] as Buffer;
  };
  const close = async () => {
    const closed = once(there, 'close');
    client.close();
    await closed;
  };
  return { ...proxy, client, there, say, close };
}

const journalOf = async (ask: Ask) => (await ask('GET', '/_simulator/requests')).body.items;

test('messages go by as they are, and each is looked at by its channel', async () => {
  const { client, there, say, close, ask, end } = await talk('/prices/ACME?api_key=s3cret-key');

  expect(String(await say(there, '{"symbol": "ACME", "price": 12.5}'))).toBe('{"symbol": "ACME", "price": 12.5}');
  await say(client, '{"side": "buy"}');
  await close();

  await expect.poll(() => journalOf(ask)).toHaveLength(1);
  const [entry] = await journalOf(ask);
  expect(entry).toMatchObject({
    method: 'GET',
    response: { status: 101 },
    notes: ['1 message of the server and 1 of the client on prices/{symbol}: none broke the contract.'],
  });
  expect(entry.violations).toBeUndefined();
  expect(JSON.stringify(entry)).not.toContain('s3cret-key');
  const { body: coverage } = await ask('GET', '/_simulator/coverage');
  expect(JSON.stringify(coverage)).toContain('"prices/{symbol}","count":2');
  const { code, err } = await end();
  expect(err).toContain('2 messages on channels of the contracts: none broke one.');
  expect(code).toBe(0);
});

test('a message that breaks its contract is told in the journal, the reports and the exit code, and goes by all the same', async () => {
  const { client, there, say, close, ask, end } = await talk('/prices/ACME', { report: 'r.json', junit: 'r.xml' });

  expect(String(await say(there, '{"symbol":"ACME","price":"12.5"}'))).toBe('{"symbol":"ACME","price":"12.5"}');
  await say(client, '{"side":"hold","token":"hunter2"}');
  await say(there, 'not json');
  await close();

  await expect.poll(() => journalOf(ask)).toHaveLength(4);
  const [first, second, third] = await journalOf(ask);
  // By the message that it comes nearest to.
  expect(first).toMatchObject({
    response: { status: 101, body: { price: '12.5' } },
    violations: [{ in: 'event', of: 'response', path: '/price', message: 'must be number' }],
    notes: ['Message 1 of the server on prices/{symbol}.'],
  });
  expect(second).toMatchObject({
    request: { body: { side: 'hold', token: '[redacted]' } },
    violations: [{ in: 'event', of: 'request', path: '/side' }],
  });
  expect(third.violations).toEqual([{ in: 'event', of: 'response', path: '', message: 'is no JSON' }]);
  const { code, err, cwd } = await end();
  expect(code).toBe(1);
  expect(err).toContain('3 messages on channels of the contracts: 3 broke one.\n✗ prices/{symbol}\n');
  expect(err).toContain('response event /price must be number (once, first: /prices/ACME, answered with 101)');
  const report = JSON.parse(await readFile(join(cwd, 'r.json'), 'utf8'));
  expect(report).toMatchObject({
    messages: 3,
    brokenMessages: 3,
    channels: [{ channel: 'prices/{symbol}', broken: 3 }],
  });
  expect(await readFile(join(cwd, 'r.xml'), 'utf8')).toContain('3 of 3 messages broke the contract.');
});

test('messages in several frames, long ones and pings between them are put together; what is binary or too large is not', async () => {
  const { client, there, say, close, ask } = await talk('/prices/ACME', {}, { maxBody: 70_000 });
  const long = (size: number) => JSON.stringify({ symbol: 'x'.repeat(size), price: 'none' });

  const heard = once(client, 'message');
  there.send('{"symbol":', { fin: false });
  there.ping('still there');
  there.send(' "ACME", "pri', { fin: false });
  there.send('ce": true}', { fin: true });
  expect(String((await heard)[0])).toBe('{"symbol": "ACME", "price": true}');
  await say(there, long(300));
  await say(there, long(66_000));
  await say(there, long(71_000));
  await say(client, Buffer.from([1, 2, 3]));
  await close();

  await expect.poll(() => journalOf(ask)).toHaveLength(4);
  const entries = await journalOf(ask);
  expect(entries.slice(0, 3).map(({ violations }: { violations: unknown }) => violations)).toEqual(
    Array.from({ length: 3 }, () => [{ in: 'event', of: 'response', path: '/price', message: 'must be number' }]),
  );
  expect(entries[3].notes).toEqual([
    '4 messages of the server and 1 of the client on prices/{symbol}: 3 broke the contract.',
    'A message was larger than 70000 bytes (--max-body).',
    'A message was binary.',
  ]);
});

test('what no contract has a channel for goes by, and is counted with what no contract describes', async () => {
  const { there, say, close, ask, end } = await talk('/chat');

  await say(there, 'anything');
  await close();

  await expect.poll(() => journalOf(ask)).toHaveLength(1);
  expect((await journalOf(ask))[0].notes).toEqual([
    'No contract has a channel at /chat: what went over it was not looked at.',
  ]);
  expect((await end()).err).toContain('No contract describes: GET /chat (1).');
});
