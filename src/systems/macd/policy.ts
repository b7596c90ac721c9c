import type { Work } from '../../engine/state/work.ts';
import { SimulatorError } from '../../errors.ts';

/**
 * What becomes of an order that cannot be carried out as it stands. Nothing public says what a northbound system does
 * then, so each is a decision of this project, which a configuration or fixture changes under `policies.macd`.
 */
export interface MacdPolicy {
  /**
   * What becomes of a user whose order takes a number, device or hardware group that somebody else has: refused whole
   * (`error`), or taken without it (`warning`), as long as a line is left. The owner keeps it either way.
   */
  readonly inUse: Outcome;
  /** What becomes of a message that is older than the last one applied to its user: refused, or applied with a warning. */
  readonly stale: Outcome;
}

type Outcome = 'error' | 'warning';

export const STANDARD_MACD_POLICY: MacdPolicy = { inUse: 'warning', stale: 'error' };

/** The policy of this tenant; throws where the configuration makes no sense. */
export function macdPolicy({ policies }: Pick<Work, 'policies'>): MacdPolicy {
  if (policies.macd === undefined) return STANDARD_MACD_POLICY;
  const policy: MacdPolicy = { ...STANDARD_MACD_POLICY, ...(policies.macd as Partial<MacdPolicy>) };
  const wrong = Object.entries(policy).find(([, value]) => value !== 'error' && value !== 'warning');
  if (wrong === undefined) return policy;
  throw new SimulatorError(
    'CONFIG_INVALID',
    `Failed to read the MACD policy: ${wrong[0]} is neither "error" nor "warning". Correct policies.macd.`,
  );
}
