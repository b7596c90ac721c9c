import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';

/** Milliseconds, on a machine that others use too; each of these once took ten seconds to hours. */
const SOON = 4_000;

const HOSTILE = `openapi: 3.1.0
info: { title: Hostile, version: '1' }
paths:
  /texts:
    post:
      operationId: createText
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Text' } } }
      responses:
        '201': { description: Created, content: { application/json: { schema: { $ref: '#/components/schemas/Text' } } } }
    get:
      operationId: listTexts
      responses:
        '200':
          description: All
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Text' } } } }
  /rules:
    post:
      operationId: createRule
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Rule' } } }
      responses: { '204': { description: Done } }
  /huge:
    get:
      operationId: readHuge
      responses:
        '200': { description: Huge, content: { application/json: { schema: { $ref: '#/components/schemas/Huge' } } } }
  /ranges/{a}~{b}~{c}~{d}~{e}:
    get:
      operationId: readRange
      parameters:
        - { name: a, in: path, required: true, schema: { type: string } }
        - { name: b, in: path, required: true, schema: { type: string } }
        - { name: c, in: path, required: true, schema: { type: string } }
        - { name: d, in: path, required: true, schema: { type: string } }
        - { name: e, in: path, required: true, schema: { type: string } }
      responses: { '204': { description: Done } }
components:
  schemas:
    Text:
      type: object
      properties:
        id: { type: string }
        word: { type: string, pattern: '^(a+)+$' }
        search: { type: string, pattern: '(x+x+)+y' }
        ahead: { type: string, pattern: '^(?=(b+)+$).*$' }
        link: { type: string, format: url }
        things: { type: array, uniqueItems: true, items: { type: object } }
      patternProperties: { '^(n|n)*$': { type: integer } }
    Rule:
      oneOf:
        - { type: object, properties: { op: { const: and }, of: { type: array, items: { $ref: '#/components/schemas/Rule' } } } }
        - { type: object, properties: { op: { const: or }, of: { type: array, items: { $ref: '#/components/schemas/Rule' } } } }
    Huge:
      type: object
      required: [items, text, code, odd]
      properties:
        items: { type: array, minItems: 1000000000, items: { type: array, minItems: 1000000000, items: { type: string } } }
        text: { type: string, minLength: 1000000000 }
        code: { type: string, pattern: '^a{100000000}$' }
        odd: { type: string, pattern: '^(a|a)*b$' }
`;

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
mkdirSync(join(folder, 'shop'));
writeFileSync(join(folder, 'shop', 'api.yaml'), HOSTILE);
const simulator = await startProcess([
  '--specs',
  folder,
  '--systems',
  'connectx,macd,billing-account',
  '--cache',
  'false',
]);
afterAll(async () => {
  await simulator.stop();
  rmSync(folder, { recursive: true });
});
const ask = askAt(simulator.url);
// What answers unknown addresses is loaded at the first.
await ask('GET', '/nowhere');

/** What a request is answered with, and that it is answered soon. */
async function soon(...request: Parameters<typeof ask>) {
  const before = performance.now();
  const answer = await ask(...request);
  expect(performance.now() - before).toBeLessThan(SOON);
  expect(answer.status).toBeLessThan(500);
  return answer;
}

const TMF = '/billingaccounttmfwebservices/v2/billingAccount';

describe('what is wrong with a large body is told at once, and the first hundred of it', () => {
  test.each([
    ['/macd/orders', { User: Array.from({ length: 16_000 }, () => ({})) }],
    ['/macd/orders', { Order: { User: Array.from({ length: 32_000 }, () => ({})) } }],
    [TMF, { accountRelationship: Array.from({ length: 30_000 }, () => ({})) }],
    ['/v1/customers/CUS-000001/subscriptions', { addons: Array.from({ length: 400_000 }, () => 1) }],
    ['/v1/customers', Array.from({ length: 300_000 }, () => ({}))],
  ])('POST %s', async (path, body) => {
    const { status, text } = await soon('POST', path, body);

    expect(status).toBe(400);
    expect(text.length).toBeLessThan(100_000);
  });

  test('the list says how many more there are', async () => {
    const addons = Array.from({ length: 400 }, () => 1);
    const { body } = await soon('POST', '/v1/customers/CUS-000001/subscriptions', {
      customerId: 'CUS-000001',
      productId: 'PRD-000001',
      addons,
    });

    expect(body.errors).toHaveLength(101);
    expect(body.errors.at(-1).message).toMatch(/^and (at least )?\d+ more$/);
  });
});

describe('patterns take time in proportion to the text', () => {
  const letters = 'a'.repeat(200_000);

  test.each([
    ['a pattern of a contract', { word: `${letters}!` }],
    ['one without a beginning', { search: 'x'.repeat(200_000) }],
    ['one that looks ahead', { ahead: `${'b'.repeat(200_000)}!` }],
    ['the name of a member', { [`${'n'.repeat(40)}!`]: 1 }],
    ['a format', { link: `http://${'a:'.repeat(200_000)}` }],
    ['items that must differ', { things: Array.from({ length: 20_000 }, (_, index) => ({ id: index })) }],
  ])('%s', async (_what, body) => {
    await soon('POST', '/texts', body);
  });

  test('such patterns still say what is valid', async () => {
    expect((await soon('POST', '/texts', { word: 'aaa', search: 'xxxy', ahead: 'bb', nnn: 1 })).status).toBe(201);
    expect((await soon('POST', '/texts', { word: 'aab' })).status).toBe(400);
    expect((await soon('POST', '/texts', { ahead: 'bab' })).status).toBe(400);
    expect((await soon('POST', '/texts', { nnn: 'x' })).status).toBe(400);
  });

  test.each([`${'a?'.repeat(26) + 'a'.repeat(26)}b`, `${'(|a)'.repeat(24)}b`, 'a*a*a*b', '(a+)+$', '(.*)*x'])(
    'a client’s own: %s',
    async (pattern) => {
      for (let each = 0; each < 20; each += 1) await ask('POST', TMF, { name: 'a'.repeat(400) });
      expect((await soon('GET', `${TMF}?name.regex=${encodeURIComponent(pattern)}`)).status).toBe(200);
    },
  );

  test('one that cannot be looked for so is refused, and says why', async () => {
    const { status, text } = await soon('GET', `${TMF}?name.regex=${encodeURIComponent('(a)\\1')}`);

    expect(status).toBe(400);
    expect(text).toContain('looks around or refers back');
  });

  test('the values of a segment are found without trying all ways', async () => {
    // What checks it is compiled at the first.
    await ask('GET', '/ranges/1~2~3~4~5');
    await soon('GET', `/ranges/${'~'.repeat(7_000)}/x`);
    await soon('GET', `/ranges/${'a~'.repeat(3_500)}`);
    expect((await soon('GET', '/ranges/1~2~3~4~5')).status).toBe(204);
  });
});

test('alternatives that contain themselves are given up on', async () => {
  let rule: object = { op: 'and', of: [] };
  for (let level = 0; level < 60; level += 1) rule = { op: 'or', of: [rule] };

  const { status, text } = await soon('POST', '/rules', rule);

  expect(status).toBe(400);
  expect(text).toContain('takes too many steps to be checked');
});

test('a sample is no larger than a sample, whatever its contract demands', async () => {
  await soon('GET', '/huge', undefined, { prefer: 'dynamic=true' });
  await soon('GET', '/huge');
});

test('a channel with a very long name is not compared with every other', async () => {
  const name = 'customer/'.repeat(100_000);
  const webhook = { url: 'http://simulator/_simulator/inbox/x', channels: [name] };

  expect((await soon('POST', '/_simulator/webhooks', webhook)).status).toBe(400);
  const { status, text } = await soon('POST', '/_simulator/events', { channel: name });
  expect(status).toBe(404);
  expect(text.length).toBeLessThan(10_000);
});

describe('what the control API compares is bounded', () => {
  test('patterns with many stars are matched at once', async () => {
    expect((await soon('POST', '/_simulator/requests/verify', { path: '*'.repeat(200_000) })).status).toBe(400);
    expect((await soon('GET', `/_simulator/events?channel=${'*'.repeat(15_000)}`)).status).toBe(200);
  });

  test('a schema that requests are to fit is a small one', async () => {
    const references = Array.from({ length: 400 }, () => ({ $ref: '#/$defs/x' }));
    const verify = (schema: unknown) => soon('POST', '/_simulator/requests/verify', { schema });
    for (const schema of [
      { enum: Array.from({ length: 50_000 }, (_, index) => index) },
      { oneOf: references, $defs: { x: { oneOf: references.map(() => ({ type: 'string' })) } } },
    ]) {
      const { status, text } = await verify(schema);
      expect(status).toBe(400);
      expect(text).toContain('the schema is too large');
    }
    expect(
      (await verify({ type: 'object', properties: { name: { $ref: '#/$defs/x' } }, $defs: { x: {} } })).status,
    ).toBe(200);
  });

  test('a schema that refers to nowhere, or to what is no address, asks for nothing', async () => {
    await ask('POST', '/@nowhere/texts', { name: 'a' });
    for (const $ref of ['#/%', '#/%E0%A4%A', '%', 'contract://%/x#/%', '#%', '']) {
      const { status } = await soon('POST', '/@nowhere/_simulator/requests/verify', { schema: { $ref } });
      expect([$ref, status]).toEqual([$ref, 200]);
    }
  });

  test('a header that is called as what every object has is one that is not there', async () => {
    await ask('POST', '/@named/texts', { name: 'a' });
    const verify = (headers: unknown) => soon('POST', '/@named/_simulator/requests/verify', { headers });
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      const { status, text } = await verify({ [name]: 'x' });
      expect([name, status]).toEqual([name, 200]);
      expect(text).toContain('but was absent');
    }
  });

  test('JSONPaths of one verification take only so many steps', async () => {
    await ask('POST', '/@paths/texts', { deep: Array.from({ length: 20_000 }, () => [[1]]) });
    const { status, text } = await soon('POST', '/@paths/_simulator/requests/verify', {
      jsonPath: Array.from({ length: 100 }, () => '$..*..*'),
    });
    expect(status).toBe(400);
    expect(text).toContain('VERIFICATION_TOO_COSTLY');
  });

  test('there are only so many faults', async () => {
    const fault = { match: { path: '/texts' }, fault: { status: 500 } };
    for (let each = 0; each < 1_000; each += 1) await ask('POST', '/@many/_simulator/faults', fault);
    expect((await ask('POST', '/@many/_simulator/faults', fault)).body.code).toBe('TOO_MANY_FAULTS');
  });
});

describe('forms', () => {
  const send = async (path: string, body: string) => {
    const began = performance.now();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status } = await fetch(`${simulator.url}${path}`, { method: 'POST', headers, body });
    expect(performance.now() - began).toBeLessThan(SOON);
    return status;
  };

  test.each([
    ['names alone', 'a&'.repeat(300_000)],
    ['one name again and again', 'a=1&'.repeat(200_000)],
    ['brackets', `a${'[x]'.repeat(200_000)}=1`],
  ])('%s are read in one go', async (_, body) => {
    expect(await send('/_simulator/inbox/x', body)).toBe(200);
    expect(await send('/oauth/token', body)).toBe(400);
  });
});

describe('queries', () => {
  test('more comparisons than anybody waits for are refused', async () => {
    for (let each = 0; each < 100; each += 1) await ask('POST', TMF, { name: `n${each}` });
    const many = Array.from({ length: 3_000 }, (_, index) => index).join();
    const { status, text } = await soon('GET', `${TMF}?name=${many}&state=${many.slice(0, 100)}`);
    expect([200, 400]).toContain(status);
    if (status === 400) expect(text).toContain('Failed to search');
  });
});
