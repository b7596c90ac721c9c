import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery, Transport } from '../../../src/engine/delivery/delivery.ts';
import { syntheticWorld } from '../../../src/operator/synthetic-world.ts';
import { system as macd } from '../../../src/systems/macd/index.ts';
import { SUBSCRIBER_LIFECYCLE } from '../../../src/systems/macd/subscribers.ts';
import { ORDER_LIFECYCLE } from '../../../src/systems/macd/tracking-record.ts';
import { answered } from '../../support/attempts.ts';
import { perform } from '../../support/perform.ts';
import { type TestTenant, tenantOf } from '../../support/tenant-of.ts';
import { ask } from '../../support/wire.ts';

interface Response {
  readonly MessageID: string;
  readonly Timestamp: string;
  readonly Stage: string;
  readonly Status: string;
  readonly OrderID?: string;
  readonly ResponseText?: string;
  readonly User?: readonly { readonly Username: string; readonly Status: string }[];
}

const CALLBACK = 'http://localhost:5009/callback';

let world: TestTenant;
let sent: Delivery[];
let count: number;

beforeAll(async () => {
  world = await tenantOf({ systems: [macd], parts: { transport: { send: (...delivery) => deliver(...delivery) } } });
  world.tenant.apply({ kind: 'snapshot' });
});

beforeEach(async () => {
  sent = [];
  count = 0;
  world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
});

/** Takes every delivery; what goes to the simulator itself arrives there, as the HTTP surface would do it. */
const deliver: Transport['send'] = async (delivery) => {
  sent.push(delivery);
  const operation = { '/macd/orders': 'submitOrder', '/macd/callback': 'receiveCallback' }[
    new URL(delivery.target).pathname
  ];
  if (!delivery.target.startsWith('http://simulator/') || operation === undefined) return answered(200);
  return answered((await ask(world, operation, { body: delivery.body })).status);
};

function order(operation: string, users: readonly unknown[], more: Record<string, unknown> = {}) {
  count += 1;
  return {
    Order: {
      MessageID: String(count).padStart(24, '0'),
      CallbackURL: CALLBACK,
      Timestamp: '2026-01-01T00:00:00.000Z',
      CallingSystem: 'Default',
      UserID: 'hbarton_csp',
      Operation: operation,
      Customer: 'Meadowbank',
      Location: 'LON-London',
      HardwareGroup: 'Meadowbank-CL2-NDL',
      ...more,
    },
    User: users,
  };
}

function user(Username: string, more: Record<string, unknown> = {}) {
  return {
    Username,
    ContactPhone: '',
    ExtensionNumber: '2100',
    MobilePhone: '',
    FirstName: 'Peter',
    LastName: 'Felt',
    Email: '',
    Lines: [{ ExtensionNumber: '2100' }],
    ...more,
  };
}

const submit = (body: unknown) => ask(world, 'submitOrder', { body });
const responses = () => world.events('macd/response').map(({ Response }) => Response as Response);
const lines = () => responses().map(({ MessageID, Stage, Status }) => `${Number(MessageID)} ${Stage} ${Status}`);
const record = async (message: { Order: { MessageID: string } }) =>
  (await ask(world, 'getOrder', { path: { messageId: message.Order.MessageID } })).body as Record<string, unknown>;
const subscriber = async (username: string) =>
  (await ask(world, 'getSubscriber', { path: { username } })).body as Record<string, unknown>;

async function work(...messages: readonly unknown[]): Promise<void> {
  for (const message of messages) expect((await submit(message)).status).toBe(202);

  await world.tenant.advance(world.tenant.now() + 5 * 60_000);
}

describe('an order', () => {
  test('is taken, tracked, worked through in stages and called back', async () => {
    const message = order('Add', [user('pfelt', { Title: '', Email: 'pfelt@example.com' })]);
    const { status, headers, body } = await submit(message);
    expect([status, headers?.location]).toEqual([202, `/macd/orders/${message.Order.MessageID}`]);
    expect(body).toMatchObject({
      state: 'Received',
      operation: 'Create',
      resubmitPayload: false,
      order: message,
      payload: {
        Operation: 'Create',
        CallingSystem: null,
        ContactPhone: null,
        Title: null,
        Email: 'pfelt@example.com',
        Username: 'pfelt',
      },
    });
    expect((body as { subscriberId: string }).subscriberId).toMatch(/^[0-9a-f]{24}$/);
    await work();
    expect(lines()).toEqual(['1 Parsing Success', '1 ActiveOrder Success']);
    const [parsing, active] = responses().map(({ Timestamp }) => Date.parse(Timestamp) - Date.UTC(2026, 0, 1));
    expect(parsing).toBeLessThanOrEqual(5000);
    expect(active).toBeGreaterThanOrEqual(8000);
    expect(active).toBeLessThanOrEqual(11_000);
    expect(sent.map(({ target, kind, body: sentBody }) => ({ target, kind, sentBody }))).toEqual(
      world.events('macd/response').map((event) => ({ target: CALLBACK, kind: 'callback', sentBody: event })),
    );
    expect(await record(message)).toMatchObject({
      state: 'UserProcessed',
      callback: responses()[1],
      callbacks: responses(),
    });
    expect(await subscriber('pfelt')).toMatchObject({
      customer: 'Meadowbank',
      location: 'LON-London',
      activation_state: 'Live',
    });
  });

  test('orders its mobile number when it is new, and migrates it when it is known', async () => {
    const FMC = [{ MobileNumber: '+447700900001', Extension: '2100' }];
    const [here, there] = [{ Location: 'LON-London' }, { Location: 'MAN-Manchester' }];
    await work(order('Add', [user('pfelt', { FMC })], here));
    await work(order('Delete', [{ Username: 'pfelt' }], here), order('Add', [user('pfelt', { FMC })], there));
    expect(lines()).toEqual([
      '1 Parsing Success',
      '1 ActiveOrder Success',
      '1 MobileOrder Success',
      '2 Parsing Success',
      '3 Parsing Success',
      '2 ActiveOrder Success',
      '3 ActiveOrder Success',
      '3 MobileMigrated Success',
    ]);
  });

  test('keeps its place however many are accepted at one instant', async () => {
    const changes = Array.from({ length: 10 }, (_, index) =>
      order('Change', [user('pfelt', { LastName: `Felt ${index}` })]),
    );
    await work(order('Add', [user('pfelt')]), ...changes);
    expect(responses().every(({ Status }) => Status === 'Success')).toBe(true);
    expect(await subscriber('pfelt')).toMatchObject({ user: { LastName: 'Felt 9' } });
  });

  test('without a callback address is worked through all the same', async () => {
    await work(order('Delete', [{ Username: 'nobody' }], { CallbackURL: undefined }));
    expect(lines()).toEqual(['1 Parsing Success', '1 ActiveOrder Error']);
    expect(sent).toEqual([]);
  });
});

describe('the same MessageID', () => {
  test('with the same content has the same answer and no second effect', async () => {
    const message = order('Add', [user('pfelt')]);
    const first = await submit(message);
    expect(await submit(structuredClone(message))).toEqual(first);
    await work();
    await work(message);
    expect(lines()).toEqual(['1 Parsing Success', '1 ActiveOrder Success']);
  });

  test('with other content is refused', async () => {
    const message = order('Add', [user('pfelt')]);
    await submit(message);
    expect((await submit({ ...message, User: [user('other')] })).status).toBe(409);
    expect((await ask(world, 'listOrders')).body).toHaveLength(1);
  });
});

describe('what becomes of users', () => {
  test('a change that changes nothing is SameAsPrevious', async () => {
    await work(order('Add', [user('pfelt', { ActivationDate: '2026-01-01T00:00:00.000Z' })]));
    const change = order('Change', [user('pfelt', { ChangeDate: '2026-01-02T00:00:00.000Z' })]);
    await work(change);
    expect(await record(change)).toMatchObject({
      state: 'SameAsPrevious',
      callback: { Stage: 'ActiveOrder', Status: 'Success' },
    });
    expect(await subscriber('pfelt')).toMatchObject({ lastMessageId: change.Order.MessageID });
  });

  test('an addition of one who exists is a change with a warning', async () => {
    const again = order('Add', [user('pfelt', { LastName: 'Felton' })]);
    await work(order('Add', [user('pfelt')]), again);
    expect(responses().at(-1)).toMatchObject({ Status: 'Warning', User: [{ Username: 'pfelt', Status: 'Warning' }] });
    expect(await record(again)).toMatchObject({ state: 'UserProcessed' });
    expect(await subscriber('pfelt')).toMatchObject({ user: { LastName: 'Felton' } });
  });

  test.each(['Change', 'Delete'])('%s of an unknown user is an error', async (operation) => {
    const message = order(operation, [operation === 'Delete' ? { Username: 'nobody' } : user('nobody')]);
    await work(message);
    expect(responses().at(-1)).toMatchObject({
      Stage: 'ActiveOrder',
      Status: 'Error',
      User: [{ Username: 'nobody', Status: 'Error' }],
    });
    expect(await record(message)).toMatchObject({ state: 'Failed' });
    expect((await ask(world, 'getSubscriber', { path: { username: 'nobody' } })).status).toBe(404);
  });

  test('of two users one of whom fails, the other is processed', async () => {
    const message = order('Change', [user('nobody'), user('pfelt', { LastName: 'Felton' })]);
    await work(order('Add', [user('pfelt')]), message);
    expect(responses().at(-1)).toMatchObject({ Status: 'Warning', User: [{ Username: 'nobody', Status: 'Error' }] });
    expect(responses().at(-1)?.User).toHaveLength(1);
    expect(await record(message)).toMatchObject({ state: 'UserProcessed' });
    expect(await subscriber('pfelt')).toMatchObject({ user: { LastName: 'Felton' } });
  });

  test("another customer cannot reach a customer's user", async () => {
    await work(order('Add', [user('pfelt')]), order('Delete', [{ Username: 'pfelt' }], { Customer: 'Other' }));
    expect(responses().at(-1)?.Status).toBe('Error');
    expect(await subscriber('pfelt')).toMatchObject({ activation_state: 'Live' });
  });

  test('after an error at Parsing nothing follows', async () => {
    const message = order('Add', ['pfelt']);
    await work(message);
    expect(lines()).toEqual(['1 Parsing Error']);
    expect(await record(message)).toMatchObject({ state: 'Failed' });
    expect(await world.tenant.pending(10)).toEqual([]);
  });

  test('a move is one order in two messages, and the subscriber stays the same', async () => {
    await work(order('Add', [user('pfelt')]));
    const before = await subscriber('pfelt');
    await work(order('Delete', [{ Username: 'pfelt' }]), order('Add', [user('pfelt')], { Location: 'MAN-Manchester' }));
    const [deletion, addition] = responses()
      .filter(({ Stage }) => Stage === 'ActiveOrder')
      .slice(-2);
    expect(addition).toMatchObject({
      OrderID: deletion?.OrderID,
      ResponseText: expect.stringContaining('LON-London to MAN-Manchester'),
    });
    const { subscriberId, createdAt } = before;
    expect(await subscriber('pfelt')).toMatchObject({
      subscriberId,
      createdAt,
      location: 'MAN-Manchester',
      activation_state: 'Live',
    });
  });
});

describe('send-order', () => {
  test('plays VOSS against this simulator and keeps both sides of the exchange', async () => {
    const { Order, User } = order('Add', [user('pfelt')], { MessageID: undefined, CallbackURL: undefined });
    const { MessageID, CallbackURL, ...head } = Order;
    const made = (await world.act('macd/send-order', {
      target: 'http://simulator/macd/orders',
      order: { Order: head, User },
    })) as {
      transactionId: string;
    };
    await work();
    const { body } = await ask(world, 'listOrders');
    const [sender, receiver] = body as Record<string, unknown>[];
    expect(sender).toMatchObject({ transactionId: made.transactionId, state: 'UserProcessed' });
    expect(receiver).toMatchObject({ order: sender?.order, callbacks: sender?.callbacks, state: 'UserProcessed' });
    expect(((sender?.callbacks ?? []) as Response[]).map(({ Stage }) => Stage)).toEqual(['Parsing', 'ActiveOrder']);
    expect(sent.map(({ kind }) => kind)).toEqual(['order', 'callback', 'callback']);
  });

  test('refuses a target that no order can be posted to', async () => {
    const message = order('Add', [user('pfelt')]);
    for (const target of ['nowhere', 'ftp://northbound.example/']) {
      await expect(world.act('macd/send-order', { target, order: message })).rejects.toMatchObject({ status: 400 });
    }
  });

  test('waits and sends again as told, and takes the envelope given', async () => {
    const made = await world.act('macd/send-order', {
      target: 'http://localhost:9000/orders',
      order: order('Add', [user('pfelt')]),
      envelope: { transactionSeqId: '7' },
      delays: { send: 'PT10S', resend: 'PT1M' },
    });
    expect(made).toMatchObject({ transactionSeqId: '7', resubmitPayload: true });
    expect(sent).toEqual([]);
    await work();
    expect(sent.map(({ body }) => body)).toEqual([
      (made as { order: unknown }).order,
      (made as { order: unknown }).order,
    ]);
  });

  test('takes callbacks wrapped and bare, each once, and refuses those of unknown orders', async () => {
    const message = order('Add', [user('pfelt')]);
    await world.act('macd/send-order', { target: 'http://localhost:9000/orders', order: message });
    const { MessageID } = message.Order;
    const parsing = { MessageID, Timestamp: '2026-01-01T00:00:02.000Z', Stage: 'Parsing', Status: 'Success' };
    const active = {
      ...parsing,
      Timestamp: '2026-01-01T00:00:09.000Z',
      Stage: 'ActiveOrder',
      Status: 'Error',
      ResponseText: 'no',
    };
    for (const body of [{ Response: parsing }, parsing, active]) {
      expect((await ask(world, 'receiveCallback', { body })).status).toBe(204);
    }
    expect(await record(message)).toMatchObject({ state: 'Failed', callbacks: [parsing, active], callback: active });
    const { status, body } = await ask(world, 'receiveCallback', { body: { ...parsing, MessageID: 'f'.repeat(24) } });
    expect(status).toBe(404);
    expect(body).toMatchObject({ type: 'about:blank', status: 404, title: 'Not Found' });
  });
});

describe('lists', () => {
  test('filter orders by the words of their message', async () => {
    await work(order('Add', [user('a'), user('b')]), order('Delete', [{ Username: 'a' }]));
    const found = async (query: Record<string, unknown>) => {
      const { body, headers } = await ask(world, 'listOrders', { query: { offset: 0, limit: 100, ...query } });
      expect(headers?.['x-result-count']).toBe(String((body as unknown[]).length));
      return (body as { order: { Order: { MessageID: string } } }[]).map((each) => Number(each.order.Order.MessageID));
    };
    expect(await found({ operation: 'Add' })).toEqual([1]);
    expect(await found({ username: 'a' })).toEqual([1, 2]);
    expect(await found({ username: 'b' })).toEqual([1]);
    expect(await found({ state: 'Failed' })).toEqual([]);
    expect(await found({ customer: 'Meadowbank', limit: 1 })).toEqual([1]);
  });
});

test('an order whose MessageID is empty is taken, as its schema has it, and found by its transaction', async () => {
  const message = order('Add', [], { MessageID: '' });
  const { status, headers, body } = await ask(world, 'submitOrder', { body: message });
  expect(status).toBe(202);
  const { transactionId } = body as { transactionId: string };
  expect(headers).toEqual({ location: `/macd/orders/${transactionId}` });
  expect(await ask(world, 'getOrder', { path: { messageId: transactionId } })).toMatchObject({ status: 200, body });
  expect((await ask(world, 'submitOrder', { body: message })).body).toEqual(body);
  await world.tenant.advance(world.tenant.now() + 60_000);
  expect(sent[0]).toMatchObject({ target: CALLBACK, body: { Response: { MessageID: '' } } });
});

test('the starting world has subscribers with the order that brought each, numbered by time', async () => {
  const seeded = await tenantOf({
    systems: [macd],
    world: syntheticWorld([macd]),
  });
  const orders = (await ask(seeded, 'listOrders')).body as { transactionSeqId: string; transactionTimestamp: string }[];
  const subscribers = (await ask(seeded, 'listSubscribers')).body as unknown[];
  expect(subscribers.length).toBeGreaterThan(20);
  expect(orders).toHaveLength(subscribers.length);
  const times = orders.map(({ transactionTimestamp }) => transactionTimestamp);
  expect(times).toEqual(times.toSorted());
  expect(Number(orders[0]?.transactionSeqId)).toBeGreaterThan(2_659_000);
});

const illegal = [
  { lifecycle: ORDER_LIFECYCLE, collection: 'macd/OrderRecord', id: 'transactionId' },
  { lifecycle: SUBSCRIBER_LIFECYCLE, collection: 'macd/Subscriber', id: 'username' },
].flatMap(({ lifecycle: { moves, property }, ...where }) => {
  const states = [...new Set(moves.flatMap(({ from, to }) => [from, to]))];
  const isLegal = (from: string, to: string) => moves.some((move) => move.from === from && move.to === to);
  return states.flatMap((from) =>
    states.filter((to) => to !== from && !isLegal(from, to)).map((to) => ({ ...where, property, from, to })),
  );
});

test.each(illegal)('$collection refuses to go from $from to $to', async ({ collection, id, property, from, to }) => {
  const key = '00000000-0000-4000-8000-000000000000';
  await perform(world.tenant, (work_) => work_.create(collection, { [id]: key, [property]: from }));
  const attempt = async () => perform(world.tenant, (work_) => work_.change(collection, key, { [property]: to }));
  await expect(attempt()).rejects.toMatchObject({ status: 409, code: 'ILLEGAL_TRANSITION' });
  expect(world.tenant.store.get(collection, key)?.[property]).toBe(from);
  expect(world.events()).toEqual([]);
});
