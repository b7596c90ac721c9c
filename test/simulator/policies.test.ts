import { expect, test } from 'vitest';
import { createSimulator } from '../../src/simulator.ts';
import { startSimulator } from '../support/simulator.ts';

const { ask } = await startSimulator({ policies: { connectx: { dueDays: 20 } } });

const policies = async (tenant: string) => {
  // A tenant is made by what is asked of its contracts.
  await ask('GET', `/@${tenant}/v1/customers`);
  return (await ask('GET', `/@${tenant}/_simulator/policies`)).body;
};

test('each tenant has policies of its own, from the server’s configuration on', async () => {
  const changed = await ask('PUT', '/@a/_simulator/policies', { connectx: { dueDays: 7, taxRates: { DE: 16 } } });
  expect(changed.status).toBe(200);
  expect(changed.body).toEqual(await policies('a'));
  expect(changed.body.connectx).toMatchObject({ dueDays: 7, billDay: 1, taxRates: { GB: 20, DE: 16 } });
  await ask('PUT', '/_simulator/tenants/b');
  expect((await policies('b')).connectx).toMatchObject({ dueDays: 20, taxRates: { DE: 19 } });

  const back = await ask('PUT', '/@a/_simulator/policies', { connectx: { dueDays: null } });
  expect(back.body.connectx).toMatchObject({ dueDays: 20, taxRates: { DE: 16 } });
});

test('what is billed follows the policies as they are then', async () => {
  await ask('PUT', '/@c/_simulator/policies', { connectx: { billDay: 10 } });
  const advanced = await ask('POST', '/@c/_simulator/clock/advance', { to: '2026-01-10T00:00:00Z' });
  expect(advanced.body.effects).toContainEqual(expect.objectContaining({ key: 'connectx/bill-run' }));
});

test('a policy that there is not, or a value that it cannot have, is refused whole', async () => {
  await ask('PUT', '/_simulator/tenants/d');
  const before = await policies('d');
  const { status, body } = await ask('PUT', '/@d/_simulator/policies', {
    connectx: { billDay: 31, dueDays: 3, dunning: 1 },
    operator: { timeZone: 'Mars/Olympus' },
    billing: {},
  });
  expect(status).toBe(400);
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
    '/connectx/billDay',
    '/connectx/dunning',
    '/operator/timeZone',
    '/billing',
  ]);
  expect(await policies('d')).toEqual(before);
});

test('snapshots and forks keep policies, and a reset starts with others', async () => {
  await ask('PUT', '/@e/_simulator/policies', { macd: { stale: 'warning' } });
  await ask('POST', '/@e/_simulator/tenants/f/fork');
  const { body } = await ask('POST', '/@e/_simulator/snapshots');
  await ask('PUT', '/@e/_simulator/policies', { macd: { stale: 'error' } });
  expect((await policies('f')).macd.stale).toBe('warning');
  await ask('POST', `/@e/_simulator/snapshots/${body.id}/restore`);
  expect((await policies('e')).macd.stale).toBe('warning');

  await ask('POST', '/@e/_simulator/reset', { policies: { connectx: { billDay: 15 } } });
  expect(await policies('e')).toMatchObject({ macd: { stale: 'error' }, connectx: { billDay: 15, dueDays: 20 } });
  await ask('PUT', '/@e/_simulator/policies', { connectx: { billDay: 3 } });
  // An empty reset goes back to the last start, policies included.
  await ask('POST', '/@e/_simulator/reset');
  expect((await policies('e')).connectx.billDay).toBe(15);
  const { status, body: refused } = await ask('POST', '/@e/_simulator/reset', {
    policies: { connectx: { billDay: 0 } },
  });
  expect(status).toBe(400);
  expect(refused.errors).toMatchObject([{ path: '/connectx/billDay' }]);
});

test('a configuration that no policy can have stops the start', async () => {
  const wrong = createSimulator({ port: 0, policies: { connectx: { dueDays: 0 } } });
  await expect(wrong.start()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
