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

test('what a connection sends again is held once', () => {
  const [repeats, socket] = [new Repeats(), new Socket()];
  const first = repeats.of(socket, request());
  const second = repeats.of(socket, request({ url: '/v1/authors' }));

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
  repeats.of(socket, request());

  expect(repeats.of(socket, request({ headers })).headers).toBe(headers);
});
