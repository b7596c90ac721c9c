import type { Work } from '../../../engine/state/work.ts';
import { Refusal } from '../../../model/command.ts';
import { PRICE_LISTS } from '../../../operator/catalogue.ts';
import { PRODUCTS } from '../collections.ts';
import type { Customer, Product } from '../entities.ts';
import { type BillingPolicy, billingPolicy } from './policy.ts';
import { countryOf } from './tax.ts';

/**
 * The currency that a customer is sold things in: the operator's, or by policy that of their country, `undefined` where
 * that has none.
 */
export function saleCurrency(work: Pick<Work, 'policies' | 'query'>, customer: Customer): string | undefined {
  const policy = billingPolicy(work);
  if (policy.currencyBy === 'country') return policy.currencies[countryOf(customer, policy)];
  return String(work.query(PRODUCTS, { limit: 1 }).items[0]?.currency ?? 'GBP');
}

/** What a product costs a month in a currency; `undefined` where no list has a price for it. */
export function priceIn(
  product: Pick<Product, 'productId' | 'monthlyPrice' | 'currency'>,
  currency: string,
  { prices }: Pick<BillingPolicy, 'prices'>,
): number | undefined {
  const { productId, monthlyPrice } = product;
  if (product.currency === currency) return monthlyPrice;
  return prices[currency]?.[productId] ?? PRICE_LISTS[currency]?.[productId];
}

/**
 * The currency of a new order. Where the country decides, refuses with 409 a customer of one without a currency or a rate
 * of tax.
 */
export function requireCurrency(work: Work, customer: Customer, product: Product): string {
  const policy = billingPolicy(work);
  if (policy.currencyBy === 'operator') return product.currency;
  const country = countryOf(customer, policy);
  const currency = policy.currencies[country];
  const isTaxed = !policy.taxExemptTypes.includes(customer.customerType);
  if (currency !== undefined && (!isTaxed || policy.taxRates[country] !== undefined)) return currency;
  const lacks = currency === undefined ? 'currency' : 'rate of tax';
  throw new Refusal(
    409,
    'COUNTRY_NOT_SERVED',
    `Failed to subscribe the customer: there is no ${lacks} for ${country}, the country of ${customer.customerId}. Add one to policies.connectx.${currency === undefined ? 'currencies' : 'taxRates'}, or correct the address.`,
  );
}

/** What a product costs a month in a currency; refuses with 409 where it has no price there. */
export function requirePrice(work: Work, product: Product, currency: string, what: string): number {
  const price = priceIn(product, currency, billingPolicy(work));
  if (price !== undefined) return price;
  const { productId, productName } = product;
  throw new Refusal(
    409,
    'NO_PRICE',
    `Failed to ${what}: ${productId} (${productName}) has no price in ${currency}. Add one to policies.connectx.prices, or choose another product.`,
  );
}
