import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oauth from 'oauth4webapi';
import { afterAll, expect, test } from 'vitest';
import { startSimulator } from '../../support/simulator.ts';

const CONTRACT = `
openapi: 3.2.0
info: { title: Books, version: '1' }
servers: [{ url: 'https://api.example.com/v1' }]
paths:
  /books:
    get:
      operationId: listBooks
      security: [{ oauth: [read] }]
      responses: { '200': { description: Books, content: { application/json: { schema: { type: array, items: { type: string } } } } } }
    post:
      operationId: burnBooks
      security: [{ oauth: [write] }]
      responses: { '204': { description: Gone } }
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows:
        clientCredentials: { tokenUrl: 'https://id.example.com/oauth/token', scopes: { read: Read, write: Write } }
        authorizationCode:
          authorizationUrl: https://id.example.com/oauth/authorize
          tokenUrl: https://id.example.com/oauth/token
          refreshUrl: https://id.example.com/oauth/token
          scopes: { read: Read }
    device:
      type: oauth2
      flows:
        deviceAuthorization:
          deviceAuthorizationUrl: https://id.example.com/oauth/device
          tokenUrl: https://id.example.com/oauth/token
          scopes: { read: Read }
    connect: { type: openIdConnect, openIdConnectUrl: 'https://id.example.com/realms/bss/.well-known/openid-configuration' }
`;

const folder = mkdtempSync(join(tmpdir(), 'books-'));
const file = join(folder, 'books.openapi.yaml');
writeFileSync(file, CONTRACT);
afterAll(() => rmSync(folder, { recursive: true }));

// Receivers of tokens compare them with their own clocks.
const { simulator, ask } = await startSimulator({
  specs: [file],
  cache: false,
  auth: 'strict',
  clock: 'real',
});

const HTTP = { [oauth.allowInsecureRequests]: true };
const client: oauth.Client = { client_id: 'a client: ä+%' };
const secret = 'p&ss word:+%';

async function discover(issuer: string, algorithm: 'oidc' | 'oauth2' = 'oauth2') {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { ...HTTP, algorithm }));
}

async function tokenOf(issuer: string, scope: string, more: Record<string, string> = {}) {
  const server = await discover(issuer);
  const request = oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic(secret),
    { scope, ...more },
    HTTP,
  );
  const { access_token: token } = await oauth.processClientCredentialsResponse(server, client, await request);
  return { server, token };
}

const asking = (token: string) => ({ authorization: `Bearer ${token}` });

test.each(['', '/@acme', '/realms/bss', '/@acme/realms/bss'])(
  'a strict client discovers the issuer at "%s" in both ways, gets a token, and validates, introspects and revokes it',
  async (path) => {
    const issuer = simulator.url + path;
    const tenant = path.startsWith('/@acme') ? '/@acme' : '';
    expect(await discover(issuer, 'oidc')).toEqual(await discover(issuer));

    const { server, token } = await tokenOf(issuer, '');
    const claims = await oauth.validateJwtAccessToken(
      server,
      new Request(`${issuer}/v1/books`, { headers: asking(token) }),
      simulator.url + tenant,
      HTTP,
    );
    expect(claims).toMatchObject({ iss: issuer, client_id: 'a client: ä+%', sub: 'a client: ä+%' });

    const introspect = async () =>
      oauth.processIntrospectionResponse(
        server,
        client,
        await oauth.introspectionRequest(server, client, oauth.ClientSecretBasic(secret), token, HTTP),
      );
    expect(await introspect()).toMatchObject({ active: true, aud: simulator.url + tenant, jti: claims.jti });
    const revoked = await oauth.revocationRequest(server, client, oauth.ClientSecretPost(secret), token, HTTP);
    await oauth.processRevocationResponse(revoked);
    expect(await introspect()).toEqual({ active: false });
    expect((await ask('GET', `${tenant}/v1/books`, undefined, asking(token))).status).toBe(401);
  },
);

test('a token is checked against the scopes and the audience that an operation and a resource have', async () => {
  const narrow = await tokenOf(simulator.url, 'read');
  expect((await ask('GET', '/v1/books', undefined, asking(narrow.token))).status).toBe(200);
  const refused = await ask('POST', '/v1/books', undefined, asking(narrow.token));
  expect(refused.status).toBe(403);
  expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="write"');

  const { url } = simulator;
  const statuses = await Promise.all(
    [`${url}/v1`, `${url}/v2`, 'https://api.example.com/v1'].map(async (resource) => {
      const { token } = await tokenOf(url, 'read', { resource });
      return (await ask('GET', '/v1/books', undefined, asking(token))).status;
    }),
  );
  expect(statuses).toEqual([200, 401, 401]);
});

test('a code is changed for tokens once, by its client, with its verifier, and its tokens can be renewed', async () => {
  const server = await discover(simulator.url);
  const app: oauth.Client = { client_id: 'app', token_endpoint_auth_method: 'none' };
  const redirect = 'https://app.example.com/back';
  const verifier = oauth.generateRandomCodeVerifier();
  const authorization = new URL(String(server.authorization_endpoint));
  const asked = {
    response_type: 'code',
    client_id: 'app',
    redirect_uri: redirect,
    state: 's1',
    scope: 'read',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) authorization.searchParams.set(name, value);
  const sent = await fetch(authorization, { redirect: 'manual' });
  expect(sent.status).toBe(302);

  const parameters = oauth.validateAuthResponse(server, app, new URL(String(sent.headers.get('location'))), 's1');
  const exchange = (proof: string) =>
    oauth.authorizationCodeGrantRequest(server, app, oauth.None(), parameters, redirect, proof, HTTP);
  const tokens = await oauth.processAuthorizationCodeResponse(server, app, await exchange(verifier));
  expect((await ask('GET', '/v1/books', undefined, asking(tokens.access_token))).status).toBe(200);
  expect(await (await exchange(verifier)).json()).toMatchObject({ error: 'invalid_grant' });

  const renew = () => oauth.refreshTokenGrantRequest(server, app, oauth.None(), String(tokens.refresh_token), HTTP);
  const renewed = await oauth.processRefreshTokenResponse(server, app, await renew());
  expect(renewed.access_token).not.toBe(tokens.access_token);
  expect(await (await renew()).json()).toMatchObject({ error: 'invalid_grant' });
  // What renews is no access token.
  expect((await ask('GET', '/v1/books', undefined, asking(String(renewed.refresh_token)))).status).toBe(401);
});

test.each([
  [
    'two client authentications at once',
    { authorization: 'Basic bWU6cw==' },
    { client_id: 'me', client_secret: 's' },
    400,
    'invalid_request',
  ],
  [
    'a client_id other than that of Basic',
    { authorization: 'Basic bWU6cw==' },
    { client_id: 'you' },
    400,
    'invalid_request',
  ],
  [
    'Basic credentials that are not form-encoded',
    { authorization: `Basic ${btoa('a%zz:s')}` },
    {},
    401,
    'invalid_client',
  ],
  ['a resource that is no URI', {}, { client_id: 'me', client_secret: 's', resource: 'books' }, 400, 'invalid_target'],
])('%s is refused', async (_what, headers, form, status, error) => {
  const response = await fetch(`${simulator.url}/oauth/token`, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(form as Record<string, string>) }),
  });
  expect([response.status, await response.json()]).toMatchObject([status, { error }]);
});

test('nobody is sent to an address that a browser would run, or that is none', async () => {
  for (const target of ['javascript:alert(1)', 'back', 'https://app.example.com/#x']) {
    const query = new URLSearchParams({ response_type: 'code', client_id: 'app', redirect_uri: target });
    const { status, headers, body } = await ask('GET', `/oauth/authorize?${query}`);
    expect([status, headers.get('location'), body.error]).toEqual([400, null, 'invalid_request']);
  }
});

test('a device is let in at once, and its code is good for one token', async () => {
  const server = await discover(simulator.url);
  const asked = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), { scope: 'read' }, HTTP);
  const { device_code: code, user_code: shown } = await oauth.processDeviceAuthorizationResponse(server, client, asked);
  expect(shown).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);

  const changed = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), code, HTTP);
  const { access_token: token } = await oauth.processDeviceCodeResponse(server, client, changed);
  expect((await ask('GET', '/v1/books', undefined, asking(token))).status).toBe(200);

  const again = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), code, HTTP);
  await expect(oauth.processDeviceCodeResponse(server, client, again)).rejects.toThrow(
    /server responded with an error/,
  );
});
