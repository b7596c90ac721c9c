import { expect, test } from 'vitest';
import type { Entity } from '../../../src/engine/state/store/store.ts';
import { system as macd } from '../../../src/systems/macd/index.ts';
import { orderMessage, orderUser, responsesOf } from '../../support/macd-orders.ts';
import { tenantOf } from '../../support/tenant-of.ts';
import { ask } from '../../support/wire.ts';

test('of an order of 200 users a tenth fails, and reconciliation names just these', async () => {
  const world = await tenantOf({ systems: [macd] });
  const users = Array.from({ length: 200 }, (_, index) => {
    const name = `${index % 10 === 0 ? 'bad' : 'user'}${String(index).padStart(4, '0')}`;
    return orderUser(name, {
      Lines: [{ ExtensionNumber: String(10_000 + index) }],
      Devices: [{ Model: 'Cisco 8841', Name: `CSF${name}` }],
    });
  });
  await world.act('macd/script-outcome', { match: { user: 'bad*' }, stage: 'ActiveOrder', status: 'Error' });
  await ask(world, 'submitOrder', { body: orderMessage(1, 'Add', users) });
  await world.advanceTo('2026-01-01T00:01:00Z');

  const { Status, User } = responsesOf(world, 1).at(-1) ?? {};
  expect([Status, (User as Entity[]).length]).toEqual(['Warning', 20]);
  const thought = users.map(({ Username }) => ({ username: String(Username), state: 'Live' }));
  const { summary } = (await world.act('macd/reconcile', { customer: 'Meadowbank', users: thought })) as Entity;
  expect(summary).toEqual({ agrees: 180, differs: 0, receiverLacks: 20, senderLacks: 0 });
});
