import { expect, test } from 'vitest';
import { startHttp } from '../surfaces/http/http-world.ts';
import { post, sendRaw } from './raw-client.ts';

test.each([
  ['arrays nested 100,000 deep', '['.repeat(100_000), 'nested deeper'],
  ['objects nested 16,000 deep', '{"a":'.repeat(16_000), 'nested deeper'],
  ['a key __proto__', '{"title":"x","__proto__":{"isAdmin":true}}', '__proto__'],
  ['an escaped key __proto__', '{"title":"x","\\u005f_proto__":{}}', '__proto__'],
  ['a repeated key', '{"title":"x","title":"y"}', 'repeats the key'],
  ['a lone surrogate', '{"title":"\\udead"}', 'surrogate'],
  ['bytes that are no UTF-8', Buffer.from('{"title":"\xff"}', 'latin1'), 'UTF-8'],
  ['an overlong encoding of a slash', Buffer.from('{"title":"\xc0\xaf"}', 'latin1'), 'UTF-8'],
  ['a NUL byte between two members', '{"title":"x",\0"note":"y"}', 'not valid JSON'],
  ['half a document', '{"title":', 'not valid JSON'],
  ['two documents', '{"title":"x"}{"title":"y"}', 'behind its end'],
  ['a number that no double holds', '{"title":"x","pages":1e999}', 'too large'],
  ['a word that is no JSON', '{"title":NaN}', 'not valid JSON'],
])('%s are refused with 400 and told', async (_what, body, told) => {
  const { port, ask, tenant } = await startHttp();
  const { status, text } = await sendRaw(port, post('/v1/books', body));
  expect(status).toBe(400);
  expect(text).toContain(told);
  expect((await tenant.store.query('library/Book')).total).toBe(0);
  expect((await ask('GET', '/v1/books')).status).toBe(200);
});

test('keys of the prototype are stored as the plain data they are', async () => {
  const { ask } = await startHttp();
  const { status, body } = await ask('POST', '/v1/books', {
    headers: { 'content-type': 'application/json' },
    body: '{"title":"x","constructor":{"prototype":{"polluted":1}},"toString":"y","hasOwnProperty":1}',
  });
  expect(status).toBe(201);
  expect(body.constructor).toEqual({ prototype: { polluted: 1 } });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect((await ask('GET', '/v1/books')).status).toBe(200);
});

test('a value as deep as allowed goes all the way in and out', async () => {
  const { ask } = await startHttp();
  const deep = '['.repeat(199) + ']'.repeat(199);
  const answer = await ask('POST', '/v1/books', {
    headers: { 'content-type': 'application/json' },
    body: `{"title":"x","more":${deep}}`,
  });
  expect(answer.status).toBe(201);
  expect(answer.text).toContain(deep);
});

test('an announced length beyond the limit is refused before a byte of it is read', async () => {
  const { port } = await startHttp();
  const head =
    'POST /v1/books HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n';
  const { status } = await sendRaw(port, head, (text) => text.includes('\r\n\r\n'));
  expect(status).toBe(413);
});

test('a client that waits for leave to send too much is told 413 and not 100', async () => {
  const { port } = await startHttp();
  const head =
    'POST /v1/books HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 999999\r\nExpect: 100-continue\r\n\r\n';
  const { text } = await sendRaw(port, head, (answer) => answer.includes('\r\n\r\n'));
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
});

test('a client that waits for leave to send a body gets it', async () => {
  const { port } = await startHttp();
  const head =
    'POST /v1/books HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n';
  const { text } = await sendRaw(port, `${head}{"title":"x"}`, (answer) => answer.includes('"title"'));
  expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
});

test('a client of HTTP/1.0, which knows of no leave to send, is answered at once', async () => {
  const { port } = await startHttp();
  const head =
    'POST /v1/books HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n';
  const { text } = await sendRaw(port, `${head}{"title":"x"}`, (answer) => answer.includes('"title"'));
  expect(text).toMatch(/^HTTP\/1\.1 201 /);
});

test('a body that is compressed on its way alone is refused, and not read as it comes', async () => {
  const { port } = await startHttp();
  const head =
    'POST /v1/books HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: gzip, chunked\r\n\r\n';
  const { status } = await sendRaw(port, `${head}d\r\n{"title":"x"}\r\n0\r\n\r\n`);
  expect(status).toBe(501);
});

test('a client that is refused while it waits for leave has its connection closed', async () => {
  const { port } = await startHttp();
  const head =
    'POST /v1/books HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n';
  const { status, isClosed } = await sendRaw(port, head);
  expect([status, isClosed]).toEqual([415, true]);
});

test('chunks that add up beyond the limit are refused, and the connection is closed', async () => {
  const { port, ask } = await startHttp();
  const head =
    'POST /v1/books HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
  const chunks = `4000\r\n${' '.repeat(0x4000)}\r\n`.repeat(20);
  const { status, isClosed } = await sendRaw(port, `${head}${chunks}0\r\n\r\n`);
  expect([status, isClosed]).toEqual([413, true]);
  expect((await ask('GET', '/v1/books')).status).toBe(200);
});

test('a sender that goes on after the refusal still reads it', async () => {
  const { url } = await startHttp();
  const answer = await fetch(`${url}/v1/books`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: ' '.repeat(4_000_000),
  });
  expect(answer.status).toBe(413);
});

test('a body shorter than announced times out with 408', async () => {
  const { port, ask } = await startHttp({ limits: { requestTimeout: 300, headersTimeout: 300, checkInterval: 20 } });
  const head =
    'POST /v1/books HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n';
  const { status, isClosed } = await sendRaw(port, `${head}{"title":`);
  expect([status, isClosed]).toEqual([408, true]);
  expect((await ask('GET', '/v1/books')).status).toBe(200);
});

test('a client that leaves in the middle of its body leaves nothing behind', async () => {
  const { port, ask, tenant, logged } = await startHttp();
  const head =
    'POST /v1/books HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n';
  await sendRaw(port, head, (text) => text.includes('100 Continue'));
  expect((await ask('GET', '/v1/books')).body).toEqual([]);
  expect(tenant.journal.count).toBe(1);
  expect(logged).toEqual([]);
});
