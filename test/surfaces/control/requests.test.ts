import { expect, test } from 'vitest';
import { createValidation } from '../../../src/contracts/validation.ts';
import type { JournalEntry } from '../../../src/engine/records/journal.ts';
import { queryJson } from '../../../src/lib/json-path.ts';
import { type Expectation, verifyRequests } from '../../../src/surfaces/control/verify-requests.ts';
import { operationInput } from '../../support/inputs.ts';
import { createWorld } from '../test-world.ts';

function entryOf(id: string, method: string, url: string, body?: unknown): JournalEntry {
  return {
    id,
    at: '2026-01-01T00:00:00.000Z',
    method,
    url,
    operationId: `${method.toLowerCase()}Customer`,
    request: { headers: { 'user-agent': `${method === 'GET' ? 'crm' : 'shop'}/1.0` }, body },
    response: { status: 200, headers: {} },
  };
}

const JOURNAL = [
  entryOf('1', 'GET', '/v1/customers/CUS-1?full=true'),
  entryOf('2', 'POST', '/v1/customers', { name: 'Ann', address: { city: 'Ulm', zip: '1' }, tags: ['a', 'b'] }),
  entryOf('3', 'POST', '/v1/customers', { name: 'Bob', address: { city: 'Bonn' } }),
];

const { check } = createValidation([]);
const verify = (expectation: Expectation) => verifyRequests(JOURNAL, expectation, { check, query: queryJson });

test('the journal is listed, read and emptied, and goes on counting', async () => {
  const { ask, tenant, registry } = await createWorld();
  const list = registry.operation('connectx/bss-api/listCustomers').operation;
  const request = () => tenant.apply(operationInput(list, { recordedIn: 'journal' }));
  for (let count = 0; count < 3; count += 1) await request();

  expect((await ask('listRequests', { query: { after: 'REQ-000001' } })).body).toMatchObject({
    items: [{ id: 'REQ-000002' }, { id: 'REQ-000003' }],
  });
  expect((await ask('readRequest', { path: { id: 'REQ-000002' } })).body).toMatchObject({
    method: 'GET',
    url: '/v1/customers',
    operationId: 'listCustomers',
  });
  expect((await ask('verifyRequests', { body: { method: 'get', count: 3 } })).body).toMatchObject({
    matched: 3,
    ok: true,
  });

  await ask('clearRequests');
  expect((await ask('listRequests')).body).toEqual({ items: [] });
  await expect(ask('readRequest', { path: { id: 'REQ-000002' } })).rejects.toMatchObject({ status: 404 });
  await request();
  expect((await ask('listRequests')).body).toMatchObject({ items: [{ id: 'REQ-000004' }] });
});

test.each([
  [{}, 3],
  [{ operationId: 'postCustomer' }, 2],
  [{ path: '/v1/customers/*' }, 1],
  [{ path: '/v1/customers/CUS-1' }, 1],
  [{ path: '/v1/customers/CUS-1?full=*' }, 1],
  [{ body: { address: { city: 'Ulm' } } }, 1],
  [{ body: { tags: ['a', 'b'] } }, 1],
  [{ operationId: 'post*', status: 200 }, 2],
  [{ headers: { 'User-Agent': 'crm/*' } }, 1],
  [{ jsonPath: ['$.address[?@ == "Ulm"]', '$.tags[1]'] }, 1],
  [{ schema: { type: 'object', properties: { name: { pattern: '^B' } } } }, 1],
  [{ method: 'GET', before: { method: 'POST' } }, 1],
] as const)('the pattern %j meets %i requests', async (pattern, matched) => {
  expect(await verify(pattern)).toMatchObject({ matched, ok: true, nearest: [] });
});

test('the nearest misses show what differs, field by field', async () => {
  const { matched, ok, nearest } = await verify({
    method: 'POST',
    body: { name: 'Ann', address: { city: 'Bonn' }, tags: ['a'] },
  });

  expect({ matched, ok }).toEqual({ matched: 0, ok: false });
  expect(nearest.map(({ id }) => id)).toEqual(['3', '2', '1']);
  expect(nearest[0]?.differences).toEqual([
    { path: '/body/name', expected: 'Ann', actual: 'Bob' },
    { path: '/body/tags', expected: ['a'], actual: undefined },
  ]);
  expect(nearest[2]?.differences[0]).toEqual({ path: '/method', expected: 'POST', actual: 'GET' });
});

test('a count must be met exactly, and none can be expected', async () => {
  expect(await verify({ method: 'POST', count: 1 })).toMatchObject({ matched: 2, ok: false });
  expect(await verify({ method: 'DELETE', count: 0 })).toMatchObject({ matched: 0, ok: true });
  expect(await verify({ method: 'DELETE' })).toMatchObject({ matched: 0, ok: false });
});

test('what comes too late does not count, and nor does what comes before something that never does', async () => {
  expect(await verify({ method: 'POST', before: { method: 'GET' } })).toMatchObject({ matched: 0, ok: false });
  const never = await verify({ method: 'GET', before: { method: 'DELETE' } });
  expect(never).toMatchObject({ matched: 0, ok: false });
  expect(never.text).toContain('They were to come before one that is {"method":"DELETE"}, and there is none.');
});

test('the answer is a text that says what was expected and what came nearest', async () => {
  expect((await verify({ method: 'POST', body: { name: 'Anna' }, count: 1 })).text).toBe(
    [
      'Failed to find the requests expected: exactly 1 should be {"method":"POST","body":{"name":"Anna"}}, and 0 are. Compare the nearest others.',
      '  3 POST /v1/customers (postCustomer)',
      '    /body/name: expected "Anna", but was "Bob"',
      '  2 POST /v1/customers (postCustomer)',
      '    /body/name: expected "Anna", but was "Ann"',
      '  1 GET /v1/customers/CUS-1?full=true (getCustomer)',
      '    /method: expected "POST", but was "GET"',
      '    /body: expected {"name":"Anna"}, but was absent',
    ].join('\n'),
  );
});

test('a JSONPath that is none is refused', async () => {
  const { ask } = await createWorld();
  const verifying = ask('verifyRequests', { body: { jsonPath: ['$['] } });
  await expect(verifying).rejects.toMatchObject({ status: 400, violations: [{ path: '/jsonPath/0' }] });
});
