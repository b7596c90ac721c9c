import { expect, test } from 'vitest';
import { join, order, shopOf, stored } from '../../support/connectx-world.ts';
import { bodyOf } from '../../support/tenant-of.ts';

const NEW_YEAR = '2026-01-01';

test('a customer gets an account number and the first state, and both messages carry what is stored', async () => {
  const shop = await shopOf();
  const customerId = await join(shop, { status: 'Terminated', accountNumber: 'MINE' });
  const customer = stored(shop, 'Customer', customerId);
  expect(customer).toMatchObject({ customerId: 'CUS-000001', accountNumber: 'ACC-100001', status: 'Active' });
  await shop.call('updateCustomer', { path: { customerId }, body: { status: 'Inactive', phone: '+447700900001' } });
  expect(shop.tenant.log.read().map(({ channel, payload }) => ({ channel, ...(payload as object) }))).toMatchObject([
    {
      channel: 'customer/created',
      customerId,
      accountNumber: 'ACC-100001',
      customerType: 'Individual',
      status: 'Active',
    },
    { channel: 'customer/updated', customerId, status: 'Inactive', previousStatus: 'Active' },
  ]);
});

test('a subscription takes names and prices from the catalogue and activates by a timer of its own', async () => {
  const shop = await shopOf();
  const customerId = await join(shop);
  const answer = bodyOf(
    await shop.call('createSubscription', {
      path: { customerId },
      body: {
        productId: 'PRD-BRB-010',
        startDate: NEW_YEAR,
        addons: ['PRD-ADD-030'],
        productName: 'Mine',
        monthlyCharge: 0,
      },
    }),
  );
  expect(answer).toEqual({
    subscriptionId: 'SUB-000001',
    customerId,
    productId: 'PRD-BRB-010',
    productName: 'Fibre 100',
    status: 'Pending',
    startDate: NEW_YEAR,
    monthlyCharge: 28,
    currency: 'GBP',
    addons: [{ addonId: 'PRD-ADD-030', addonName: 'Static IP', charge: 4 }],
  });
  expect(stored(shop, 'Subscription', 'SUB-000001')).toMatchObject({ status: 'Active' });
  expect(shop.events('subscription/activated')).toMatchObject([
    {
      subscriptionId: 'SUB-000001',
      productName: 'Fibre 100',
      status: 'Active',
      previousStatus: 'Pending',
      effectiveDate: NEW_YEAR,
    },
  ]);
});

test.each([
  [{ productId: 'PRD-NO', addons: ['PRD-ADD-010', 'PRD-NO'] }, 400, ['/productId', '/addons/1']],
  [{ productId: 'PRD-ADD-010' }, 400, ['/productId']],
  [{ productId: 'PRD-MOB-010', addons: ['PRD-MOB-020'] }, 400, ['/addons/0']],
  [{ productId: 'PRD-MOB-005' }, 409, []],
])('the order %j is refused with %i and names everything wrong with it', async (body, status, paths) => {
  const shop = await shopOf();
  const customerId = await join(shop);
  const answer = await shop.call('createSubscription', {
    path: { customerId },
    body: { startDate: NEW_YEAR, ...body },
  });
  expect(answer).toMatchObject({ status, violations: paths.map((path) => ({ in: 'body', path })) });
  expect(shop.tenant.store.query('connectx/Subscription').total).toBe(0);
});

test('an unknown customer cannot subscribe, nor can one that is not Active', async () => {
  const shop = await shopOf();
  const body = { productId: 'PRD-MOB-010', startDate: NEW_YEAR };
  expect(await shop.call('createSubscription', { path: { customerId: 'CUS-9' }, body })).toMatchObject({ status: 404 });
  const customerId = await join(shop);
  for (const status of ['Inactive', 'Suspended']) {
    await shop.call('updateCustomer', { path: { customerId }, body: { status } });
    expect(await shop.call('createSubscription', { path: { customerId }, body })).toMatchObject({
      status: 409,
      code: 'CUSTOMER_NOT_ACTIVE',
    });
  }
});

test('a suspended customer takes the running subscriptions along and back, and leaves alone those held by request', async () => {
  const shop = await shopOf();
  const customerId = await join(shop);
  for (const startDate of [NEW_YEAR, NEW_YEAR, '2026-01-10'])
    await order(shop, customerId, { productId: 'PRD-MOB-010', startDate });
  const states = async () =>
    Promise.all([1, 2, 3].map(async (n) => stored(shop, 'Subscription', `SUB-00000${n}`).status));
  const patch = (status: string) => shop.call('updateCustomer', { path: { customerId }, body: { status } });

  await shop.act('connectx/suspend-subscription', { subscriptionId: 'SUB-000002' });
  await patch('Suspended');
  expect(await states()).toEqual(['Suspended', 'Suspended', 'Pending']);
  await expect(shop.act('connectx/resume-subscription', { subscriptionId: 'SUB-000001' })).rejects.toMatchObject({
    status: 409,
  });
  await expect(shop.act('connectx/activate-subscription', { subscriptionId: 'SUB-000003' })).rejects.toMatchObject({
    status: 409,
  });

  // The start date comes while the customer is suspended: the subscription waits for them.
  await shop.advanceTo('2026-01-15T00:00:00Z');
  expect(await states()).toEqual(['Suspended', 'Suspended', 'Pending']);
  await patch('Active');
  expect(await states()).toEqual(['Active', 'Suspended', 'Active']);
  expect(
    shop
      .events('subscription/*')
      .map(({ subscriptionId, status, effectiveDate }) => `${effectiveDate} ${subscriptionId} ${status}`),
  ).toEqual([
    '2026-01-01 SUB-000001 Active',
    '2026-01-01 SUB-000002 Active',
    '2026-01-01 SUB-000002 Suspended',
    '2026-01-01 SUB-000001 Suspended',
    '2026-01-15 SUB-000001 Active',
    '2026-01-15 SUB-000003 Active',
  ]);
  await shop.act('connectx/resume-subscription', { subscriptionId: 'SUB-000002' });
  expect(await states()).toEqual(['Active', 'Active', 'Active']);
});

test('an early activation moves the start date to today', async () => {
  const shop = await shopOf();
  await order(shop, await join(shop), { productId: 'PRD-MOB-010', startDate: '2026-03-01' });
  await shop.act('connectx/activate-subscription', { subscriptionId: 'SUB-000001' });
  expect(stored(shop, 'Subscription', 'SUB-000001')).toMatchObject({ status: 'Active', startDate: NEW_YEAR });
  expect((await shop.tenant.pending(10)).map(({ kind }) => kind)).toEqual(['connectx/bill-run']);
});

test('termination cancels everything, settles it on one final bill, and is the end', async () => {
  const shop = await shopOf();
  const customerId = await join(shop);
  await order(shop, customerId, { productId: 'PRD-MOB-010', startDate: NEW_YEAR });
  await order(shop, customerId, { productId: 'PRD-BRB-010', startDate: NEW_YEAR });
  await order(shop, customerId, { productId: 'PRD-TV-010', startDate: '2026-06-01' });
  await shop.advanceTo('2026-01-31T08:00:00Z');
  await shop.act('connectx/terminate-customer', { customerId });
  expect(
    shop.tenant.log
      .read()
      .slice(3)
      .map(({ channel }) => channel),
  ).toEqual([
    'subscription/cancelled',
    'subscription/cancelled',
    'subscription/cancelled',
    'billing/invoice/created',
    'customer/updated',
  ]);
  expect(shop.events('customer/updated')).toMatchObject([{ status: 'Terminated', previousStatus: 'Active' }]);
  expect(stored(shop, 'Invoice', 'INV-2026-000001')).toMatchObject({
    totalAmount: 45.6,
    lineItems: [
      { description: 'SIM Only 10 GB - monthly charge 1-31 Jan 2026' },
      { description: 'Fibre 100 - monthly charge 1-31 Jan 2026' },
    ],
  });
  expect(await shop.call('updateCustomer', { path: { customerId }, body: { status: 'Active' } })).toMatchObject({
    status: 409,
  });
});
