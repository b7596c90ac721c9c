import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery, Dispatch } from '../../../src/engine/delivery/delivery.ts';
import type { Entity } from '../../../src/engine/state/store/store.ts';
import { syntheticWorld } from '../../../src/operator/synthetic-world.ts';
import { system as billingAccount } from '../../../src/systems/billing-account/index.ts';
import { ACCOUNT_LIFECYCLE, ACCOUNT_STATES } from '../../../src/systems/billing-account/lifecycle.ts';
import { MOST_BALANCES } from '../../../src/systems/billing-account/reconcile.ts';
import { answered } from '../../support/attempts.ts';
import { type TestTenant, tenantOf } from '../../support/tenant-of.ts';
import { ask } from '../../support/wire.ts';

const PATH = '/billingaccounttmfwebservices/v2/billingAccount';

let world: TestTenant;
let sent: Delivery[];

beforeAll(async () => {
  const send = async (delivery: Delivery) => {
    sent.push(delivery);
    return answered(200);
  };
  world = await tenantOf({ systems: [billingAccount], parts: { transport: { send } } });
  world.tenant.apply({ kind: 'snapshot' });
});

beforeEach(async () => {
  sent = [];
  world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
});

async function open(body: Entity = {}): Promise<Entity> {
  const { status, body: account } = await ask(world, 'createBillingAccount', { body: { name: 'Ann', ...body } });
  expect(status).toBe(201);
  return account as Entity;
}

const patch = (id: unknown, body: Entity) => ask(world, 'patchBillingAccount', { path: { id: String(id) }, body });
const read = async (id: unknown) =>
  (await ask(world, 'retrieveBillingAccount', { path: { id: String(id) } })).body as Entity;

describe('an account', () => {
  test('begins Defined, with id, href, time and Location of the server', async () => {
    const { status, headers, body } = await ask(world, 'createBillingAccount', {
      body: { name: 'Ann', id: 'mine', href: 'x' },
    });
    expect(status).toBe(201);
    expect(headers?.location).toBe(`${PATH}/BA-000001`);
    expect(body).toMatchObject({
      id: 'BA-000001',
      href: `${PATH}/BA-000001`,
      state: 'Defined',
      lastModified: '2026-01-01T00:00:00.000Z',
    });
    expect(world.events()).toEqual([]);
  });

  test('may begin in any state of its life cycle and in no other', async () => {
    for (const state of ACCOUNT_STATES) expect(await open({ state })).toMatchObject({ state });
    const { status, body } = await ask(world, 'createBillingAccount', { body: { name: 'Ann', state: 'Sleeping' } });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'UNKNOWN_STATE', status: '400', errors: [{ in: 'body', path: '/state' }] });
  });

  test('keeps id, href and time whatever a patch says, and its class', async () => {
    const account = await open({ '@type': 'BillingAccount' });
    expect((await patch(account.id, { id: 'x', href: 'x', lastModified: '2000-01-01T00:00:00Z' })).body).toEqual(
      account,
    );
    expect((await patch(account.id, { '@type': 'Other' })).status).toBe(400);
  });

  test('is not deleted while another relates to it', async () => {
    const { id } = await open();
    const relationship = { relationshipType: 'contains', account: { id }, validFor: {} };
    const other = await open({ accountRelationship: [relationship] });
    const remove = async (which: unknown) =>
      (await ask(world, 'deleteBillingAccount', { path: { id: String(which) } })).status;
    expect(await remove(id)).toBe(409);
    expect(await remove(other.id)).toBe(204);
    expect(await remove(id)).toBe(204);
    expect(await remove(id)).toBe(404);
  });
});

describe('an account that is owed on', () => {
  const balance = (value: number) => ({
    accountBalance: [{ balanceType: 'ReceivableBalance', amount: { unit: 'GBP', value }, validFor: {} }],
  });
  const owing = balance(21.6);

  test('is not deleted, and the refusal says how much is owed', async () => {
    const account = await open({ state: 'Active', ...owing });
    const { status, body } = await ask(world, 'deleteBillingAccount', { path: { id: String(account.id) } });
    expect([status, body]).toMatchObject([409, { code: 'AMOUNT_OWED', owed: [{ unit: 'GBP', value: 21.6 }] }]);
    expect(await read(account.id)).toEqual(account);
  });

  test('is not closed, by a client or by an action', async () => {
    const account = await open({ state: 'Pending closed', ...owing });
    expect(await patch(account.id, { state: 'Closed' })).toMatchObject({ status: 409, body: { code: 'AMOUNT_OWED' } });
    const close = world.act('billing-account/set-state', { id: account.id, state: 'Closed' });
    await expect(close).rejects.toMatchObject({ status: 409, code: 'AMOUNT_OWED' });
    expect(await read(account.id)).toEqual(account);
  });

  test('is closed and deleted once what is owed is nothing, or in the customer’s favour', async () => {
    for (const value of [0, -5]) {
      const { id } = await open({ state: 'Pending closed', ...balance(value) });
      expect((await patch(id, { state: 'Closed' })).status).toBe(200);
      expect((await ask(world, 'deleteBillingAccount', { path: { id: String(id) } })).status).toBe(204);
    }
  });
});

describe('the account of a customer', () => {
  const customer = (id: string) => ({ relatedParty: [{ id, role: 'customer', '@referredType': 'Customer' }] });
  const balance = (value: number, balanceType = 'ReceivableBalance') => ({
    accountBalance: [{ balanceType, amount: { unit: 'GBP', value }, validFor: {} }],
  });
  const owe = (amount: number) =>
    world.act('billing-account/apply-amount', { customerId: 'CUS-1', amount, currency: 'GBP' });

  test('owes what bills and payments come to, whatever a client writes', async () => {
    const { id } = await open({ state: 'Active', ...customer('CUS-1'), ...balance(0) });
    await owe(21.6);
    const account = await read(id);
    for (const body of [balance(0), balance(5), { accountBalance: [] }, { accountBalance: null }]) {
      const answer = await patch(id, body);
      expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ in: 'body', path: '/accountBalance' }] }]);
    }
    expect(await read(id)).toEqual(account);
    const opening = { name: 'Ann', ...customer('CUS-2'), ...balance(5) };
    expect((await ask(world, 'createBillingAccount', { body: opening })).status).toBe(400);
  });

  test('may have balances of other types, and be written back as it was read', async () => {
    const { id } = await open({ state: 'Active', ...customer('CUS-1') });
    await owe(21.6);
    const { accountBalance, relatedParty } = await read(id);
    const more = [...(accountBalance as Entity[]), ...balance(3, 'DepositBalance').accountBalance];
    expect((await patch(id, { accountBalance: more, relatedParty })).status).toBe(200);
    expect((await read(id)).accountBalance).toHaveLength(2);
  });

  test('stays theirs: nobody else is billed on it, or owes what is on it', async () => {
    const { id } = await open({ state: 'Active', ...customer('CUS-1') });
    for (const body of [customer('CUS-2'), { relatedParty: [] }]) {
      expect(await patch(id, body)).toMatchObject({ status: 409, body: { code: 'OTHER_CUSTOMER' } });
    }
    const nobodys = await open({ state: 'Active', ...balance(5) });
    expect(await patch(nobodys.id, customer('CUS-1'))).toMatchObject({ status: 409 });
    const defined = await open(customer('CUS-1'));
    expect((await patch(defined.id, customer('CUS-2'))).status).toBe(200);
  });
});

describe('a relationship', () => {
  const to = (id: unknown, relationshipType = 'isContainedIn') => ({
    accountRelationship: [{ relationshipType, account: { id }, validFor: {} }],
  });

  test('to the account itself, to nobody or in a ring is refused with its place', async () => {
    const [top, middle, bottom] = [await open(), await open(), await open()];
    expect((await patch(middle.id, to(top.id))).status).toBe(200);
    expect((await patch(bottom.id, to(middle.id))).status).toBe(200);
    for (const id of [top.id, 'BA-999999', bottom.id]) {
      const { status, body } = await patch(top.id, to(id));
      expect([status, body]).toMatchObject([
        400,
        { code: 'INVALID_RELATIONSHIP', errors: [{ in: 'body', path: '/accountRelationship/0/account/id' }] },
      ]);
    }
    expect(await read(top.id)).toEqual(top);
  });

  test('by which each pays for the other is a ring, whatever types it is made of', async () => {
    const [top, middle, bottom] = [await open(), await open(), await open()];
    expect((await patch(bottom.id, to(middle.id))).status).toBe(200);
    expect((await patch(middle.id, to(top.id, 'isPaidBy'))).status).toBe(200);
    expect((await patch(top.id, to(bottom.id))).status).toBe(400);
    expect((await patch(top.id, to(middle.id, 'isPaidBy'))).status).toBe(400);
  });

  test('back by another type of relationship is no ring', async () => {
    const [top, bottom] = [await open(), await open()];
    expect((await patch(bottom.id, to(top.id))).status).toBe(200);
    expect((await patch(top.id, to(bottom.id, 'contains'))).status).toBe(200);
  });
});

test('an ordered change takes effect on the next bill day, unless the account has moved on', async () => {
  const [waiting, moved] = [await open({ state: 'Active' }), await open({ state: 'Pending update' })];
  await world.advanceTo('2026-01-10T00:00:00Z');
  await patch(waiting.id, { state: 'Pending update' });
  await patch(moved.id, { state: 'Suspended' });
  await world.advanceTo('2026-01-31T23:59:59Z');
  expect(await read(waiting.id)).toMatchObject({ state: 'Pending update' });
  await world.advanceTo('2026-02-01T00:00:00Z');
  expect(await read(waiting.id)).toMatchObject({ state: 'Active', lastModified: '2026-02-01T00:00:00.000Z' });
  expect(await read(moved.id)).toMatchObject({ state: 'Suspended' });
});

describe('the life cycle', () => {
  test.each(ACCOUNT_LIFECYCLE.moves)('goes from $from to $to and tells of it', async ({ from, to }) => {
    const { id, href } = await open({ state: from });
    expect((await patch(id, { state: to })).status).toBe(200);
    expect(world.events()).toEqual([
      expect.objectContaining({
        eventType: 'BillingAccountStateChangeEvent',
        id,
        href,
        timeOcurred: '2026-01-01T00:00:00.000Z',
        payload: { billingAccount: { '@type': 'BillingAccount', href, id, name: 'Ann', state: to } },
      }),
    ]);
  });

  const illegal = ACCOUNT_STATES.flatMap((from) =>
    [...ACCOUNT_STATES, 'Sleeping']
      .filter((to) => to !== from && !ACCOUNT_LIFECYCLE.moves.some((move) => move.from === from && move.to === to))
      .map((to) => ({ from, to })),
  );

  test.each(illegal)('refuses to go from $from to $to', async ({ from, to }) => {
    const account = await open({ state: from });
    const legal = ACCOUNT_LIFECYCLE.moves.filter((move) => move.from === from).map((move) => move.to);
    const { status, body } = await patch(account.id, { state: to, name: 'Bob' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'ILLEGAL_TRANSITION', from, to, legal });
    await expect(world.act('billing-account/set-state', { id: account.id, state: to })).rejects.toMatchObject({
      status: 409,
    });
    expect(await read(account.id)).toEqual(account);
    expect(world.events()).toEqual([]);
  });
});

describe('notifications', () => {
  test('tell each changed attribute with the path of what changed', async () => {
    const { id, href } = await open({ creditLimit: { unit: 'GBP', value: 100 }, description: 'old' });
    await world.advanceTo('2026-01-02T00:00:00Z');
    await patch(id, { creditLimit: { value: 200 }, description: null, relatedParty: [{ id: 'CUS-1' }], name: 'Ann' });
    const events = world.events('billingAccount/attributeValueChange');
    expect(events.map(({ fieldPath, payload }) => [fieldPath, payload])).toEqual([
      [
        'creditLimit.value',
        {
          billingAccount: {
            '@type': 'BillingAccount',
            href,
            id,
            name: 'Ann',
            creditLimit: { unit: 'GBP', value: 200 },
          },
        },
      ],
      [
        'relatedParty',
        { billingAccount: { '@type': 'BillingAccount', href, id, name: 'Ann', relatedParty: [{ id: 'CUS-1' }] } },
      ],
      ['description', { billingAccount: { '@type': 'BillingAccount', href, id, name: 'Ann' } }],
    ]);
    expect(events[0]).toMatchObject({
      eventType: 'BillingAccountAttributeValueChangeEvent',
      title: 'BillingAccountAttributeValueChangeEvent',
      domain: 'Commercial',
      eventTime: '2026-01-02T00:00:00.000Z',
      timeOcurred: '2026-01-02T00:00:00.000Z',
    });
    expect(world.events('billingAccount/stateChange')).toEqual([]);
    expect(await read(id)).toMatchObject({ lastModified: '2026-01-02T00:00:00.000Z' });
  });

  test('are silent about a patch that changes nothing', async () => {
    const account = await open();
    await world.advanceTo('2026-01-02T00:00:00Z');
    expect((await patch(account.id, { name: 'Ann' })).body).toEqual(account);
    expect(world.events()).toEqual([]);
  });

  test('the payment status is set by action', async () => {
    const { id } = await open();
    await world.act('billing-account/set-payment-status', { id, paymentStatus: 'in arrears' });
    expect(world.events().map(({ fieldPath }) => fieldPath)).toEqual(['paymentStatus']);
  });
});

describe('the hub', () => {
  const register = (query?: string) =>
    ask(world, 'registerListener', {
      body: { callback: 'http://localhost:9/x', ...(query !== undefined && { query }) },
    });

  test('delivers the event as it stands on its channel until the listener leaves', async () => {
    const { status, headers, body } = await register();
    expect([status, headers?.location]).toEqual([201, '/billingaccounttmfwebservices/v2/hub/HUB-000001']);
    expect(body).toEqual({ id: 'HUB-000001', callback: 'http://localhost:9/x' });
    const { id } = await open({ state: 'Active' });
    await patch(id, { state: 'Suspended', name: 'Bob' });
    await world.tenant.settled();
    expect(sent.map(({ kind, target }) => [kind, target])).toEqual([
      ['hub', 'http://localhost:9/x'],
      ['hub', 'http://localhost:9/x'],
    ]);
    expect(sent.map(({ body: message }) => JSON.stringify(message))).toEqual(
      world.events().map((event) => JSON.stringify(event)),
    );
    expect(sent.map(({ eventId }) => eventId)).toEqual(world.events().map(({ eventId }) => eventId));
    const leave = async () => (await ask(world, 'unregisterListener', { path: { id: 'HUB-000001' } })).status;
    expect([await leave(), await leave()]).toEqual([204, 404]);
    await patch(id, { state: 'Active' });
    await world.tenant.settled();
    expect(sent).toHaveLength(2);
  });

  test.each([
    ['eventType=BillingAccountStateChangeEvent&payload.billingAccount.state=Suspended', 1],
    ['eventType=BillingAccountStateChangeEvent&event.billingAccount.state=Suspended', 1],
    ['payload.billingAccount.state=Suspended;payload.billingAccount.state=Active', 2],
    ['payload.billingAccount.state=Suspended,Active', 2],
    ['eventType=BillingAccountAttributeValueChangeEvent', 1],
    ['eventType=Nothing', 0],
  ])('sends a listener what its query %s wants', async (query, count) => {
    expect((await register(query)).status).toBe(201);
    const { id } = await open({ state: 'Active' });
    await patch(id, { state: 'Suspended', name: 'Bob' });
    await patch(id, { state: 'Active' });
    await world.tenant.settled();
    expect(sent).toHaveLength(count);
  });

  test('sends only the fields that are asked for', async () => {
    await register('eventType=BillingAccountStateChangeEvent&fields=eventId,eventType');
    const { id } = await open({ state: 'Active' });
    await patch(id, { state: 'Suspended' });
    await world.tenant.settled();
    expect(sent.map(({ body }) => Object.keys(body as object))).toEqual([['eventId', 'eventType']]);
  });

  test('sends the parts of fields that are asked for by path', async () => {
    await register('fields=eventType,payload.billingAccount.state&eventType=BillingAccountStateChangeEvent');
    const { id } = await open({ state: 'Active' });
    await patch(id, { state: 'Suspended' });
    await world.tenant.settled();
    expect(sent.map(({ body }) => body)).toEqual([
      { eventType: 'BillingAccountStateChangeEvent', payload: { billingAccount: { state: 'Suspended' } } },
    ]);
  });

  test('sends what a listener asks for, and shows it to nobody', async () => {
    const credentials = { username: 'ann', password: 'sesame' };
    const { body } = await ask(world, 'registerListener', { body: { callback: 'http://localhost:9/x', credentials } });
    expect(body).toEqual({ id: 'HUB-000001', callback: 'http://localhost:9/x' });
    expect(world.tenant.store.get('billing-account/EventSubscription', 'HUB-000001')).toEqual(body);
    const { id } = await open({ state: 'Active' });
    await patch(id, { name: 'Bob' });
    await world.tenant.settled();
    expect((sent as Dispatch[]).map(({ authorization }) => authorization)).toEqual([credentials]);
    await ask(world, 'unregisterListener', { path: { id: 'HUB-000001' } });
    expect(world.tenant.store.query('$credentials').items).toEqual([]);
  });

  test.each(['nonsense', 'a=1&b=2;c=3', 'a=%E0%A4%A'])('refuses the query %s', async (query) => {
    expect((await register(query)).status).toBe(400);
  });

  test.each(['', 'nowhere', 'ftp://listener.example/'])(
    'refuses the callback %j, to which nothing can be posted',
    async (callback) => {
      expect((await ask(world, 'registerListener', { body: { callback } })).status).toBe(400);
    },
  );
});

describe('the list', () => {
  const list = (rawQuery: string, query: Record<string, unknown> = {}) =>
    ask(world, 'listBillingAccount', { rawQuery, query });
  const ids = (body: unknown) => (body as Entity[]).map(({ id }) => Number(String(id).slice(3)));

  beforeEach(async () => {
    for (const [name, state] of [
      ['Cid', 'Active'],
      ['Ann', 'Suspended'],
      ['Bob', 'Active'],
    ])
      await open({ name, state, paymentStatus: 'due' });
  });

  test('filters, sorts and counts', async () => {
    const { status, headers, body } = await list('state=Active&sort=name&unknown=1');
    expect([status, headers?.['x-total-count'], headers?.['x-result-count']]).toEqual([200, '2', '2']);
    expect(ids(body)).toEqual([3, 1]);
    expect(ids((await list('paymentStatus=paid,due', { paymentStatus: 'paid,due' })).body)).toEqual([1, 2, 3]);
    expect((await list('state=Gone')).body).toEqual([]);
  });

  test('pages, with links to the neighbours', async () => {
    const { status, headers, body } = await list('sort=-name&offset=1&limit=1', { offset: 1, limit: 1 });
    expect([status, headers?.['x-total-count'], headers?.['x-result-count']]).toEqual([200, '3', '1']);
    expect(ids(body)).toEqual([3]);
    const link = (rel: string, offset: number) => `<${PATH}?sort=-name&offset=${offset}&limit=1>; rel="${rel}"`;
    expect(headers?.link).toBe(
      [link('self', 1), link('first', 0), link('prev', 0), link('next', 2), link('last', 2)].join(', '),
    );
  });

  test('refuses a negative page, and a JSONPath that is none', async () => {
    expect((await list('offset=-1', { offset: -1 })).status).toBe(400);
    expect((await list('limit=-1', { limit: -1 })).status).toBe(400);
    expect((await list('filter=$[0]')).status).toBe(400);
  });

  test('selects fields and nothing else', async () => {
    const { body, isPartial } = await list('fields=name,state', { fields: 'name,state' });
    expect(isPartial).toBe(true);
    expect((body as Entity[]).map((item) => Object.keys(item))).toEqual([
      ['name', 'state'],
      ['name', 'state'],
      ['name', 'state'],
    ]);
  });
});

test('an example listener takes a notice', async () => {
  for (const id of ['listenToBillingAccountAttributeValueChangeEvent', 'listenToBillingAccountStateChangeEvent']) {
    expect(await ask(world, id, { body: {} })).toEqual({ status: 201 });
  }
});

test('the starting world has an account for every customer, valid by the contract, and a few below others', async () => {
  const seeded = await tenantOf({
    systems: [billingAccount],
    world: syntheticWorld([billingAccount]),
  });
  const accounts = (await ask(seeded, 'listBillingAccount')).body as Entity[];
  expect(accounts.length).toBeGreaterThan(36);
  expect(accounts.every(({ relatedParty }) => (relatedParty as Entity[]).length === 1)).toBe(true);
  expect(new Set(accounts.map(({ state }) => state))).toEqual(new Set(['Active', 'Pending update', 'Defined']));
  const check = seeded.registry.validation.check(
    seeded.registry.resource('billing-account/BillingAccount').resource.schema,
  );
  expect(accounts.flatMap((account) => check(account))).toEqual([]);
});

test('one reconciliation takes as many balances as it may, and no more', async () => {
  const balances = (count: number) =>
    Array.from({ length: count }, () => ({ customerId: 'CUS-000001', amount: 0, currency: 'GBP' }));
  expect(await world.act('billing-account/reconcile', { balances: balances(MOST_BALANCES) })).toMatchObject({
    differences: [],
  });
  await expect(world.act('billing-account/reconcile', { balances: balances(MOST_BALANCES + 1) })).rejects.toMatchObject(
    { status: 400 },
  );
});
