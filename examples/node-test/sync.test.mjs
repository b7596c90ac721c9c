import assert from 'node:assert/strict';
import { simulatorTest } from 'bss-simulator/node-test';
import { createCrm } from './crm.mjs';

const test = simulatorTest({ seed: 7 });

test('signs a customer up, once', async ({ tenant, events }) => {
  const crm = createCrm({ api: tenant.url });
  const { customerId } = await crm.signUp('ada@example.com');
  const { payload } = await events.next('customer/created', { where: { customerId } });
  assert.equal(payload.email, 'ada@example.com');
  await tenant.received({ operationId: 'createCustomer' }).once();
});

test('bills a subscription in the month after', async ({ events }) => {
  const { at } = await events.next('billing/invoice/created', { within: 'P2M' });
  assert.match(at, /^2026-0[12]-/);
});
