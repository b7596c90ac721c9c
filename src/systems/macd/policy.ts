import type { PolicyTable, PolicyValues } from '../../engine/policies/policy.ts';
import type { Reader } from '../../engine/state/reader.ts';
import { parseDuration } from '../../lib/time.ts';
import { UC_PRICES } from '../../operator/catalogue.ts';

/**
 * What becomes of an order that cannot be carried out as it stands, how long a sender waits, and what users cost. Nothing
 * public says what a northbound system does then, so each is a decision of this project.
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
  licences: {
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: {
        user: { type: 'integer', minimum: 0 },
        voicemail: { type: 'integer', minimum: 0 },
        mobile: { type: 'integer', minimum: 0 },
      },
      required: [],
      additionalProperties: false,
    },
    default: {},
    description:
      "licences that a customer has of the kinds `user`, `voicemail` and `mobile`, by the customer's name as orders have it; `*` stands for all others, and what is left out is not counted",
  },
  noLicence: {
    enum: ['warning', 'error'],
    default: 'error',
    description:
      'what becomes of a user for whom no licence is left: refused, or taken with a `warning`, without the voicemail or mobile service that it would have been for',
  },
  invalidMessage: {
    enum: ['refuse', 'accept'],
    default: 'refuse',
    description: 'what becomes of a message that its schema refuses: 400, or 202 and Parsing with Error (`accept`)',
  },
  callbackTimeout: {
    type: 'string',
    isValid: (text: string) => parseDuration(text) !== undefined,
    default: 'PT5M',
    description: 'how long the sender waits for the outcome of an order before it sends it again, ISO 8601',
  },
  resends: {
    type: 'integer',
    minimum: 0,
    maximum: 100,
    default: 2,
    description: 'how often the sender sends an order again before it gives it up',
  },
  billing: {
    enum: ['connectx', 'none'],
    default: 'connectx',
    description: "whether users are charged on their customer's bill",
  },
  prices: {
    type: 'object',
    properties: {
      user: { type: 'number', minimum: 0 },
      line: { type: 'number', minimum: 0 },
      device: { type: 'number', minimum: 0 },
      voicemail: { type: 'number', minimum: 0 },
      mobile: { type: 'number', minimum: 0 },
    },
    required: [],
    additionalProperties: false,
    default: UC_PRICES,
    description: 'what a month of each service of a user costs; one without a price is free',
  },
} as const satisfies PolicyTable;

export type MacdPolicy = PolicyValues<typeof MACD_POLICIES>;

/** The kinds of licences. */
export type LicenceKind = 'user' | 'voicemail' | 'mobile';

/** The policy of this tenant. */
export function macdPolicy({ policies }: Pick<Reader, 'policies'>): MacdPolicy {
  return policies.macd as MacdPolicy;
}
