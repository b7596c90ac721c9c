import type { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startHttp } from '../surfaces/http/http-world.ts';
import { get, openIdle, post, sendRaw } from './raw-client.ts';

const JSON_BODY = '{"title":"x"}';

test.each([
  [
    'a length and chunks at once',
    `POST /v1/books HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`,
  ],
  [
    'two different lengths',
    'POST /v1/books HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123456',
  ],
  ['a negative length', 'POST /v1/books HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n'],
  ['a length that is no number', 'POST /v1/books HTTP/1.1\r\nHost: a\r\nContent-Length: 0x10\r\n\r\n'],
  [
    'a coding that only looks like chunked',
    'POST /v1/books HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n',
  ],
  [
    'a chunk size that is no number',
    'POST /v1/books HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  ],
  [
    'a chunk size that no body has',
    'POST /v1/books HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}',
  ],
  [
    'such a size in a later chunk',
    'POST /v1/books HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n7fffffffffffffff\r\n ',
  ],
  ['a space before the colon of a header', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'],
  ['a header with a NUL byte', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n'],
  ['a lone carriage return in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n'],
  ['no Host header', 'GET /v1/books HTTP/1.1\r\n\r\n'],
  ['two Host headers', 'GET /v1/books HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['the same Host header twice', 'GET /v1/books HTTP/1.1\r\nHost: a\r\nX: b\r\nhOST: a\r\n\r\n'],
  ['a Host header that names two hosts', 'GET /v1/books HTTP/1.1\r\nHost: a, b\r\n\r\n'],
  ['a Host header that is an address of a page', 'GET /v1/books HTTP/1.1\r\nHost: a/b\r\n\r\n'],
  ['a method that is none', 'BREW /v1/books HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a NUL byte in the address', 'GET /v1/\0books HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a version that is none', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n'],
  ['TLS on a plain port', Buffer.from('16030100a5010000a10303', 'hex')],
  ['no HTTP at all', 'hello\r\n\r\n'],
])('%s: 400, and the connection is closed', async (_what, bytes) => {
  const { port, ask } = await startHttp();
  const { status, isClosed } = await sendRaw(port, bytes);
  expect([status, isClosed]).toEqual([400, true]);
  expect((await ask('GET', '/v1/books')).status).toBe(200);
});

test.each([
  ['/v1/../v1/books', 400],
  ['/v1/./books', 400],
  ['/v1/books/%2e%2e/books', 400],
  ['/v1/books/.%2E', 400],
  ['/v1/books/%00', 400],
  ['/v1/books/%0d%0aSet-Cookie:%20a', 400],
  ['/v1/books/%zz', 400],
  ['/v1/books/%c0%af', 400],
  ['/v1/books#x', 400],
  ['/v1/b\\..\\books', 404],
  ['//v1/books', 404],
  ['/v1//books', 404],
  ['/v1/books/', 200],
  ['/v1/books//', 404],
  ['/v1%2Fbooks', 404],
  ['/V1/books', 404],
  ['http://evil.example/v1/books', 200],
  ['/@a/@b/v1/books', 404],
  ['/@../v1/books', 400],
  ['/@__proto__/v1/books', 400],
])('the address %s is answered with %d', async (target, status) => {
  const { port } = await startHttp();
  expect((await sendRaw(port, get(target))).status).toBe(status);
});

test.each([
  ['OPTIONS', 204],
  ['GET', 404],
])('%s on the server as a whole is answered with %d', async (method, status) => {
  const { port } = await startHttp();
  expect((await sendRaw(port, `${method} * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).status).toBe(status);
});

test('a tenant in a header is held to the same names', async () => {
  const { port } = await startHttp();
  expect((await sendRaw(port, get('/v1/books', ['X-Simulator-Tenant: ../etc']))).status).toBe(400);
});

test('a Host header that is no host gets into no link', async () => {
  const { port } = await startHttp();
  const bytes = post('/v1/books', JSON_BODY).toString().replace('Host: localhost', 'Host: evil"/><script>');
  const { status, text } = await sendRaw(port, bytes);
  expect(status).toBe(400);
  expect(text).not.toContain('evil');
});

test('a head beyond the limit is answered with 431', async () => {
  const { port, ask } = await startHttp();
  const { status, isClosed } = await sendRaw(port, get('/v1/books', [`X-Large: ${'x'.repeat(64 * 1024)}`]));
  expect([status, isClosed]).toEqual([431, true]);
  expect((await ask('GET', '/v1/books')).status).toBe(200);
});

test('a head that never ends times out with 408', async () => {
  const { port } = await startHttp({ limits: { requestTimeout: 40, headersTimeout: 40, checkInterval: 10 } });
  const { status, isClosed } = await sendRaw(port, 'GET /v1/books HTTP/1.1\r\nHost: a\r\nX-Slow: ');
  expect([status, isClosed]).toEqual([408, true]);
});

test('requests sent one behind the other without waiting are answered in their order', async () => {
  const { port } = await startHttp();
  const many = 50;
  const one = 'GET /v1/books/search HTTP/1.1\r\nHost: a\r\n\r\nGET /v1/books/none HTTP/1.1\r\nHost: a\r\n\r\n';
  const { text } = await sendRaw(
    port,
    one.repeat(many),
    (answer) => (answer.match(/HTTP\/1\.1 /g) ?? []).length === many * 2 && answer.endsWith('}'),
  );
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
  expect(statuses).toEqual(Array.from({ length: many }, () => ['200', '404']).flat());
});

test('what follows a refused request in the same connection is not taken for a request of its own', async () => {
  const { port, tenant } = await startHttp();
  const smuggled = 'DELETE /v1/books/1 HTTP/1.1\r\nHost: a\r\n\r\n';
  await sendRaw(
    port,
    `POST /v1/books HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\nContent-Type: text/plain\r\n\r\n${smuggled}${get('/v1/books')}`,
  );
  expect(tenant.journal.entries().map(({ operationId }) => operationId)).toEqual(['createBook', 'listBooks']);
});

test('2,000 idle connections do not keep the server from answering', async () => {
  const { port, ask, http } = await startHttp();
  const sockets: Socket[] = [];
  for (let batch = 0; batch < 20; batch += 1) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => openIdle(port)))));
  }
  expect((await ask('GET', '/v1/books')).status).toBe(200);
  await http.stop();
  for (const socket of sockets) socket.destroy();
});

test('a connection beyond the limit takes the place of the oldest that has said nothing', async () => {
  const { port } = await startHttp({ limits: { maxSockets: 2 } });
  const [oldest, newest] = [await openIdle(port), await openIdle(port)];
  const closed = new Promise((resolve) => oldest.once('close', resolve));
  expect((await sendRaw(port, get('/v1/books'))).status).toBe(200);
  await closed;
  expect(newest.destroyed).toBe(false);
  newest.destroy();
});

test('a connection that idles is closed, and one that is asked on is not', async () => {
  const { port } = await startHttp({ limits: { keepAliveTimeout: 60, checkInterval: 10 } });
  const [idle, busy] = [await openIdle(port), await openIdle(port)];
  const request = 'GET /v1/books HTTP/1.1\r\nHost: localhost\r\n\r\n';
  busy.on('data', () => busy.write(request));
  idle.on('data', () => {});
  for (const socket of [idle, busy]) socket.write(request);

  await new Promise((resolve) => idle.once('close', resolve));
  expect(busy.destroyed).toBe(false);
  busy.destroy();
});

test('a thousand query parameters cost a thousand parameters and no more', async () => {
  const { ask, tenant } = await startHttp();
  const query = Array.from({ length: 1_000 }, (_, index) => `p${index}=1`).join('&');
  expect((await ask('GET', `/v1/books?${query}`)).status).toBe(200);
  expect(tenant.journal.entries()[0]?.notes).toHaveLength(20);
});

test('whatever bytes arrive, the answer is a clear one or none, and the next client is served', async () => {
  const { port, ask, logged } = await startHttp({
    limits: { requestTimeout: 30, headersTimeout: 30, keepAliveTimeout: 30, checkInterval: 5 },
  });
  const line = fc.constantFrom(
    'GET /v1/books HTTP/1.1',
    'POST /v1/books HTTP/1.1',
    'PATCH /v1/books/1 HTTP/1.0',
    'OPTIONS * HTTP/1.1',
  );
  const header = fc.constantFrom(
    'Host: a',
    'Content-Length: 3',
    'Transfer-Encoding: chunked',
    'Content-Type: application/json',
    'Expect: 100-continue',
    'Connection: upgrade',
    'Upgrade: h2c',
    'Accept: ;;q=',
    'Prefer: code=',
    'Authorization: Bearer',
    'X-Simulator-Tenant: ',
  );
  await fc.assert(
    fc.asyncProperty(
      line,
      fc.array(header, { maxLength: 5 }),
      fc.string({ maxLength: 20 }),
      async (first, headers, body) => {
        const { status } = await sendRaw(port, `${[first, ...headers].join('\r\n')}\r\n\r\n${body}`);
        expect(status === 0 || (status >= 100 && status < 500), String(status)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
  expect((await ask('GET', '/v1/books')).status).toBe(200);
  expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
});
