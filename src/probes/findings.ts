import type { Violation } from '../model/schema.ts';

/** How bad it is: `error` lets the run fail, `warning` is worth a look. */
export type Level = 'error' | 'warning';

/** What a server does that its contract does not say. */
export const FINDING_CODES = [
  'server-error',
  'no-answer',
  'breaks-contract',
  'undeclared-status',
  'accepts-invalid',
  'refuses-valid',
  'lets-everybody-in',
  'finds-unknown',
  'forgets-sent',
  'location-wrong',
  'not-read-back',
  'not-listed',
  'ignores-page-size',
  'same-id-twice',
  'update-lost',
  'not-deleted',
  'breaking-change',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

export interface Finding {
  readonly code: FindingCode;
  readonly level: Level;
  readonly message: string;
  /** Set where it would be an error, and was said to be known. */
  readonly isKnown?: true;
  readonly violations?: readonly Violation[];
  /** The request that shows it, as a command of curl. */
  readonly curl?: string;
  /** The status, and the start of the body, of the answer. */
  readonly answer?: string;
}

/** The kinds of checks, in the order in which they are made. */
export const CHECK_KINDS = ['stateful', 'valid', 'unknown', 'anonymous', 'invalid', 'compared'] as const;

export type CheckKind = (typeof CHECK_KINDS)[number];

/** What came of one check. */
export interface CheckResult {
  readonly kind: CheckKind;
  /** `<system>/<contract>`. */
  readonly contract: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'warned' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
  readonly findings: readonly Finding[];
  /** Requests that it took. */
  readonly requests: number;
  /** Wall time in milliseconds. */
  readonly duration: number;
}

/** A whole run. */
export interface TestReport {
  readonly server: string;
  readonly seed: number;
  readonly requests: number;
  readonly results: readonly CheckResult[];
  /** What was said to be known, and was not found. */
  readonly gone: readonly string[];
}
