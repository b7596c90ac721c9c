import { expect, test } from 'vitest';
import { createWorld } from '../test-world.ts';

const PUBLISH = { body: { channel: 'customer/created' } };

test('a snapshot brings everything back', async () => {
  const { ask, tenant } = await createWorld();
  await ask('publishEvent', PUBLISH);
  expect(await ask('takeSnapshot')).toEqual({
    status: 201,
    body: { id: 'SNAP-000001', at: '2026-01-01T00:00:00.000Z' },
  });
  const digest = tenant.transcript.digest();

  await ask('advanceClock', { body: { by: 'P1D' } });
  await ask('publishEvent', PUBLISH);
  await ask('restoreSnapshot', { path: { id: 'SNAP-000001' } });

  expect(tenant.log.read()).toHaveLength(1);
  expect(tenant.now()).toBe(Date.UTC(2026, 0, 1));
  expect(tenant.transcript.digest()).toEqual(digest);
});

test('a snapshot of one tenant is unknown to another', async () => {
  const { ask } = await createWorld();
  await ask('takeSnapshot', {}, 'a');

  expect((await ask('listSnapshots', {}, 'a')).body).toMatchObject({ items: [{ id: 'SNAP-000001' }] });
  expect((await ask('listSnapshots', {}, 'b')).body).toEqual({ items: [] });
  await expect(ask('restoreSnapshot', { path: { id: 'SNAP-000001' } }, 'b')).rejects.toMatchObject({ status: 404 });
});

test('a reset goes back to the start, or to another seed', async () => {
  const { ask, tenant } = await createWorld();
  await ask('publishEvent', PUBLISH);
  const [first] = tenant.log.read();

  await ask('resetTenant');
  await ask('publishEvent', PUBLISH);
  expect(tenant.log.read()).toEqual([first]);

  expect((await ask('resetTenant', { body: { seed: 2 } })).body).toMatchObject({ seed: 2 });
  await ask('publishEvent', PUBLISH);
  expect(tenant.log.read()).not.toEqual([first]);
});

test('a reset to what makes no sense is refused and changes nothing', async () => {
  const { ask, tenant } = await createWorld();
  await ask('publishEvent', PUBLISH);

  await expect(ask('resetTenant', { body: { clock: 'yesterday' } })).rejects.toMatchObject({
    name: 'Refusal',
    status: 400,
  });
  expect(tenant.log.read()).toHaveLength(1);
});

test('a fork goes its own way from where the other stands', async () => {
  const { ask, tenant, tenants } = await createWorld();
  await ask('publishEvent', PUBLISH);

  expect(await ask('forkTenant', { path: { name: 'copy' } })).toEqual({ status: 201, body: { name: 'copy' } });
  await ask('publishEvent', PUBLISH, 'copy');

  expect(tenant.log.read()).toHaveLength(1);
  expect(tenants.get('copy').log.read()).toHaveLength(2);
  await expect(ask('forkTenant', { path: { name: 'copy' } })).rejects.toMatchObject({ status: 409 });
  await expect(ask('forkTenant', { path: { name: 'x' }, body: { from: 'nobody' } })).rejects.toMatchObject({
    status: 404,
  });
});

test('a deleted tenant is gone, and only once', async () => {
  const { ask } = await createWorld();
  await ask('listEvents', {}, 'a');
  expect((await ask('listTenants')).body).toEqual({ items: [{ name: 'default' }, { name: 'a' }] });

  expect(await ask('deleteTenant', { path: { name: 'a' } })).toMatchObject({ status: 204 });

  expect((await ask('listTenants')).body).toEqual({ items: [{ name: 'default' }] });
  await expect(ask('deleteTenant', { path: { name: 'a' } })).rejects.toMatchObject({ status: 404 });
});
