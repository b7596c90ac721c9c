import { requireMove } from '../../engine/lifecycle/lifecycle.ts';
import type { Change } from '../../engine/state/change.ts';
import { allOf, equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ResourceRules, TimerHandler } from '../../engine/system.ts';
import { Refusal } from '../../model/command.ts';
import type { Violation } from '../../model/schema.ts';
import { localDate, startOfLocalDate } from '../../operator/local-time.ts';
import { billPrepaid } from './accounts.ts';
import { beginBilling, issueFinalBill, settleSubscription } from './billing/bill-run.ts';
import { requireCredit } from './billing/credit-limit.ts';
import { billingPolicy } from './billing/policy.ts';
import { requireCurrency, requirePrice } from './billing/prices.ts';
import { ACCOUNT_HOLDS, BILLED, CUSTOMERS, HOLDS, PRODUCTS, SUBSCRIPTIONS } from './collections.ts';
import type { Customer, LineItem, Product, Subscription } from './entities.ts';
import { subscriptionLifecycle } from './lifecycles.ts';
import { tooEarly } from './plan-changes.ts';
import { announceStanding } from './standing.ts';

/** What the contract cannot say about subscriptions: prices are filled in, and the start date activates. */
export const subscriptionRules: ResourceRules = {
  lifecycle: subscriptionLifecycle,
  complete: completeSubscription,
  announce: (work, { after }) => ({
    effectiveDate: after?.status === 'Cancelled' ? after.endDate : localDate(work),
  }),
  changed: followSubscription,
};

/** The start date has come. While its customer is not Active, a subscription waits; then it follows its customer. */
export const activateOnStart: TimerHandler = (work, { subscriptionId, billedFrom }) => {
  const subscription = work.get(SUBSCRIPTIONS, String(subscriptionId)) as Subscription | undefined;
  if (subscription?.status !== 'Pending') return;
  const customer = work.need(CUSTOMERS, subscription.customerId);
  if (customer.status !== 'Active') return;
  work.change(SUBSCRIPTIONS, subscription.subscriptionId, { status: 'Active' }, { billedFrom });
};

/** Activates those whose start date has come, so that a service that starts on the bill day is on that day's bill. */
export function activateDue(work: Work, customerId?: string): void {
  const filter = allOf(
    equals('status', 'Pending'),
    customerId === undefined ? undefined : equals('customerId', customerId),
    { op: 'lte', path: 'startDate', value: localDate(work) },
  );
  const { items } = work.query(SUBSCRIPTIONS, { filter });
  for (const { subscriptionId } of items) activateOnStart(work, { subscriptionId });
}

/** Sells an Active customer a product, by its number or its name, from today on; it runs at once. */
export function sell(work: Work, customerId: string, product: string): Entity {
  const [named] = work.query(PRODUCTS, { filter: equals('productName', product), limit: 1 }).items;
  const productId = work.get(PRODUCTS, product) === undefined ? (named?.productId ?? product) : product;
  const draft = { customerId, productId, startDate: localDate(work), status: 'Pending' };
  const { subscriptionId } = work.create(SUBSCRIPTIONS, draft) as Subscription;
  return activateSubscription(work, subscriptionId);
}

/** Activates one before its start date comes, which is then today. */
export function activateSubscription(work: Work, subscriptionId: string): Entity {
  const subscription = requireSubscription(work, subscriptionId);
  requireMove(subscriptionLifecycle, subscription, 'Active', 'Pending');
  requireActiveCustomer(work, subscription.customerId, 'activate the subscription');
  const today = localDate(work);
  const isEarly = subscription.startDate > today;
  return work.change(SUBSCRIPTIONS, subscriptionId, { status: 'Active', ...(isEarly && { startDate: today }) });
}

/** Puts one on hold by request; it then stays so whatever becomes of its customer. */
export function suspendSubscription(work: Work, subscriptionId: string): Entity {
  const subscription = requireSubscription(work, subscriptionId);
  if (subscription.status === 'Suspended' && work.delete(HOLDS, subscriptionId)) {
    // It was on hold with its customer; now there is a second reason, which stays when the first has gone.
    announceStanding(work, subscription);
    return subscription;
  }
  requireMove(subscriptionLifecycle, subscription, 'Suspended');
  return work.change(SUBSCRIPTIONS, subscriptionId, { status: 'Suspended' });
}

/** Lets one that is on hold go on; refuses with 409 while its customer is suspended. */
export function resumeSubscription(work: Work, subscriptionId: string): Entity {
  const subscription = requireSubscription(work, subscriptionId);
  requireMove(subscriptionLifecycle, subscription, 'Active', 'Suspended');
  const { customerId } = subscription;
  const { status } = work.need(CUSTOMERS, customerId);
  if (status === 'Suspended' && work.get(HOLDS, subscriptionId) === undefined) {
    // The hold of its own is lifted; it stays on hold with its customer.
    work.put(HOLDS, subscriptionId, { subscriptionId, customerId });
    announceStanding(work, subscription);
    return subscription;
  }
  if (status === 'Suspended') {
    throw new Refusal(
      409,
      'CUSTOMER_NOT_ACTIVE',
      `Failed to resume the subscription: customer ${subscription.customerId} is Suspended. Settle what is overdue or lift the hold; then it resumes with its customer.`,
    );
  }
  return work.change(SUBSCRIPTIONS, subscriptionId, { status: 'Active' });
}

/**
 * Ends one and issues its final bill: today, or with `endDate` at the end of that day, which is charged like any last day;
 * what was billed after a day that has passed is given back.
 */
export function cancelSubscription(work: Work, subscriptionId: string, endDate?: string): Entity {
  const subscription = requireSubscription(work, subscriptionId);
  requireMove(subscriptionLifecycle, subscription, 'Cancelled');
  const today = localDate(work);
  if (endDate !== undefined && endDate < today) requireEnding(work, subscription, endDate);
  if (endDate !== undefined && endDate > today) {
    const key = `connectx/cancel/${subscriptionId}`;
    work.schedule({ key, due: startOfLocalDate(work, endDate), kind: 'connectx/cancel', data: { subscriptionId } });
    return work.change(SUBSCRIPTIONS, subscriptionId, { endDate });
  }
  work.cancel(`connectx/cancel/${subscriptionId}`);
  const lineItems = endSubscription(work, subscription, endDate);
  issueFinalBill(work, subscription, lineItems);
  return work.need(SUBSCRIPTIONS, subscriptionId);
}

/** The last day of a subscription that was cancelled for it has come. */
export const cancelOnDate: TimerHandler = (work, { subscriptionId }) => {
  const subscription = work.get(SUBSCRIPTIONS, String(subscriptionId)) as Subscription | undefined;
  if (subscription === undefined || subscription.status === 'Cancelled') return;
  cancelSubscription(work, subscription.subscriptionId);
};

/** Ends one today, or on a day that has passed; returns the line items of its final bill. */
export function endSubscription(
  work: Work,
  subscription: Subscription,
  endDate = localDate(work),
): readonly LineItem[] {
  const { subscriptionId } = subscription;
  work.change(SUBSCRIPTIONS, subscriptionId, { status: 'Cancelled', endDate });
  return settleSubscription(work, subscription, endDate);
}

/** Refuses with 400 an end in the past where the policy says so, or before the present terms began. */
function requireEnding(work: Work, { subscriptionId, startDate }: Subscription, endDate: string): void {
  const isRefused = billingPolicy(work).backdatedEnd === 'refuse';
  const first = isRefused ? localDate(work) : String(work.get(BILLED, subscriptionId)?.from ?? startDate);
  if (endDate < first) throw tooEarly('cancel the subscription', 'endDate', endDate, first);
}

/** Puts a suspended customer's running subscriptions on hold. */
export function holdWithCustomer(work: Work, customerId: string): void {
  for (const { subscriptionId } of subscriptionsOf(work, customerId, 'Active')) {
    work.put(HOLDS, subscriptionId, { subscriptionId, customerId });
    work.change(SUBSCRIPTIONS, subscriptionId, { status: 'Suspended' });
  }
}

/** Those that were on hold by themselves when their customer was suspended or reinstated stay so, for other reasons. */
export function announceHeldAlone(work: Work, customerId: string): void {
  for (const subscription of subscriptionsOf(work, customerId, 'Suspended')) {
    if (work.get(HOLDS, subscription.subscriptionId) === undefined) announceStanding(work, subscription);
  }
}

/** Lets those go on that were put on hold with their customer. */
export function resumeWithCustomer(work: Work, customerId: string): void {
  for (const { subscriptionId } of subscriptionsOf(work, customerId, 'Suspended')) {
    if (work.get(HOLDS, subscriptionId) === undefined) continue;
    work.change(SUBSCRIPTIONS, subscriptionId, { status: 'Active' });
  }
}

/** A customer's subscriptions in one state, oldest first. */
export function subscriptionsOf(work: Work, customerId: string, status: string): readonly Subscription[] {
  const { items } = work.query(SUBSCRIPTIONS, {
    filter: allOf(equals('customerId', customerId), equals('status', status)),
  });
  return items as readonly Subscription[];
}

/** Gives the draft its names and prices from the catalogue; a price is copied, so that later prices leave it alone. */
function completeSubscription(work: Work, draft: Entity): Entity {
  // A client cannot name the product's name: this one comes complete, with the starting world.
  if (draft.productName !== undefined) return draft;
  const customer = requireActiveCustomer(work, String(draft.customerId), 'subscribe the customer');
  requireCredit(work, String(draft.customerId), 'subscribe the customer');
  const product = work.get(PRODUCTS, String(draft.productId)) as Product | undefined;
  const addons = ((draft.addons ?? []) as readonly string[]).map((id) => ({
    id,
    addon: work.get(PRODUCTS, id) as Product | undefined,
  }));
  const violations: Violation[] = addons.flatMap(({ id, addon }, index) => {
    const path = `/addons/${index}`;
    if (addon?.productType !== 'Addon') {
      return [{ in: 'body', path, message: `must be the id of an add-on, but "${id}" is none` }];
    }
    const isRepeated = addons.findIndex((other) => other.id === id) < index;
    return isRepeated ? [{ in: 'body', path, message: `must not repeat "${id}": an add-on is taken once` }] : [];
  });
  if (product === undefined || product.productType === 'Addon') {
    const why =
      product === undefined ? 'is not in the catalogue' : 'is an add-on, which only goes with another product';
    violations.unshift({
      in: 'body',
      path: '/productId',
      message: `must be the id of a product, but "${String(draft.productId)}" ${why}`,
    });
  }
  const today = localDate(work);
  if (billingPolicy(work).backdatedStart === 'refuse' && String(draft.startDate) < today) {
    violations.push({ in: 'body', path: '/startDate', message: `must not lie in the past: today is ${today}` });
  }
  if (product === undefined || violations.length > 0) {
    throw new Refusal(
      400,
      'INVALID_REQUEST',
      'Failed to subscribe the customer: the order asks for what is not on offer. Correct what is listed; the products say what is on offer.',
      { violations },
    );
  }
  const gone = [product, ...addons.map(({ addon }) => addon)].find(
    (each) => each !== undefined && each.status !== 'Active',
  );
  if (gone !== undefined) {
    throw new Refusal(
      409,
      'PRODUCT_DISCONTINUED',
      `Failed to subscribe the customer: ${gone.productId} (${gone.productName}) is ${gone.status}. Choose an active product.`,
    );
  }
  const currency = requireCurrency(work, customer, product);
  const priceOf = (each: Product) => requirePrice(work, each, currency, 'subscribe the customer');
  return {
    ...draft,
    productName: product.productName,
    monthlyCharge: priceOf(product),
    currency,
    addons: addons.map(({ id, addon }) => ({
      addonId: id,
      addonName: addon?.productName,
      charge: addon === undefined ? undefined : priceOf(addon),
    })),
  };
}

function followSubscription(work: Work, { before, after, context }: Change): void {
  if (after === undefined || before?.status === after.status) return;
  const { subscriptionId, customerId, status, startDate } = after as Subscription;
  const key = `connectx/activate/${subscriptionId}`;
  if (before === undefined) {
    work.notify('connectx/subscription-sold', { subscriptionId, customerId });
    if (status !== 'Pending') return;
    const due = Math.max(startOfLocalDate(work, startDate), work.now);
    // Only what was ordered for a day in the past is billed back: what had to wait for its customer is not.
    const isBackdated = startDate < localDate(work);
    const data = { subscriptionId, ...(isBackdated && { billedFrom: startDate }) };
    work.schedule({ key, due, kind: 'connectx/activate', data });
    return;
  }
  if (before.status === 'Pending') {
    work.cancel(key);
    if (status === 'Active') {
      beginBilling(work, after as Subscription, String(context.billedFrom ?? localDate(work)));
    }
  }
  if (before.status === 'Suspended') {
    work.delete(HOLDS, subscriptionId);
    work.delete(ACCOUNT_HOLDS, subscriptionId);
  }
  announceStanding(work, after as Subscription);
  // Only now that all know of it: a bill that nothing is left for suspends it again at once.
  if (before.status === 'Pending' && status === 'Active') billPrepaid(work, customerId);
}

function requireSubscription(work: Work, subscriptionId: string): Subscription {
  return work.need(SUBSCRIPTIONS, subscriptionId) as Subscription;
}

function requireActiveCustomer(work: Work, customerId: string, what: string): Customer {
  const customer = work.need(CUSTOMERS, customerId) as Customer;
  const { status } = customer;
  if (status === 'Active') return customer;
  throw new Refusal(
    409,
    'CUSTOMER_NOT_ACTIVE',
    `Failed to ${what}: customer ${customerId} is ${status}. Only an Active customer can start a service.`,
  );
}
