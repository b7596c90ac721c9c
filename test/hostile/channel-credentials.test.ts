import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { sendRaw, upgrade } from './raw-client.ts';

/** One channel for each way in which a WebSocket can carry a credential. */
const CONTRACT = `asyncapi: 2.6.0
info: {title: Doors, version: '1'}
channels:
${['bearer', 'header', 'query', 'subprotocol', 'cookie']
  .map(
    (name) =>
      `  ${name}:\n    subscribe:\n      security: [{ ${name}: [] }]\n      message: { payload: { type: object } }`,
  )
  .join('\n')}
components:
  securitySchemes:
    bearer: {type: oauth2, flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {}}}}
    header: {type: httpApiKey, in: header, name: X-Door-Key}
    query: {type: httpApiKey, in: query, name: door_key}
    subprotocol: {type: httpApiKey, in: header, name: Sec-WebSocket-Protocol}
    cookie: {type: httpApiKey, in: cookie, name: door}
`;
const folder = mkdtempSync(join(tmpdir(), 'doors-'));
mkdirSync(join(folder, 'doors'));
writeFileSync(join(folder, 'doors', 'events.yaml'), CONTRACT);
const lenient = await startProcess(['--specs', folder]);
const strict = await startProcess(['--specs', folder, '--auth', 'strict']);
afterAll(async () => {
  await lenient.stop();
  await strict.stop();
  rmSync(folder, { recursive: true });
});

/** What is sent to come in by each door. */
const KEYS: Readonly<
  Record<string, (key: string) => { readonly query?: string; readonly headers?: readonly string[] }>
> = {
  bearer: (key) => ({ headers: [`Authorization: Bearer ${key}`] }),
  header: (key) => ({ headers: [`X-Door-Key: ${key}`] }),
  query: (key) => ({ query: `?door_key=${key}` }),
  subprotocol: (key) => ({ headers: [`Sec-WebSocket-Protocol: doors, ${key}`] }),
  cookie: (key) => ({ headers: [`Cookie: other=1; door=${key}`] }),
};
const DOORS = Object.keys(KEYS);

async function connect(url: string, door: string, by: string, key: string): Promise<number> {
  const { query = '', headers = [] } = KEYS[by]?.(key) ?? {};
  const port = Number(new URL(url).port);
  return (await sendRaw(port, upgrade(`/@own/${door}${query}`, headers), (text) => text.includes('\r\n\r\n'))).status;
}

async function tokenOf(tenant: string): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: 'me', client_secret: 'any' };
  const response = await fetch(`${strict.url}/@${tenant}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return String(((await response.json()) as { access_token: unknown }).access_token);
}

test.each(DOORS)('a channel that wants its credential by %s takes it there, and nowhere else', async (door) => {
  const none = sendRaw(Number(new URL(lenient.url).port), upgrade(`/@own/${door}`), (text) =>
    text.includes('\r\n\r\n'),
  );
  expect((await none).status).toBe(401);
  for (const by of DOORS) {
    expect([by, await connect(lenient.url, door, by, 'any')]).toEqual([by, by === door ? 101 : 401]);
    expect(await connect(lenient.url, door, by, '')).toBeGreaterThanOrEqual(400);
  }
});

test.each(DOORS)('where one of ours is wanted by %s, no other is taken, nor one of another tenant', async (door) => {
  expect(await connect(strict.url, door, door, 'any')).toBe(401);
  expect(await connect(strict.url, door, door, '__proto__')).toBe(401);
  expect(await connect(strict.url, door, door, await tokenOf('other'))).toBe(401);
  expect(await connect(strict.url, door, door, await tokenOf('own'))).toBe(101);
});

test('a page may carry its bearer token behind the subprotocol of that name, or in the query', async () => {
  const port = Number(new URL(strict.url).port);
  const token = await tokenOf('own');
  const seen = (text: string) => text.includes('\r\n\r\n');
  const asProtocol = [`Sec-WebSocket-Protocol: bearer, ${token}`];
  expect((await sendRaw(port, upgrade('/@own/bearer', asProtocol), seen)).status).toBe(101);
  expect((await sendRaw(port, upgrade(`/@own/bearer?access_token=${token}`), seen)).status).toBe(101);
  // An Authorization header that is there is what counts.
  const both = ['Authorization: Bearer nobody', ...asProtocol];
  expect((await sendRaw(port, upgrade('/@own/bearer', both), seen)).status).toBe(401);
});
