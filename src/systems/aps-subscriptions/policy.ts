import type { PolicyTable, PolicyValues } from '../../engine/policies/policy.ts';
import type { Reader } from '../../engine/state/reader.ts';

/** How terms of subscriptions end, and what reported usage costs; each is a decision of this project. */
export const APS_POLICIES = {
  renewal: {
    enum: ['automatic', 'manual'],
    default: 'automatic',
    description:
      'whether the term of a new subscription renews itself, or ends in GRACE (`manual`); `set-renewal` says it for a single one',
  },
  graceDays: {
    type: 'integer',
    minimum: 0,
    maximum: 365,
    default: 14,
    description: 'days from the end of the term in which a subscription in GRACE runs on; then it is EXPIRED',
  },
  expiredDays: {
    type: 'integer',
    minimum: 0,
    maximum: 3650,
    default: 30,
    description: 'days for which one that is EXPIRED can be renewed; then it is TERMINATED',
  },
  usageUnitPrice: {
    type: 'number',
    minimum: 0,
    default: 0.1,
    description: 'what a unit of reported usage costs where no price was recorded with it',
  },
  usageUnits: {
    type: 'integer',
    minimum: 0,
    maximum: 1_000_000,
    default: 100,
    description: 'up to so many units are found, by the seed, where usage is reported that nobody has recorded',
  },
} as const satisfies PolicyTable;

export type ApsPolicy = PolicyValues<typeof APS_POLICIES>;

/** The policy of this tenant. */
export function apsPolicy({ policies }: Pick<Reader, 'policies'>): ApsPolicy {
  return policies['aps-subscriptions'] as ApsPolicy;
}
