import { createServer } from 'node:http';
import { expect, simulatorTest } from 'bss-simulator/vitest';
import { createCrm } from './crm.mjs';

const test = simulatorTest({ seed: 7 });
const ADA = 'ada@example.com';

test('signs a customer up, once', async ({ tenant }) => {
  const crm = createCrm({ api: tenant.url });
  const { customerId } = await crm.signUp(ADA);
  expect(crm.contacts.get(customerId)).toEqual({ email: ADA, status: 'Active' });
  await expect(tenant).toHaveReceived({ operationId: 'createCustomer', body: { email: ADA } }, 1);
  await expect(tenant).toHavePublished('customer/created', { email: ADA });
  await expect(tenant).toHaveNoViolations();
});

test('pulls every customer that there is', async ({ tenant }) => {
  const crm = createCrm({ api: tenant.url });
  await crm.pull();
  expect(crm.contacts.size).toBeGreaterThan(30);
});

test('hears of changes by webhook', async ({ tenant }) => {
  const crm = createCrm({ api: tenant.url });
  const server = createServer(async (request, response) => {
    crm.handle(JSON.parse(Buffer.concat(await request.toArray())));
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await tenant.webhooks.create({ url: `http://127.0.0.1:${server.address().port}`, channels: ['customer/*'] });
  const { customerId } = await createCrm({ api: tenant.url }).signUp(ADA);
  await tenant.settle();
  expect(crm.contacts.get(customerId)).toMatchObject({ email: ADA });
  server.close();
});

test('hears of what time brings by WebSocket', async ({ tenant, events }) => {
  const crm = createCrm({ api: tenant.url });
  const stop = await crm.listen('customer/updated');
  const { payload } = await events.next('customer/updated', { where: { status: 'Suspended' }, within: 'P3M' });
  await expect.poll(() => crm.contacts.get(payload.customerId)?.status).toBe('Suspended');
  stop();
});

test('tries again where it is told to slow down', async ({ tenant, faults }) => {
  await faults.rateLimited({ operationId: 'createCustomer', times: 1 });
  await createCrm({ api: tenant.url }).signUp(ADA);
  await tenant.received({ operationId: 'createCustomer' }).times(2);
});
