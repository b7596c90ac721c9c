import type { PolicyTable, PolicyValues } from '../engine/policies/policy.ts';
import type { Reader } from '../engine/state/reader.ts';
import { parseDuration } from '../lib/time.ts';

/** What is decided for the operator as a whole, under `policies.operator`. */
export const OPERATOR_POLICIES = {
  timeZone: {
    type: 'string',
    isValid: isTimeZone,
    default: 'UTC',
    description:
      'an IANA time zone, such as Europe/London: start dates, bill days, due dates and days of dunning begin at its midnight, summer time or not',
  },
  trafficHours: {
    type: 'array',
    minItems: 24,
    maxItems: 24,
    items: { type: 'number', minimum: 0 },
    isValid: isWeighty,
    default: [1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 13, 13, 12, 12, 11, 10, 8, 6, 4, 2, 1],
    description: 'how busy each hour of a day is, in proportion, for traffic in the shape of life',
  },
  trafficDays: {
    type: 'array',
    minItems: 7,
    maxItems: 7,
    items: { type: 'number', minimum: 0 },
    isValid: isWeighty,
    default: [11, 10, 10, 10, 9, 4, 3],
    description: 'how busy each day of a week is, in proportion, Monday first',
  },
  trafficMix: {
    type: 'object',
    additionalProperties: { type: 'number', minimum: 0 },
    default: {},
    description: 'how often acts of traffic are done where a run does not say it, in place of their usual proportions',
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

function isWeighty(weights: readonly number[]): boolean {
  return weights.some((weight) => weight > 0);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The operator's policies of this tenant; the defaults where no system of the operator is served. */
export function operatorPolicy({ policies }: Pick<Reader, 'policies'>): PolicyValues<typeof OPERATOR_POLICIES> {
  return (policies.operator ?? { timeZone: OPERATOR_POLICIES.timeZone.default }) as PolicyValues<
    typeof OPERATOR_POLICIES
  >;
}
