import { createPrivateKey, hkdfSync, sign } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { type Ask, askAt } from '../support/simulator.ts';
import { sendRaw, upgrade } from './raw-client.ts';

const local = await startProcess(['--fixture', 'empty', '--max-tenants', '20']);
const strict = await startProcess(['--fixture', 'empty', '--auth', 'strict']);
const ADMIN = 'the-administrators-token';
const shared = await startProcess([
  ...['--fixture', 'empty', '--host', '0.0.0.0', '--admin-token', ADMIN, '--max-tenants', '20'],
  ...['--allow-callbacks', '127.0.0.1'],
]);
const sharedUrl = shared.url.replace('0.0.0.0', '127.0.0.1');
afterAll(async () => {
  for (const each of [local, strict, shared]) await each.stop();
});
const admin = { authorization: `Bearer ${ADMIN}` };

/** What a tenant of each server finds in its inbox, as its administrator. */
const inboxOf = async (ask: Ask, tenant: string) =>
  (await ask('GET', `/@${tenant}/_simulator/inbox/x/messages`, undefined, admin)).body.items;

/** Something that listeners at the hub are told of. */
async function changeAccount(ask: Ask, prefix: string): Promise<void> {
  const path = `${prefix}/billingaccounttmfwebservices/v2/billingAccount`;
  const { body } = await ask('POST', path, { name: 'a', ratingType: 'Prepaid', state: 'Defined' });
  expect((await ask('PATCH', `${path}/${body.id}`, { name: 'b' })).status).toBeLessThan(300);
}

const ESCAPES = [
  'http://simulator/../@victim/_simulator/inbox/x',
  'http://simulator/%2e%2e/@victim/_simulator/inbox/x',
  'http://simulator/.%2E/@victim/_simulator/inbox/x',
  'http://simulator/..%2f@victim/_simulator/inbox/x',
  'http://simulator/..%5c@victim/_simulator/inbox/x',
  'http://simulator\\..\\@victim\\_simulator\\inbox\\x',
  'http://simulator/./../@victim/_simulator/inbox/x',
  'http://simulator/a/b/../../../../@victim/_simulator/inbox/x',
  'http://simulator//@victim/_simulator/inbox/x',
  'http://simulator/@victim/_simulator/inbox/x',
  'HTTP://SIMULATOR/..//@victim/_simulator/inbox/x',
  'http://simulator/%252e%252e/@victim/_simulator/inbox/x',
  'http://simulator/\t../@victim/_simulator/inbox/x',
];

test.each([
  ['on loopback', local.url],
  ['beyond loopback', sharedUrl],
])('a callback stays in its tenant, however its address is written: %s', async (_where, url) => {
  const ask = askAt(url);
  const own = new URL(url).host;
  const targets = [
    ...ESCAPES,
    `${url}/@victim/_simulator/inbox/x`,
    `http://localhost:${new URL(url).port}/@victim/_simulator/inbox/x`,
    `http://simulator@${own}/@victim/_simulator/inbox/x`,
  ];
  await ask('POST', '/@victim/_simulator/inbox/first', {}, admin);

  for (const callback of targets) {
    await ask('POST', '/@evil/_simulator/webhooks', { url: callback, channels: ['customer/*'] }, admin);
    await ask('POST', '/@evil/billingaccounttmfwebservices/v2/hub', { callback });
  }
  const good = { url: 'http://simulator/x/../_simulator/inbox/x', channels: ['customer/*'] };
  await ask('POST', '/@evil/_simulator/webhooks', good, admin);
  await ask('POST', '/@evil/v1/customers', { customerType: 'Individual', email: 'a@example.com' });
  await changeAccount(ask, '/@evil');
  await ask('GET', '/@evil/_simulator/transcript/digest', undefined, admin);

  expect(await inboxOf(ask, 'victim')).toEqual([]);
  const [message] = await inboxOf(ask, 'evil');
  expect(message).toMatchObject({ body: { tenantId: 'evil' } });
  expect(JSON.stringify(message)).not.toContain(ADMIN);
});

test('a callback has no power over the control API, whatever address it names', async () => {
  const ask = askAt(local.url);
  const port = new URL(local.url).port;
  const before = (await ask('GET', '/_simulator/clock')).body.now;
  for (const base of ['http://simulator', local.url, `http://localhost:${port}`]) {
    for (const path of ['clock/advance', 'reset', 'snapshots']) {
      await ask('POST', '/billingaccounttmfwebservices/v2/hub', { callback: `${base}/_simulator/${path}` });
    }
  }

  await changeAccount(ask, '');
  await ask('GET', '/_simulator/transcript/digest');

  const { items } = (await ask('GET', '/_simulator/deliveries')).body;
  const statuses = items.map((each: { attempts: { status: number }[] }) => each.attempts[0]?.status);
  expect(statuses.length).toBeGreaterThan(0);
  expect(new Set(statuses)).toEqual(new Set([403]));
  expect((await ask('GET', '/_simulator/snapshots')).body.items).toEqual([]);
  expect((await ask('GET', '/_simulator/clock')).body.now).toBe(before);
});

async function tokenOf(url: string, tenant: string): Promise<string> {
  const { body } = await postForm(url, tenant);
  return String(body.access_token);
}

async function postForm(url: string, tenant: string, more: Readonly<Record<string, string>> = {}) {
  const form = { grant_type: 'client_credentials', client_id: 'me', client_secret: 'any', ...more };
  const response = await fetch(`${url}/@${tenant}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test.each([
  ['any', local.url],
  ['strict', strict.url],
])('a token is good in its own tenant alone, in the mode %s', async (_mode, url) => {
  const ask = askAt(url);
  const authorization = `Bearer ${await tokenOf(url, 'acme')}`;
  const port = Number(new URL(url).port);

  expect((await ask('GET', '/@acme/v1/customers', undefined, { authorization })).status).toBe(200);
  expect((await ask('GET', '/v1/customers', undefined, { authorization })).status).toBe(200);
  const elsewhere = await ask('GET', '/@other/v1/customers', undefined, { authorization });
  expect(elsewhere.status).toBe(401);
  expect(elsewhere.headers.get('www-authenticate')).toContain('error="invalid_token"');
  const named = { authorization, 'x-simulator-tenant': 'other' };
  expect((await ask('GET', '/v1/customers', undefined, named)).status).toBe(401);
  const [own, foreign] = await Promise.all(
    ['acme', 'other'].map((tenant) =>
      sendRaw(port, upgrade(`/@${tenant}/customer/created`, [`Authorization: ${authorization}`]), seen),
    ),
  );
  expect(own?.status).toBe(101);
  expect(foreign?.status).toBe(url === strict.url ? 401 : 101);
});

const seen = (text: string): boolean => text.includes('\r\n\r\n');

test('each tenant publishes a key of its own', async () => {
  const [own, other] = await Promise.all(
    ['acme', 'other'].map(async (tenant) => (await askAt(local.url)('GET', `/@${tenant}/.well-known/jwks.json`)).body),
  );
  expect(own.keys[0].x).not.toBe(other.keys[0].x);
});

/** Signs what anybody can sign who knows the seed. */
function forge(head: unknown, payload: unknown, secret = 'seed 1', tenant = 'default'): string {
  const key = hkdfSync('sha256', secret, '', `bss-simulator token key of ${tenant}`, 32);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(key)]);
  const part = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const signed = `${part(head)}.${part(payload)}`;
  const signature = sign(null, Buffer.from(signed), createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return `${signed}.${signature.toString('base64url')}`;
}

const HEAD = { alg: 'EdDSA', typ: 'at+jwt', kid: 'default' };
const CLAIMS = {
  ...{ iss: strict.url, aud: strict.url, client_id: 'me', sub: 'me', jti: '1', tenant: 'default' },
  ...{ scope: 'read:customers', iat: 1_767_225_600, exp: 1_767_229_200 },
};
const without = (name: string) => Object.fromEntries(Object.entries(CLAIMS).filter(([each]) => each !== name));

test.each([
  ...Object.keys(CLAIMS).map((name): [string, unknown, unknown] => [`no ${name}`, HEAD, without(name)]),
  ...Object.keys(CLAIMS).flatMap((name): [string, unknown, unknown][] =>
    [null, {}, [1], { toString: null }].map((value) => [
      `${name}: ${JSON.stringify(value)}`,
      HEAD,
      { ...CLAIMS, [name]: value },
    ]),
  ),
  ['no JSON in it', HEAD, 'no JSON'],
  ['null in it', HEAD, 'null'],
  ['a head that is no JSON', '{', CLAIMS],
  ['another algorithm', { ...HEAD, alg: 'none' }, CLAIMS],
  ['no type', { alg: 'EdDSA' }, CLAIMS],
  ['the type constructor', { ...HEAD, typ: 'constructor' }, CLAIMS],
  ['no grant', HEAD, { ...CLAIMS, grant: 1 }],
  ['an administrator by text', HEAD, { ...CLAIMS, admin: 'true' }],
])('a token that is signed and yet none is refused with 401: %s', async (_what, head, payload) => {
  const authorization = `Bearer ${forge(head, payload)}`;
  const { status } = await askAt(strict.url)('GET', '/v1/customers', undefined, { authorization });
  expect(status).toBe(401);
});

test('beyond loopback, who knows the seed cannot sign', async () => {
  const { body: keys } = await askAt(sharedUrl)('GET', '/.well-known/jwks.json');
  const { body: localKeys } = await askAt(local.url)('GET', '/.well-known/jwks.json');
  expect(keys.keys[0].x).not.toBe(localKeys.keys[0].x);
});

test('no record tells a token', async () => {
  const ask = askAt(local.url);
  const token = await tokenOf(local.url, 'records');
  const headers = { authorization: `Bearer ${token}` };
  await ask('GET', `/@records/v1/customers?%61ccess_token=${token}&access_token=${token}`, undefined, headers);
  const note = { customerType: 'Individual', email: 'a@example.com', note: `token ${token}`, other: token };
  await ask('POST', '/@records/v1/customers', note, headers);

  const transcript = (await ask('GET', '/@records/_simulator/transcript')).text;
  expect(transcript).toContain('a@example.com');
  expect(transcript).not.toContain(token);
  const journal = (await ask('GET', '/@records/_simulator/requests')).text;
  expect(journal).not.toContain(`Bearer ${token}`);
  expect(journal).not.toContain(`access_token=${token}`);
});

test('who asks for a thousand names evicts nobody who has done anything, nor who listens', async () => {
  const ask = askAt(local.url);
  await ask('POST', '/@work/v1/customers', { customerType: 'Individual', email: 'a@example.com' });
  const socket = new AbortController();
  const stream = await fetch(`${local.url}/@listener/_simulator/events`, {
    headers: { accept: 'text/event-stream' },
    signal: socket.signal,
  });
  expect(stream.status).toBe(200);

  for (let count = 0; count < 60; count += 1) await ask('GET', `/@evil${count}/v1/customers`);

  expect((await ask('GET', '/@work/v1/customers')).body.pagination.totalItems).toBe(1);
  const names = (await ask('GET', '/_simulator/tenants?limit=1000')).body.items.map(
    (each: { name: string }) => each.name,
  );
  expect(names).toContain('work');
  expect(names).toContain('listener');
  expect(names.length).toBeLessThanOrEqual(20);
  socket.abort();
});

test('beyond loopback a new tenant is made only for who sends a credential', async () => {
  const ask = askAt(sharedUrl);
  const none = { authorization: '', 'aps-token': '' };
  const port = Number(new URL(sharedUrl).port);
  for (let count = 0; count < 30; count += 1) {
    expect((await ask('GET', `/@evil${count}/v1/customers`, undefined, none)).status).toBe(401);
    expect((await ask('GET', `/@evil${count}/macd/orders`, undefined, none)).status).toBe(401);
    expect((await ask('POST', `/@evil${count}/_simulator/inbox/x`, {}, none)).status).toBe(401);
    expect((await sendRaw(port, upgrade(`/@evil${count}/customer/created`), seen)).status).toBe(401);
    expect(
      (await postForm(sharedUrl, `evil${count}`, { client_secret: '', grant_type: 'password' })).status,
    ).toBeGreaterThan(399);
    await ask('GET', `/@evil${count}/nowhere`, undefined, none);
    await fetch(`${sharedUrl}/@evil${count}/.well-known/jwks.json`);
  }

  const { items } = (await ask('GET', '/_simulator/tenants?limit=1000', undefined, admin)).body;
  expect(items.filter(({ name }: { name: string }) => /^evil\d/.test(name))).toEqual([]);
  expect((await postForm(sharedUrl, 'newcomer')).status).toBe(200);
  expect((await ask('GET', '/@newcomer/v1/customers')).status).toBe(200);
});

test('a look at a tenant that is not there makes none, and tells the nearest name', async () => {
  const ask = askAt(local.url);
  await ask('POST', '/@team-a/_simulator/snapshots');
  for (const path of ['clock', 'transcript', 'transcript/digest', 'requests', 'events', 'activity', 'timers']) {
    const { status, body } = await ask('GET', `/@team-b/_simulator/${path}`);
    expect([path, status]).toEqual([path, 404]);
    expect(body.detail).toMatch(/there is none\. Did you mean `team-a`\?/);
  }
  expect((await ask('POST', '/@team-b/_simulator/requests/verify', {})).status).toBe(404);
  expect((await ask('GET', '/_simulator/tenants?limit=1000')).text).not.toContain('team-b');

  const secret = await askAt(sharedUrl)('GET', '/@newcome/_simulator/clock', undefined, { authorization: 'Bearer x' });
  expect(secret.status).toBe(401);
  expect(secret.text).not.toContain('newcomer');
});
