import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startSimulator } from '../support/simulator.ts';

/**
 * The leak test: a system without a line of code still works from its contract. The contracts are served from a folder
 * of another name, so that no shipped code belongs to them.
 */
const folder = mkdtempSync(join(tmpdir(), 'contract-alone-'));
cpSync(resolve('specs/connectx'), join(folder, 'another-bss'), { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));
const { ask } = await startSimulator({ specs: [folder], strict: true });

test('without code, customers are still created, read, listed, filtered and patched', async () => {
  const created = await ask('POST', '/v1/customers', {
    customerType: 'Business',
    email: 'desk@example.com',
    companyName: 'Acme',
  });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({ status: 'Active', companyName: 'Acme', createdAt: '2026-01-01T00:00:00.000Z' });
  const path = `/v1/customers/${created.body.customerId}`;
  expect((await ask('GET', path)).body).toEqual(created.body);
  expect((await ask('GET', '/v1/customers?customerType=Business')).body).toEqual({
    data: [created.body],
    pagination: { page: 1, pageSize: 25, totalPages: 1, totalItems: 1 },
  });
  expect((await ask('GET', '/v1/customers?customerType=Individual')).body.data).toEqual([]);
  expect((await ask('PATCH', path, { status: 'Suspended' })).body).toEqual({ ...created.body, status: 'Suspended' });
});

test('without code, a child needs its parent, and is listed below it', async () => {
  const { body } = await ask('POST', '/v1/customers', { customerType: 'Individual', email: 'ada@example.com' });
  const draft = { productId: 'PRD-1', startDate: '2026-02-01' };
  const { body: subscription } = await ask('POST', `/v1/customers/${body.customerId}/subscriptions`, draft);
  expect(subscription).toMatchObject({ ...draft, customerId: body.customerId, currency: 'USD' });
  expect((await ask('GET', `/v1/customers/${body.customerId}/subscriptions`)).body).toEqual({ data: [subscription] });
  expect((await ask('POST', '/v1/customers/none/subscriptions', draft)).status).toBe(404);
});

test('without code, what a contract has an event channel for is announced', async () => {
  const { body: customer } = await ask('POST', '/v1/customers', {
    customerType: 'Individual',
    email: 'eve@example.com',
  });
  await ask('PATCH', `/v1/customers/${customer.customerId}`, { status: 'Inactive' });
  const { body } = await ask('GET', '/_simulator/events');
  expect(body.items.slice(-2)).toMatchObject([
    { channel: 'customer/created', payload: { customerId: customer.customerId, status: 'Active' } },
    {
      channel: 'customer/updated',
      payload: { customerId: customer.customerId, status: 'Inactive', previousStatus: 'Active' },
    },
  ]);
});

test('without code, an error has the form that the contract gives it', async () => {
  const { status, body } = await ask('POST', '/v1/customers', { customerType: 'Robot' });
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'INVALID_REQUEST', message: expect.any(String) });
  expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['/customerType', '/email']);
});
