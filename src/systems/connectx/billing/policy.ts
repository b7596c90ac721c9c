import type { Work } from '../../../engine/state/work.ts';
import { SimulatorError } from '../../../errors.ts';

/**
 * When and how customers are billed. The default is `standard-monthly-in-advance`, a decision of this project: no
 * contract says any of it. A configuration or fixture changes single values under `policies.connectx`.
 *
 * - On every bill day each customer with subscriptions gets one invoice: a month in advance for each subscription and
 *   add-on, with everything before it that has not been billed. So the first bill holds the rest of the month before.
 * - The day of activation and the day of cancellation both count as used, but no day is charged twice: the day of
 *   cancellation is not charged when a subscription of the same product type starts on it. A part of a month is charged
 *   by its days, in proportion to the days of that month.
 * - A start in the past is billed from that day on.
 * - A cancelled subscription is settled at once: unbilled days are charged, days billed in advance credited.
 * - A credit first pays open invoices, the oldest first; what is left pays the next ones.
 * - Tax is added per invoice, by the country of the billing address, else of the address.
 * - Suspended subscriptions are billed on: the service is held ready.
 * - Dunning never cancels. A customer that was suspended for a debt is reinstated by the payment after which nothing is
 *   overdue any more; an invoice that is not yet due keeps nobody suspended.
 */
export interface BillingPolicy {
  readonly name: string;
  /** Day of the month, 1 to 28. */
  readonly billDay: number;
  /** Days from invoice to due date; the day after that it is Overdue. */
  readonly dueDays: number;
  /** Days from Overdue to the reminder; the contract has no channel for it, so only the clock shows it. */
  readonly reminderDays: number;
  /** Days from Overdue to suspension. */
  readonly suspensionDays: number;
  /** Whose tax counts where an address has no country, or one without a rate. */
  readonly homeCountry: string;
  /** Per cent, by ISO 3166-1 alpha-2 code. */
  readonly taxRates: Readonly<Record<string, number>>;
  /** What becomes of an order whose start date has passed: billed from that day, or refused. */
  readonly backdatedStart: 'bill' | 'refuse';
  /** Types of customers that pay no tax. */
  readonly taxExemptTypes: readonly string[];
}

/** The policy that holds where nothing else is configured. */
export const STANDARD_MONTHLY_IN_ADVANCE: BillingPolicy = {
  name: 'standard-monthly-in-advance',
  billDay: 1,
  dueDays: 14,
  reminderDays: 7,
  suspensionDays: 14,
  homeCountry: 'GB',
  // The United States have no one rate: this one stands for federal, state and local charges together.
  taxRates: { GB: 20, DE: 19, FR: 20, IE: 23, AU: 10, US: 12 },
  taxExemptTypes: ['Government'],
  backdatedStart: 'bill',
};

/** The policy of this tenant; throws where the configuration makes no sense. */
export function billingPolicy({ policies }: Pick<Work, 'policies'>): BillingPolicy {
  const configured = policies.connectx;
  if (configured === undefined) return STANDARD_MONTHLY_IN_ADVANCE;
  const policy: BillingPolicy = { ...STANDARD_MONTHLY_IN_ADVANCE, ...(configured as Partial<BillingPolicy>) };
  const merged = { ...policy, taxRates: { ...STANDARD_MONTHLY_IN_ADVANCE.taxRates, ...policy.taxRates } };
  const problem = problemOf(merged);
  if (problem === undefined) return merged;
  throw new SimulatorError('CONFIG_INVALID', `Failed to read the billing policy: ${problem} Fix policies.connectx.`);
}

function problemOf(policy: BillingPolicy): string | undefined {
  const isDays = (value: unknown) => Number.isInteger(value) && Number(value) >= 1;
  if (!isDays(policy.billDay) || policy.billDay > 28) {
    return 'billDay is not a whole number from 1 to 28, days that every month has.';
  }
  for (const name of ['dueDays', 'reminderDays', 'suspensionDays'] as const) {
    if (!isDays(policy[name])) return `${name} is not a whole number of days, at least one.`;
  }
  if (policy.backdatedStart !== 'bill' && policy.backdatedStart !== 'refuse') {
    return 'backdatedStart is neither "bill" nor "refuse".';
  }
  const wrong = Object.entries(policy.taxRates).find(([, rate]) => typeof rate !== 'number' || !(rate >= 0));
  return wrong === undefined ? undefined : `taxRates.${wrong[0]} is not a percentage.`;
}
