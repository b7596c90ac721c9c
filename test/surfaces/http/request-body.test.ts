import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command } from '../../../src/model/command.ts';
import { echo } from './echo-world.ts';

const OK = { 200: { description: 'Fine.', content: { 'application/json': {} } } };

/** The paths of one operation with a body. */
function taking(content: object, method = 'post') {
  return { '/things': { [method]: { requestBody: { required: true, content }, responses: OK } } };
}

const CUSTOMER = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    age: { type: 'integer' },
    isVip: { type: 'boolean' },
    address: { type: 'object', properties: { city: { type: 'string' }, zip: { type: 'integer' } } },
    tags: { type: 'array', items: { type: 'string' } },
    nums: { type: 'array', items: { type: 'integer' } },
    lines: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' } } } },
  },
  additionalProperties: false,
};

const URLENCODED = 'application/x-www-form-urlencoded';

test.each<[string, unknown, object?]>([
  ['name=a&tags=x', { name: 'a', tags: ['x'] }],
  ['name=a+b%2Bc&age=7&isVip=true', { name: 'a b+c', age: 7, isVip: true }],
  ['tags=x&tags=y,z', { tags: ['x', 'y,z'] }],
  ['tags[]=x&tags[]=y', { tags: ['x', 'y'] }],
  ['nums=1,2', { nums: [1, 2] }],
  ['nums=[1,2]', { nums: [1, 2] }],
  ['nums=1%2C2', { nums: [1, 2] }, { nums: { style: 'form', explode: true } }],
  ['nums=1,2', { nums: [1, 2] }, { nums: { style: 'form', explode: false } }],
  ['tags=a%2Cb,c', { tags: ['a,b', 'c'] }, { tags: { explode: false } }],
  ['tags=a|b', { tags: ['a', 'b'] }, { tags: { style: 'pipeDelimited', explode: false } }],
  ['address={"city":"L","zip":1}', { address: { city: 'L', zip: 1 } }],
  ['address=%7B%22city%22%3A%22L%22%7D', { address: { city: 'L' } }, { address: { contentType: 'application/json' } }],
  ['address[city]=Oslo&address[zip]=1', { address: { city: 'Oslo', zip: 1 } }],
  ['address[city]=Oslo', { address: { city: 'Oslo' } }, { address: { style: 'deepObject', explode: true } }],
  ['city=Oslo&zip=1', { address: { city: 'Oslo', zip: 1 } }, { address: { style: 'form', explode: true } }],
  ['lines[0][n]=1&lines[1][n]=2', { lines: [{ n: 1 }, { n: 2 }] }],
  ['lines={"n":1}&lines={"n":2}', { lines: [{ n: 1 }, { n: 2 }] }],
  ['', undefined],
])('the form %s is read as %j', async (form, expected, encoding = {}) => {
  const { understood } = await echo(taking({ [URLENCODED]: { schema: CUSTOMER, encoding } }));
  const answer = await understood('POST', '/things', { body: form, headers: { 'content-type': URLENCODED } });
  if (expected === undefined) expect(answer).toMatchObject({ status: 400 });
  else if (form.includes('%2C2')) expect(answer).toMatchObject({ status: 400, errors: [{ path: '/nums/0' }] });
  else expect((answer as Command).body).toEqual(expected);
});

test.each([
  ['age=x', '/age', 'must be integer'],
  ['age=0x10', '/age', 'must be integer'],
  ['colour=red', '/colour', 'is not allowed here'],
  ['address=%7B', '/address', 'must be object'],
  ['__proto__[x]=1', '', 'has the name "__proto__", which is not allowed'],
])('the form %s is refused at %s', async (form, path, message) => {
  const { understood } = await echo(taking({ [URLENCODED]: { schema: CUSTOMER } }));
  const answer = await understood('POST', '/things', { body: form, headers: { 'content-type': URLENCODED } });
  expect(answer).toEqual({ status: 400, errors: [{ in: 'body', path, message }] });
});

test('fields of Swagger 2.0 are written by their collection format', async () => {
  const field = (name: string, collectionFormat?: string) => ({
    in: 'formData',
    name,
    type: 'array',
    items: { type: 'string' },
    collectionFormat,
  });
  const { loadDocument } = await import('../../contracts/temp-files.ts');
  const contract = await loadDocument({
    swagger: '2.0',
    info: { title: 'T', version: '1' },
    paths: {
      '/a': {
        post: {
          parameters: [field('csv'), field('pipes', 'pipes'), field('multi', 'multi')],
          responses: { 200: { description: '' } },
        },
      },
    },
  });
  expect(contract.operations[0]?.requestBody?.content[URLENCODED]?.encoding).toEqual({
    csv: { explode: false },
    pipes: { style: 'pipeDelimited' },
    multi: { explode: true },
  });
});

type Part = readonly [head: string, body: string | Buffer];

function multipart(...parts: readonly Part[]) {
  const chunks = parts.flatMap(([head, body]) => [
    Buffer.from(`--xyz\r\n${head}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  return {
    body: Buffer.concat([...chunks, Buffer.from('--xyz--\r\n')]),
    headers: { 'content-type': 'multipart/form-data; boundary=xyz' },
  };
}

const field = (name: string, more = '') => `Content-Disposition: form-data; name="${name}"${more}`;

const UPLOAD = {
  type: 'object',
  required: ['name'],
  properties: {
    ...CUSTOMER.properties,
    file: { type: 'string', format: 'binary' },
    files: { type: 'array', items: { type: 'string', format: 'binary' } },
  },
  additionalProperties: false,
};

test('parts of a multipart form are the properties of its schema', async () => {
  const { understood } = await echo(taking({ 'multipart/form-data': { schema: UPLOAD } }));
  const sent = multipart(
    [field('name'), 'Zoë'],
    [field('tags'), 'x'],
    [field('tags'), 'y'],
    [field('age'), '7'],
    [field('address'), '{"city":"Oslo"}'],
    [`${field('lines')}\r\nContent-Type: application/json`, '[{"n":1},{"n":2}]'],
    [`${field('file', '; filename="a.txt"')}\r\nContent-Type: text/plain`, 'hello'],
    [`${field('files', '; filename="ä.png"')}\r\nContent-Type: image/png`, Buffer.from([0x89, 0x50, 0xff])],
  );
  expect(await understood('POST', '/things', sent)).toMatchObject({
    body: {
      name: 'Zoë',
      tags: ['x', 'y'],
      age: 7,
      address: { city: 'Oslo' },
      lines: [{ n: 1 }, { n: 2 }],
      file: 'hello',
      files: [Buffer.from([0x89, 0x50, 0xff]).toString('base64')],
    },
  });
});

test('a multipart form is checked by its schema and its encoding', async () => {
  const encoding = { file: { contentType: 'image/png, image/jpeg' } };
  const { understood } = await echo(taking({ 'multipart/form-data': { schema: UPLOAD, encoding } }));
  const errorsOf = async (...parts: readonly Part[]) => {
    const answer = await understood('POST', '/things', multipart(...parts));
    return 'errors' in answer ? answer.errors : [];
  };
  expect(await errorsOf([field('tags'), 'x'])).toEqual([{ in: 'body', path: '/name', message: 'is required' }]);
  expect(await errorsOf([field('name'), 'a'], [field('age'), 'x'])).toMatchObject([{ path: '/age' }]);
  expect(await errorsOf([field('name'), 'a'], [field('extra'), 'x'])).toMatchObject([{ path: '/extra' }]);
  expect(
    await errorsOf([field('name'), 'a'], [`${field('file', '; filename="a"')}\r\nContent-Type: text/html`, '<p>']),
  ).toEqual([
    {
      in: 'body',
      path: '/file',
      message: 'has the media type text/html, which is not one of image/png, image/jpeg',
    },
  ]);
  expect(
    await errorsOf([field('name'), 'a'], [`${field('file', '; filename="a"')}\r\nContent-Type: image/png`, 'x']),
  ).toEqual([]);
});

test('parts of a multipart form are written as the style of their encoding says', async () => {
  const list = { type: 'array', items: { type: 'string' } };
  const address = { type: 'object', properties: { city: { type: 'string' }, floor: { type: 'integer' } } };
  const properties = {
    commas: list,
    pipes: list,
    spaces: list,
    each: list,
    numbers: list,
    deep: address,
    flat: address,
  };
  const encoding = {
    commas: { style: 'form', explode: false, contentType: 'application/json' },
    pipes: { style: 'pipeDelimited', explode: false },
    spaces: { style: 'spaceDelimited', explode: false },
    each: { style: 'form', explode: true },
    numbers: { explode: false },
    deep: { style: 'deepObject', explode: true },
    flat: { style: 'form', explode: false },
  };
  const schema = { type: 'object', properties, additionalProperties: false };
  const { understood } = await echo(taking({ 'multipart/form-data': { schema, encoding } }));
  const sent = multipart(
    [field('commas'), 'a b,c%2Cd,e|f'],
    [field('pipes'), 'a,b|c d'],
    [field('spaces'), 'a,b c|d'],
    [field('each'), 'a,b'],
    [field('each'), 'c'],
    [`${field('numbers')}\r\nContent-Type: text/plain`, '1,2'],
    [field('deep[city]'), 'Oslo'],
    [field('deep[floor]'), '3'],
    [field('flat'), 'city,Bergen,floor,2'],
  );

  expect(await understood('POST', '/things', sent)).toMatchObject({
    body: {
      commas: ['a b', 'c%2Cd', 'e|f'],
      pipes: ['a,b', 'c d'],
      spaces: ['a,b', 'c|d'],
      each: ['a,b', 'c'],
      numbers: ['1', '2'],
      deep: { city: 'Oslo', floor: 3 },
      flat: { city: 'Bergen', floor: 2 },
    },
  });
});

test('what the standard client of forms sends is understood', async () => {
  const { understood } = await echo(taking({ 'multipart/form-data': { schema: UPLOAD } }));
  const body = new FormData();
  body.append('name', 'a "b"');
  body.append('files', new Blob(['one'], { type: 'application/octet-stream' }), 'one.bin');
  body.append('files', new Blob(['two']), 'two.bin');
  expect(await understood('POST', '/things', { body })).toMatchObject({
    body: { name: 'a "b"', files: ['one', 'two'] },
  });
});

test.each([
  ['no boundary', 'multipart/form-data', '--xyz\r\n', 'has no boundary in its Content-Type'],
  [
    'no end',
    'multipart/form-data; boundary=xyz',
    `--xyz\r\n${field('name')}\r\n\r\na`,
    'ends before the last boundary',
  ],
  ['no part', 'multipart/form-data; boundary=xyz', 'text', 'ends before the last boundary'],
  [
    'too many parts',
    'multipart/form-data; boundary=xyz',
    `${`--xyz\r\n${field('name')}\r\n\r\na\r\n`.repeat(1_001)}--xyz--`,
    'has more than 1000 parts',
  ],
])('a multipart form with %s is refused', async (_case, contentType, body, message) => {
  const { understood } = await echo(taking({ 'multipart/form-data': { schema: UPLOAD } }));
  const answer = await understood('POST', '/things', { body, headers: { 'content-type': contentType } });
  expect(answer).toEqual({ status: 400, errors: [{ in: 'body', path: '', message }] });
});

test('whatever stands in a multipart form, it is answered', async () => {
  const { ask } = await echo(taking({ 'multipart/form-data': { schema: UPLOAD } }));
  const piece = fc.oneof(
    fc.constantFrom(
      '--xyz',
      '--xyz--',
      '\r\n',
      '\r\n\r\n',
      '--',
      'Content-Type: application/json',
      field('name'),
      field('file', '; filename='),
    ),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 20 }), async (pieces) => {
      const headers = { 'content-type': 'multipart/form-data; boundary=xyz' };
      const { status } = await ask('POST', '/things', { body: pieces.join(''), headers });
      expect([200, 400]).toContain(status);
    }),
    { numRuns: 50 },
  );
});

test('parts of another multipart without names are the properties in order', async () => {
  const schema = { type: 'object', properties: { meta: { type: 'object' }, media: { type: 'string' } } };
  const { understood } = await echo(taking({ 'multipart/related': { schema } }));
  const { body } = multipart(
    ['Content-Type: application/json', '{"a":1}'],
    ['Content-Type: image/png', Buffer.from([255])],
  );
  const headers = { 'content-type': 'multipart/related; boundary="xyz"' };
  expect(await understood('POST', '/things', { body, headers })).toMatchObject({
    body: { meta: { a: 1 }, media: '/w==' },
  });
});

const PET = {
  type: 'object',
  required: ['id', 'name'],
  xml: { name: 'pet' },
  properties: {
    id: { type: 'integer', xml: { attribute: true } },
    name: { type: 'string', xml: { name: 'pet-name' } },
    price: { type: 'number' },
    tags: { type: 'array', xml: { wrapped: true }, items: { type: 'string', xml: { name: 'tag' } } },
    photo: { type: 'array', items: { type: 'string' } },
    owner: { type: 'object', properties: { since: { type: 'integer' } } },
  },
  additionalProperties: false,
};

test('XML is read by the hints of its schema', async () => {
  const { understood } = await echo(taking({ 'application/xml': { schema: PET } }));
  const headers = { 'content-type': 'application/xml' };
  const body = `<?xml version="1.0"?>
    <x:pet xmlns:x="urn:x" id="7"><pet-name>Tom &amp; Co</pet-name><price>1.50</price>
      <tags><tag>a</tag><tag>b</tag></tags><photo>one</photo><photo>two</photo><owner><since>1999</since></owner></x:pet>`;
  expect(await understood('POST', '/things', { body, headers })).toMatchObject({
    body: { id: 7, name: 'Tom & Co', price: 1.5, tags: ['a', 'b'], photo: ['one', 'two'], owner: { since: 1999 } },
  });
});

test.each([
  ['<pet id="x"><pet-name>a</pet-name></pet>', '/id', 'must be integer'],
  ['<pet id="1"/>', '/name', 'is required'],
  ['<pet id="1"><pet-name>a</pet-name><age>1</age></pet>', '/age', 'is not allowed here'],
  ['<pet', '', expect.stringContaining('is not valid XML')],
  ['<pet></cat>', '', expect.stringContaining('is not valid XML')],
  ['<!DOCTYPE a [<!ENTITY x "y">]><pet/>', '', 'has a document type, which is not read'],
  [`${'<a>'.repeat(1_000)}${'</a>'.repeat(1_000)}`, '', expect.stringContaining('nested tags')],
])('the XML %s is refused at %s', async (body, path, message) => {
  const { understood } = await echo(taking({ 'application/xml': { schema: PET } }));
  const answer = await understood('POST', '/things', { body, headers: { 'content-type': 'application/xml' } });
  expect(answer).toEqual({ status: 400, errors: expect.arrayContaining([{ in: 'body', path, message }]) });
});

test('XML that is described as a text alone is that text', async () => {
  const { understood } = await echo(taking({ 'image/svg+xml': { schema: { type: 'string' } } }));
  const body = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>';
  const headers = { 'content-type': 'image/svg+xml' };
  expect(await understood('POST', '/things', { body, headers })).toMatchObject({ body });
});

test('lines of JSON are items, each checked by the schema of one', async () => {
  const schema = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } };
  const { understood } = await echo(taking({ 'application/x-ndjson': { schema }, 'application/json-seq': { schema } }));
  const send = (body: string, type = 'application/x-ndjson') =>
    understood('POST', '/things', { body, headers: { 'content-type': type } });
  expect(await send('{"a":1}\n{"a":2}\r\n\n')).toMatchObject({ body: [{ a: 1 }, { a: 2 }] });
  expect(await send('\u001e{"a":1}\n\u001e{"a":\n2}\n', 'application/json-seq')).toMatchObject({
    body: [{ a: 1 }, { a: 2 }],
  });
  expect(await send('{"a":1}\n{}')).toMatchObject({ errors: [{ path: '/1/a', message: 'is required' }] });
  expect(await send('{"a":1}\n{')).toMatchObject({ status: 400, errors: [{ path: '/1' }] });
});

test('text is decoded by its charset, and typed by its schema', async () => {
  const { understood } = await echo(
    taking({ 'text/plain': { schema: { type: ['string', 'integer'], maxLength: 4 } } }),
  );
  const send = (body: Buffer, type: string) =>
    understood('POST', '/things', { body, headers: { 'content-type': type } });
  expect(await send(Buffer.from('Zoë'), 'text/plain')).toMatchObject({ body: 'Zoë' });
  expect(await send(Buffer.from('Zoë', 'latin1'), 'text/plain; charset=ISO-8859-1')).toMatchObject({ body: 'Zoë' });
  expect(await send(Buffer.from('42'), 'text/plain')).toMatchObject({ body: 42 });
  expect(await send(Buffer.from('Zoë', 'latin1'), 'text/plain')).toMatchObject({ status: 400 });
  expect(await send(Buffer.from('x'), 'text/plain; charset=klingon')).toMatchObject({ status: 415 });
});

test('bytes are taken as they are, and a range takes every type in it', async () => {
  const { understood } = await echo(
    taking({
      'image/*': { schema: { type: 'string', format: 'binary' } },
      'application/*': { schema: { type: 'object', required: ['a'] } },
    }),
  );
  const send = (body: string, type: string) =>
    understood('POST', '/things', { body, headers: { 'content-type': type } });
  expect(await send('x', 'image/png')).toMatchObject({ body: Buffer.from('x') });
  expect(await send('{"a":1}', 'application/json')).toMatchObject({ body: { a: 1 } });
  expect(await send('{}', 'application/vnd.acme+json')).toMatchObject({ status: 400 });
  expect(await send('x', 'text/plain')).toMatchObject({ status: 415 });
});

test.each([
  ['{"n":9007199254740993}', 'at line 1, column 6'],
  ['{"n":123456789012345678901234567890}', 'at line 1, column 6'],
  ['{"n":0.1234567890123456789}', 'at line 1, column 6'],
  ['{"n":1e-400}', 'at line 1, column 6'],
])('the number in %s would lose digits, and is refused', async (body, place) => {
  const { understood } = await echo(taking({ 'application/json': { schema: { type: 'object' } } }));
  const headers = { 'content-type': 'application/json' };
  expect(await understood('POST', '/things', { body, headers })).toEqual({
    status: 400,
    errors: [{ in: 'body', path: '', message: expect.stringMatching(`not all digits can be kept, ${place}`) }],
  });
});

test.each(['9007199254740991', '-1.5e300', '0.1', '1234567.89', '1E5'])('the number %s is taken', async (number) => {
  const { understood } = await echo(taking({ 'application/json': { schema: { type: 'object' } } }));
  const headers = { 'content-type': 'application/json' };
  const command = await understood('POST', '/things', { body: `{"n":${number}}`, headers });
  expect((command as Command).body).toEqual({ n: Number(number) });
});

test.each([
  ['post', '{"uri":"a"}', 200],
  ['post', '{}', 400],
  ['put', '{"uri":"a"}', 200],
])('a %s of %s without what only the server sets is answered with %d', async (method, body, status) => {
  const schema = {
    allOf: [
      { type: 'object', properties: { id: { type: 'string', readOnly: true } } },
      {
        type: 'object',
        required: ['uri', 'id', 'state'],
        properties: { uri: { type: 'string' }, state: { $ref: '#/components/schemas/State' } },
      },
    ],
  };
  const components = { schemas: { State: { type: 'string', readOnly: true } } };
  const { ask } = await echo(taking({ 'application/json': { schema } }, method), { components });
  expect(
    (await ask(method.toUpperCase(), '/things', { body, headers: { 'content-type': 'application/json' } })).status,
  ).toBe(status);
});

test.each([
  ['date-time', '2026-01-01T00:00:00+05:30', 200],
  ['date-time', '2026-01-01T00:00:00+0530', 400],
  ['date-time', '2026-01-01 00:00:00Z', 400],
  ['date-time', '2026-01-01T00:00:00', 400],
  ['date-time', '2026-02-30T00:00:00Z', 400],
  ['date-time', '1990-12-31T23:59:60Z', 200],
  ['date-time', '2026-01-01t00:00:00.5z', 200],
  ['date', '2024-02-29', 200],
  ['date', '2026-02-29', 400],
  ['time', '10:00:00+0100', 400],
  ['duration', 'P1DT2H', 200],
  ['duration', '1 day', 400],
  ['byte', 'aGk=', 200],
  ['byte', 'aGk', 400],
  ['int32', 2 ** 31, 400],
  ['int64', 1e19, 400],
  ['int64', -(2 ** 62), 200],
  ['float', 1e39, 400],
  ['double', 1e300, 200],
])('the %s %s is answered with %d', async (format, value, status) => {
  const { ask } = await echo(
    taking({ 'application/json': { schema: { type: 'object', properties: { v: { format } } } } }),
  );
  expect((await ask('POST', '/things', { json: { v: value } })).status).toBe(status);
});

test.each([
  ['application/json', { 'application/json': {} }, { note: null }, 400],
  ['application/json', { 'application/json': {} }, { maybe: null }, 200],
  ['application/json', { 'application/json': {}, 'application/merge-patch+json': {} }, { note: null }, 400],
  ['application/merge-patch+json', { 'application/merge-patch+json': {} }, { note: null }, 200],
  ['application/merge-patch+json', { 'application/merge-patch+json': {} }, { name: null }, 400],
  ['application/merge-patch+json', { 'application/json': {} }, { note: null }, 200],
  ['application/json-patch+json', { 'application/json': {} }, [], 415],
])('a PATCH as %s of %j with %j is answered with %d', async (type, types, body, status) => {
  const schema = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, note: { type: 'string' }, maybe: { type: ['string', 'null'] } },
  };
  const content = Object.fromEntries(Object.keys(types).map((each) => [each, { schema }]));
  const { ask } = await echo(taking(content, 'patch'));
  const answer = await ask('PATCH', '/things', { body: JSON.stringify(body), headers: { 'content-type': type } });
  expect(answer.status).toBe(status);
});

test('JSON of a PATCH is a merge patch where a hub tells that the contract is one of TM Forum', async () => {
  const schema = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, note: { type: 'string' } },
  };
  const hub = { type: 'object', properties: { callback: { type: 'string' } } };
  const { ask } = await echo({
    ...taking({ 'application/json': { schema } }, 'patch'),
    '/hub': { post: { requestBody: { content: { 'application/json': { schema: hub } } }, responses: OK } },
  });
  expect((await ask('PATCH', '/things', { json: { note: null } })).status).toBe(200);
  expect((await ask('PATCH', '/things', { json: { name: null } })).status).toBe(400);
});

test.each([
  [[{ op: 'replace', path: '/name', value: 'b' }], 200],
  [[{ op: 'move', from: '/a', path: '/b' }], 200],
  [[{ op: 'rename', path: '/a' }], 400],
  [[{ op: 'add', path: '/a' }], 400],
  [[{ op: 'move', path: '/a' }], 400],
  [[{ op: 'remove', path: 'a' }], 400],
  [{ name: 'b' }, 400],
])('the JSON Patch %j is answered with %d', async (patch, status) => {
  const content = {
    'application/json-patch+json': { schema: { type: 'object', properties: { name: { type: 'string' } } } },
  };
  const { ask } = await echo(taking(content, 'patch'));
  const headers = { 'content-type': 'application/json-patch+json' };
  expect((await ask('PATCH', '/things', { body: JSON.stringify(patch), headers })).status).toBe(status);
});

test.each<[string, unknown]>([
  [
    'name: a\nage: 7\ntags: [x, y]\naddress: {city: Oslo}',
    { name: 'a', age: 7, tags: ['x', 'y'], address: { city: 'Oslo' } },
  ],
  ['{"name": "2026-01-05"}', { name: '2026-01-05' }],
  ['name: 2026-01-05\nisVip: true', { name: '2026-01-05', isVip: true }],
  ['# a comment\nname: &n |\n  two\n  lines\ntags: [*n]', { name: 'two\nlines\n', tags: ['two\nlines\n'] }],
])('the YAML %j is read as %j', async (text, expected) => {
  for (const type of ['application/yaml', 'text/x-yaml', 'application/vnd.shop+yaml']) {
    const { understood } = await echo(taking({ [type]: { schema: CUSTOMER } }));
    const answer = await understood('POST', '/things', { body: text, headers: { 'content-type': type } });
    expect((answer as Command).body).toEqual(expected);
  }
});

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'
    .split('')
    .map((name, at) => `${name}: &${name} [${'*abcdefgh'[at + 1]},${`*${'abcdefgh'[at]},`.repeat(9)}]`),
].join('\n');

test.each([
  ['name: a\nage: x', '/age', 'must be integer'],
  ['name: a\ncolour: red', '/colour', 'is not allowed here'],
  ['name: [a', '', expect.stringMatching(/^is not valid YAML: .* at line \d+, column \d+$/)],
  ['name: a\nname: b', '', expect.stringMatching(/^is not valid YAML: duplicated mapping key at line 2/)],
  ['__proto__: {x: 1}', '', 'has the key "__proto__", which is not allowed'],
  [bomb, '', 'stands for more than 200000 values'],
  ['a: &a [*a]', '', 'stands for more than 200000 values'],
  ['['.repeat(5000), '', expect.stringMatching(/^is not valid YAML: /)],
])('the YAML %j is refused', async (text, path, message) => {
  const { understood } = await echo(taking({ 'application/yaml': { schema: CUSTOMER } }));
  const answer = await understood('POST', '/things', { body: text, headers: { 'content-type': 'application/yaml' } });
  expect(answer).toMatchObject({ status: 400, errors: [{ in: 'body', path, message }] });
});

test('a file of YAML that is described as a text stays one', async () => {
  const { understood } = await echo(taking({ 'application/yaml': { schema: { type: 'string' } } }));
  const answer = await understood('POST', '/things', { body: 'a: 1', headers: { 'content-type': 'application/yaml' } });
  expect((answer as Command).body).toEqual(Buffer.from('a: 1'));
});
