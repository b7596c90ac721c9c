import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startProcess } from '../support/process.ts';
import { get, post, sendRaw, upgrade } from './raw-client.ts';

const simulator = await startProcess([
  ...['--fixture', 'empty', '--public-url', 'https://bss.example.com/sim'],
  ...['--allow-origins', 'https://console.example', '--allow-hosts', 'bss.test'],
]);
afterAll(() => simulator.stop());
const { port: ownPort } = new URL(simulator.url);
const port = Number(ownPort);

/** What the headers of one request, in place of `Host: localhost`, are answered with. */
async function statusOf(request: string | Buffer, ...headers: string[]) {
  const bytes = request.toString('latin1').replace('Host: localhost', headers.join('\r\n'));
  return sendRaw(port, bytes, (text) => text.includes('\r\n\r\n'));
}

test.each([
  ['another site', [`Host: localhost:${port}`, 'Origin: https://evil.example']],
  ['a file or a sandbox', [`Host: localhost:${port}`, 'Origin: null']],
  ['another port of this machine', [`Host: localhost:${port}`, 'Origin: http://localhost:3000']],
  ['another name of this machine', [`Host: localhost:${port}`, `Origin: http://127.0.0.1:${port}`]],
  ['another scheme', [`Host: localhost:${port}`, `Origin: https://localhost:${port}`]],
  ['a name that was led here', [`Host: evil.example:${port}`]],
  ['a page under such a name', [`Host: evil.example:${port}`, `Origin: http://evil.example:${port}`]],
  ['a name that begins like ours', [`Host: localhost.evil.example:${port}`]],
  ['a name with a dot at its end', [`Host: localhost.:${port}`]],
  ['a user before our name', [`Host: localhost@evil.example:${port}`]],
  ['our address in another form', [`Host: 127.1:${port}`]],
  ['our address as a number', [`Host: 0x7f000001:${port}`]],
  ['an address that is not ours', ['Host: 192.0.2.1']],
  ['a form or an image', [`Host: localhost:${port}`, 'Sec-Fetch-Site: cross-site']],
  ['an image on another port', [`Host: localhost:${port}`, 'Sec-Fetch-Site: same-site']],
])('a page has no power over the simulator: %s', async (_whose, headers) => {
  const refused = [
    await statusOf(post('/_simulator/reset', ''), ...headers),
    await statusOf(get('/_simulator/clock'), ...headers),
    await statusOf(get('/@victim/_simulator/requests'), ...headers),
    await statusOf(post('/_simulator/inbox/a', '{}'), ...headers),
    await statusOf(
      'OPTIONS /_simulator/faults HTTP/1.1\r\nHost: localhost\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n',
      ...headers,
    ),
    await statusOf(upgrade('/_simulator/events'), ...headers),
  ];

  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
  for (const { text } of refused) expect(text).not.toMatch(/access-control-/i);
  // What is refused leaves no trace, not even a tenant.
  expect(await (await fetch(`${simulator.url}/_simulator/tenants`)).text()).not.toContain('victim');
});

test.each([
  ['localhost', [`Host: localhost:${port}`]],
  ['localhost in capitals', ['Host: LOCALHOST']],
  ['127.0.0.1', [`Host: 127.0.0.1:${port}`]],
  ['IPv6', [`Host: [::1]:${port}`]],
  ['a forwarded port', ['Host: localhost:9999']],
  ['the public address', ['Host: bss.example.com']],
  ['a name that was allowed', ['Host: BSS.test:4010']],
  ['a page of its own', [`Host: localhost:${port}`, `Origin: http://localhost:${port}`, 'Sec-Fetch-Site: same-origin']],
  ['a page of its own, behind a proxy', ['Host: localhost:9999', 'Origin: https://bss.example.com']],
  ['the address line of a browser', [`Host: localhost:${port}`, 'Sec-Fetch-Site: none']],
])('programs and its own pages are answered: %s', async (_what, headers) => {
  const answers = [
    await statusOf(post('/_simulator/reset', ''), ...headers),
    await statusOf(get('/_simulator/clock'), ...headers),
    await statusOf(upgrade('/_simulator/events'), ...headers),
  ];

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 101]);
  for (const { text } of answers) expect(text).not.toMatch(/access-control-/i);
});

test('an origin that was allowed has the power of its own pages, with and without a preflight', async () => {
  const headers = ['Host: localhost', 'Origin: https://console.example', 'Sec-Fetch-Site: cross-site'];

  const preflight = await statusOf(
    'OPTIONS /_simulator/reset HTTP/1.1\r\nHost: localhost\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\nConnection: close\r\n\r\n',
    ...headers,
  );
  expect(preflight.status).toBe(204);
  expect(preflight.text).toContain('access-control-allow-methods: POST, OPTIONS\r\n');
  expect(preflight.text).toContain('access-control-allow-headers: content-type\r\n');
  const answers = [
    await statusOf(post('/_simulator/reset', ''), ...headers),
    await statusOf(get('/_simulator/events', ['Accept: text/event-stream']), ...headers),
  ];
  for (const { status, text } of answers) {
    expect(status).toBe(200);
    expect(text).toContain('access-control-allow-origin: https://console.example\r\n');
  }
  expect((await statusOf(upgrade('/_simulator/events'), ...headers)).status).toBe(101);
});

test('contracts are there for pages of any origin, under any name', async () => {
  const headers = ['Host: app.example', 'Origin: https://app.example', 'Authorization: Bearer a'];

  const { status, text } = await statusOf(get('/v1/customers'), ...headers);
  expect(status).toBe(200);
  expect(text).toContain('access-control-allow-origin: https://app.example');
  expect((await statusOf(upgrade('/customer/created'), ...headers)).status).toBe(101);
});

test('a browser that follows a channel of a contract is told of what happens', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/customer/created`, { origin: 'https://app.example' });
  await once(socket, 'open');
  const message = once(socket, 'message');

  await fetch(`${simulator.url}/_simulator/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'customer/created' }),
  });

  const [data] = await message;
  expect(JSON.parse(String(data))).toMatchObject({ eventType: expect.any(String) });
  socket.terminate();
});
