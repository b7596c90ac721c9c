import type { PolicyTable } from '../engine/policies/policy.ts';
import { parseDuration } from '../lib/time.ts';

/** What is decided for the operator as a whole, under `policies.operator`. */
export const OPERATOR_POLICIES = {
  timeZone: {
    type: 'string',
    isValid: isTimeZone,
    default: 'UTC',
    description: 'an IANA time zone: days of all systems begin at its midnight',
  },
  linkLag: {
    type: 'object',
    additionalProperties: { type: 'string' },
    isValid: (lags: Readonly<Record<string, string>>) =>
      Object.values(lags).every((lag) => parseDuration(lag) !== undefined),
    default: {},
    description:
      'how long after an event a link between systems follows it (ISO 8601), by the name of the link, `*` for all; without one it follows in the same command',
  },
} as const satisfies PolicyTable;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
