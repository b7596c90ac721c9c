import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Entity } from '../../src/engine/state/store/store.ts';
import { linksOf } from '../../src/operator/links/index.ts';
import { system as connectx } from '../../src/systems/connectx/index.ts';
import { system as macd } from '../../src/systems/macd/index.ts';
import { emptyShop, join } from '../support/connectx-world.ts';
import { orderMessage, orderUser, subscriberOf } from '../support/macd-orders.ts';
import { bodyOf, type TestTenant, tenantOf } from '../support/tenant-of.ts';
import { ask } from '../support/wire.ts';

const systems = [connectx, macd];

let world: TestTenant;
let customerId: string;

beforeAll(async () => {
  world = await tenantOf({ systems, links: linksOf(systems), world: emptyShop });
  customerId = await join(world, { customerType: 'Business', companyName: 'Meadowbank' });
  world.tenant.apply({ kind: 'snapshot' });
});

beforeEach(() => void world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' }));

let number = 0;
async function place(operation: string, user: Entity, head: Entity = {}, on = world): Promise<void> {
  number += 1;
  const Timestamp = new Date(on.tenant.now()).toISOString();
  const body = orderMessage(number, operation, [user], { Timestamp, ...head });
  expect((await ask(on, 'submitOrder', { body })).status).toBe(202);
  await on.tenant.advance(on.tenant.now() + 60_000);
}

/** The lines of all bills so far, as `<quantity> x <description>: <amount>`. */
async function billed(on = world, of = customerId): Promise<readonly string[]> {
  const invoices = bodyOf(await on.call('listCustomerInvoices', { path: { customerId: of } })).data as Entity[];
  return invoices
    .flatMap(({ lineItems }) => lineItems as Entity[])
    .map(({ quantity, description, amount }) => `${quantity} x ${description}: ${amount}`);
}

const notes = () => world.tenant.activity.read({ kind: 'note' }).map(({ title }) => title);

test('a user is charged from the day they go live, and by the whole month from then on', async () => {
  await world.advanceTo('2026-01-17T00:00:00Z');
  await place('Add', orderUser('u001', { EndUserVoicemail: true }));
  await place('Add', orderUser('u002', { Devices: [], ActivationDate: '2026-02-15T00:00:00Z' }));
  await world.advanceTo('2026-03-01T00:00:00Z');
  expect(await billed()).toEqual([
    '1 x UC user u001 - pro rata 17-31 Jan 2026 (15 of 31 days): 2.9',
    '1 x UC user - monthly charge 1-28 Feb 2026: 6',
    '1 x UC line u001 - pro rata 17-31 Jan 2026 (15 of 31 days): 0.97',
    '1 x UC line - monthly charge 1-28 Feb 2026: 2',
    '1 x UC device u001 - pro rata 17-31 Jan 2026 (15 of 31 days): 1.45',
    '1 x UC device - monthly charge 1-28 Feb 2026: 3',
    '1 x UC voicemail u001 - pro rata 17-31 Jan 2026 (15 of 31 days): 0.48',
    '1 x UC voicemail - monthly charge 1-28 Feb 2026: 1',
    '2 x UC user - monthly charge 1-31 Mar 2026: 12',
    '2 x UC line - monthly charge 1-31 Mar 2026: 4',
    '1 x UC device - monthly charge 1-31 Mar 2026: 3',
    '1 x UC voicemail - monthly charge 1-31 Mar 2026: 1',
    '1 x UC user u002 - pro rata 15-28 Feb 2026 (14 of 28 days): 3',
    '1 x UC line u002 - pro rata 15-28 Feb 2026 (14 of 28 days): 1',
  ]);
});

test('a date in the past is billed back to, and credited back to', async () => {
  await world.advanceTo('2026-02-10T00:00:00Z');
  await place('Add', orderUser('u001', { Devices: [], ActivationDate: '2026-01-22T00:00:00Z' }));
  await world.advanceTo('2026-03-05T00:00:00Z');
  expect((await billed()).slice(0, 3)).toEqual([
    '1 x UC user u001 - pro rata 22-31 Jan 2026 (10 of 31 days): 1.94',
    '1 x UC user - monthly charge 1-28 Feb 2026: 6',
    '1 x UC user - monthly charge 1-31 Mar 2026: 6',
  ]);
  await place('Delete', { Username: 'u001', DisconnectionDate: '2026-02-21T00:00:00Z' });
  await world.advanceTo('2026-04-01T00:00:00Z');
  expect((await billed()).slice(-4)).toEqual([
    '1 x Credit: UC user u001 - unused 22-28 Feb 2026 (7 of 28 days): -1.5',
    '1 x Credit: UC user u001 - unused 1-31 Mar 2026 (31 of 31 days): -6',
    '1 x Credit: UC line u001 - unused 22-28 Feb 2026 (7 of 28 days): -0.5',
    '1 x Credit: UC line u001 - unused 1-31 Mar 2026 (31 of 31 days): -2',
  ]);
});

test('each is charged for every day once, however far the others have been billed already', async () => {
  await place('Add', orderUser('u001', { Devices: [], Lines: [{ ExtensionNumber: '2001' }] }));
  await world.advanceTo('2026-02-05T00:00:00Z');
  await world.act('connectx/change-bill-day', { customerId, billDay: 15 });
  await place('Add', orderUser('u002', { Devices: [], Lines: [{ ExtensionNumber: '2002' }] }));
  await world.act('connectx/run-billing', { customerId });
  await world.advanceTo('2026-04-15T00:00:00Z');
  const months = (await billed())
    .filter((line) => line.includes('UC user'))
    .map((line) => line.slice(0, line.indexOf(':')));
  expect(months).toEqual([
    '1 x UC user - monthly charge 1-31 Jan 2026',
    '1 x UC user - monthly charge 1-28 Feb 2026',
    '1 x UC user u002 - pro rata 5-14 Feb 2026 (10 of 31 days)',
    '1 x UC user u001 - pro rata 1-14 Mar 2026 (14 of 28 days)',
    '1 x UC user - monthly charge 15 Feb - 14 Mar 2026',
    '2 x UC user - monthly charge 15 Mar - 14 Apr 2026',
    '2 x UC user - monthly charge 15 Apr - 14 May 2026',
  ]);
});

test('a move on one day is charged once for that day', async () => {
  await place('Add', orderUser('u001', { Lines: [{ ExtensionNumber: '2001' }], Devices: [] }));
  await world.advanceTo('2026-01-16T00:00:00Z');
  await place('Delete', { Username: 'u001' });
  const there = { Location: 'LDS-Leeds', HardwareGroup: 'Meadowbank-CL2-NDL' };
  await place('Add', orderUser('u001', { Lines: [{ ExtensionNumber: '2001' }], Devices: [] }), there);
  await world.advanceTo('2026-02-01T00:00:00Z');
  const days = (await billed())
    .filter((line) => /UC user .*Jan/.test(line))
    .map((line) => /(\d+) of 31/.exec(line)?.[1]);
  expect(days).toEqual(['16', '15']);
});

test.each(['customerId', 'accountNumber', 'companyName'])('the reference of an order is a %s', async (name) => {
  const other = await join(world, { customerType: 'Business', companyName: 'Hartwell' });
  const customer = bodyOf(await world.call('getCustomer', { path: { customerId: other } }));
  await place('Add', orderUser('u001'), { CustomerRef: String(customer[name]) });
  await world.advanceTo('2026-02-01T00:00:00Z');
  expect([(await billed()).length, (await billed(world, other)).length]).toEqual([0, 6]);
});

test('where no customer is meant, the activity says so', async () => {
  await place('Add', orderUser('u001'), { Customer: 'Nobody', CustomerRef: 'Nobody-01' });
  expect(notes()).toEqual(['The user u001 is charged to nobody: Nobody-01, Nobody names no customer.']);
});

test('the users of a customer who is terminated are disconnected, and settled on the last bill', async () => {
  await place('Add', orderUser('u001', { Devices: [], Lines: [{ ExtensionNumber: '2001' }] }));
  await world.advanceTo('2026-02-14T00:00:00Z');
  await world.act('connectx/terminate-customer', { customerId });
  expect(await subscriberOf(world, 'u001')).toMatchObject({ activation_state: 'Disconnected' });
  expect((await billed()).slice(-2)).toEqual([
    '1 x Credit: UC user u001 - unused 15-28 Feb 2026 (14 of 28 days): -3',
    '1 x Credit: UC line u001 - unused 15-28 Feb 2026 (14 of 28 days): -1',
  ]);
});

test('prices and whether there are any are policies', async () => {
  const free = await tenantOf({
    systems,
    links: linksOf(systems),
    world: emptyShop,
    policies: { macd: { billing: 'none' } },
  });
  const dear = await tenantOf({
    systems,
    links: linksOf(systems),
    world: emptyShop,
    policies: { macd: { prices: { user: 31 } } },
  });
  for (const on of [free, dear]) {
    const id = await join(on, { customerType: 'Business', companyName: 'Meadowbank' });
    await place('Add', orderUser('u001', { Devices: [] }), {}, on);
    await on.advanceTo('2026-02-01T00:00:00Z');
    expect((await billed(on, id))[0]).toBe(on === free ? undefined : '1 x UC user - monthly charge 1-31 Jan 2026: 31');
  }
});
