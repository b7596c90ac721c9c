import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../src/engine/records/journal.ts';
import { verifyRequests } from '../../../src/surfaces/control/verify-requests.ts';
import { operationInput } from '../../support/inputs.ts';
import { createWorld } from '../test-world.ts';

function entryOf(id: string, method: string, url: string, body?: unknown): JournalEntry {
  return {
    id,
    at: '2026-01-01T00:00:00.000Z',
    method,
    url,
    operationId: `${method.toLowerCase()}Customer`,
    request: { headers: {}, body },
    response: { status: 200, headers: {} },
  };
}

const JOURNAL = [
  entryOf('1', 'GET', '/v1/customers/CUS-1?full=true'),
  entryOf('2', 'POST', '/v1/customers', { name: 'Ann', address: { city: 'Ulm', zip: '1' }, tags: ['a', 'b'] }),
  entryOf('3', 'POST', '/v1/customers', { name: 'Bob', address: { city: 'Bonn' } }),
];

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
])('the pattern %j meets %i requests', (pattern, matched) => {
  expect(verifyRequests(JOURNAL, pattern)).toEqual({ matched, ok: true, nearest: [] });
});

test('the nearest misses show what differs, field by field', () => {
  const { matched, ok, nearest } = verifyRequests(JOURNAL, {
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

test('a count must be met exactly, and none can be expected', () => {
  expect(verifyRequests(JOURNAL, { method: 'POST', count: 1 })).toMatchObject({ matched: 2, ok: false });
  expect(verifyRequests(JOURNAL, { method: 'DELETE', count: 0 })).toMatchObject({ matched: 0, ok: true });
  expect(verifyRequests(JOURNAL, { method: 'DELETE' })).toMatchObject({ matched: 0, ok: false });
});
