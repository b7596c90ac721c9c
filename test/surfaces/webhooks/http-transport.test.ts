import { Webhook } from 'standardwebhooks';
import { afterAll, expect, test } from 'vitest';
import type { Dispatch } from '../../../src/engine/delivery/delivery.ts';
import { afterWallTime, wallNow } from '../../../src/surfaces/wall-time.ts';
import { createAllowList } from '../../../src/surfaces/webhooks/allow-list.ts';
import { createHttpTransport, type HttpTransportOptions } from '../../../src/surfaces/webhooks/http-transport.ts';
import { answered, unsent } from '../../support/attempts.ts';
import { freePort } from '../../support/own-server.ts';
import { startReceiver } from './receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function transportOf(options: Partial<HttpTransportOptions> = {}) {
  const transport = createHttpTransport({
    baseOf: (tenant) => `http://127.0.0.1:1/@${tenant}`,
    allowList: undefined,
    timeout: 2_000,
    webhookTime: 'wall',
    wallNow,
    afterWallTime,
    ...options,
  });
  afterAll(() => transport.close());
  return transport;
}

function deliveryTo(target: string, more: Partial<Dispatch> = {}): Dispatch {
  return {
    id: 'DLV-000001',
    target,
    kind: 'webhook',
    eventId: 'evt-1',
    state: 'pending',
    attempts: [],
    lane: 'a',
    body: { name: 'Zoë' },
    signing: { secrets: [SECRET], now: Date.UTC(2026, 0, 1) },
    ...more,
  };
}

test('the standardwebhooks library verifies what is sent, and refuses what was changed', async () => {
  const { url, received } = await startReceiver();
  expect(await transportOf().send(deliveryTo(url), 'a')).toEqual(answered(204));
  const { headers, body } = received[0] ?? { headers: {}, body: '' };
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({ name: 'Zoë' });
  expect(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow();
  expect(headers).toMatchObject({ 'webhook-id': 'evt-1', 'content-type': 'application/json' });
});

test('virtual time is told where it is asked for; what is no webhook carries no signature', async () => {
  const { url, received } = await startReceiver();
  const transport = transportOf({ webhookTime: 'virtual' });
  await transport.send(deliveryTo(url), 'a');
  await transport.send(deliveryTo(url, { signing: undefined }), 'a');
  expect(received[0]?.headers['webhook-timestamp']).toBe(String(Date.UTC(2026, 0, 1) / 1000));
  expect(Object.keys(received[1]?.headers ?? {}).filter((name) => name.startsWith('webhook-'))).toEqual([]);
});

test('a receiver gets the credentials that it asks for', async () => {
  const { url, received } = await startReceiver();
  const transport = transportOf();
  await transport.send(deliveryTo(url, { authorization: { token: 'sesame' } }), 'a');
  await transport.send(deliveryTo(url, { authorization: { username: 'ann', password: 'sesame' } }), 'a');
  await transport.send(deliveryTo(url), 'a');
  const basic = `Basic ${Buffer.from('ann:sesame').toString('base64')}`;
  expect(received.map(({ headers }) => headers.authorization)).toEqual(['Bearer sesame', basic, undefined]);
});

test('a redirect is an answer like any other, and nobody goes where it leads', async () => {
  const elsewhere = await startReceiver();
  const { url } = await startReceiver(() => ({ status: 307, headers: { location: elsewhere.url } }));
  expect(await transportOf().send(deliveryTo(url), 'a')).toEqual(answered(307));
  expect(elsewhere.received).toEqual([]);
});

test.each([
  [429, '120', 120],
  [503, 'Wed, 21 Oct 2026 07:30:00 GMT', 120],
  [503, 'Wed, 21 Oct 2026 07:00:00 GMT', undefined],
  [503, '9'.repeat(400), 31 * 86_400],
  [503, 'soon', undefined],
  [500, '120', undefined],
])('%i with Retry-After %s is %s seconds', async (status, after, expected) => {
  const headers = { 'retry-after': after, date: 'Wed, 21 Oct 2026 07:28:00 GMT' };
  const { url } = await startReceiver(() => ({ status, headers }));
  expect(await transportOf().send(deliveryTo(url), 'a')).toEqual(answered(status, expected));
});

test('a receiver that is silent, away or cannot be addressed is told of in a word', async () => {
  const silent = await startReceiver(() => new Promise(() => {}));
  const transport = transportOf({ timeout: 100 });
  expect(await transport.send(deliveryTo(silent.url), 'a')).toEqual(unsent('the receiver did not answer in time'));
  expect(await transport.send(deliveryTo(`http://127.0.0.1:${await freePort()}/`), 'a')).toEqual(
    unsent('ECONNREFUSED'),
  );
  expect(await transport.send(deliveryTo('ftp://example.com/'), 'a')).toEqual(
    unsent('the target is no http or https address'),
  );
  expect(await transport.send(deliveryTo('http://me:secret@example.com/'), 'a')).toEqual(
    unsent('the target holds a user name or password'),
  );
  expect(await transport.send(deliveryTo(silent.url, { eventId: 'two\nlines' }), 'a')).toHaveProperty('error');
});

test('a receiver that closes its connections between two deliveries gets both', async () => {
  const { url, received } = await startReceiver(() => ({ status: 200, headers: { connection: 'close' } }));
  const transport = transportOf();
  for (let i = 0; i < 20; i += 1) expect(await transport.send(deliveryTo(url), 'a')).toEqual(answered(200));
  expect(received).toHaveLength(20);
});

test('beyond loopback, the address that a name has been resolved to decides, and is the one connected to', async () => {
  const { url, received } = await startReceiver();
  const { port } = new URL(url);
  const refused = unsent('the target is not on the list of allowed callbacks (--allow-callbacks)');
  const names: string[] = [];
  const lookup = ((name: string, _: unknown, callback: (error: null, found: unknown) => void) => {
    names.push(name);
    callback(null, [
      { address: '169.254.169.254', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  }) as unknown as HttpTransportOptions['lookup'];
  const send = (entries: readonly string[], target: string) =>
    transportOf({ allowList: createAllowList(entries), lookup }).send(deliveryTo(target), 'a');

  expect(await send([], url)).toEqual(refused);
  expect(await send(['*'], url)).toEqual(refused);
  expect(await send(['*'], `http://rebound.example:${port}/`)).toEqual(refused);
  expect(await send(['*.example'], `http://rebound.example:${port}/`)).toEqual(refused);
  expect(await send(['*'], `http://0x7f.1:${port}/`)).toEqual(refused);
  expect(await send(['*'], `http://[::ffff:127.0.0.1]:${port}/`)).toEqual(refused);
  expect(received).toEqual([]);
  // The first of the two addresses is refused, the second is the one that is connected to.
  expect(await send(['127.0.0.0/8'], `http://rebound.example:${port}/`)).toEqual(answered(204));
  expect(await send(['127.0.0.1'], url)).toEqual(answered(204));
  expect(received).toHaveLength(2);
  expect(new Set(names)).toEqual(new Set(['rebound.example']));
});

test('this simulator is always allowed, and only its inboxes are opened with its token', async () => {
  const { url, received } = await startReceiver();
  const base = new URL(url).origin;
  const transport = transportOf({
    baseOf: (tenant) => `${base}/@${tenant}`,
    allowList: createAllowList([]),
    inboxToken: 'admin',
  });
  const paths = [
    '/_simulator/inbox/a',
    '/_simulator/inbox/../reset',
    '/_simulator/reset',
    '/../_simulator/inbox/a/messages',
  ];
  for (const path of paths)
    expect(await transport.send(deliveryTo(`http://simulator${path}`), 'b')).toEqual(answered(204));
  expect(received.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer admin',
    undefined,
    undefined,
    undefined,
  ]);
});
