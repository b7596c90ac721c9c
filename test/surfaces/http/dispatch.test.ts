import { type IncomingHttpHeaders, request } from 'node:http';
import { expect, test } from 'vitest';
import { Refusal } from '../../../src/model/command.ts';
import { libraryContract, operation, response, startHttp } from './http-world.ts';

test('a resource is created, read, changed and deleted over the wire', async () => {
  const { ask, url } = await startHttp();
  const created = await ask('POST', '/v1/books', { json: { title: 'Ulysses', pages: 730 } });
  expect(created.status).toBe(201);
  expect(created.headers.get('content-type')).toBe('application/json;charset=utf-8');
  expect(created.headers.get('location')).toBe(`${url}/v1/books/BOO-000001`);
  expect(created.body).toMatchObject({
    id: 'BOO-000001',
    title: 'Ulysses',
    href: `${url}/v1/books/BOO-000001`,
  });
  expect((await ask('GET', '/v1/books/BOO-000001')).body).toEqual(created.body);
  const changed = await ask('PATCH', '/v1/books/BOO-000001', { json: { pages: 731 } });
  expect(changed.body).toMatchObject({ title: 'Ulysses', pages: 731 });
  expect((await ask('DELETE', '/v1/books/BOO-000001')).status).toBe(204);
  expect((await ask('GET', '/v1/books/BOO-000001')).status).toBe(404);
});

test.each([0, 1, 3])('a page of %i objects, whatever the alphabet, says how many bytes it has', async (count) => {
  const { ask } = await startHttp();
  const titles = ['Ulysses', 'Zażółć gęślą jaźń', '戦争と平和 🕊'].slice(0, count);
  for (const title of titles) await ask('POST', '/v1/books', { json: { title } });
  for (const path of ['/v1/books', ...titles.map((_, index) => `/v1/books/BOO-00000${index + 1}`)]) {
    const { status, headers, body } = await ask('GET', path);
    expect(status).toBe(200);
    expect(headers.get('content-length')).toBe(String(Buffer.byteLength(JSON.stringify(body))));
  }
  const { body } = await ask('GET', '/v1/books');
  expect(JSON.stringify(body)).toContain(JSON.stringify(titles.at(-1) ?? []));
});

test('a refusal is written in the error format of the contract', async () => {
  const { ask } = await startHttp();
  const { status, headers, body } = await ask('GET', '/v1/books/none');
  expect(status).toBe(404);
  expect(headers.get('content-type')).toBe('application/json');
  expect(body).toEqual({
    code: 'NOT_FOUND',
    reason: 'Not Found',
    message: expect.stringContaining('none'),
    status: '404',
  });
});

test('every violation of a request is told in one answer', async () => {
  const contract = {
    ...libraryContract,
    operations: [
      operation('PUT', '/v1/things/{thingId}', 'putThing', {
        parameters: [
          { in: 'path', name: 'thingId', required: true, schema: { type: 'integer' } },
          { in: 'query', name: 'depth', required: true, schema: { type: 'integer' } },
          { in: 'header', name: 'X-Kind', required: false, schema: { enum: ['a', 'b'] } },
        ],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { required: ['name'] }, examples: {} } },
        },
      }),
    ],
    resources: [],
  };
  const { ask } = await startHttp({ contracts: [contract] });
  const { status, body } = await ask('PUT', '/v1/things/x?depth=low', { json: {}, headers: { 'x-kind': 'c' } });
  expect(status).toBe(400);
  expect(body.errors).toEqual([
    { in: 'path', path: '/thingId', message: 'must be integer' },
    { in: 'header', path: '/X-Kind', message: 'must be one of "a" or "b"' },
    { in: 'query', path: '/depth', message: 'must be integer' },
    { in: 'body', path: '/name', message: 'is required' },
  ]);
});

test('query parameters are coerced, split and filled with defaults, and undeclared ones noted', async () => {
  const seen: unknown[] = [];
  const { ask, tenant } = await startHttp({
    systems: [
      {
        name: 'library',
        operations: {
          listBooks: (_work, command) => {
            seen.push(command.query, command.rawQuery);
            return { status: 200, body: [] };
          },
        },
      },
    ],
  });
  await ask('GET', '/v1/books?tags=a,b&color=red%20dark');
  expect(seen).toEqual([{ tags: ['a', 'b'], page: 1 }, 'tags=a,b&color=red%20dark']);
  expect(tenant.journal.entries()[0]?.notes).toEqual(['The query parameter "color" is not in the contract.']);
});

test.each([
  ['page=1&page=2', '/page', 'is given more than once'],
  ['page=0', '/page', 'must be >= 1'],
  ['state=lost', '/state', 'must be one of "in" or "out"'],
  ['state=%ff', '', 'is not valid percent-encoded UTF-8'],
])('the query %s is refused', async (query, path, message) => {
  const { ask } = await startHttp();
  const { status, body } = await ask('GET', `/v1/books?${query}`);
  expect(status).toBe(400);
  expect(body.errors).toContainEqual({ in: 'query', path, message });
});

test.each([
  ['application/json', 201],
  ['application/json; charset=utf-8', 201],
  ['APPLICATION/JSON;charset="UTF-8"', 201],
  ['application/json; charset=latin1', 415],
  ['text/plain', 415],
  ['application/xml', 415],
])('a body labelled %s is answered with %d', async (contentType, status) => {
  const { ask } = await startHttp();
  const headers = { 'content-type': contentType };
  const answer = await ask('POST', '/v1/books', { body: '{"title":"x"}', headers });
  expect(answer.status).toBe(status);
  if (status === 415) expect(answer.headers.get('accept-post')).toBe('application/json');
});

test('a compressed body is refused with 415', async () => {
  const { ask } = await startHttp();
  const headers = { 'content-encoding': 'gzip' };
  expect((await ask('POST', '/v1/books', { json: { title: 'x' }, headers })).status).toBe(415);
});

test('a missing body is a violation', async () => {
  const { ask } = await startHttp();
  const { status, body } = await ask('POST', '/v1/books');
  expect(status).toBe(400);
  expect(body.errors).toEqual([{ in: 'body', path: '', message: 'is required' }]);
});

test('an Accept header that no response meets is answered with 406', async () => {
  const { ask } = await startHttp();
  expect((await ask('GET', '/v1/books', { headers: { accept: 'text/html' } })).status).toBe(406);
  expect((await ask('GET', '/v1/books', { headers: { accept: 'application/json;q=0, */*' } })).status).toBe(406);
  expect((await ask('GET', '/v1/books', { headers: { accept: 'text/html, application/*;q=0.1' } })).status).toBe(200);
});

test('a merge patch needs no required properties, and its nulls remove optional ones', async () => {
  const { ask } = await startHttp();
  await ask('POST', '/v1/books', { json: { title: 'Ulysses', note: 'mine' } });
  const headers = { 'content-type': 'application/merge-patch+json' };
  const patched = await ask('PATCH', '/v1/books/BOO-000001', { body: '{"note":null}', headers });
  expect(patched.status).toBe(200);
  expect(patched.body).not.toHaveProperty('note');
  const refused = await ask('PATCH', '/v1/books/BOO-000001', { body: '{"title":null}', headers });
  expect(refused.body.errors).toEqual([{ in: 'body', path: '/title', message: 'must be string' }]);
});

test('x-select tells the violations of the selected schema, and of all where nothing selects one', async () => {
  const { ask } = await startHttp();
  const violationsOf = async (json: unknown) => (await ask('POST', '/v1/orders', { json })).body.errors as unknown;
  expect(await violationsOf({ order: { kind: 'Add' } })).toEqual([
    { in: 'body', path: '/user', message: 'is required' },
  ]);
  expect(await violationsOf({ order: { kind: 'Delete' } })).toEqual([
    { in: 'body', path: '/id', message: 'is required' },
  ]);
  expect(await violationsOf({ order: {} })).toEqual([
    { in: 'body', path: '/user', message: 'is required' },
    { in: 'body', path: '/id', message: 'is required' },
  ]);
  expect((await ask('POST', '/v1/orders', { json: { order: {}, id: 1 } })).status).toBe(200);
});

test('a response that breaks its contract is logged and journalled', async () => {
  const { ask, logged, tenant } = await startHttp({
    systems: [{ name: 'library', operations: { listBooks: () => ({ status: 200, body: [{ title: 7 }] }) } }],
  });
  expect((await ask('GET', '/v1/books')).status).toBe(200);
  expect(logged.map(({ message }) => message)).toEqual(['a response breaks its contract']);
  expect(tenant.journal.entries()[0]?.violations).toEqual([
    { in: 'body', path: '/0/title', message: 'must be string' },
  ]);
});

test('where the simulator is strict, such a response is a 500 that undoes its command', async () => {
  const { ask, tenant } = await startHttp({
    settings: { strict: true },
    systems: [
      {
        name: 'library',
        operations: {
          createBook: (work) => {
            work.create('library/Book', { title: 'Ulysses' });
            return { status: 299, body: {} };
          },
        },
      },
    ],
  });
  const { status, body } = await ask('POST', '/v1/books', { json: { title: 'x' } });
  expect(status).toBe(500);
  expect(body.code).toBe('CONTRACT_BROKEN');
  expect((await tenant.store.query('library/Book')).total).toBe(0);
});

test('an unexpected error is a 500 without a word about its cause, and does not end the server', async () => {
  const { ask, logged } = await startHttp({
    systems: [
      {
        name: 'library',
        operations: {
          listBooks: () => {
            throw new TypeError('secret detail');
          },
        },
      },
    ],
  });
  const { status, text, body } = await ask('GET', '/v1/books');
  expect(status).toBe(500);
  expect(body.code).toBe('INTERNAL_ERROR');
  expect(text).not.toContain('secret');
  expect(logged[0]?.fields.err).toBeInstanceOf(TypeError);
  expect((await ask('GET', '/v1/books/search')).status).toBe(200);
});

test('HEAD is answered from GET, with its length and without its body', async () => {
  const { ask } = await startHttp();
  const get = await ask('GET', '/v1/books');
  const head = await ask('HEAD', '/v1/books');
  expect(head.status).toBe(200);
  expect(head.text).toBe('');
  expect(head.headers.get('content-length')).toBe(String(get.text.length));
});

test('a method that a path does not have is answered with 405 and those it has', async () => {
  const { ask, tenant } = await startHttp();
  const { status, headers, body } = await ask('PUT', '/v1/books');
  expect(status).toBe(405);
  expect(headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS');
  expect(body.code).toBe('METHOD_NOT_ALLOWED');
  expect(tenant.journal.entries()[0]?.notes).toEqual(['No operation of a contract answers PUT /v1/books.']);
});

test('a preflight is answered for every path of a contract, from a private network too', async () => {
  const { url } = await startHttp();
  const headers = {
    origin: 'http://app.example',
    'access-control-request-method': 'PATCH',
    'access-control-request-headers': 'x-a',
    'access-control-request-private-network': 'true',
  };
  const { status, headers: answered } = await preflight(`${url}/v1/books/1`, headers);
  expect(status).toBe(204);
  expect(answered).toMatchObject({
    allow: 'GET, PATCH, DELETE, HEAD, OPTIONS',
    'access-control-allow-origin': 'http://app.example',
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, PATCH, DELETE, HEAD, OPTIONS',
    'access-control-allow-headers': 'x-a',
    'access-control-allow-private-network': 'true',
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  });
});

test('OPTIONS that is no preflight names the methods, and needs none of what a browser asks for', async () => {
  const { url } = await startHttp();
  const { status, headers } = await preflight(`${url}/v1/books/1`, { origin: 'http://app.example' });
  expect([status, headers.allow]).toEqual([204, 'GET, PATCH, DELETE, HEAD, OPTIONS']);
  expect(headers['access-control-allow-methods']).toBeUndefined();
});

test('an OPTIONS of the contract answers itself, and a preflight of its path is answered all the same', async () => {
  const contract = {
    ...libraryContract,
    operations: [
      operation('OPTIONS', '/v1/books', 'describeBooks', { responses: { 200: response({}) } }),
      ...libraryContract.operations,
    ],
  };
  const { url } = await startHttp({ contracts: [contract], sample: () => ({ status: 200, body: { own: true } }) });
  const headers = { origin: 'http://app.example', 'access-control-request-method': 'POST' };

  expect((await preflight(`${url}/v1/books`, {})).status).toBe(200);
  const { status, headers: answered } = await preflight(`${url}/v1/books`, headers);

  expect([status, answered['access-control-allow-methods']]).toEqual([204, 'OPTIONS, GET, POST, HEAD']);
});

test('a script of another origin may read the answer, with credentials, and every header of it', async () => {
  const { ask } = await startHttp({ settings: { auth: 'any' } });
  const origin = 'http://app.example';
  const { headers } = await ask('POST', '/v1/books', { json: { title: 'x' }, headers: { origin } });
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('access-control-allow-credentials')).toBe('true');
  expect(headers.get('access-control-expose-headers')).toContain('location, link, content-range, x-total-count');
  expect(headers.get('vary')).toBe('Origin');
  const refused = await ask('GET', '/v1/private', { headers: { origin } });
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
  expect((await ask('GET', '/v1/books')).headers.get('access-control-allow-origin')).toBeNull();
});

test('Prefer asks for a sample, which changes nothing', async () => {
  const { ask, tenant } = await startHttp({
    sample: (_work, command) => ({ status: 400, body: { code: command.headers.prefer, reason: 'sample' } }),
  });
  const answer = await ask('POST', '/v1/books', {
    json: { title: 'x' },
    headers: { prefer: 'code=400, return=minimal' },
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('preference-applied')).toBe('code=400');
  expect(answer.body.reason).toBe('sample');
  expect((await tenant.store.query('library/Book')).total).toBe(0);
});

test('links start with the public address and the tenant prefix they were asked with', async () => {
  const { ask } = await startHttp({ settings: { publicUrl: 'https://bss.example.com' } });
  const { headers, body } = await ask('POST', '/@acme/v1/books', { json: { title: 'x', note: '/v1/books/1' } });
  expect(headers.get('location')).toBe('https://bss.example.com/@acme/v1/books/BOO-000001');
  expect(body).toMatchObject({ href: 'https://bss.example.com/@acme/v1/books/BOO-000001', note: '/v1/books/1' });
});

test('tenants are chosen by path before header, and never meet', async () => {
  const { ask } = await startHttp();
  await ask('POST', '/@acme/v1/books', { json: { title: 'x' } });
  const headers = { 'x-simulator-tenant': 'acme' };
  expect((await ask('GET', '/v1/books', { headers })).body).toHaveLength(1);
  expect((await ask('GET', '/@other/v1/books', { headers })).body).toEqual([]);
  expect((await ask('GET', '/v1/books')).body).toEqual([]);
  expect((await ask('GET', '/@a%20b/v1/books')).status).toBe(400);
});

test('the transcript names the own origin http://simulator, with and without a tenant prefix', async () => {
  const { ask, tenants, url } = await startHttp();
  const make = (base: string) =>
    ask('POST', `${base}/v1/books?access_token=abc`, { json: { title: 'x', note: `${url}${base}/v1/books` } });
  await make('/@acme');
  await make('');
  const text = tenants.get('acme').transcript.toText();
  expect(text).toBe(tenants.get('default').transcript.toText());
  expect(text).toContain('"location":"http://simulator/v1/books/BOO-000001"');
  expect(text).not.toContain('127.0.0.1');
  expect(text).not.toContain('abc');
});

test('the journal keeps requests without their credentials', async () => {
  const { ask, tenant } = await startHttp();
  await ask('GET', '/v1/books', { headers: { authorization: 'Bearer secret', 'x-library-token': 'secret' } });
  const [entry] = tenant.journal.entries();
  expect(entry).toMatchObject({
    id: 'REQ-000001',
    operationId: 'listBooks',
    url: '/v1/books',
    response: { status: 200 },
  });
  expect(JSON.stringify(entry)).not.toContain('secret');
});

test('the control API acts on the tenant of the request; only its changes are in the transcript', async () => {
  const control = {
    ...libraryContract,
    system: 'simulator',
    name: 'control',
    resources: [],
    securitySchemes: {},
    $defs: {},
    errorSchema: undefined,
    operations: [
      operation('GET', '/_simulator/clock', 'readClock', { system: 'simulator', contract: 'control' }),
      operation('POST', '/_simulator/clock', 'setClock', { system: 'simulator', contract: 'control' }),
      operation('POST', '/_simulator/reset', 'reset', {
        system: 'simulator',
        contract: 'control',
        extensions: { 'x-transcript': false },
        responses: { 204: response() },
      }),
      operation('GET', '/_simulator/lost', 'lost', { system: 'simulator', contract: 'control' }),
      operation('GET', '/_simulator/stream', 'stream', {
        system: 'simulator',
        contract: 'control',
        responses: { 200: response({ type: 'string' }, 'text/event-stream') },
      }),
    ],
  };
  const { ask, tenants } = await startHttp({
    contracts: [libraryContract, control],
    control: {
      readClock: ({ tenant, base }) => ({ status: 200, body: { tenant: tenant.name, base } }),
      setClock: () => {
        throw new Refusal(409, 'ADVANCE_RUNNING', 'Failed to set the clock: it is busy.');
      },
      reset: () => ({ status: 204 }),
      stream: () => ({
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        start: (sink) => {
          sink.write('data: 1\n\n');
          sink.end();
          return () => {};
        },
      }),
    },
  });
  // What only looks makes no tenant.
  expect((await ask('GET', '/@acme/_simulator/clock')).status).toBe(404);
  tenants.get('acme');
  expect((await ask('GET', '/@acme/_simulator/clock')).body).toMatchObject({
    tenant: 'acme',
    base: expect.stringMatching(/\/@acme$/),
  });
  const refused = await ask('POST', '/@acme/_simulator/clock');
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(refused.body).toMatchObject({ status: 409, code: 'ADVANCE_RUNNING', title: 'Conflict' });
  expect((await ask('POST', '/@acme/_simulator/reset')).status).toBe(204);
  expect((await ask('GET', '/_simulator/lost')).status).toBe(501);
  expect((await ask('GET', '/@acme/_simulator/stream')).text).toBe('data: 1\n\n');
  const kinds = tenants
    .get('acme')
    .transcript.toText()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).operationId ?? 'response');
  expect(kinds).toEqual(['setClock', 'response']);
  expect(tenants.get('acme').journal.count).toBe(0);
});

test('the page at / lists contracts, and everything unknown is a 404 with problem details', async () => {
  const { ask, tenant } = await startHttp();
  const page = await ask('GET', '/');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.text).toContain('Library &#60;&#38;&#62;');
  const lost = await ask('GET', '/v1/bookz?a=1');
  expect(lost.status).toBe(404);
  expect(lost.headers.get('content-type')).toBe('application/problem+json');
  expect(lost.body.code).toBe('NOT_FOUND');
  expect(tenant.journal.entries()).toMatchObject([{ url: '/v1/bookz?a=1', response: { status: 404 } }]);
});

test.each([
  ['/v1/books/a%2Fb', 'a/b'],
  ['/v1/books/100%25', '100%'],
  ['/v1/books/%2525', '%25'],
  ['/v1/books/..%2F..', '../..'],
])('the parameter of %s is decoded once', async (path, id) => {
  const seen: unknown[] = [];
  const { url } = await startHttp({
    systems: [
      {
        name: 'library',
        operations: {
          readBook: (_work, command) => {
            seen.push(command.path.bookId);
            return { status: 200, body: { title: 'x' } };
          },
        },
      },
    ],
  });
  await fetch(url + path);
  expect(seen).toEqual([id]);
});

/** `fetch` does not let a program send the headers of a preflight. */
function preflight(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'OPTIONS', headers }, (incoming) => {
      incoming.resume();
      resolve({ status: incoming.statusCode, headers: incoming.headers });
    });
    outgoing.on('error', reject).end();
  });
}
