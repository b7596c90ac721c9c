import { expect, test } from 'vitest';
import { allowHeader, createRoutes } from '../../../src/surfaces/http/routes.ts';

const routes = createRoutes([
  { method: 'GET', path: '/books' },
  { method: 'GET', path: '/books/{book-id}' },
  { method: 'DELETE', path: '/books/{id}' },
  { method: 'POST', path: '/books/search' },
  { method: 'GET', path: '/books/{id}/pages/{page.no}' },
  { method: 'GET', path: '/files/{name}.json' },
  { method: 'POST', path: '/books/{id}:lend' },
]);

test('parameters keep the names of the contract, whatever characters those have', () => {
  expect(routes.find('GET', '/books/a-b.c')?.path).toEqual({ 'book-id': 'a-b.c' });
  expect(routes.find('GET', '/books/1/pages/2')?.path).toEqual({ id: '1', 'page.no': '2' });
  expect(routes.find('GET', '/files/a.json')?.path).toEqual({ name: 'a' });
  expect(routes.find('POST', '/books/7:lend')?.path).toEqual({ id: '7' });
});

test('a literal wins over a parameter, where it has the method', () => {
  expect(routes.find('POST', '/books/search')?.route.path).toBe('/books/search');
  expect(routes.find('GET', '/books/search')?.route.path).toBe('/books/{book-id}');
});

test.each(['//books', '/books//', '/books//pages/2', '/Books', '/books/1/pages', '/books/1/pages/2//'])(
  '%s leads nowhere',
  (path) => {
    expect(routes.find('GET', path)).toBeUndefined();
  },
);

test('a slash at the end of a path leads where the path does', () => {
  expect(routes.find('GET', '/books/')?.route.path).toBe('/books');
  expect(routes.find('GET', '/books/1/pages/2/')?.path).toEqual({ id: '1', 'page.no': '2' });
});

test('a path tells which methods it has', () => {
  expect(allowHeader(routes.at('/books/1'))).toBe('GET, DELETE, HEAD, OPTIONS');
  expect(routes.at('/none')).toEqual([]);
});

test('of two routes with the same method and shape the first answers, and the second is told', () => {
  const twice = createRoutes([
    { method: 'GET', path: '/a/{x}' },
    { method: 'GET', path: '/a/{y}' },
  ]);
  expect(twice.find('GET', '/a/1')?.path).toEqual({ x: '1' });
  expect(twice.shadowed).toEqual([{ method: 'GET', path: '/a/{y}' }]);
});

test('of two routes with the same method and shape, each answers the paths that only it takes', () => {
  const takes = ({ number = '' }: Readonly<Record<string, string>>) => /^\d+$/.test(number);
  const files = createRoutes([
    { method: 'GET', path: '/files/{number}', takes },
    { method: 'GET', path: '/files/{name}' },
    { method: 'GET', path: '/files/{title}' },
  ]);
  expect(files.find('GET', '/files/12')?.path).toEqual({ number: '12' });
  expect(files.find('GET', '/files/a.pdf')?.path).toEqual({ name: 'a.pdf' });
  expect(files.shadowed).toEqual([{ method: 'GET', path: '/files/{title}' }]);
});

test('a parameter may be long', () => {
  expect(routes.find('GET', `/books/${'x'.repeat(5_000)}`)).toBeDefined();
});

test('a star is a star, and an encoded character is that character', () => {
  const odd = createRoutes([
    { method: 'GET', path: '/files/*/x' },
    { method: 'GET', path: '/all*/{id}' },
    { method: 'GET', path: '/a%20b' },
  ]);
  expect(odd.find('GET', '/files/*/x')?.path).toEqual({});
  expect(odd.find('GET', '/files/1/x')).toBeUndefined();
  expect(odd.find('GET', '/all*/7')?.path).toEqual({ id: '7' });
  expect(odd.find('GET', '/a%20b')).toBeDefined();
});

test('an alias leads to a route where nothing has the path for its own', () => {
  const [things, thing] = [
    { method: 'GET', path: '/v1/things', aliases: ['/things', '/v2/things'] },
    { method: 'GET', path: '/v1/things/{id}', aliases: ['/things/{id}'] },
  ];
  const other = { method: 'POST', path: '/things/{name}' };
  const aliased = createRoutes([things, thing, other].filter((route) => route !== undefined));

  expect(aliased.find('GET', '/things')?.route).toBe(things);
  expect(aliased.find('HEAD', '/v2/things')?.route).toBe(things);
  expect(aliased.find('GET', '/things/1')).toBeUndefined();
  expect(aliased.at('/things/1')).toEqual([other]);
  expect(aliased.at('/things')).toEqual([things]);
  expect(aliased.has('/v2/things')).toBe(true);
});

test('a first segment is found however it is written, and first asked for or not', () => {
  const fresh = () =>
    createRoutes([
      { method: 'GET', path: '/books/{id}' },
      { method: 'GET', path: '/shelves' },
      { method: 'GET', path: '/{kind}/{id}/notes' },
    ]);
  expect(fresh().find('GET', '/%62ooks/1')?.route.path).toBe('/books/{id}');
  expect(fresh().find('GET', '/books/1/notes')?.route.path).toBe('/{kind}/{id}/notes');
  expect(fresh().find('HEAD', '/shelves')?.route.path).toBe('/shelves');
  expect(fresh().has('/shelves?all')).toBe(true);
  expect(fresh().at('/books/1')).toHaveLength(1);
  expect(fresh().find('GET', '/%/1')).toBeUndefined();
});

test('of hundreds of paths with one first segment each is found', () => {
  const paths = Array.from({ length: 250 }, (_, index) => `/v1/things${index}/{id}`);
  const many = createRoutes(paths.map((path) => ({ method: 'GET', path })));
  for (const path of paths) expect(many.find('GET', path.replace('{id}', '7'))?.route.path).toBe(path);
});
