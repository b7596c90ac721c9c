import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createSimulator } from '../../src/simulator.ts';
import { askAt, startSimulator, TEST_CACHE } from '../support/simulator.ts';

const { simulator, ask } = await startSimulator();
const NEW_CUSTOMER = { customerType: 'Individual', firstName: 'Ada', email: 'ada.marsh@example.com' };

test('a customer created on one side is told on the WebSocket of its channel, as it was stored', async () => {
  const socket = new WebSocket(`${simulator.url.replace('http', 'ws')}/customer/created`);
  await new Promise((resolve) => socket.once('open', resolve));
  const told = new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
  const { body: customer } = await ask('POST', '/v1/customers', NEW_CUSTOMER);
  const { customerId, accountNumber, customerType, status, email } = customer;
  expect(JSON.parse(await told)).toEqual({
    eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    eventType: 'customer/created',
    eventTime: '2026-01-01T00:00:00.000Z',
    tenantId: 'default',
    ...{ customerId, accountNumber, customerType, status, email },
  });
  expect((await ask('GET', `/v1/customers/${customerId}`)).body).toEqual(customer);
  socket.terminate();
});

test('two starts with the same seed give the same world, byte for byte; another seed gives another', async () => {
  const worldOf = async (seed: number) => {
    const other = createSimulator({ port: 0, cache: TEST_CACHE, seed });
    await other.start();
    const read = askAt(other.url);
    const paths = [
      '/v1/customers?pageSize=1000',
      '/v1/products',
      '/v1/customers/CUS-000003/subscriptions',
      '/v1/customers/CUS-000003/invoices',
      '/aps/2/resources',
      '/macd/subscribers',
    ];
    const texts = [];
    for (const path of paths) texts.push((await read('GET', path)).text);
    texts.push(JSON.stringify((await read('GET', '/_simulator/clock')).body));
    await other.stop();
    return texts.join('\n');
  };
  const [first, second, third] = [await worldOf(1), await worldOf(1), await worldOf(2)];
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('the same people stand in all four systems', async () => {
  const { body: accounts } = await ask('GET', '/billingaccounttmfwebservices/v2/billingAccount?limit=1000');
  const { body: page } = await ask('GET', '/v1/customers?pageSize=1000');
  const ids = new Set(page.data.map(({ customerId }: { customerId: string }) => customerId));
  for (const account of accounts) {
    expect(account.relatedParty).toHaveLength(1);
    expect(ids).toContain(account.relatedParty[0].id);
  }
  const companies = page.data.flatMap(({ companyName }: { companyName?: string }) => companyName ?? []);
  const { body: subscribers } = await ask('GET', '/macd/subscribers?limit=1000');
  const { body: resources } = await ask(
    'GET',
    '/aps/2/resources?implementing(http://parallels.com/aps/types/pa/account/1.2)',
  );
  for (const { externalCustomerId } of subscribers) expect(ids).toContain(externalCustomerId);
  expect(resources.some(({ companyName }: { companyName?: string }) => companies.includes(companyName ?? ''))).toBe(
    true,
  );
});

test('the starting world has every state of every kind', async () => {
  const { body: page } = await ask('GET', '/v1/customers?pageSize=1000');
  const seen = { customers: new Set(), types: new Set(), subscriptions: new Set(), invoices: new Set() };
  expect(page.data.length).toBeGreaterThanOrEqual(25);
  for (const { customerId, status, customerType } of page.data) {
    seen.customers.add(status);
    seen.types.add(customerType);
    const { body: subscriptions } = await ask('GET', `/v1/customers/${customerId}/subscriptions`);
    const { body: invoices } = await ask('GET', `/v1/customers/${customerId}/invoices`);
    for (const each of subscriptions.data) seen.subscriptions.add(each.status);
    for (const each of invoices.data) seen.invoices.add(each.status);
  }
  expect([...seen.types].sort()).toEqual(['Business', 'Government', 'Individual']);
  expect([...seen.subscriptions].sort()).toEqual(['Active', 'Cancelled', 'Pending', 'Suspended']);
  expect([...seen.invoices].sort()).toEqual(['Cancelled', 'Open', 'Overdue', 'Paid']);
  const { body: products } = await ask('GET', '/v1/products');
  expect(new Set(products.data.map((each: { productType: string }) => each.productType)).size).toBe(5);
  expect(new Set(products.data.map((each: { status: string }) => each.status)).size).toBe(2);
});

test('tenants start alike and differ only by what is done to them', async () => {
  await ask('POST', '/@one/v1/customers', NEW_CUSTOMER);
  const one = await ask('GET', '/@one/v1/customers');
  const other = await ask('GET', '/v1/customers', undefined, { 'x-simulator-tenant': 'other' });
  expect(one.body.pagination.totalItems).toBe(other.body.pagination.totalItems + 1);
  expect(one.body.data).toEqual(other.body.data);
});

test('links keep the tenant prefix that they were asked with', async () => {
  const { headers } = await ask('POST', '/@one/v1/customers', NEW_CUSTOMER);
  expect(headers.get('location')).toMatch(`${simulator.url}/@one/v1/customers/CUS-`);
  const { body } = await ask('GET', '/@one/billingaccounttmfwebservices/v2/billingAccount?limit=1');
  expect(body[0].href).toMatch(`${simulator.url}/@one/billingaccounttmfwebservices/v2/billingAccount/`);
});

test('a TM Forum filter takes alternatives by comma and by repetition', async () => {
  const accounts = '/billingaccounttmfwebservices/v2/billingAccount';
  const count = async (query: string) =>
    Number((await ask('GET', `${accounts}?${query}`)).headers.get('x-total-count'));
  const [due, paid] = [await count('paymentStatus=due'), await count('paymentStatus=paid')];
  expect(due * paid).toBeGreaterThan(0);
  expect(await count('paymentStatus=due,paid')).toBe(due + paid);
  expect(await count('paymentStatus=due&paymentStatus=paid')).toBe(due + paid);
  expect(await count('paymentStatus=due&state=Nowhere')).toBe(0);
});

test('a payment in connectx moves the balance of the billing account, and both announce it', async () => {
  const { body: created } = await ask('POST', '/@link/v1/customers', NEW_CUSTOMER);
  const startDate = '2026-01-10';
  await ask('POST', `/@link/v1/customers/${created.customerId}/subscriptions`, { productId: 'PRD-MOB-010', startDate });
  await ask('POST', '/@link/_simulator/clock/advance', { to: '2026-02-01T12:00:00Z' });
  const { body: invoices } = await ask('GET', `/@link/v1/customers/${created.customerId}/invoices`);
  const [{ invoiceId, totalAmount }] = invoices.data;
  const accountOf = async () => {
    const { body } = await ask('GET', '/@link/billingaccounttmfwebservices/v2/billingAccount');
    return body.find(
      ({ relatedParty }: { relatedParty: [{ id: string }] }) => relatedParty[0].id === created.customerId,
    );
  };
  expect(await accountOf()).toMatchObject({
    paymentStatus: 'due',
    accountBalance: [{ amount: { value: totalAmount } }],
  });
  const { body: newest } = await ask('GET', '/@link/_simulator/events?limit=10000');
  const after = newest.items.at(-1).id;
  const payment = { invoiceId, amount: totalAmount, paymentMethod: 'Cash' };
  expect((await ask('POST', '/@link/_simulator/actions/connectx/record-payment', payment)).status).toBe(200);
  expect(await accountOf()).toMatchObject({ paymentStatus: 'paid', accountBalance: [{ amount: { value: 0 } }] });
  const { body: told } = await ask('GET', `/@link/_simulator/events?after=${after}`);
  expect(told.items.map(({ channel }: { channel: string }) => channel)).toEqual([
    'billing/payment/received',
    'billingAccount/attributeValueChange',
    'billingAccount/attributeValueChange',
  ]);
});

test('metrics count requests, events and tenants in the format of Prometheus', async () => {
  await ask('POST', '/@counted/v1/customers', NEW_CUSTOMER);
  const { text, headers } = await ask('GET', '/_simulator/metrics');
  expect(headers.get('content-type')).toMatch(/^text\/plain/);
  expect(text).toMatch(/^bss_simulator_requests_total\{method="POST",status="201"\} [1-9]\d*$/m);
  expect(text).toMatch(/^bss_simulator_events_total\{channel="customer\/created"\} [1-9]\d*$/m);
  expect(text).toMatch(/^bss_simulator_tenants [1-9]\d*$/m);
});
