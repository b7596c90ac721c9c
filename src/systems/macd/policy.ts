import type { PolicyTable, PolicyValues } from '../../engine/policies/policy.ts';
import type { Reader } from '../../engine/state/reader.ts';

/**
 * What becomes of an order that cannot be carried out as it stands. Nothing public says what a northbound system does
 * then, so each is a decision of this project.
 */
export const MACD_POLICIES = {
  inUse: {
    enum: ['warning', 'error'],
    default: 'warning',
    description:
      'what becomes of a user whose order takes a number, extension of the site, device, mobile number or hardware group that somebody else has: taken without it, as long as a line is left (`warning`), or refused (`error`); the owner keeps it',
  },
  stale: {
    enum: ['warning', 'error'],
    default: 'error',
    description:
      'what becomes of a message that is older than the last one for its user: refused, or applied with a `warning`',
  },
} as const satisfies PolicyTable;

export type MacdPolicy = PolicyValues<typeof MACD_POLICIES>;

/** The policy of this tenant. */
export function macdPolicy({ policies }: Pick<Reader, 'policies'>): MacdPolicy {
  return policies.macd as MacdPolicy;
}
