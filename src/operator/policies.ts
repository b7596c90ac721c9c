import type { PolicyTable, PolicyValues } from '../engine/policies/policy.ts';
import type { Reader } from '../engine/state/reader.ts';

/** What is decided for the operator as a whole, under `policies.operator`. */
export const OPERATOR_POLICIES = {
  timeZone: {
    type: 'string',
    isValid: isTimeZone,
    default: 'UTC',
    description: 'an IANA time zone: days of all systems begin at its midnight',
  },
} as const satisfies PolicyTable;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The operator's policies of this tenant. */
export function operatorPolicy({ policies }: Pick<Reader, 'policies'>): PolicyValues<typeof OPERATOR_POLICIES> {
  return policies.operator as PolicyValues<typeof OPERATOR_POLICIES>;
}
