import { expect, test } from 'vitest';
import { startSimulator } from '../support/simulator.ts';

const { simulator, ask } = await startSimulator();

const ACCOUNTS = '/billingaccounttmfwebservices/v2/billingAccount';
const HUB = '/billingaccounttmfwebservices/v2/hub';
const RESOURCES = '/aps/2/resources';
const SUBSCRIPTION = 'http://www.odin.com/billing/Subscription/1.0';

let tenants = 0;

/** An operator of its own, asked as clients do; all of them start alike. */
function operator() {
  tenants += 1;
  const name = `rule-${tenants}`;
  const at = (method: string, path: string, body?: unknown, headers = {}) =>
    ask(method, `/@${name}${path}`, body, headers);
  const act = async (action: string, input: unknown) => (await at('POST', `/_simulator/actions/${action}`, input)).body;
  const invoices = async (customer: string) => (await at('GET', `/v1/customers/${customer}/invoices`)).body.data;
  return {
    name,
    at,
    act,
    invoices,
    to: (time: string) => at('POST', '/_simulator/clock/advance', { to: time }),
    by: (duration: string) => at('POST', '/_simulator/clock/advance', { by: duration }),
    join: async () =>
      (await at('POST', '/v1/customers', { customerType: 'Individual', email: 'a@example.com' })).body.customerId,
    order: async (customer: string, productId: string, startDate: string, more = {}) =>
      (await at('POST', `/v1/customers/${customer}/subscriptions`, { productId, startDate, ...more })).body,
    lines: async (customer: string): Promise<readonly string[]> =>
      (await invoices(customer)).flatMap(({ lineItems }: { lineItems: { description: string }[] }) =>
        lineItems.map(({ description }) => description),
      ),
    account: async (id: string) => (await at('GET', `${ACCOUNTS}/${id}`)).body,
    accountsOf: async (customer: string) => (await at('GET', `${ACCOUNTS}?relatedParty.id=${customer}`)).body,
    patch: (id: string, body: unknown) => at('PATCH', `${ACCOUNTS}/${id}`, body),
    resource: async (query: string) => (await at('GET', `${RESOURCES}?${query}`)).body[0],
  };
}

const FIBRE_100 = 'PRD-BRB-010';
const FIBRE_500 = 'PRD-BRB-020';

test('a change of plan on the 16th bills 31 days of January', async () => {
  const { join, order, to, act, lines } = operator();
  const customer = await join();
  const { subscriptionId } = await order(customer, FIBRE_100, '2026-01-01');
  await to('2026-01-16T10:00:00Z');
  await order(customer, FIBRE_500, '2026-01-16');
  await act('connectx/cancel-subscription', { subscriptionId });
  await to('2026-02-01T00:00:00Z');
  expect(await lines(customer)).toEqual([
    'Fibre 100 - pro rata 1-15 Jan 2026 (15 of 31 days)',
    'Fibre 500 - pro rata 16-31 Jan 2026 (16 of 31 days)',
    'Fibre 500 - monthly charge 1-28 Feb 2026',
  ]);
});

test('the day of a change is billed once though what begins on it ends on it as well', async () => {
  const { join, order, to, by, act, lines } = operator();
  const customer = await join();
  const { subscriptionId } = await order(customer, FIBRE_100, '2026-01-01');
  await to('2026-01-16T10:00:00Z');
  const short = await order(customer, FIBRE_500, '2026-01-16');
  await by('PT1S');
  await act('connectx/cancel-subscription', { subscriptionId: short.subscriptionId });
  await act('connectx/cancel-subscription', { subscriptionId });
  expect(await lines(customer)).toEqual([
    'Fibre 500 - pro rata 16 Jan 2026 (1 of 31 days)',
    'Fibre 100 - pro rata 1-15 Jan 2026 (15 of 31 days)',
  ]);
});

test('an account that is owed on is not deleted, by whatever way, and no bill is lost', async () => {
  const { at, by, account, accountsOf, patch, invoices, act } = operator();
  const remove = async (id: string) => (await at('DELETE', `${ACCOUNTS}/${id}`)).status;
  const before = await account('BA-000003');
  expect(before.accountBalance[0].amount.value).toBeGreaterThan(0);
  expect(await remove('BA-000003')).toBe(409);
  expect((await patch('BA-000003', { accountBalance: [] })).status).toBe(400);
  expect((await patch('BA-000003', { relatedParty: [{ id: 'CUS-000001', role: 'customer' }] })).status).toBe(409);
  expect(await account('BA-000003')).toEqual(before);
  await by('P90D');
  expect(await accountsOf('CUS-000003')).toHaveLength(1);
  expect((await invoices('CUS-000003')).length).toBeGreaterThan(3);
  await act('connectx/terminate-customer', { customerId: 'CUS-000003' });
  expect([(await account('BA-000003')).state, await remove('BA-000003')]).toEqual(['Pending closed', 409]);
});

test('an account is not closed while anything is owed on it, by a client or by an action', async () => {
  const { at, by, patch, account } = operator();
  expect((await patch('BA-000001', { state: 'Pending closed' })).status).toBe(200);
  expect((await patch('BA-000001', { state: 'Closed' })).body).toMatchObject({
    code: 'AMOUNT_OWED',
    owed: [{ unit: 'GBP', value: 21.6 }],
  });
  const input = { id: 'BA-000001', state: 'Closed' };
  expect((await at('POST', '/_simulator/actions/billing-account/set-state', input)).status).toBe(409);
  await by('P1Y');
  expect(await account('BA-000001')).toMatchObject({
    state: 'Closed',
    paymentStatus: 'paid',
    accountBalance: [{ amount: { value: 0 } }],
  });
});

test('an account that is Pending update is Active again on the next bill day', async () => {
  const { to, account } = operator();
  expect(await account('BA-000014')).toMatchObject({ state: 'Pending update' });
  await to('2026-01-31T23:59:59Z');
  expect(await account('BA-000014')).toMatchObject({ state: 'Pending update' });
  await to('2026-02-01T00:00:00Z');
  expect(await account('BA-000014')).toMatchObject({ state: 'Active' });
});

test('a start in the past is billed from that day on, or refused by policy', async () => {
  const { at, join, order, to, lines } = operator();
  const customer = await join();
  expect(await order(customer, FIBRE_100, '2025-11-15')).toMatchObject({ startDate: '2025-11-15' });
  await to('2026-02-01T00:00:00Z');
  expect(await lines(customer)).toEqual([
    'Fibre 100 - pro rata 15-30 Nov 2025 (16 of 30 days)',
    'Fibre 100 - monthly charge 1-31 Dec 2025',
    'Fibre 100 - monthly charge 1-31 Jan 2026',
    'Fibre 100 - monthly charge 1-28 Feb 2026',
  ]);
  await at('PUT', '/_simulator/policies', { connectx: { backdatedStart: 'refuse' } });
  expect(await order(customer, FIBRE_100, '2026-01-31')).toMatchObject({ code: 'INVALID_REQUEST' });
});

test.each([
  ['/v1/customers/CUS-000001', { email: null }],
  ['/v1/customers/CUS-000001', { status: null }],
  [`${ACCOUNTS}/BA-000001`, { name: null }],
])('a PATCH of %s with %j takes away nothing that has to be there', async (path, body) => {
  expect((await operator().at('PATCH', path, body)).status).toBe(400);
});

test.each(['GB', 'gb', 'UK', 'United Kingdom'])(
  'an exemption of an account in %s takes off the tax, and more than its credit limit is announced',
  async (issuingJurisdiction) => {
    const { at, join, order, by, to, accountsOf, patch, invoices } = operator();
    const customer = await join();
    await order(customer, FIBRE_100, '2026-01-01');
    await by('PT1S');
    const [{ id }] = await accountsOf(customer);
    await patch(id, {
      creditLimit: { unit: 'GBP', value: 1 },
      taxExemption: [{ issuingJurisdiction, validFor: { startDateTime: '2026-01-01T00:00:00Z' } }],
    });
    await to('2026-02-01T00:00:00Z');
    expect(await invoices(customer)).toMatchObject([{ totalAmount: 56, taxAmount: 0 }]);
    const { items } = (await at('GET', '/_simulator/events?channel=billingAccount/attributeValueChange&limit=10000'))
      .body;
    const told = items.filter(
      ({ payload }: { payload: { payload: { billingAccount: { id: string } } } }) =>
        payload.payload.billingAccount.id === id,
    );
    expect(told.map(({ payload }: { payload: { description: string } }) => payload.description)).toContain(
      'What is owed has risen above the credit limit of 1 GBP.',
    );
  },
);

test('an order for a number, device or site that is taken fails or waits, and a Delete has to name the site of its user', async () => {
  const { at, by } = operator();
  const user = (Username: string, more = {}) => ({
    Username,
    ContactPhone: '',
    ExtensionNumber: '1001',
    MobilePhone: '',
    FirstName: 'F',
    LastName: 'L',
    Email: '',
    Lines: [{ ExtensionNumber: '1001', DDI: '+442079460001' }],
    Devices: [{ Model: 'Cisco 7821', Name: 'SEP00005E005301' }],
    ...more,
  });
  let number = 0;
  const place = async (Operation: string, one: unknown, Location = 'S1', HardwareGroup = 'NDL1') => {
    number += 1;
    const MessageID = `m${number}`;
    const Order = {
      MessageID,
      CallbackURL: 'http://simulator/_simulator/inbox/cb',
      Timestamp: '2026-01-01T00:00:00Z',
      CallingSystem: 'x',
      UserID: 'x',
      Operation,
      Customer: 'NewCo',
      Location,
      HardwareGroup,
    };
    await at('POST', '/macd/orders', { Order, User: [one] });
    await by('PT30S');
    const { callbacks } = (await at('GET', `/macd/orders/${MessageID}`)).body;
    return callbacks.at(-1).Status;
  };
  const subscriber = async (name: string) => (await at('GET', `/macd/subscribers/${name}`)).body;
  expect(await place('Add', user('u1'))).toBe('Success');
  expect(await place('Add', user('u2'), 'S1', 'NDL2')).toBe('Error');
  const own = { ExtensionNumber: '1002', Lines: [{ ExtensionNumber: '1002' }], Devices: [] };
  expect(await place('Add', user('u2', own), 'S1', 'NDL2')).toBe('Warning');
  const { activation_state, hardwareGroup } = await subscriber('u2');
  expect([activation_state, hardwareGroup]).toEqual(['Live', undefined]);
  const later = {
    ExtensionNumber: '1003',
    Lines: [{ ExtensionNumber: '1003' }],
    Devices: [],
    ActivationDate: '2026-06-01T00:00:00Z',
  };
  expect(await place('Add', user('u3', later))).toBe('Success');
  expect(await subscriber('u3')).toMatchObject({
    activation_state: 'Scheduled',
    goLiveDate: '2026-06-01T00:00:00.000Z',
  });
  const leaving = { Username: 'u1', DisconnectionDate: '2026-12-31T00:00:00Z' };
  expect(await place('Delete', leaving, 'ELSEWHERE')).toBe('Error');
  expect(await subscriber('u1')).toMatchObject({ activation_state: 'Live', location: 'S1' });
  expect(await place('Delete', leaving)).toBe('Success');
  expect(await subscriber('u1')).toMatchObject({ activation_state: 'Live', scheduledChange: { operation: 'Delete' } });
});

test('the href of a hub’s event is the one that REST gives, tenant and all', async () => {
  const { name, at, by, patch } = operator();
  await at('POST', HUB, { callback: 'http://simulator/_simulator/inbox/h' });
  const { href } = (await patch('BA-000001', { state: 'Suspended' })).body;
  await by('PT1S');
  const { items } = (await at('GET', '/_simulator/inbox/h/messages')).body;
  expect(href).toBe(`${simulator.url}/@${name}${ACCOUNTS}/BA-000001`);
  expect(items[0].body).toMatchObject({ href, payload: { billingAccount: { href } } });
});

test('the fields that a listener at the hub asks for may be paths', async () => {
  const { at, by, patch } = operator();
  const query = 'fields=eventType,payload.billingAccount.state';
  await at('POST', HUB, { callback: 'http://simulator/_simulator/inbox/h', query });
  await patch('BA-000001', { state: 'Suspended' });
  await by('PT1S');
  const { items } = (await at('GET', '/_simulator/inbox/h/messages')).body;
  expect(items[0].body).toEqual({
    eventType: 'BillingAccountStateChangeEvent',
    payload: { billingAccount: { state: 'Suspended' } },
  });
});

test('nothing leads back from TERMINATED, and the value of what has ended is what was charged', async () => {
  const { at, by, resource } = operator();
  const { aps } = await resource('vendorSubscriptionId=eq=SUB-000008');
  const service = await resource('implementing(http://www.odin.com/oa/billing/bss-subscription-service/1.0)');
  const value = async () => {
    const { body } = await at('GET', `${RESOURCES}/${service.aps.id}/bss-subscriptions-tcv`);
    const one = body.find(
      ({ bssSubscription }: { bssSubscription: { subscriptionId: number } }) =>
        bssSubscription.subscriptionId === 1_000_008,
    );
    const { total, discTotal, effectiveTotal } = one.tcvs[0];
    return [total, discTotal, effectiveTotal];
  };
  const put = async (status: string) => (await at('PUT', `${RESOURCES}/${aps.id}`, { status })).status;
  // Twelve months of 30, and 4 for the add-on.
  expect(await value()).toEqual(['408.00', '40.80', '367.20']);
  expect([await put('TERMINATED'), await put('ACTIVE')]).toEqual([200, 409]);
  expect((await at('PUT', `${RESOURCES}/${aps.id}/enable`)).status).toBe(409);
  const ended = await value();
  expect(ended).toEqual(['340.00', '34.00', '306.00']);
  await by('P2Y');
  expect(await value()).toEqual(ended);
});

test('what is sold shows in APS in the same command', async () => {
  const { order, at, resource } = operator();
  const { subscriptionId } = await order('CUS-000005', FIBRE_100, '2026-01-01');
  const service = await resource('implementing(http://www.odin.com/oa/billing/bss-subscription-service/1.0)');
  const search = `${RESOURCES}/${service.aps.id}/getSubscriptionsByVendorSubscriptionId?vendorSubscriptionId=${subscriptionId}`;
  expect((await at('GET', search)).body).toMatchObject([{ aps: { type: SUBSCRIPTION }, name: 'Fibre 100' }]);
});

test('an error that Prefer asks for is one of the system that is asked', async () => {
  const { at } = operator();
  const prefer = (path: string, status: number) => at('GET', path, undefined, { prefer: `code=${status}` });
  expect((await prefer(`${ACCOUNTS}/BA-000001`, 409)).body).toMatchObject({ code: 'CONFLICT', status: '409' });
  expect((await prefer(`${ACCOUNTS}/BA-000001`, 409)).body.reason).not.toBe('');
  expect((await prefer('/v1/customers/CUS-000001', 404)).body).toMatchObject({ code: 'NOT_FOUND' });
  expect((await prefer(RESOURCES, 403)).body).toMatchObject({ code: 403, type: 'APS::Util::AccessViolation' });
});

test('a customer who leaves in credit is refunded, and then the account closes', async () => {
  const { join, order, to, by, act, invoices, accountsOf } = operator();
  const customer = await join();
  await order(customer, FIBRE_100, '2026-01-01');
  await to('2026-02-01T00:00:00Z');
  const [{ invoiceId }] = await invoices(customer);
  await act('connectx/record-payment', { invoiceId, amount: 67.2, paymentMethod: 'Cash' });
  await act('connectx/terminate-customer', { customerId: customer });
  await by('P1Y');
  expect(await accountsOf(customer)).toMatchObject([
    { state: 'Closed', paymentStatus: 'paid', accountBalance: [{ amount: { value: 0 } }] },
  ]);
  const { refunds } = await act('connectx/read-account', { customerId: customer });
  expect(refunds).toMatchObject([{ amount: 32.4 }]);
});

test('who leaves while their account waits for its last bill, owing, has it closed by the payment', async () => {
  const { join, order, by, to, act, accountsOf, patch, invoices } = operator();
  const customer = await join();
  await order(customer, FIBRE_100, '2026-01-01');
  await to('2026-02-01T00:00:00Z');
  const [{ id }] = await accountsOf(customer);
  await patch(id, { state: 'Pending closed' });
  expect(await act('connectx/terminate-customer', { customerId: customer })).toMatchObject({ status: 'Terminated' });
  expect(await accountsOf(customer)).toMatchObject([{ state: 'Pending closed' }]);
  for (const { invoiceId, status } of await invoices(customer)) {
    if (status === 'Open') await act('connectx/record-payment', { invoiceId, amount: 67.2, paymentMethod: 'Cash' });
  }
  await by('PT1S');
  expect(await accountsOf(customer)).toMatchObject([{ state: 'Closed', accountBalance: [{ amount: { value: 0 } }] }]);
});

test('an account that was only defined is Active from the first service on it', async () => {
  const { at, join, order, to, act, account } = operator();
  const customer = await join();
  const open = async () =>
    (await at('POST', ACCOUNTS, { name: 'Ann', relatedParty: [{ id: customer, role: 'customer' }] })).body.id;
  const [first, second] = [await open(), await open()];
  const { subscriptionId } = await order(customer, FIBRE_100, '2026-01-01');
  await to('2026-01-01T00:00:01Z');
  expect(await account(first)).toMatchObject({ state: 'Active' });
  expect(await account(second)).toMatchObject({ state: 'Defined' });
  await act('billing-account/assign-subscription', { id: second, subscriptionId });
  await to('2026-02-01T00:00:00Z');
  expect(await account(second)).toMatchObject({ state: 'Active', accountBalance: [{ amount: { value: 67.2 } }] });
});

test('all accounts of a customer follow them, but one that was suspended by itself stays so', async () => {
  const { at, join, order, act, to, accountsOf, patch } = operator();
  const customer = await join();
  const open = async () =>
    (await at('POST', ACCOUNTS, { name: 'x', state: 'Active', relatedParty: [{ id: customer, role: 'customer' }] }))
      .body.id;
  const [held, other] = [await open(), await open()];
  await order(customer, FIBRE_100, '2026-01-01');
  await to('2026-01-01T00:00:01Z');
  const states = async () => (await accountsOf(customer)).map(({ state }: { state: string }) => state);
  await patch(held, { state: 'Suspended' });
  await at('PATCH', `/v1/customers/${customer}`, { status: 'Suspended' });
  expect(await states()).toEqual(['Suspended', 'Suspended']);
  await at('PATCH', `/v1/customers/${customer}`, { status: 'Active' });
  expect(await states()).toEqual(['Suspended', 'Active']);
  expect((await at('GET', `/v1/customers/${customer}/subscriptions`)).body.data).toMatchObject([
    { status: 'Suspended' },
  ]);
  await patch(held, { state: 'Active' });
  expect((await at('GET', `/v1/customers/${customer}/subscriptions`)).body.data).toMatchObject([{ status: 'Active' }]);
  await act('connectx/terminate-customer', { customerId: customer });
  expect(await states()).toEqual(['Pending closed', 'Closed']);
  expect(other).not.toBe(held);
});

test('what is in credit on an account that is closed by hand is paid out', async () => {
  const { act, patch, account } = operator();
  await act('connectx/adjust-account', { customerId: 'CUS-000001', amount: -500, reason: 'Goodwill' });
  await patch('BA-000001', { state: 'Pending closed' });
  expect((await patch('BA-000001', { state: 'Closed' })).body).toMatchObject({ state: 'Closed' });
  expect(await account('BA-000001')).toMatchObject({ accountBalance: [{ amount: { value: 0 } }] });
});

test('what is sold to somebody who pays before use and has not paid is on hold everywhere at once', async () => {
  const { join, order, by, at, act, accountsOf, resource } = operator();
  const customer = await join();
  const relatedParty = [{ id: customer, role: 'customer' }];
  await at('POST', ACCOUNTS, { name: 'Ann', state: 'Active', ratingType: 'prepaid', relatedParty });
  const { subscriptionId } = await order(customer, FIBRE_100, '2026-01-01');
  await by('PT1S');
  const seen = async () => [
    (await at('GET', `/v1/customers/${customer}/subscriptions`)).body.data[0].status,
    (await accountsOf(customer))[0].state,
    (await resource(`vendorSubscriptionId=eq=${subscriptionId}`)).status,
  ];
  expect(await seen()).toEqual(['Suspended', 'Suspended', 'CREDIT_HOLD']);
  const { payment } = await act('connectx/top-up', { customerId: customer, amount: 33.6, paymentMethod: 'CreditCard' });
  expect(await seen()).toEqual(['Active', 'Active', 'ACTIVE']);
  await act('connectx/charge-back-payment', { paymentId: payment.paymentId });
  expect(await seen()).toEqual(['Suspended', 'Suspended', 'CREDIT_HOLD']);
});

test('whoever was paid for is billed themselves from when their payer has left', async () => {
  const { join, order, by, to, act, accountsOf, patch, invoices } = operator();
  const [payer, child] = [await join(), await join()];
  await order(payer, FIBRE_100, '2026-01-01');
  await order(child, FIBRE_500, '2026-01-01');
  await by('PT1S');
  const [[{ id: paying }], [{ id: paid }]] = [await accountsOf(payer), await accountsOf(child)];
  const account = { id: paying };
  await patch(paid, { accountRelationship: [{ relationshipType: 'isPaidBy', account, validFor: {} }] });
  await to('2026-02-01T00:00:00Z');
  expect(await invoices(child)).toEqual([]);
  await act('connectx/terminate-customer', { customerId: payer });
  await to('2026-03-01T00:00:00Z');
  expect(await invoices(child)).toMatchObject([{ invoiceDate: '2026-03-01', totalAmount: 45.6 }]);
  expect((await invoices(payer)).every(({ invoiceDate }: { invoiceDate: string }) => invoiceDate < '2026-03-01')).toBe(
    true,
  );
});

test('the books of all customers are compared at once, and who differs is told', async () => {
  const { act, by } = operator();
  await by('P45D');
  const { balances } = await act('connectx/list-balances', {});
  expect(balances.length).toBeGreaterThan(10);
  const agreed = await act('billing-account/reconcile', { balances });
  expect(agreed).toMatchObject({ differences: [], summary: { differs: 0 } });
  const [{ customerId, currency, amount }, ...rest] = balances;
  const one = { customerId, currency, billed: amount + 1, onAccounts: amount };
  const claimed = [{ customerId, currency, amount: amount + 1 }, ...rest];
  expect((await act('billing-account/reconcile', { balances: claimed })).differences).toEqual([one]);
  const missing = await act('billing-account/reconcile', { balances: rest });
  expect(missing.differences).toEqual([{ ...one, billed: 0 }]);
});

test('an add-on is taken once', async () => {
  const { order, at } = operator();
  const addons = ['PRD-ADD-010', 'PRD-ADD-010'];
  expect(await order('CUS-000001', 'PRD-MOB-010', '2026-02-01', { addons })).toMatchObject({
    code: 'INVALID_REQUEST',
    errors: [{ path: '/addons/1' }],
  });
  const { subscriptionId } = await order('CUS-000001', 'PRD-MOB-010', '2026-02-01', { addons: ['PRD-ADD-010'] });
  const again = { subscriptionId, addonId: 'PRD-ADD-010' };
  expect((await at('POST', '/_simulator/actions/connectx/add-addon', again)).status).toBe(400);
});

test('an account relates to another one that exists, and nobody pays for whoever pays for them', async () => {
  const { patch } = operator();
  const relate = async (from: string, to: string, relationshipType = 'isContainedIn') =>
    (await patch(from, { accountRelationship: [{ relationshipType, account: { id: to }, validFor: {} }] })).status;
  expect(await relate('BA-000001', 'BA-000001')).toBe(400);
  expect(await relate('BA-000001', 'BA-999999')).toBe(400);
  expect(await relate('BA-000001', 'BA-000002')).toBe(200);
  expect(await relate('BA-000002', 'BA-000001', 'isPaidBy')).toBe(400);
});

test('a service that is suspended by hand is on administrative hold in APS', async () => {
  const { act, resource } = operator();
  await act('connectx/suspend-subscription', { subscriptionId: 'SUB-000008' });
  expect(await resource('vendorSubscriptionId=eq=SUB-000008')).toMatchObject({
    status: 'ADMINISTRATIVE_HOLD',
    serviceStatus: 'STOPPED',
  });
});
