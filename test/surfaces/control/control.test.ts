import { expect, test } from 'vitest';
import { createWorld } from '../test-world.ts';

test('every operation of the control contract has one handler, and every handler an operation', async () => {
  const { problems, operations, control, registry } = await createWorld();
  const commands = Object.keys(registry.system('simulator')?.operations ?? {});

  expect(problems).toEqual([]);
  expect(operations.map(({ id }) => id).sort()).toEqual([...Object.keys(control), ...commands].sort());
});

test('health tells the contracts with their sizes', async () => {
  const { ask } = await createWorld();

  const { body } = await ask('readHealth');

  expect(body).toMatchObject({
    status: 'ready',
    version: '0.0.0',
    contracts: [
      { system: 'connectx', name: 'bss-api', format: 'openapi-3.1', channels: 0 },
      { system: 'connectx', name: 'bss-events', operations: 0, channels: 7 },
      { system: 'simulator', title: 'Simulator Control API' },
    ],
  });
});

test('it explains how each operation of a contract is answered, and why', async () => {
  const { ask } = await createWorld();
  const path = { system: 'connectx', name: 'bss-api' };
  const { body } = await ask('explainContract', { path, query: { limit: 1 } });
  expect(body).toMatchObject({
    items: [{ by: 'state', role: 'list', resource: 'Customer', clue: expect.any(String) }],
  });
  const { next } = body as { next: string };
  const rest = (await ask('explainContract', { path, query: { after: next } })).body as { items: unknown[] };
  expect(rest.items).toHaveLength(7);
  await expect(ask('explainContract', { path: { system: 'none', name: 'none' } })).rejects.toMatchObject({
    status: 404,
  });
});

test('a contract is answered as it stands in its file', async () => {
  const { ask } = await createWorld();

  const { body } = await ask('readContract', { path: { system: 'connectx', name: 'bss-events' } });

  expect(body).toContain('# BSS event stream');
  await expect(ask('readContract', { path: { system: 'connectx', name: 'toString' } })).rejects.toMatchObject({
    status: 404,
  });
});

test('a list is answered in parts, each telling how to get the next', async () => {
  const { ask } = await createWorld();

  const first = await ask('listContracts', { query: { limit: 2 } });
  expect(first.body).toMatchObject({
    items: [{ name: 'bss-api' }, { name: 'bss-events' }],
    next: 'connectx/bss-events',
  });

  const rest = await ask('listContracts', { query: { limit: 2, after: 'connectx/bss-events' } });
  expect(rest.body).toEqual({ items: [expect.objectContaining({ name: 'control' })] });

  await expect(ask('listContracts', { query: { after: 'nowhere' } })).rejects.toMatchObject({ status: 404 });
});

test('an action does what no contract has an operation for', async () => {
  const { ask } = await createWorld();

  const { status, body } = await ask('runAction', {
    path: { system: 'connectx', action: 'send-later' },
    body: { name: 'a' },
  });
  expect({ status, body }).toEqual({ status: 200, body: { waits: 'a' } });

  // Must answer 204 where there is nothing to tell.
  expect(await ask('runAction', { path: { system: 'connectx', action: 'call' } })).toMatchObject({ status: 204 });
  await expect(ask('runAction', { path: { system: 'connectx', action: 'send-latr' } })).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('Did you mean `connectx/send-later`?'),
  });
});

test('actions are listed with what each wants to know, and refuse anything else', async () => {
  const { ask } = await createWorld();

  const { body } = await ask('listActions');
  expect((body as { items: unknown[] }).items).toContainEqual({
    id: 'connectx/send-later',
    input: expect.objectContaining({ required: ['name'] }),
  });
  const wrong = ask('runAction', { path: { system: 'connectx', action: 'send-later' }, body: { name: 1 } });
  await expect(wrong).rejects.toMatchObject({ status: 400, violations: [{ in: 'body', path: '/name' }] });
});

test('the transcript is JSON Lines, and the digest says what it covers', async () => {
  const { ask } = await createWorld();
  await ask('publishEvent', { body: { channel: 'customer/created' } });

  expect((await ask('readTranscript')).body).toMatch(/^\{.*"kind":"event".*\}\n$/);
  expect((await ask('readTranscriptDigest')).body).toMatchObject({ from: 1, to: 1 });
});
