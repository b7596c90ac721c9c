import { type Minor, percentOf } from '../../../lib/money.ts';
import type { Customer } from '../entities.ts';
import type { BillingPolicy } from './policy.ts';

/**
 * The tax on an amount that a customer is charged, rounded half-up; a credit's is negative.
 *
 * @example taxOn(2800, customerInLondon, STANDARD_MONTHLY_IN_ADVANCE) // 560
 */
export function taxOn(amount: Minor, customer: Customer, policy: BillingPolicy): Minor {
  return percentOf(amount, taxRateOf(customer, policy));
}

/** The rate in per cent: none for exempt types, else that of the billing address, of the address, or of home. */
export function taxRateOf(customer: Customer, policy: BillingPolicy): number {
  if (policy.taxExemptTypes.includes(customer.customerType)) return 0;
  const country = countryCode(customer.billingAddress?.country ?? customer.address?.country ?? '');
  return policy.taxRates[country] ?? policy.taxRates[policy.homeCountry] ?? 0;
}

/** The contract leaves `country` free, so the common ways of writing the countries with a rate are understood. */
function countryCode(country: string): string {
  const written = country.trim().toUpperCase();
  return COUNTRY_NAMES.get(written) ?? written;
}

const COUNTRY_NAMES: ReadonlyMap<string, string> = new Map([
  ...['UK', 'GBR', 'UNITED KINGDOM', 'GREAT BRITAIN', 'ENGLAND', 'SCOTLAND', 'WALES'].map(
    (name) => [name, 'GB'] as const,
  ),
  ...['DEU', 'GERMANY', 'DEUTSCHLAND'].map((name) => [name, 'DE'] as const),
  ...['FRA', 'FRANCE'].map((name) => [name, 'FR'] as const),
  ...['IRL', 'IRELAND', 'ÉIRE'].map((name) => [name, 'IE'] as const),
  ...['AUS', 'AUSTRALIA'].map((name) => [name, 'AU'] as const),
  ...['USA', 'UNITED STATES', 'UNITED STATES OF AMERICA'].map((name) => [name, 'US'] as const),
]);
