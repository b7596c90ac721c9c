import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

const ENTRY = '{type: object, required: [level], properties: {level: {type: string, enum: [info, warn]}}}';

const sending = (type: string, media: string): string => `openapi: 3.2.0
info: {title: Entries, version: '1'}
paths:
  /entries:
    get: {operationId: listen, responses: {'200': {description: They follow., content: {${type}: {${media}}}}}}
`;

const taking = (type: string, media: string): string => `openapi: 3.2.0
info: {title: Entries, version: '1'}
paths:
  /entries:
    post: {operationId: say, requestBody: {content: {${type}: {${media}}}}, responses: {'204': {description: Taken.}}}
`;

test.each(['application/json-seq', 'application/geo+json-seq'])(
  'a record separator begins each value of %s',
  async (type) => {
    const ask = await serveContract(sending(type, `itemSchema: ${ENTRY}`));
    const { text, headers } = await ask('GET', '/entries');
    expect(headers.get('content-type')).toBe(type);
    const [before, ...records] = text.split('\u001e');
    expect(before).toBe('');
    expect(records).not.toEqual([]);
    for (const record of records) expect(record).toMatch(/^\{"level":"(info|warn)"\}\n$/);
  },
);

test('the data of an event is the JSON that its schema describes', async () => {
  const data = `{type: string, contentMediaType: application/json, contentSchema: ${ENTRY}}`;
  const ask = await serveContract(
    sending('text/event-stream', `itemSchema: {type: object, required: [data], properties: {data: ${data}}}`),
  );
  expect((await ask('GET', '/entries')).text).toMatch(/^(data: \{"level":"(info|warn)"\}\n\n)+$/);
});

test('each item is a part of a body in several parts, whose boundary is named', async () => {
  const ask = await serveContract(
    sending('multipart/mixed', `itemSchema: ${ENTRY}, itemEncoding: {contentType: application/json}`),
  );
  const { text, headers } = await ask('GET', '/entries');
  expect(headers.get('content-type')).toBe('multipart/mixed; boundary=part-0');
  expect(text).toMatch(
    /^(--part-0\r\ncontent-type: application\/json\r\n\r\n\{"level":"(info|warn)"\}\r\n)+--part-0--\r\n$/,
  );
});

test('the first parts are written as they are declared, one by one', async () => {
  const schema = `{type: array, prefixItems: [${ENTRY}, {type: string}], minItems: 2, maxItems: 2}`;
  const ask = await serveContract(
    sending(
      'multipart/mixed',
      `schema: ${schema}, prefixEncoding: [{contentType: application/json}, {contentType: text/html}]`,
    ),
  );
  const { text } = await ask('GET', '/entries');
  expect(text.match(/content-type: \S+/g)).toEqual(['content-type: application/json', 'content-type: text/html']);
});

test('a form is answered in parts that are called after its properties', async () => {
  const schema =
    '{type: object, required: [name, sizes], properties: {name: {type: string}, sizes: {type: array, minItems: 2, maxItems: 2, items: {type: integer}}}}';
  const ask = await serveContract(sending('multipart/form-data', `schema: ${schema}`));
  const { text, headers } = await ask('GET', '/entries');
  const form = await new Response(text, { headers }).formData();
  expect(form.getAll('name')).toEqual([expect.any(String)]);
  expect(form.getAll('sizes')).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)]);
});

test('events that are sent are read one by one', async () => {
  const ask = await serveContract(
    taking(
      'text/event-stream',
      'itemSchema: {type: object, required: [data], properties: {data: {type: string}, retry: {type: integer}}}',
    ),
  );
  const say = (body: string) => ask('POST', '/entries', body, { 'content-type': 'text/event-stream' });
  expect(
    (await say(': hello\r\n\r\nevent: a\r\ndata: one\r\ndata: two\r\nretry: 5\r\n\r\ndata: three\n\n')).status,
  ).toBe(204);
  expect(await say('data: one\n\nevent: a\n\n')).toMatchObject({
    status: 400,
    body: { errors: [{ path: '/1/data', message: 'is required' }] },
  });
});

test('parts that are sent one after another are items, each checked by its schema', async () => {
  const ask = await serveContract(
    taking('multipart/mixed', `itemSchema: ${ENTRY}, itemEncoding: {contentType: application/json}`),
  );
  const say = (...parts: string[]) =>
    ask('POST', '/entries', `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`, {
      'content-type': 'multipart/mixed; boundary=b',
    });
  const one = '\r\n{"level":"warn"}';
  expect((await say(one, `content-type: application/json\r\n${one}`)).status).toBe(204);
  expect(await say(one, '\r\n{"level":"loud"}')).toMatchObject({
    status: 400,
    body: { errors: [{ path: '/1/level' }] },
  });
  expect(await say(`content-type: image/png\r\n${one}`)).toMatchObject({
    status: 400,
    body: { errors: [{ path: '/0' }] },
  });
});
