import { expect, test } from 'vitest';
import type { Lifecycle } from '../../../src/model/lifecycle.ts';
import {
  customerLifecycle,
  invoiceLifecycle,
  subscriptionLifecycle,
} from '../../../src/systems/connectx/lifecycles.ts';
import { emptyShop, shopOf, stored } from '../../support/connectx-world.ts';
import { perform } from '../../support/perform.ts';

const INVOICE = {
  invoiceNumber: '2026-000001',
  invoiceDate: '2026-01-01',
  dueDate: '2026-01-15',
  totalAmount: 12,
  taxAmount: 2,
  currency: 'GBP',
  lineItems: [{ description: 'Line', quantity: 1, unitPrice: 10, amount: 10 }],
};
const SUBSCRIPTION = {
  productId: 'PRD-MOB-010',
  productName: 'SIM Only 10 GB',
  startDate: '2026-03-01',
  monthlyCharge: 10,
  currency: 'GBP',
};

/** A world with one customer, subscription and invoice, the thing in question in the state in question. */
function shopWith(lifecycle: Lifecycle, status: string) {
  const own = (resource: string) => (lifecycle.resource === resource ? { status } : {});
  return shopOf({
    world: (work) => {
      emptyShop(work);
      work.create('connectx/Customer', {
        customerId: 'Customer-1',
        customerType: 'Individual',
        email: 'a@example.com',
        ...own('Customer'),
      });
      work.create('connectx/Subscription', {
        subscriptionId: 'Subscription-1',
        customerId: 'Customer-1',
        ...SUBSCRIPTION,
        ...own('Subscription'),
      });
      work.create('connectx/Invoice', {
        invoiceId: 'Invoice-1',
        customerId: 'Customer-1',
        ...INVOICE,
        ...own('Invoice'),
      });
    },
  });
}

const LIFECYCLES = [customerLifecycle, subscriptionLifecycle, invoiceLifecycle];
const statesOf = ({ initial, moves }: Lifecycle) => [
  ...new Set([initial, ...moves.flatMap(({ from, to }) => [from, to])]),
];
const pairs = LIFECYCLES.flatMap((lifecycle) =>
  statesOf(lifecycle).flatMap((from) =>
    statesOf(lifecycle).flatMap((to) => (from === to ? [] : [{ lifecycle, name: lifecycle.resource, from, to }])),
  ),
);
const isLegal = ({ lifecycle, from, to }: (typeof pairs)[number]) =>
  lifecycle.moves.some((move) => move.from === from && move.to === to);

test('every state of the contract is in the life cycle, and no other', async () => {
  const { registry } = await shopOf();
  for (const lifecycle of LIFECYCLES) {
    const { schema } = registry.resource(`connectx/${lifecycle.resource}`).resource;
    const status = registry.schemas.resolve(registry.schemas.properties(schema).get(lifecycle.property));
    expect(statesOf(lifecycle).sort()).toEqual([...(status?.enum ?? [])].sort());
  }
});

test.each(pairs.filter((pair) => !isLegal(pair)))(
  '$name: $from to $to is refused, changes nothing and announces nothing',
  async ({ lifecycle, from, to }) => {
    const shop = await shopWith(lifecycle, from);
    const id = `${lifecycle.resource}-1`;
    const before = stored(shop, lifecycle.resource, id);
    const timers = await shop.tenant.pending(100);
    const moved = async () =>
      perform(shop.tenant, (work) => work.change(`connectx/${lifecycle.resource}`, id, { [lifecycle.property]: to }));
    const legal = lifecycle.moves.filter((move) => move.from === from).map((move) => move.to);
    await expect(moved()).rejects.toMatchObject({
      status: 409,
      code: 'ILLEGAL_TRANSITION',
      details: { from, to, legal },
    });
    expect(stored(shop, lifecycle.resource, id)).toEqual(before);
    expect(await shop.tenant.pending(100)).toEqual(timers);
    expect(shop.events()).toEqual([]);
  },
);

test.each(pairs.filter(isLegal))(
  '$name: $from to $to is announced as its life cycle says',
  async ({ lifecycle, from, to }) => {
    const shop = await shopWith(lifecycle, from);
    await perform(shop.tenant, (work) =>
      work.change(`connectx/${lifecycle.resource}`, `${lifecycle.resource}-1`, { [lifecycle.property]: to }),
    );
    const announces = lifecycle.moves.find((move) => move.from === from && move.to === to)?.announces;
    const channel = announces ?? (lifecycle.resource === 'Customer' ? 'customer/updated' : undefined);
    const [first] = shop.tenant.log.read();
    expect(first?.channel).toBe(channel);
    if (channel !== undefined) expect(first?.payload).toMatchObject({ status: to, previousStatus: from });
  },
);

const ACTIONS = [
  { action: 'activate-subscription', lifecycle: subscriptionLifecycle, from: ['Pending'] },
  { action: 'suspend-subscription', lifecycle: subscriptionLifecycle, from: ['Active'] },
  { action: 'resume-subscription', lifecycle: subscriptionLifecycle, from: ['Suspended'] },
  { action: 'cancel-subscription', lifecycle: subscriptionLifecycle, from: ['Pending', 'Active', 'Suspended'] },
  { action: 'terminate-customer', lifecycle: customerLifecycle, from: ['Active', 'Inactive', 'Suspended'] },
  { action: 'cancel-invoice', lifecycle: invoiceLifecycle, from: ['Open', 'Overdue'] },
];
const attempts = ACTIONS.flatMap(({ action, lifecycle, from }) =>
  statesOf(lifecycle).map((state) => ({ action, lifecycle, state, isAllowed: from.includes(state) })),
);

test.each(attempts)('the action $action in the state $state', async ({ action, lifecycle, state, isAllowed }) => {
  const shop = await shopWith(lifecycle, state);
  const id = `${lifecycle.resource}-1`;
  const key = `${lifecycle.resource.toLowerCase()}Id`;
  const done = shop.act(`connectx/${action}`, { [key]: id });
  if (isAllowed) {
    await done;
    return;
  }
  await expect(done).rejects.toMatchObject({ status: 409, code: 'ILLEGAL_TRANSITION' });
  expect(stored(shop, lifecycle.resource, id)).toMatchObject({ status: state });
  expect(shop.events()).toEqual([]);
});
