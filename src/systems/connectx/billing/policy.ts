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
  reminderDays: daysToStep(7, 'the reminder'),
  lateFeeDays: daysToStep(0, 'the late fee, which the next bill charges'),
  restrictionDays: daysToStep(0, 'the restriction: outgoing calls are barred, and services stay Active'),
  suspensionDays: daysToStep(14, 'the suspension'),
  terminationDays: daysToStep(0, 'the termination of the customer, with a final bill'),
  collectionDays: daysToStep(0, 'the day on which the debt is handed to a collection agency'),
  writeOffDays: daysToStep(0, 'the day on which the invoice is written off'),
  dunningConditions: {
    type: 'object',
    propertyNames: {
      enum: ['reminder', 'lateFee', 'restriction', 'suspension', 'termination', 'collection', 'writeOff'],
    },
    additionalProperties: {
      type: 'object',
      properties: {
        minimumAmount: { type: 'number', minimum: 0 },
        customerTypes: { type: 'array', items: { type: 'string' } },
      },
      required: [],
      additionalProperties: false,
    },
    default: {},
    description:
      'by step of dunning, what it is only taken on: `minimumAmount`, the least that is left of the invoice, and `customerTypes`, the customers concerned',
  },
  lateFee: { type: 'number', minimum: 0, default: 10, description: 'the late fee, in the currency of the invoice' },
  lateFeePercent: {
    type: 'number',
    minimum: 0,
    maximum: 100,
    default: 0,
    description: 'per cent of what is left of the invoice, on top of the late fee',
  },
  overpayment: {
    enum: ['credit', 'refuse'],
    default: 'credit',
    description:
      'what is paid beyond what is left of an invoice is a credit for the next ones (`credit`), or the payment is refused with 409 (`refuse`)',
  },
  instalments: {
    type: 'integer',
    minimum: 1,
    maximum: 24,
    default: 1,
    description:
      'how many parts an invoice is paid in, a month apart, where the billing account has no `paymentPlan` that says it',
  },
  collectionLeadDays: {
    type: 'integer',
    minimum: 0,
    maximum: 365,
    default: 0,
    description: 'days before the due date on which the direct debit or card on file is charged',
  },
  collectionRetryDays: {
    type: 'array',
    items: { type: 'integer', minimum: 1, maximum: 365 },
    maxItems: 10,
    default: [3, 5],
    description: 'days from each attempt that the bank refuses to the next one; as many retries as there are numbers',
  },
  collectionFailureRate: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 0,
    description: 'how many of all attempts to collect the bank refuses, by the chance of the tenant',
  },
  currencyBy: {
    enum: ['operator', 'country'],
    default: 'operator',
    description:
      "what decides the currency that a customer orders in: the operator, whose currency the catalogue has; or the `country` of the customer's billing address, else of the address, where an order is refused with 409 if the country has no currency or rate of tax, or the product no price in that currency",
  },
  currencies: {
    type: 'object',
    propertyNames: { pattern: '^[A-Z]{2}$' },
    additionalProperties: { type: 'string', pattern: '^[A-Z]{3}$' },
    default: { GB: 'GBP', DE: 'EUR', FR: 'EUR', IE: 'EUR', US: 'USD', AU: 'AUD' },
    description: 'the currency of each country, as ISO 4217 and 3166-1 write them',
  },
  prices: {
    type: 'object',
    propertyNames: { pattern: '^[A-Z]{3}$' },
    additionalProperties: { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
    default: {},
    description:
      "what products cost a month in currencies other than the operator's, by currency and product id, in place of the price lists below",
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
  backdatedEnd: {
    enum: ['credit', 'refuse'],
    default: 'credit',
    description:
      'a cancellation for a day that has passed gives back what was billed after it (`credit`), or is refused with 400 (`refuse`)',
  },
} as const satisfies PolicyTable;

export type BillingPolicy = PolicyValues<typeof BILLING_POLICIES>;

function daysToStep<Days extends number>(days: Days, what: string) {
  return {
    type: 'integer',
    minimum: 0,
    maximum: 3650,
    default: days,
    description: `days from Overdue to ${what}; 0: never`,
  } as const;
}

/** The policy of this tenant. */
export function billingPolicy({ policies }: Pick<Reader, 'policies'>): BillingPolicy {
  return policies.connectx as unknown as BillingPolicy;
}
