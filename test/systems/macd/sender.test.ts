import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../src/engine/delivery/delivery.ts';
import type { Entity } from '../../../src/engine/state/store/store.ts';
import { system as macd } from '../../../src/systems/macd/index.ts';
import { answered } from '../../support/attempts.ts';
import { orderMessage, orderUser, recordOf } from '../../support/macd-orders.ts';
import { type TestTenant, tenantOf } from '../../support/tenant-of.ts';
import { ask } from '../../support/wire.ts';

const ELSEWHERE = 'http://localhost:5009/orders';

let world: TestTenant;
let sent: Delivery[];

beforeAll(async () => {
  // What goes to the simulator itself arrives there, as the HTTP surface would do it.
  const send = async (delivery: Delivery) => {
    sent.push(delivery);
    const operation = { '/macd/orders': 'submitOrder', '/macd/callback': 'receiveCallback' }[
      new URL(delivery.target).pathname
    ];
    if (!delivery.target.startsWith('http://simulator/') || operation === undefined) return answered(200);
    return answered((await ask(world, operation, { body: delivery.body })).status);
  };
  world = await tenantOf({ systems: [macd], parts: { transport: { send } } });
  world.tenant.apply({ kind: 'snapshot' });
});

beforeEach(() => {
  sent = [];
  world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
});

function sendOrder(number: number, target: string, more: Entity = {}) {
  const { Order, User } = orderMessage(number, 'Add', [orderUser('u001')]);
  const { CallbackURL: _, ...head } = Order;
  return world.act('macd/send-order', { target, order: { Order: head, User }, ...more });
}

const answer = (Stage: string, Status = 'Success') =>
  ask(world, 'receiveCallback', {
    body: { Response: { MessageID: '000000000000000000000001', Timestamp: '2026-01-01T03:00:00Z', Stage, Status } },
  });

interface Reconciled {
  readonly orders: readonly { finding: string; sender: Entity; receiver: Entity | null }[];
  readonly users: readonly { username: string; finding: string; differences: readonly string[] }[];
  readonly summary: Entity;
}
const reconcile = async (input: Entity = {}) => (await world.act('macd/reconcile', input)) as Reconciled;

describe('an order that was sent from here and gets no callback', () => {
  test('is sent again with the same MessageID as often as the policy says, then given up', async () => {
    await sendOrder(1, ELSEWHERE);
    await world.advanceTo('2026-01-01T00:06:00Z');
    expect(await recordOf(world, 1)).toMatchObject({ state: 'Received', resubmitPayload: true });
    await world.advanceTo('2026-01-01T03:00:00Z');
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await recordOf(world, 1)).toMatchObject({ state: 'TimedOut' });
    expect((await reconcile()).orders).toMatchObject([
      { finding: 'receiver lacks', sender: { state: 'TimedOut', resubmitPayload: true }, receiver: null },
    ]);
  });

  test('is taken up again by a callback that comes late, once', async () => {
    await sendOrder(1, ELSEWHERE);
    await world.advanceTo('2026-01-01T03:00:00Z');
    for (const _ of [1, 2]) expect((await answer('ActiveOrder')).status).toBe(204);
    const { state, callbacks } = await recordOf(world, 1);
    expect([state, callbacks]).toEqual(['UserProcessed', [expect.objectContaining({ Stage: 'ActiveOrder' })]]);
  });

  test('waits as long as it is told', async () => {
    await sendOrder(1, ELSEWHERE, { delays: { timeout: 'PT2H' } });
    await world.advanceTo('2026-01-01T01:59:00Z');
    expect(sent).toHaveLength(1);
    await world.advanceTo('2026-01-01T02:01:00Z');
    expect(sent).toHaveLength(2);
  });

  test('has no second effect on a receiver that had taken it all along', async () => {
    await world.act('macd/script-outcome', { silence: true });
    await sendOrder(1, 'http://simulator/macd/orders');
    await world.advanceTo('2026-01-01T03:00:00Z');
    expect(sent.filter(({ kind }) => kind === 'order')).toHaveLength(3);
    expect((await ask(world, 'listOrders')).body).toHaveLength(2);
    expect(await reconcile()).toMatchObject({
      orders: [{ finding: 'differs', sender: { state: 'TimedOut' }, receiver: { state: 'UserProcessed' } }],
      users: [{ username: 'u001', finding: 'differs', differences: ['state'] }],
      summary: { agrees: 0, differs: 2 },
    });
  });
});

test('an order whose outcome has come is not sent again, and both sides agree', async () => {
  await sendOrder(1, 'http://simulator/macd/orders');
  await world.advanceTo('2026-01-01T03:00:00Z');
  expect(sent.filter(({ kind }) => kind === 'order')).toHaveLength(1);
  expect(await reconcile()).toMatchObject({
    orders: [{ finding: 'agrees' }],
    users: [{ username: 'u001', finding: 'agrees' }],
    summary: { agrees: 2, differs: 0, receiverLacks: 0, senderLacks: 0 },
  });
});

test('a sender that lists its users hears which of them differ, are missing, or are not on its list', async () => {
  for (const number of [1, 2]) {
    await ask(world, 'submitOrder', { body: orderMessage(number, 'Add', [orderUser(`u00${number}`)]) });
  }
  await world.advanceTo('2026-01-01T00:05:00Z');
  const users = [
    { username: 'u001', state: 'Live', location: 'LDS-Leeds', user: { LastName: 'Moss' } },
    { username: 'u009', state: 'Live' },
  ];
  const { users: found } = await reconcile({ customer: 'Meadowbank', users });
  expect(found.map(({ username, finding, differences }) => [username, finding, differences.join()])).toEqual([
    ['u001', 'differs', 'location,user/LastName'],
    ['u009', 'receiver lacks', ''],
    ['u002', 'sender lacks', ''],
  ]);
});
