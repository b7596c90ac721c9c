import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';

const simulator = await startProcess(['--max-entities', '150', '--max-entities-total', '400', '--max-tenants', '20']);
afterAll(() => simulator.stop());
const ask = askAt(simulator.url);

const END = '9999-12-31T23:59:59.999Z';
const customer = {
  customerType: 'Individual',
  firstName: 'Ada',
  lastName: 'Larkfield',
  email: 'ada@example.com',
  phone: '+44 1632 960001',
  address: { street: '1 High Street', city: 'Larkfield', state: 'Kent', postalCode: 'ZZ1 1ZZ', country: 'GB' },
};
const advance = (tenant: string, body: object) => ask('POST', `/@${tenant}/_simulator/clock/advance`, body);
const join = (tenant: string) => ask('POST', `/@${tenant}/v1/customers`, customer);

test('an advance to the end of time ends where the tenant is full, and says how far it came', async () => {
  const { status, body } = await advance('far', { to: END });
  expect([status, body.code]).toEqual([507, 'STATE_FULL']);
  const { body: clock } = await ask('GET', '/@far/_simulator/clock');
  expect(body.detail).toContain('--max-entities. The clock stands at');
  expect(body.detail).toContain(clock.now);
  expect(clock.pending[0].due).toBe(clock.now);

  // Everybody may look and take away; it does not go on until there is room.
  expect((await ask('GET', '/@far/v1/customers')).status).toBe(200);
  // What is due next is larger than a customer.
  await expect.poll(async () => (await join('far')).status, { timeout: 30_000, interval: 0 }).toBe(507);
  expect((await advance('far', { by: 'P1D' })).status).toBe(507);
  expect((await ask('GET', '/@far/_simulator/clock')).body.now).toBe(clock.now);
  expect((await join('near')).status).toBe(201);
  expect((await ask('POST', '/@far/_simulator/reset', {})).status).toBe(200);
  expect((await join('far')).status).toBe(201);
});

test('a clock that runs stands still there, and says why', async () => {
  expect((await ask('PUT', '/@running/_simulator/clock', { mode: 'real', rate: 1_000_000 })).status).toBe(200);
  const clock = async () => (await ask('GET', '/@running/_simulator/clock')).body;
  await expect.poll(async () => (await clock()).mode, { timeout: 30_000 }).toBe('manual');
  const { stoppedBy } = await clock();
  expect(stoppedBy).toContain('Failed to run the clock of the tenant "running" any further');
  const { body } = await ask('GET', '/@running/_simulator/activity?kind=clock');
  expect(body.items.at(-1).title).toBe(stoppedBy);
});

test('tenants that hold too much together keep nobody else from work', async () => {
  for (const tenant of ['a', 'b', 'c', 'd']) await advance(tenant, { to: END });
  const { status, body } = await advance('d', { by: 'P1D' });
  expect([status, body.code]).toEqual([507, 'STATE_FULL']);
  expect(body.detail).toContain('--max-entities-total');
  expect((await ask('GET', '/@d/v1/customers')).status).toBe(200);
  expect((await join('small')).status).toBe(201);

  for (const tenant of ['a', 'b', 'c']) await ask('DELETE', `/_simulator/tenants/${tenant}`);
  expect((await advance('d', { by: 'P1D' })).status).toBe(200);
});
