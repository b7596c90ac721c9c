import { expect, test } from 'vitest';
import { answered } from '../../support/attempts.ts';
import { createWorld } from '../test-world.ts';

const CALL = { path: { system: 'connectx', action: 'call' } };

test('a delivery is listed without what only its receiver should see', async () => {
  const { ask, tenant } = await createWorld();
  await ask('runAction', CALL);
  await tenant.settled();

  expect((await ask('listDeliveries')).body).toEqual({
    items: [
      {
        id: 'DLV-000001',
        target: 'http://simulator/inbox/a',
        kind: 'callback',
        state: 'delivered',
        attempts: [{ at: '2026-01-01T00:00:00.000Z', status: 200 }],
      },
    ],
  });
});

test('a delivery is sent again when asked for, whatever became of it', async () => {
  const { ask, tenant, sent, answers } = await createWorld();
  answers.push(answered(410));
  await ask('runAction', CALL);
  await tenant.settled();
  expect((await ask('listDeliveries')).body).toMatchObject({ items: [{ state: 'failed' }] });

  const { status, body } = await ask('redeliver', { path: { id: 'DLV-000001' } });
  expect({ status, body }).toMatchObject({
    status: 202,
    body: { state: 'pending', nextAt: '2026-01-01T00:00:00.000Z' },
  });
  await tenant.settled();

  expect(sent).toHaveLength(2);
  expect((await ask('listDeliveries')).body).toMatchObject({
    items: [{ state: 'delivered', attempts: [{ status: 410 }, { status: 200 }] }],
  });
  await expect(ask('redeliver', { path: { id: 'DLV-9' } })).rejects.toMatchObject({ status: 404 });
});

test('an inbox records what arrives, whatever it is', async () => {
  const { ask } = await createWorld();
  const headers = {
    host: 'localhost:1',
    'content-type': 'application/json',
    authorization: 'Bearer abc',
    'x-order': '7',
  };
  const path = { name: 'a' };

  expect(await ask('receiveByPost', { path, headers, rawQuery: 'x=1', body: { id: 1 } })).toEqual({
    status: 200,
    body: { id: 'MSG-000001' },
  });
  await ask('receiveByPut', { path, body: 'text' });
  await ask('receiveByDelete', { path: { name: 'b' } });
  await ask('receiveByGet', { path: { name: 'd' }, rawQuery: 'challenge=1' });

  expect((await ask('listInboxMessages', { path })).body).toEqual({
    items: [
      {
        id: 'MSG-000001',
        at: '2026-01-01T00:00:00.000Z',
        method: 'POST',
        path: '/_simulator/inbox/a?x=1',
        headers: { 'content-type': 'application/json', authorization: 'Bearer ***', 'x-order': '7' },
        body: { id: 1 },
      },
      {
        id: 'MSG-000002',
        at: '2026-01-01T00:00:00.000Z',
        method: 'PUT',
        path: '/_simulator/inbox/a',
        headers: {},
        body: 'text',
      },
    ],
  });
  expect((await ask('listInboxMessages', { path: { name: 'd' } })).body).toMatchObject({
    items: [{ method: 'GET', path: '/_simulator/inbox/d?challenge=1' }],
  });
  expect((await ask('listInboxMessages', { path: { name: 'c' } })).body).toEqual({ items: [] });
});
