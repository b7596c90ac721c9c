import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { createPrismValidator, type PrismValidator } from '../support/prism-validator.ts';
import { type Ask, startSimulator } from '../support/simulator.ts';

/**
 * One valid and one invalid request for every operation of the five contracts. What comes back for the valid one is
 * judged by Prism, which shares no code with our own loader and validation.
 */
const { ask } = await startSimulator({ strict: true });

interface Case {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  /** A request that has to be refused, and the places that the refusal has to name. */
  readonly invalid: {
    readonly path?: string;
    readonly body?: unknown;
    readonly status: number;
    readonly names?: readonly string[];
  };
}

const CREDENTIALS = { authorization: 'Bearer anything', 'aps-token': 'anything' };
const CUSTOMER = '/v1/customers/CUS-000001';
const ACCOUNTS = '/billingaccounttmfwebservices/v2/billingAccount';
const TMF = '/billingaccounttmfwebservices/v2';
const UNKNOWN_UUID = '00000000-0000-4000-8000-000000000000';

const order = {
  Order: {
    CallbackURL: 'http://simulator/_simulator/inbox/callbacks',
    MessageID: '5b7429ef90d7eb1e45b49eec',
    Timestamp: '2026-01-01T00:00:00.000Z',
    CallingSystem: 'Default',
    UserID: 'operator_csp',
    Operation: 'Add',
    Customer: 'Acme',
    Location: 'ACM-London',
    HardwareGroup: 'Acme-CL1-NDL',
  },
  User: [
    {
      Username: 'ada.marsh',
      ContactPhone: '',
      ExtensionNumber: '102108',
      MobilePhone: '',
      FirstName: 'Ada',
      LastName: 'Marsh',
      Email: 'ada.marsh@example.com',
    },
  ],
};

const SERVICE = await serviceId(ask);
const products = (await ask('GET', '/v1/products?status=Active')).body.data;
const accountId = (await ask('GET', ACCOUNTS)).body[0].id;
const childless = (await ask('POST', ACCOUNTS, { name: 'Spare' })).body.id;
const mirrored = (await ask('GET', `/aps/2/resources?limit(1,1)`)).body[0].aps.id;
const apsSubscriptions = (
  await ask('GET', '/aps/2/resources?implementing(http://www.odin.com/billing/Subscription/1.0)')
).body;
const apsOrder = {
  aps: { type: apsSubscriptions[0].aps.type },
  account: apsSubscriptions[0].account,
  servicePlan: { aps: { id: 'PRD-MOB-020' } },
};
const listener = (await ask('POST', `${TMF}/hub`, { callback: 'http://simulator/_simulator/inbox/hub' })).body.id;

const CASES: Readonly<Record<string, Case>> = {
  'connectx/listCustomers': {
    method: 'GET',
    path: '/v1/customers?status=Active&customerType=Business&pageSize=3',
    status: 200,
    invalid: { path: '/v1/customers?status=active&page=x', status: 400, names: ['/status', '/page'] },
  },
  'connectx/createCustomer': {
    method: 'POST',
    path: '/v1/customers',
    body: { customerType: 'Individual', email: 'ada.marsh@example.com', firstName: 'Ada' },
    status: 201,
    invalid: { body: { customerType: 'Person', phone: 7 }, status: 400, names: ['/customerType', '/email', '/phone'] },
  },
  'connectx/getCustomer': {
    method: 'GET',
    path: CUSTOMER,
    status: 200,
    invalid: { path: '/v1/customers/CUS-999999', status: 404 },
  },
  'connectx/updateCustomer': {
    method: 'PATCH',
    path: CUSTOMER,
    body: { phone: '+447700900123' },
    status: 200,
    invalid: { body: { status: 'Terminated', email: 'nobody' }, status: 400, names: ['/status', '/email'] },
  },
  'connectx/listCustomerSubscriptions': {
    method: 'GET',
    path: `${CUSTOMER}/subscriptions`,
    status: 200,
    invalid: { path: `${CUSTOMER}/subscriptions?status=Open`, status: 400, names: ['/status'] },
  },
  'connectx/createSubscription': {
    method: 'POST',
    path: `${CUSTOMER}/subscriptions`,
    body: {
      productId: products.find((each: { productType: string }) => each.productType === 'Mobile').productId,
      startDate: '2026-02-01',
    },
    status: 201,
    invalid: {
      body: { startDate: 'soon', addons: 'all' },
      status: 400,
      names: ['/productId', '/startDate', '/addons'],
    },
  },
  'connectx/listCustomerInvoices': {
    method: 'GET',
    path: `${CUSTOMER}/invoices?fromDate=2025-01-01`,
    status: 200,
    invalid: { path: `${CUSTOMER}/invoices?fromDate=2025&status=x`, status: 400, names: ['/fromDate', '/status'] },
  },
  'connectx/listProducts': {
    method: 'GET',
    path: '/v1/products',
    status: 200,
    invalid: { path: '/v1/products?productType=Phone', status: 400, names: ['/productType'] },
  },
  'aps-subscriptions/listResources': {
    method: 'GET',
    path: '/aps/2/resources?select(aps.id)',
    status: 200,
    invalid: { path: '/aps/2/resources?near(aps.id,1)', status: 400 },
  },
  'aps-subscriptions/getResource': {
    method: 'GET',
    path: `/aps/2/resources/${SERVICE}`,
    status: 200,
    invalid: { path: `/aps/2/resources/${UNKNOWN_UUID}`, status: 404 },
  },
  'aps-subscriptions/configureResource': {
    method: 'PUT',
    path: `/aps/2/resources/${apsSubscriptions[0].aps.id}`,
    body: { name: 'renamed' },
    status: 200,
    invalid: { body: ['no'], status: 400, names: [''] },
  },
  'aps-subscriptions/provisionResource': {
    method: 'POST',
    path: '/aps/2/resources',
    body: apsOrder,
    status: 201,
    invalid: { body: { aps: 7 }, status: 400 },
  },
  'aps-subscriptions/disableResource': {
    method: 'PUT',
    path: `/aps/2/resources/${apsSubscriptions[0].aps.id}/disable`,
    status: 200,
    invalid: { path: `/aps/2/resources/${UNKNOWN_UUID}/disable`, status: 404 },
  },
  'aps-subscriptions/enableResource': {
    method: 'PUT',
    path: `/aps/2/resources/${apsSubscriptions[0].aps.id}/enable`,
    status: 200,
    invalid: { path: `/aps/2/resources/${UNKNOWN_UUID}/enable`, status: 404 },
  },
  'aps-subscriptions/unprovisionResource': {
    method: 'DELETE',
    path: `/aps/2/resources/${apsSubscriptions.at(-1).aps.id}`,
    status: 204,
    invalid: { path: `/aps/2/resources/${SERVICE}`, status: 409 },
  },
  'aps-subscriptions/getBssSubscriptionsWithTcv': {
    method: 'GET',
    path: `/aps/2/resources/${SERVICE}/bss-subscriptions-tcv`,
    status: 200,
    invalid: { path: `/aps/2/resources/${UNKNOWN_UUID}/bss-subscriptions-tcv`, status: 404 },
  },
  'aps-subscriptions/getSubscriptionsByVendorSubscriptionId': {
    method: 'GET',
    path: `/aps/2/resources/${SERVICE}/getSubscriptionsByVendorSubscriptionId?vendorSubscriptionId=${apsSubscriptions[0].vendorSubscriptionId}`,
    status: 200,
    invalid: { path: `/aps/2/resources/${mirrored}/getSubscriptionsByVendorSubscriptionId`, status: 400 },
  },
  'aps-subscriptions/bill': {
    method: 'POST',
    path: `/aps/2/resources/${SERVICE}/subscriptions/bill`,
    body: { subscriptionUuids: [apsSubscriptions[0].aps.id], comment: 'calls of the week' },
    status: 204,
    invalid: { body: { subscriptionUuids: [7], comment: 7 }, status: 400, names: ['/subscriptionUuids/0', '/comment'] },
  },
  'macd/submitOrder': {
    method: 'POST',
    path: '/macd/orders',
    body: order,
    status: 202,
    invalid: {
      body: { Order: { Operation: 'Add', MessageID: 7 }, User: [] },
      status: 400,
      names: ['/Order/CallbackURL', '/Order/MessageID', '/Order/Customer', '/User'],
    },
  },
  'macd/listOrders': {
    method: 'GET',
    path: '/macd/orders',
    status: 200,
    invalid: { path: '/macd/orders?limit=0', status: 400, names: ['/limit'] },
  },
  'macd/getOrder': {
    method: 'GET',
    path: `/macd/orders/${order.Order.MessageID}`,
    status: 200,
    invalid: { path: '/macd/orders/none', status: 404 },
  },
  'macd/listSubscribers': {
    method: 'GET',
    path: '/macd/subscribers?limit=2',
    status: 200,
    invalid: { path: '/macd/subscribers?offset=-1', status: 400, names: ['/offset'] },
  },
  'macd/getSubscriber': {
    method: 'GET',
    path: `/macd/subscribers/${(await ask('GET', '/macd/subscribers')).body[0].username}`,
    status: 200,
    invalid: { path: '/macd/subscribers/nobody', status: 404 },
  },
  'macd/receiveCallback': {
    method: 'POST',
    path: '/macd/callback',
    body: {
      Response: {
        MessageID: await sentOrder(ask),
        Timestamp: '2026-01-01T00:00:05.000Z',
        Stage: 'Parsing',
        Status: 'Success',
      },
    },
    status: 204,
    invalid: { body: { Response: { Stage: 'Sorting' } }, status: 400 },
  },
  'billing-account/createBillingAccount': {
    method: 'POST',
    path: ACCOUNTS,
    body: { name: 'Household', ratingType: 'postpaid' },
    status: 201,
    invalid: {
      body: { creditLimit: { value: 'much' }, contact: {} },
      status: 400,
      names: ['/name', '/creditLimit/value', '/contact'],
    },
  },
  'billing-account/listBillingAccount': {
    method: 'GET',
    path: `${ACCOUNTS}?limit=2&fields=id,name`,
    status: 200,
    invalid: { path: `${ACCOUNTS}?offset=-1&limit=-1`, status: 400, names: ['/offset', '/limit'] },
  },
  'billing-account/retrieveBillingAccount': {
    method: 'GET',
    path: `${ACCOUNTS}/${accountId}`,
    status: 200,
    invalid: { path: `${ACCOUNTS}/none`, status: 404 },
  },
  'billing-account/patchBillingAccount': {
    method: 'PATCH',
    path: `${ACCOUNTS}/${accountId}`,
    body: { description: 'patched' },
    status: 200,
    invalid: { body: { name: 7, relatedParty: [{}] }, status: 400, names: ['/name', '/relatedParty/0/id'] },
  },
  'billing-account/deleteBillingAccount': {
    method: 'DELETE',
    path: `${ACCOUNTS}/${childless}`,
    status: 204,
    invalid: { path: `${ACCOUNTS}/none`, status: 404 },
  },
  'billing-account/listenToBillingAccountAttributeValueChangeEvent': {
    method: 'POST',
    path: `${TMF}/listener/billingAccountAttributeValueChangeEvent`,
    body: { eventId: '1', fieldPath: 'name', payload: { billingAccount: { name: 'x' } } },
    status: 201,
    invalid: { body: { eventId: 1, eventTime: 'now' }, status: 400, names: ['/eventId', '/eventTime'] },
  },
  'billing-account/listenToBillingAccountStateChangeEvent': {
    method: 'POST',
    path: `${TMF}/listener/billingAccountStateChangeEvent`,
    body: { eventId: '1', payload: { billingAccount: { name: 'x', state: 'Active' } } },
    status: 201,
    invalid: { body: { payload: 'none' }, status: 400, names: ['/payload'] },
  },
  'billing-account/registerListener': {
    method: 'POST',
    path: `${TMF}/hub`,
    body: { callback: 'http://simulator/_simulator/inbox/other' },
    status: 201,
    invalid: { body: { query: 7 }, status: 400, names: ['/callback', '/query'] },
  },
  'billing-account/unregisterListener': {
    method: 'DELETE',
    path: `${TMF}/hub/${listener}`,
    status: 204,
    invalid: { path: `${TMF}/hub/none`, status: 404 },
  },
};

const { contracts } = await loadContracts(['specs']);
const operations = contracts.filter(({ system }) => system !== 'simulator').flatMap((contract) => contract.operations);
const validators = new Map<string, Promise<PrismValidator>>();

test('there is a case for every operation, and none for another', () => {
  expect(Object.keys(CASES).sort()).toEqual(operations.map(({ system, id }) => `${system}/${id}`).sort());
});

test.each(Object.entries(CASES))(
  '%s answers a valid request as its contract has it',
  async (name, { method, path, body, status }) => {
    const answer = await ask(method, path, body);
    expect(answer.status, answer.text).toBe(status);
    const prism = await validatorOf(name);
    if (prism === undefined) return;
    // A merge patch need not name what the schema requires of the whole, which Prism does not know.
    if (method !== 'PATCH') expect(prism.validateRequest(method, path, body, CREDENTIALS)).toEqual([]);
    // A selection of fields has not all that the schema requires, and an empty body nothing to validate.
    if (path.includes('fields=') || answer.text === '') return;
    expect(
      prism.validateResponse(method, path, answer.status, answer.body, Object.fromEntries(answer.headers)),
    ).toEqual([]);
  },
);

test.each(Object.entries(CASES))(
  '%s refuses what it cannot do, naming every violation',
  async (_name, { method, path, invalid }) => {
    const answer = await ask(method, invalid.path ?? path, invalid.body);
    expect(answer.status, answer.text).toBe(invalid.status);
    const named: string[] = (answer.body.errors ?? []).map((error: { path: string }) => error.path);
    for (const place of invalid.names ?? []) expect(named).toContain(place);
  },
);

/** Prism's validator of an operation's own document; APS types are a format that Prism does not know. */
async function validatorOf(name: string): Promise<PrismValidator | undefined> {
  const operation = operations.find(({ system, id }) => `${system}/${id}` === name);
  const contract = contracts.find(
    ({ system, name: own }) => system === operation?.system && own === operation.contract,
  );
  if (contract === undefined || contract.format.startsWith('aps')) return undefined;
  const known = validators.get(contract.file) ?? createPrismValidator(`specs/${contract.file.replace(/^specs\//, '')}`);
  validators.set(contract.file, known);
  return known;
}

async function serviceId(send: Ask): Promise<string> {
  return (await send('GET', '/aps/2/resources')).body[0].aps.id;
}

/** Sends an order as VOSS would; answers its message id. */
async function sentOrder(send: Ask): Promise<string> {
  const { body } = await send('POST', '/_simulator/actions/macd/send-order', {
    target: 'http://simulator/_simulator/inbox/northbound',
    order: { ...order, Order: { ...order.Order, MessageID: '5b7429ef90d7eb1e45b49eed' } },
  });
  return body.order?.Order?.MessageID ?? body.payload?.MessageID;
}
