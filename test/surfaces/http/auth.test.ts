import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { Refusal } from '../../../src/model/command.ts';
import { createTokens } from '../../../src/surfaces/http/auth/tokens.ts';
import { libraryContract, operation, startHttp } from './http-world.ts';

const CLIENT = { grant_type: 'client_credentials', client_id: 'me', client_secret: 'any' };

type World = Awaited<ReturnType<typeof startHttp>>;

async function tokenOf(world: World, form: Record<string, string> = {}, prefix = ''): Promise<string> {
  const { body } = await askToken(world, form, prefix);
  return String(body.access_token);
}

function askToken(world: World, form: Record<string, string>, prefix = '') {
  return world.ask('POST', `${prefix}/oauth/token`, { body: new URLSearchParams({ ...CLIENT, ...form }) });
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('in the mode any, a token must be there, but any will do', async () => {
  const { ask } = await startHttp({ settings: { auth: 'any' } });
  const refused = await ask('GET', '/v1/private');
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="simulator"');
  expect((await ask('GET', '/v1/private', bearer('anything'))).status).toBe(200);
  expect((await ask('GET', '/v1/keyed')).status).toBe(401);
  expect((await ask('GET', '/v1/keyed', { headers: { 'x-library-token': 'anything' } })).status).toBe(200);
});

test('in the mode off, everybody may do everything', async () => {
  const { ask } = await startHttp({ settings: { auth: 'off' } });
  expect((await ask('GET', '/v1/private')).status).toBe(200);
});

test('in the mode strict, a token must be one of ours and hold the demanded scopes', async () => {
  const world = await startHttp({ settings: { auth: 'strict' } });
  const foreign = await world.ask('GET', '/v1/private', bearer('anything'));
  expect(foreign.status).toBe(401);
  expect(foreign.headers.get('www-authenticate')).toContain('error="invalid_token"');
  expect((await world.ask('GET', '/v1/private', bearer(await tokenOf(world)))).status).toBe(200);
  const narrow = await world.ask('GET', '/v1/private', bearer(await tokenOf(world, { scope: 'write' })));
  expect(narrow.status).toBe(403);
  expect(narrow.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="read"');
});

test('a token signed with another seed is not one of ours', async () => {
  const world = await startHttp({ settings: { auth: 'strict' } });
  const request = {
    kind: 'access' as const,
    tenant: 'default',
    id: '1',
    issuer: world.url,
    base: world.url,
    audience: [world.url],
    clientId: 'me',
    subject: 'me',
    scopes: ['read'],
    isAdministrator: true,
    now: Date.UTC(2026, 0, 1),
    lifetime: 60,
  };
  expect((await world.ask('GET', '/v1/private', bearer(await createTokens('seed 2').issue(request)))).status).toBe(401);
  expect((await world.ask('GET', '/v1/private', bearer(await createTokens('seed 1').issue(request)))).status).toBe(200);
});

test.each(['any', 'strict'] as const)(
  'in the mode %s, a token of ours expires on the clock of the tenant',
  async (auth) => {
    const world = await startHttp({ settings: { auth } });
    const token = await tokenOf(world);
    await world.tenant.advance(world.tenant.now() + 3_600_000);
    const expired = await world.ask('GET', '/v1/private', bearer(token));
    expect(expired.status).toBe(401);
    expect(expired.headers.get('www-authenticate')).toContain('the token has expired');
    const key = await world.ask('GET', '/v1/keyed', { headers: { 'x-library-token': token } });
    expect(key.status).toBe(403);
    expect(key.body.message).toBe('Token expired');
    // Must be as good as none in another tenant, although the clock has not moved there.
    const elsewhere = await world.ask('GET', '/@other/v1/private', bearer(token));
    expect(elsewhere.status).toBe(401);
    expect(elsewhere.headers.get('www-authenticate')).toContain('the token is one of another tenant');
  },
);

test('a token acts as administrator unless fewer scopes were asked for', async () => {
  const seen: unknown[] = [];
  const world = await startHttp({
    settings: { auth: 'any' },
    systems: [
      {
        name: 'library',
        operations: {
          readPrivate: (_work, { principal }) => {
            seen.push(principal?.isAdministrator);
            return { status: 200, body: {} };
          },
        },
      },
    ],
  });
  for (const token of [
    'foreign',
    await tokenOf(world),
    await tokenOf(world, { scope: 'read write' }),
    await tokenOf(world, { scope: 'read' }),
  ]) {
    await world.ask('GET', '/v1/private', bearer(token));
  }
  expect(seen).toEqual([true, true, true, false]);
});

test('the token endpoint answers as RFC 6749 has it, and any credentials get a token', async () => {
  const world = await startHttp();
  const { status, headers, body } = await askToken(world, {});
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read write' });
  const keys = createLocalJWKSet((await world.ask('GET', '/.well-known/jwks.json')).body as never);
  const { payload } = await jwtVerify(String(body.access_token), keys, {
    currentDate: new Date('2026-01-01T00:00:00Z'),
  });
  expect(payload).toEqual({
    iss: world.url,
    aud: world.url,
    client_id: 'me',
    sub: 'me',
    scope: 'read write',
    tenant: 'default',
    admin: true,
    iat: 1767225600,
    exp: 1767229200,
    jti: 'default-1',
  });
});

test('two simulators with one seed, reached at one address, issue the same bytes', async () => {
  const settings = { publicUrl: 'https://bss.example.com' };
  const [one, other] = [await startHttp({ settings }), await startHttp({ settings })];
  expect(await tokenOf(one)).toBe(await tokenOf(other));
  expect(await tokenOf(one)).not.toBe(await tokenOf(one));
});

test('client credentials may come by HTTP Basic', async () => {
  const { ask } = await startHttp();
  const headers = { authorization: `Basic ${Buffer.from('me:secret').toString('base64')}` };
  expect(
    (await ask('POST', '/oauth/token', { headers, body: new URLSearchParams({ grant_type: 'client_credentials' }) }))
      .status,
  ).toBe(200);
});

test.each([
  [{ grant_type: '' }, 400, 'invalid_request'],
  [{ grant_type: 'authorization_code' }, 400, 'unsupported_grant_type'],
  [{ grant_type: 'password' }, 400, 'invalid_request'],
  [{ client_id: '' }, 401, 'invalid_client'],
  [{ scope: 'read everything' }, 400, 'invalid_scope'],
])('a token request with %o is answered with %d %s', async (form, status, error) => {
  const answer = await askToken(await startHttp(), form);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toBe(error);
});

test('a token request that is no form, or repeats a parameter, is invalid', async () => {
  const { ask } = await startHttp();
  expect((await ask('POST', '/oauth/token', { json: CLIENT })).body.error).toBe('invalid_request');
  const body = new URLSearchParams([...Object.entries(CLIENT), ['scope', 'read'], ['scope', 'write']]);
  expect((await ask('POST', '/oauth/token', { body })).body.error).toBe('invalid_request');
  expect((await ask('GET', '/oauth/token')).status).toBe(405);
});

test('an issued token carries its tenant, which path and header still win over', async () => {
  const world = await startHttp({ settings: { auth: 'any' } });
  const token = await tokenOf(world, {}, '/@acme');
  await world.ask('POST', '/v1/books', {
    json: { title: 'x' },
    ...bearer(token),
    headers: { 'content-type': 'application/json', ...bearer(token).headers },
  });
  expect((await world.tenants.get('acme').store.query('library/Book')).total).toBe(1);
  expect(
    (await world.ask('GET', '/v1/books', { headers: { ...bearer(token).headers, 'x-simulator-tenant': 'other' } }))
      .body,
  ).toEqual([]);
});

test('a token sent as an API key carries its tenant too', async () => {
  const world = await startHttp({ settings: { auth: 'any' } });
  const token = await tokenOf(world, {}, '/@acme');
  await world.ask('GET', '/v1/keyed', { headers: { 'x-library-token': token } });
  expect(world.tenants.get('acme').journal.entries().at(-1)?.url).toBe('/v1/keyed');
});

test('a bearer token beside the client credentials of a form is not taken for the client', async () => {
  const world = await startHttp();
  const body = new URLSearchParams(CLIENT);
  expect((await world.ask('POST', '/oauth/token', { ...bearer('anything'), body })).status).toBe(200);
});

test('tokens and secrets stay out of journal and transcript', async () => {
  const world = await startHttp();
  const token = await tokenOf(world, { client_secret: 'hush' });
  const text = world.tenant.transcript.toText() + JSON.stringify(world.tenant.journal.entries());
  expect(text).not.toContain(token);
  expect(text).not.toContain('hush');
  expect(text).toContain('/oauth/token');
});

test('beyond loopback the control API needs the admin token, but to tell that it is ready', async () => {
  const [readClock, readHealth] = ['clock', 'health'].map((what) =>
    operation('GET', `/_simulator/${what}`, `read ${what}`, { system: 'simulator', contract: 'control' }),
  );
  if (readClock === undefined || readHealth === undefined) throw new Error('there are two');
  const control = {
    ...libraryContract,
    system: 'simulator',
    name: 'control',
    resources: [],
    operations: [readClock, readHealth],
  };
  const { ask } = await startHttp({
    contracts: [libraryContract, control],
    settings: { auth: 'off', host: '0.0.0.0', adminToken: 'open-sesame' },
    control: { 'read clock': () => ({ status: 200, body: {} }), 'read health': () => ({ status: 200, body: {} }) },
  });
  expect((await ask('GET', '/_simulator/clock')).status).toBe(401);
  expect((await ask('GET', '/_simulator/health')).status).toBe(200);
  expect((await ask('GET', '/_simulator/clock', bearer('wrong'))).status).toBe(401);
  expect((await ask('GET', '/_simulator/clock', bearer('open-sesame'))).status).toBe(200);
  expect((await ask('GET', '/v1/books')).status).toBe(200);
});

test('a system may refuse by scope, where the mode is strict', async () => {
  const authorize = () => new Refusal(403, 'FORBIDDEN', 'Failed to read: not with this token.');
  const systems = [{ name: 'library', authorize }];
  expect((await (await startHttp({ systems, settings: { auth: 'strict' } })).ask('GET', '/v1/books')).status).toBe(403);
  expect((await (await startHttp({ systems, settings: { auth: 'any' } })).ask('GET', '/v1/books')).status).toBe(200);
});
