import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

const json = (schema: string, headers = '') =>
  `{description: ok, ${headers} content: {application/json: {schema: ${schema}}}}`;
const thing = "{$ref: '#/components/schemas/Thing'}";
const schemas =
  'Thing: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}, price: {type: number}, madeAt: {type: string, format: date-time}, tags: {type: array, items: {type: string}}}}';

/** Serves things with these query parameters and this answer of the list, and makes some. */
async function list(query: string, answer: string, names = ['c', 'a', 'b']) {
  const ask = await serveContract({
    paths: `
/things:
  get:
    parameters: [${query}]
    responses: {'200': ${answer}}
  post: {requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}, price: {type: number}, madeAt: {type: string}, tags: {type: array, items: {type: string}}}}}}}, responses: {'201': ${json(thing)}}}`,
    schemas,
  });
  for (const [index, name] of names.entries())
    await ask('POST', '/things', { name, price: index + 1, madeAt: `2026-01-0${index + 1}T00:00:00Z`, tags: [name] });
  return async (path: string) => {
    const { body, headers } = await ask('GET', `/things${path}`);
    const items = Array.isArray(body) ? body : (body.data ?? body.items);
    return { body, headers, names: items.map(({ name }: { name: string }) => name).join('') };
  };
}

const param = (name: string, type = 'string') => `{name: '${name}', in: query, schema: {type: ${type}}}`;
const array = json(`{type: array, items: ${thing}}`);

test.each([
  ['page=2&limit=2', `${param('page', 'integer')}, ${param('limit', 'integer')}`, 'b'],
  [
    'page=1&per_page=1',
    `{name: page, in: query, schema: {type: integer, default: 0}}, ${param('per_page', 'integer')}`,
    'a',
  ],
  ['offset=1&limit=1', `${param('offset', 'integer')}, ${param('limit', 'integer')}`, 'a'],
  ['skip=1&top=2', `${param('skip', 'integer')}, ${param('top', 'integer')}`, 'ab'],
  ['page[number]=2&page[size]=2', `${param('page[number]', 'integer')}, ${param('page[size]', 'integer')}`, 'b'],
  ['$skip=2&$top=2', `${param('$skip', 'integer')}, ${param('$top', 'integer')}`, 'b'],
  [
    'page[number]=2&page[size]=2',
    '{name: page, in: query, style: deepObject, explode: true, schema: {type: object, properties: {number: {type: integer}, size: {type: integer}}}}',
    'b',
  ],
  ['page=2&price=2', `${param('page', 'integer')}, ${param('price', 'integer')}`, ''],
  ['count=2', `${param('count', 'integer')}`, 'ca'],
])('a list is paged by ?%s', async (query, parameters, names) => {
  const get = await list(parameters, array);
  expect((await get(`?${query}`)).names).toBe(names);
});

test('a cursor leads through a list, and there is none behind the end', async () => {
  const get = await list(
    `${param('cursor')}, ${param('limit', 'integer')}`,
    json(
      `{type: object, properties: {items: {type: array, items: ${thing}}, has_more: {type: boolean}, next_cursor: {type: string}}}`,
    ),
  );

  const first = await get('?limit=2');
  expect([first.names, first.body.has_more]).toEqual(['ca', true]);
  const second = await get(`?limit=2&cursor=${first.body.next_cursor}`);
  expect([second.names, second.body.has_more, second.body.next_cursor]).toEqual(['b', false, undefined]);
});

test('ids are cursors where the contract says "starting_after"', async () => {
  const get = await list(
    `${param('starting_after')}, ${param('ending_before')}, ${param('limit', 'integer')}`,
    json(
      `{type: object, required: [object, data, has_more], properties: {object: {type: string, enum: [list]}, data: {type: array, items: ${thing}}, has_more: {type: boolean}, url: {type: string}}}`,
    ),
  );

  const { body } = await get('?limit=1');
  expect(body).toMatchObject({ object: 'list', has_more: true });
  expect((await get(`?starting_after=${body.data[0].id}`)).names).toBe('ab');
  const last = (await get('?starting_after=unknown')).body.data.at(-1);
  expect((await get(`?ending_before=${last.id}&limit=1`)).names).toBe('a');
});

test('links of an envelope and of the header lead to the neighbours', async () => {
  const get = await list(
    `${param('page', 'integer')}, ${param('per_page', 'integer')}`,
    json(
      `{type: object, properties: {data: {type: array, items: ${thing}}, links: {type: object, properties: {next: {type: string}, prev: {type: string, nullable: true}}}, meta: {type: object, properties: {pagination: {type: object, properties: {total: {type: integer}, total_pages: {type: integer}, current_page: {type: integer}}}}}}}`,
      'headers: {Link: {schema: {type: string}}, X-Total-Count: {schema: {type: integer}}},',
    ),
  );

  const { body, headers } = await get('?page=1&per_page=2');
  expect(body.links).toEqual({ next: expect.stringContaining('page=2&per_page=2'), prev: null });
  expect(body.meta.pagination).toEqual({ total: 3, total_pages: 2, current_page: 1 });
  expect(headers.get('x-total-count')).toBe('3');
  expect(headers.get('link')).toMatch(/<http:.*page=2&per_page=2>; rel="next"/);
  expect((await get(new URL(body.links.next, 'http://localhost').search)).names).toBe('b');
});

test.each([
  ['sort=name', param('sort'), 'abc'],
  ['sort=-price', param('sort'), 'bac'],
  ['order_by=price:desc', param('order_by'), 'bac'],
  [
    'sortBy=name&order=desc',
    `${param('sortBy')}, {name: order, in: query, schema: {type: string, enum: [asc, desc]}}`,
    'cba',
  ],
  ['sort=unknown', param('sort'), 'cab'],
])('a list is sorted by ?%s', async (query, parameters, names) => {
  const get = await list(parameters, array);
  expect((await get(`?${query}`)).names).toBe(names);
});

test.each([
  ['name=a', param('name'), 'a'],
  ['filter[name]=a', param('filter[name]'), 'a'],
  ['tags=c', param('tags'), 'c'],
  [
    'names=a,b',
    '{name: names, in: query, explode: false, style: form, schema: {type: array, items: {type: string}}}',
    'ab',
  ],
  ['q=A', param('q'), 'a'],
  ['minPrice=2', param('minPrice', 'number'), 'ab'],
  ['price_lte=2', param('price_lte', 'number'), 'ca'],
  ['madeAfter=2026-01-02T00:00:00Z', '{name: madeAfter, in: query, schema: {type: string, format: date-time}}', 'ab'],
  [
    'made_at[lt]=2026-01-02T00:00:00Z',
    "{name: 'made_at[lt]', in: query, schema: {type: string, format: date-time}}",
    'c',
  ],
  ['name=all', '{name: name, in: query, schema: {type: string, enum: [all, a]}}', 'cab'],
])('a list is narrowed by ?%s', async (query, parameters, names) => {
  const get = await list(parameters, array);
  expect((await get(`?${query}`)).names).toBe(names);
});

test('a list of summaries shows what its schema has, and what is read has it all', async () => {
  const ask = await serveContract({
    paths: `
/things:
  get: {responses: {'200': ${json("{type: array, items: {$ref: '#/components/schemas/ThingSummary'}}")}}}
  post: {requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}, price: {type: number}}}}}}, responses: {'201': ${json(thing)}}}
/things/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${json(thing)}}}`,
    schemas: `${schemas}
ThingSummary: {type: object, properties: {id: {type: string}, name: {type: string}}}`,
  });

  const { body } = await ask('POST', '/things', { name: 'a', price: 1 });
  expect((await ask('GET', '/things')).body).toEqual([{ id: body.id, name: 'a' }]);
  expect((await ask('GET', `/things/${body.id}`)).body).toEqual(body);
});

test.each([
  ['{type: array, items: {type: string}}', (id: string) => [id]],
  [`{type: object, additionalProperties: ${thing}}`, (id: string) => ({ [id]: { id, name: 'a' } })],
  [
    `{type: array, items: {type: object, properties: {thing: ${thing}}}}`,
    (id: string) => [{ thing: { id, name: 'a' } }],
  ],
])('a list may be written as %s', async (schema, wanted) => {
  const ask = await serveContract({
    paths: `
/things:
  get: {responses: {'200': ${json(schema)}}}
  post: {requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}, responses: {'201': ${json(thing)}}}
/things/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${json(thing)}}}`,
    schemas,
  });

  const { body } = await ask('POST', '/things', { name: 'a' });
  expect((await ask('GET', '/things')).body).toEqual(wanted(body.id));
});

test('a size beside a page is how long that is, also where things have a size', async () => {
  const thing = "{$ref: '#/components/schemas/Shoe'}";
  const ask = await serveContract({
    paths: `
/shoes:
  get:
    parameters: [{name: page, in: query, schema: {type: integer, default: 0}}, ${param('size', 'integer')}, {name: sort, in: query, schema: {type: array, items: {type: string}}}]
    responses: {'200': ${json(`{type: object, properties: {content: {type: array, items: ${thing}}, size: {type: integer}, number: {type: integer}, totalPages: {type: integer}, empty: {type: boolean}}}`)}}
  post: {requestBody: {content: {application/json: {schema: {type: object, properties: {size: {type: integer}}}}}}, responses: {'201': ${json(thing)}}}`,
    schemas: 'Shoe: {type: object, required: [id], properties: {id: {type: string}, size: {type: integer}}}',
  });
  for (const size of [38, 45, 41]) await ask('POST', '/shoes', { size });

  const { body } = await ask('GET', '/shoes?page=1&size=2&sort=size,desc');

  expect(body.content.map(({ size }: { size: number }) => size)).toEqual([38]);
  expect(body).toMatchObject({ size: 2, number: 1, totalPages: 2, empty: false });
});

test('where no parameter takes a cursor, "next" is a link, however deep it stands', async () => {
  const get = await list(
    `${param('limit', 'integer')}, ${param('offset', 'integer')}`,
    json(
      `{type: object, properties: {items: {type: array, items: ${thing}}, next: {type: string, nullable: true}, links: {type: object, properties: {pages: {type: object, properties: {next: {type: string}, prev: {type: string}}}}}}}`,
    ),
  );

  const { body } = await get('?limit=1');
  expect(body.next).toBe('/things?limit=1&offset=1');
  expect(body.links).toEqual({ pages: { next: '/things?limit=1&offset=1' } });
});

test('pages of an envelope like that of Spring Data are counted from zero', async () => {
  const envelope = `{type: object, properties: {data: {type: array, items: ${thing}}, page: {type: object, properties: {size: {type: integer}, totalElements: {type: integer}, totalPages: {type: integer}, number: {type: integer}}}}}`;
  const get = await list(`${param('page', 'integer')}, ${param('size', 'integer')}`, json(envelope));

  const { names, body } = await get('?page=1&size=2');
  expect(names).toBe('b');
  expect(body.page).toEqual({ size: 2, totalElements: 3, totalPages: 2, number: 1 });
  expect((await get('?page=0&size=2')).names).toBe('ca');

  const byOffset = await list(`${param('offset', 'integer')}, ${param('limit', 'integer')}`, json(envelope));
  expect((await byOffset('?offset=2&limit=2')).body.page).toMatchObject({ totalPages: 2, number: 1 });
});

test('headers tell of the page what they are called after', async () => {
  const declared = ['X-Total', 'X-Total-Pages', 'X-Page', 'X-Per-Page', 'X-Next-Page', 'X-Prev-Page', 'X-Request-Id']
    .map((name) => `${name}: {schema: {type: ${name === 'X-Request-Id' ? 'string' : 'integer'}}}`)
    .join(', ');
  const get = await list(
    `${param('page', 'integer')}, ${param('per_page', 'integer')}`,
    json(`{type: array, items: ${thing}}`, `headers: {${declared}},`),
  );

  const { headers } = await get('?per_page=2');
  const told = (name: string) => headers.get(`x-${name}`);
  expect(['total', 'total-pages', 'page', 'per-page', 'next-page', 'prev-page'].map(told)).toEqual([
    '3',
    '2',
    '1',
    '2',
    '2',
    null,
  ]);
});

test('a header may hold the cursor', async () => {
  const get = await list(
    `${param('marker')}, ${param('limit', 'integer')}`,
    json(`{type: array, items: ${thing}}`, 'headers: {X-Next-Marker: {schema: {type: string}}},'),
  );

  const next = (await get('?limit=2')).headers.get('x-next-marker');
  const last = await get(`?limit=2&marker=${next}`);
  expect([last.names, last.headers.get('x-next-marker')]).toEqual(['b', null]);
});

test('things that keep all they have in one object are sorted by what stands in that', async () => {
  const body = (schema: string) => `{description: ok, content: {application/json: {schema: ${schema}}}}`;
  const ask = await serveContract({
    paths: `
/posts:
  get:
    parameters: [{name: sort, in: query, schema: {type: string}}]
    responses: {'200': ${body("{type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Post'}}}}")}}
  post:
    requestBody: {content: {application/json: {schema: {type: object, properties: {data: {$ref: '#/components/schemas/Post'}}}}}}
    responses: {'201': ${body("{type: object, properties: {data: {$ref: '#/components/schemas/Post'}}}")}}
/posts/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${body("{type: object, properties: {data: {$ref: '#/components/schemas/Post'}}}")}}}`,
    schemas:
      'Post: {type: object, properties: {id: {type: string, readOnly: true}, attributes: {type: object, properties: {title: {type: string}}}}}',
  });
  for (const title of ['b', 'c', 'a']) await ask('POST', '/posts', { data: { attributes: { title } } });

  const titles = async (sort: string) =>
    (await ask('GET', `/posts?sort=${sort}`)).body.data.map((each: { attributes: unknown }) => each.attributes);
  expect(await titles('title')).toEqual([{ title: 'a' }, { title: 'b' }, { title: 'c' }]);
  expect(await titles('-title')).toEqual([{ title: 'c' }, { title: 'b' }, { title: 'a' }]);
});

test('a list that is described as one thing answers the first, and one that is nowhere before there is any', async () => {
  const one = `{description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Plant'}}}}`;
  const ask = await serveContract({
    paths: `
/plants:
  get: {responses: {'200': ${one}}}
  post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Plant'}}}}, responses: {'201': ${one}}}
/plants/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
  get: {responses: {'200': ${one}}}
  delete: {responses: {'204': {description: gone}}}`,
    schemas:
      'Plant: {type: object, required: [id, name], properties: {id: {type: integer, readOnly: true}, name: {type: string}}}',
  });
  expect(await ask('GET', '/plants')).toMatchObject({ status: 200, body: { name: expect.any(String) } });
  const { body: fern } = await ask('POST', '/plants', { name: 'fern' });
  await ask('POST', '/plants', { name: 'moss' });
  expect((await ask('GET', '/plants')).body).toEqual(fern);
  await ask('DELETE', `/plants/${fern.id}`);
  expect((await ask('GET', '/plants')).body).toMatchObject({ name: 'moss' });
});
