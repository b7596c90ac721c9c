import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { isExact } from '../../lib/money.ts';
import { Refusal } from '../../model/command.ts';
import { localDate, startOfLocalDate } from '../../operator/local-time.ts';
import { changeTerms } from './billing/bill-run.ts';
import { requirePrice } from './billing/prices.ts';
import { PRODUCTS, SUBSCRIPTIONS } from './collections.ts';
import type { Product, Subscription, SubscriptionTerms } from './entities.ts';

/** What of a subscription can be changed in place, by the name of its change. */
export type SubscriptionChange =
  | { readonly change: 'plan'; readonly productId: string }
  | { readonly change: 'add-on'; readonly addonId: string }
  | { readonly change: 'no-add-on'; readonly addonId: string }
  | { readonly change: 'price'; readonly monthlyCharge: number };

type Terms = Partial<Pick<SubscriptionTerms, 'productId' | 'productName' | 'monthlyCharge' | 'addons'>>;

/**
 * Changes a running subscription in place, from today or a later date on: the days up to then are billed at the old
 * terms, those from then on at the new ones, none twice. What was billed in advance is set right on the next bill.
 */
export function changeSubscription(
  work: Work,
  subscriptionId: string,
  change: SubscriptionChange,
  effectiveDate?: string,
): Entity {
  const subscription = work.need(SUBSCRIPTIONS, subscriptionId) as Subscription;
  requireChangeable(subscription);
  const terms = termsAfter(work, subscription, change);
  const today = localDate(work);
  if (effectiveDate === undefined || effectiveDate === today) return applyTerms(work, subscription, terms);
  if (effectiveDate < today) throw tooEarly('change the subscription', 'effectiveDate', effectiveDate, today);
  work.schedule({
    key: `connectx/change/${subscriptionId}/${change.change}`,
    due: startOfLocalDate(work, effectiveDate),
    kind: 'connectx/change',
    data: { subscriptionId, change },
  });
  return subscription;
}

/** The date of a change has come. One that makes no sense any more, as the product has gone since, is left. */
export const applyScheduledChange: TimerHandler = (work, { subscriptionId, change }) => {
  const subscription = work.get(SUBSCRIPTIONS, String(subscriptionId)) as Subscription | undefined;
  if (subscription === undefined || subscription.status === 'Cancelled') return;
  try {
    applyTerms(work, subscription, termsAfter(work, subscription, change as SubscriptionChange));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    work.notify('connectx/change-dropped', { subscriptionId, why: error.message });
  }
};

/** Refuses with 400 a date before the first that is possible. */
export function tooEarly(what: string, member: string, date: string, first: string): Refusal {
  return new Refusal(400, 'INVALID_REQUEST', `Failed to ${what}: ${date} is too early. Name ${first} or a later day.`, {
    violations: [{ in: 'body', path: `/${member}`, message: `must not lie before ${first}` }],
  });
}

function applyTerms(work: Work, subscription: Subscription, terms: Terms): Entity {
  const { subscriptionId, customerId } = subscription;
  const after = work.change(SUBSCRIPTIONS, subscriptionId, terms) as Subscription;
  if (after === subscription) return after;
  changeTerms(work, subscription, after);
  work.notify('connectx/subscription-changed', { subscriptionId, customerId });
  return after;
}

function termsAfter(work: Work, subscription: Subscription, change: SubscriptionChange): Terms {
  const { addons = [], currency } = subscription;
  switch (change.change) {
    case 'plan': {
      const product = soldProduct(work, subscription, change.productId, 'productId');
      const present = work.get(PRODUCTS, subscription.productId) as Product | undefined;
      if (product.productType === 'Addon' || (present !== undefined && present.productType !== product.productType)) {
        throw wrong(
          'productId',
          `must be the id of another product of the type ${present?.productType ?? 'of this one'}`,
        );
      }
      return { productId: product.productId, productName: product.productName, monthlyCharge: product.monthlyPrice };
    }
    case 'add-on': {
      if (addons.some(({ addonId }) => addonId === change.addonId)) {
        throw wrong('addonId', `must not repeat "${change.addonId}": an add-on is taken once`);
      }
      const addon = soldProduct(work, subscription, change.addonId, 'addonId');
      if (addon.productType !== 'Addon') throw wrong('addonId', 'must be the id of an add-on');
      const { productId, productName, monthlyPrice } = addon;
      return { addons: [...addons, { addonId: productId, addonName: productName, charge: monthlyPrice }] };
    }
    case 'no-add-on': {
      const rest = addons.filter(({ addonId }) => addonId !== change.addonId);
      if (rest.length < addons.length) return { addons: rest };
      throw wrong('addonId', `must be one of the subscription's add-ons, but "${change.addonId}" is none`);
    }
    case 'price': {
      if (change.monthlyCharge >= 0 && isExact(change.monthlyCharge, currency)) {
        return { monthlyCharge: change.monthlyCharge };
      }
      throw wrong('monthlyCharge', `must be 0 or more and have no more decimals than ${currency} has`);
    }
  }
}

/** A product that is sold, with what it costs in the subscription's currency. */
function soldProduct(work: Work, { currency }: Subscription, productId: string, member: string): Product {
  const product = work.get(PRODUCTS, productId) as Product | undefined;
  if (product === undefined) throw wrong(member, `must be the id of a product, but "${productId}" is none`);
  if (product.status === 'Active') {
    return { ...product, monthlyPrice: requirePrice(work, product, currency, 'change the subscription') };
  }
  throw new Refusal(
    409,
    'PRODUCT_DISCONTINUED',
    `Failed to change the subscription: ${productId} (${product.productName}) is ${product.status}. Choose an active product.`,
  );
}

function requireChangeable({ subscriptionId, status }: Subscription): void {
  if (status !== 'Cancelled') return;
  throw new Refusal(
    409,
    'SUBSCRIPTION_ENDED',
    `Failed to change the subscription: ${subscriptionId} is Cancelled. Order anew.`,
  );
}

function wrong(member: string, message: string): Refusal {
  const sentence = 'Failed to change the subscription: it asks for what is not on offer. Correct what is listed.';
  return new Refusal(400, 'INVALID_REQUEST', sentence, {
    violations: [{ in: 'body', path: `/${member}`, message }],
  });
}
