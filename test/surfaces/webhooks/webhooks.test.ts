import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { createSimulator } from '../../../src/simulator.ts';
import { startSimulator, TEST_CACHE } from '../../support/simulator.ts';
import { type Received, startReceiver } from './receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const NEW_CUSTOMER = { customerType: 'Individual', firstName: 'Ada', email: 'ada.marsh@example.com' };
const configured = await startReceiver();
const { simulator, ask } = await startSimulator({
  strict: true,
  webhooks: [{ url: configured.url, channels: ['customer/updated'], secret: SECRET }],
});

const verify = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
/** Attempts are made beside the command that caused them; an advance waits for them. */
const settle = (tenant: string) => ask('POST', `/@${tenant}/_simulator/clock/advance`, { by: 'PT0S' });

test('a webhook is registered, read, listed without its secret, and deleted', async () => {
  const { url } = await startReceiver();
  const { status, body } = await ask('POST', '/@crud/_simulator/webhooks', { url, channels: ['customer/*'] });
  expect({ status, body }).toEqual({
    status: 201,
    body: {
      id: 'WHK-000002',
      url,
      channels: ['customer/*'],
      secret: expect.stringMatching(/^whsec_/),
      ordered: true,
      state: 'active',
    },
  });
  expect((await ask('GET', `/@crud/_simulator/webhooks/${body.id}`)).body).toEqual(body);
  const { secret: _, ...shown } = body;
  expect((await ask('GET', '/@crud/_simulator/webhooks')).body.items[1]).toEqual(shown);
  expect((await ask('DELETE', `/@crud/_simulator/webhooks/${body.id}`)).status).toBe(204);
  expect((await ask('GET', `/@crud/_simulator/webhooks/${body.id}`)).status).toBe(404);
});

test.each([
  [{ url: 'ftp://example.com/', channels: ['*'] }, '/url'],
  [{ url: 'http://me:secret@example.com/', channels: ['*'] }, '/url'],
  [{ url: 'http://example.com/', channels: ['customer/creatd'] }, '/channels/0'],
  [{ url: 'http://example.com/', channels: [] }, '/channels'],
  [{ url: 'http://example.com/', channels: ['*'], secret: 'whsec_c2hvcnQ=' }, '/secret'],
])('%j is refused at %s', async (request, path) => {
  const { status, body } = await ask('POST', '/_simulator/webhooks', request);
  expect({ status, path: body.errors[0].path }).toEqual({ status: 400, path });
});

test('each event arrives once, in order, unchanged, and verified by the standardwebhooks library', async () => {
  const { url, received } = await startReceiver();
  const { body: webhook } = await ask('POST', '/@each/_simulator/webhooks', { url, channels: ['customer/created'] });
  for (let i = 0; i < 20; i += 1) await ask('POST', '/@each/v1/customers', NEW_CUSTOMER);
  await settle('each');
  const { items } = (await ask('GET', '/@each/_simulator/events?channel=customer/created')).body;
  expect(items).toHaveLength(20);
  expect(received.map((message) => verify(webhook.secret, message))).toEqual(
    items.map(({ payload }: { payload: unknown }) => payload),
  );
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(items.map(({ id }: { id: string }) => id));
});

test('while a secret rotates, receivers with either secret verify', async () => {
  const { url, received } = await startReceiver();
  const { body: before } = await ask('POST', '/@rotate/_simulator/webhooks', { url, channels: ['customer/*'] });
  const { body: after } = await ask('POST', `/@rotate/_simulator/webhooks/${before.id}/rotate-secret`);
  expect(after).toMatchObject({ id: before.id, rotatingUntil: '2026-01-02T00:00:00.000Z' });
  await ask('POST', '/@rotate/v1/customers', NEW_CUSTOMER);
  await ask('POST', '/@rotate/_simulator/clock/advance', { by: 'P1D' });
  await ask('POST', '/@rotate/v1/customers', NEW_CUSTOMER);
  await settle('rotate');
  const [during, later] = received.filter(({ body }) => body.includes('customer/created'));
  if (during === undefined || later === undefined) throw new Error('A delivery is missing.');
  expect(verify(before.secret, during)).toEqual(verify(after.secret, during));
  expect(() => verify(before.secret, later)).toThrow();
  expect(verify(after.secret, later)).toBeDefined();
});

test('a receiver may read the customer back and record the payment, while advance waits for it', async () => {
  const told: unknown[] = [];
  const { url } = await startReceiver(async ({ body }) => {
    const { customerId, invoiceId } = JSON.parse(body);
    const customer = await ask('GET', `/@pay/v1/customers/${customerId}`);
    const { body: invoices } = await ask('GET', `/@pay/v1/customers/${customerId}/invoices?pageSize=100`);
    const { totalAmount } = invoices.data.find((invoice: { invoiceId: string }) => invoice.invoiceId === invoiceId);
    const request = { invoiceId, amount: totalAmount, paymentMethod: 'CreditCard' };
    const paid = await ask('POST', '/@pay/_simulator/actions/connectx/record-payment', request);
    told.push([customer.status, paid.status]);
    return { status: 200 };
  });
  const { body: page } = await ask('GET', '/@pay/v1/customers?pageSize=1000');
  const active = page.data.find(({ status }: { status: string }) => status === 'Active');
  const { body: products } = await ask('GET', '/@pay/v1/products');
  await ask('POST', '/@pay/_simulator/webhooks', { url, channels: ['billing/invoice/created'] });
  await ask('POST', `/@pay/v1/customers/${active.customerId}/subscriptions`, { productId: products.data[0].productId });
  const { body: advanced } = await ask('POST', '/@pay/_simulator/clock/advance', { by: 'P32D' });
  const { items: payments } = (await ask('GET', '/@pay/_simulator/events?channel=billing/payment/received')).body;
  const { items } = (await ask('GET', `/@pay/_simulator/deliveries?state=delivered&target=${encodeURIComponent(url)}`))
    .body;
  expect(told.length).toBeGreaterThan(0);
  expect(told).toEqual(told.map(() => [200, expect.toBeOneOf([200, 201, 204])]));
  expect(items).toHaveLength(told.length);
  // Each payment happens at the virtual time of the delivery that set it off.
  const [first] = items;
  expect(payments.map(({ at }: { at: string }) => at)).toContain(first.attempts[0].at);
  expect(advanced.effects.filter(({ target }: { target?: string }) => target === url)).toHaveLength(told.length);
});

test('72 hours of retries to a dead receiver take a moment, are listed as dead letters, and go out again by hand', async () => {
  let isDead = true;
  const { url, received } = await startReceiver(() => ({ status: isDead ? 503 : 204 }));
  await ask('POST', '/@dead/_simulator/webhooks', { url, channels: ['customer/created'] });
  await ask('POST', '/@dead/v1/customers', NEW_CUSTOMER);
  const began = performance.now();
  await ask('POST', '/@dead/_simulator/clock/advance', { by: 'P5D' });
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(received).toHaveLength(10);
  const failed = `/@dead/_simulator/deliveries?state=failed&target=${encodeURIComponent(`${url.slice(0, -5)}/*`)}`;
  const [letter] = (await ask('GET', failed)).body.items;
  expect(letter.attempts).toHaveLength(10);
  isDead = false;
  expect((await ask('POST', `/@dead/_simulator/deliveries/${letter.id}/redeliver`)).status).toBe(202);
  await settle('dead');
  expect((await ask('GET', failed)).body.items).toEqual([]);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('a configured webhook survives a reset, another does not', async () => {
  const { url, received } = await startReceiver();
  await ask('POST', '/@again/_simulator/webhooks', { url, channels: ['customer/*'] });
  await ask('POST', '/@again/_simulator/reset', { seed: 9 });
  const { items } = (await ask('GET', '/@again/_simulator/webhooks')).body;
  expect(items).toMatchObject([{ url: configured.url, channels: ['customer/updated'] }]);
  const { body: customer } = await ask('POST', '/@again/v1/customers', NEW_CUSTOMER);
  await ask('PATCH', `/@again/v1/customers/${customer.customerId}`, { email: 'grace@example.com' });
  await settle('again');
  expect(received).toEqual([]);
  const last = configured.received.at(-1);
  expect(last && verify(SECRET, last)).toMatchObject({ customerId: customer.customerId });
});

test('the transcript tells of deliveries, but of no secret, signature or wall time', async () => {
  const { body: webhook } = await ask('POST', '/@quiet/_simulator/webhooks', {
    url: 'http://simulator/_simulator/inbox/hooks',
    channels: ['customer/*'],
    secret: SECRET,
  });
  await ask('POST', `/@quiet/_simulator/webhooks/${webhook.id}/rotate-secret`);
  await ask('POST', '/@quiet/v1/customers', NEW_CUSTOMER);
  await settle('quiet');
  const [message] = (await ask('GET', '/@quiet/_simulator/inbox/hooks/messages')).body.items;
  expect(message.headers['webhook-signature'].split(' ')).toHaveLength(2);
  const { text } = await ask('GET', '/@quiet/_simulator/transcript');
  expect(text).toContain('"kind":"delivery"');
  expect(text).not.toContain('whsec_');
  expect(text).not.toContain('webhook-');
  expect(text).not.toContain(message.headers['webhook-timestamp']);
});

test('the list of deliveries goes on after an item that is no longer what was asked for', async () => {
  let isAway = true;
  const { url } = await startReceiver(() => ({ status: isAway ? 500 : 204 }));
  await ask('POST', '/@page/_simulator/webhooks', { url, channels: ['customer/created'], ordered: false });
  for (let i = 0; i < 3; i += 1) await ask('POST', '/@page/v1/customers', NEW_CUSTOMER);
  await settle('page');
  const pending = '/@page/_simulator/deliveries?kind=webhook&state=pending';
  const { body: first } = await ask('GET', `${pending}&limit=1`);
  isAway = false;
  await ask('POST', `/@page/_simulator/deliveries/${first.next}/redeliver`);
  await settle('page');
  expect((await ask('GET', `${pending}&after=${first.next}`)).body.items).toHaveLength(2);
});

test('a webhook to a channel that no contract has keeps the simulator from starting', async () => {
  const webhooks = [{ url: 'http://localhost/', channels: ['customer/born'] }];
  const other = createSimulator({ port: 0, cache: TEST_CACHE, webhooks });
  await expect(other.start()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('stopping ends the attempt under way, begins no other, and answers nobody who asks meanwhile', async () => {
  const other = createSimulator({ port: 0, cache: TEST_CACHE });
  await other.start();
  const { url: ownUrl } = other;
  let enter = (): void => {};
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const seen: unknown[] = [];
  const { url, received } = await startReceiver(async () => {
    enter();
    await left;
    seen.push(
      await fetch(`${ownUrl}/_simulator/health`).then(
        ({ status }) => status,
        () => 'refused',
      ),
    );
    return { status: 200 };
  });
  const send = (path: string, body: unknown) =>
    fetch(other.url + path, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await send('/_simulator/webhooks', { url, channels: ['customer/created'] });
  for (let i = 0; i < 3; i += 1) await send('/v1/customers', NEW_CUSTOMER);
  await entered;
  const stopping = other.stop();
  leave();
  await stopping;
  expect(seen).toEqual(['refused']);
  expect(received).toHaveLength(1);
});

test('beyond loopback, a receiver that is not on the allow list is never connected to; the inbox always is', async () => {
  const { url, received } = await startReceiver();
  const other = createSimulator({
    port: 0,
    host: '0.0.0.0',
    adminToken: 'a',
    allowCallbacks: ['*'],
    cache: TEST_CACHE,
  });
  await other.start();
  const send = (method: string, path: string, body?: unknown) =>
    fetch(`http://127.0.0.1:${new URL(other.url).port}${path}`, {
      method,
      headers: { authorization: 'Bearer a', ...(body !== undefined && { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    }).then((response) => response.json()) as Promise<{ items: unknown[] }>;
  await send('POST', '/_simulator/webhooks', { url, channels: ['customer/created'] });
  await send('POST', '/_simulator/webhooks', {
    url: 'http://simulator/_simulator/inbox/a',
    channels: ['customer/created'],
  });
  await send('POST', '/v1/customers', NEW_CUSTOMER);
  await send('POST', '/_simulator/clock/advance', { by: 'PT0S' });
  const { items } = await send('GET', '/_simulator/deliveries?kind=webhook');
  await other.stop();
  expect(items).toMatchObject([
    { state: 'pending', attempts: [{ error: expect.stringContaining('--allow-callbacks') }] },
    { state: 'delivered', attempts: [{ status: 200 }] },
  ]);
  expect(received).toEqual([]);
  expect(simulator.url).not.toBe('');
});
