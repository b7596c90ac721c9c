import type { PolicyTable, PolicyValues } from '../../../engine/policies/policy.ts';
import type { Reader } from '../../../engine/state/reader.ts';

/**
 * When and how customers are billed: a decision of this project, as no contract says any of it. The rules that are no
 * values stand in docs/policies.md.
 */
export const BILLING_POLICIES = {
  billDay: {
    type: 'integer',
    minimum: 1,
    maximum: 28,
    default: 1,
    description: 'day of the month on which bills are made, 1 to 28: days that every month has',
  },
  dueDays: {
    type: 'integer',
    minimum: 1,
    maximum: 365,
    default: 14,
    description: 'days from invoice to due date; the day after it the invoice is Overdue',
  },
  reminderDays: {
    type: 'integer',
    minimum: 1,
    maximum: 365,
    default: 7,
    description: 'days from Overdue to the reminder, which only the clock shows: no channel announces it',
  },
  suspensionDays: {
    type: 'integer',
    minimum: 1,
    maximum: 365,
    default: 14,
    description: 'days from Overdue to suspension',
  },
  homeCountry: {
    type: 'string',
    pattern: '^[A-Z]{2}$',
    default: 'GB',
    description: 'whose tax counts where an address names no country',
  },
  taxRates: {
    type: 'object',
    propertyNames: { pattern: '^[A-Z]{2}$' },
    additionalProperties: { type: 'number', minimum: 0, maximum: 100 },
    // The United States have no one rate: this one stands for federal, state and local charges together.
    default: { GB: 20, DE: 19, FR: 20, IE: 23, AU: 10, US: 12 },
    description: 'per cent, by ISO 3166-1 code of the country; the US rate stands for several',
  },
  taxExemptTypes: {
    type: 'array',
    items: { type: 'string' },
    default: ['Government'],
    description: 'customer types that pay no tax',
  },
  backdatedStart: {
    enum: ['bill', 'refuse'],
    default: 'bill',
    description:
      'an order whose start date has passed is billed from that day (`bill`), or refused with 400 (`refuse`)',
  },
} as const satisfies PolicyTable;

export type BillingPolicy = PolicyValues<typeof BILLING_POLICIES>;

/** The policy of this tenant. */
export function billingPolicy({ policies }: Pick<Reader, 'policies'>): BillingPolicy {
  return policies.connectx as unknown as BillingPolicy;
}
