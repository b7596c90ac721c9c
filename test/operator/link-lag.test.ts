import { expect, test } from 'vitest';
import { linksOf } from '../../src/operator/links/index.ts';
import { system as aps } from '../../src/systems/aps-subscriptions/index.ts';
import { system as connectx } from '../../src/systems/connectx/index.ts';
import { emptyShop, join, order } from '../support/connectx-world.ts';
import { tenantOf } from '../support/tenant-of.ts';
import { ask } from '../support/wire.ts';

const systems = [connectx, aps];

test('a link with a lag follows late and in order: until then the systems differ, after it they agree', async () => {
  const world = await tenantOf({
    systems,
    links: linksOf(systems),
    world: emptyShop,
    policies: { operator: { linkLag: { 'sale-to-aps': 'PT10M', 'mirror-to-aps': 'PT10M' } } },
  });
  const statusIn = async (at: string) => {
    await world.advanceTo(at);
    const { body } = await ask(world, 'listResources', { rawQuery: `vendorSubscriptionId=eq=${subscriptionId}` });
    return (body as { status: string }[]).map(({ status }) => status);
  };
  const customerId = await join(world);
  const subscriptionId = await order(world, customerId, { productId: 'PRD-BRB-010', startDate: '2026-01-01' });
  expect(await statusIn('2026-01-01T00:09:00Z')).toEqual([]);
  expect(await statusIn('2026-01-01T00:11:00Z')).toEqual(['ACTIVE']);
  await world.act('connectx/suspend-subscription', { subscriptionId });
  expect(await statusIn('2026-01-01T00:20:00Z')).toEqual(['ACTIVE']);
  expect(await statusIn('2026-01-01T00:22:00Z')).toEqual(['ADMINISTRATIVE_HOLD']);
});

test('a lag names a link that there is and that may be late', async () => {
  const laggingBy = (link: string) =>
    tenantOf({ systems, links: linksOf(systems), policies: { operator: { linkLag: { [link]: 'PT10M' } } } });
  await expect(laggingBy('sale-to-apps')).rejects.toThrow(/policies\.operator\.linkLag.*must be/);
  await expect(laggingBy('*')).resolves.toBeDefined();
});
