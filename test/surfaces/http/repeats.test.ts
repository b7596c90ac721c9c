import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { Repeats } from '../../../src/surfaces/http/repeats.ts';

const request = (more: object = {}) => ({
  url: '/v1/books',
  rawQuery: 'page=2',
  path: {},
  query: { page: 2 },
  headers: { accept: 'application/json', host: 'localhost' },
  ...more,
});

/** What a client has sent of headers, on one connection. */
const sending = (socket: Socket, headers: object) => ({ socket, rawHeaders: Object.entries(headers).flat() });

test('what a connection sends again is held once', () => {
  const [repeats, socket] = [new Repeats(), new Socket()];
  const { headers } = request();
  const first = repeats.of(sending(socket, headers), request());
  const second = repeats.of(sending(socket, headers), request({ url: '/v1/authors' }));

  expect(second).toEqual(request({ url: '/v1/authors' }));
  expect(second.headers).toBe(first.headers);
  expect(second.query).toBe(first.query);
});

test.each([
  ['another value', { accept: 'text/html', host: 'localhost' }],
  ['one more', { accept: 'application/json', host: 'localhost', prefer: 'wait' }],
  ['one less', { accept: 'application/json' }],
])('headers with %s are themselves', (_, headers) => {
  const [repeats, socket] = [new Repeats(), new Socket()];
  repeats.of(sending(socket, request().headers), request());

  expect(repeats.of(sending(socket, headers), request({ headers })).headers).toBe(headers);
  expect(repeats.of(sending(socket, headers), request({ headers: { ...headers } })).headers).toBe(headers);
});
