import { textOf } from '../../../lib/json-object.ts';
import { type Minor, percentOf } from '../../../lib/money.ts';
import { type Instant, parseInstant } from '../../../lib/time.ts';
import type { Customer } from '../entities.ts';
import type { BillingPolicy } from './policy.ts';

/** What a customer need not pay tax by: where, and from when to when. */
export interface TaxExemption {
  /** A country, as an ISO 3166-1 code or by its common name. */
  readonly issuingJurisdiction?: unknown;
  readonly validFor?: { readonly startDateTime?: unknown; readonly endDateTime?: unknown };
}

/** What decides about an invoice's tax beyond its customer: it holds for the whole invoice. */
export interface TaxFacts {
  /** The day of the invoice, from its first instant to that of the next one. */
  readonly day: { readonly start: Instant; readonly end: Instant };
  /** Default: none. */
  readonly exemptions?: readonly TaxExemption[];
}

/**
 * The tax on an amount that a customer is charged, rounded half-up; a credit's is negative.
 *
 * @example taxOn(2800, customerInLondon, billingPolicy(work), { day: { start, end } }) // 560
 */
export function taxOn(amount: Minor, customer: Customer, policy: BillingPolicy, facts: TaxFacts): Minor {
  return percentOf(amount, taxRateOf(customer, policy, facts));
}

/**
 * The rate in per cent: none for exempt types and where an exemption of the country holds on the invoice's date, else
 * that of the billing address, of the address, or of home.
 */
export function taxRateOf(customer: Customer, policy: BillingPolicy, facts: TaxFacts): number {
  if (policy.taxExemptTypes.includes(customer.customerType)) return 0;
  const named = countryOf(customer, policy);
  const country = policy.taxRates[named] === undefined ? policy.homeCountry : named;
  const isExempt = (facts.exemptions ?? []).some((exemption) => holds(exemption, country, facts.day));
  return isExempt ? 0 : (policy.taxRates[country] ?? 0);
}

/** The country of a customer's billing address, else of the address, else of home, as an ISO 3166-1 code where it is known. */
export function countryOf(customer: Customer, { homeCountry }: Pick<BillingPolicy, 'homeCountry'>): string {
  const named = customer.billingAddress?.country ?? customer.address?.country ?? '';
  return named.trim() === '' ? homeCountry : countryCode(named);
}

function holds({ issuingJurisdiction, validFor = {} }: TaxExemption, country: string, day: TaxFacts['day']): boolean {
  if (countryCode(textOf(issuingJurisdiction ?? '')) !== country) return false;
  const start = instantOf(validFor.startDateTime) ?? day.start;
  const end = instantOf(validFor.endDateTime);
  // It holds on the day that it begins, at whatever hour, and no longer on the day after it has ended.
  return start < day.end && (end === undefined || end > day.start);
}

function instantOf(text: unknown): Instant | undefined {
  return typeof text === 'string' ? parseInstant(text) : undefined;
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
