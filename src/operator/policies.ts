import type { PolicyTable } from '../engine/policies/policy.ts';

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
