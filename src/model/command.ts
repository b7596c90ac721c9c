import type { Operation } from './operation.ts';
import type { RefusalCode } from './refusal-codes.ts';
import type { Violation } from './schema.ts';

/** Something a client asks for, free of any wire: already matched, authenticated, validated and coerced. */
export interface Command {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
  /** Declared parameters, coerced and with defaults. */
  readonly query: Readonly<Record<string, unknown>>;
  /** The undecoded query string without `?`, for query languages (RQL, TMF630). */
  readonly rawQuery: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly principal?: Principal;
}

/** Who asks. */
export interface Principal {
  readonly subject: string;
  readonly scopes: readonly string[];
  /** Whether it may do what only an administrator may. */
  readonly isAdministrator: boolean;
}

/** What comes back, free of any wire. Links in `location` and in link properties are paths that start with `/`. */
export interface Outcome {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The body holds only some of the schema's properties (`fields`), so its top-level `required` is relaxed. */
  readonly isPartial?: boolean;
  /** Where in the body further links stand that have to leave as full addresses: property names from the outside in. */
  readonly links?: readonly (readonly string[])[];
  /**
   * The body, or each item of the list in it, is a stored object that nobody ever changes: what a surface has worked out
   * about it once holds for as long as it exists.
   */
  readonly stored?: 'body' | 'items';
}

/** What a surface makes of an outcome before it leaves; to the world it is what was answered, and no more. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** How the answer breaks its contract. */
  readonly violations: readonly Violation[];
}

/** Characters of a refusal's message. */
const LONGEST_MESSAGE = 5_000;

/** A refusal as plain JSON. */
export type RefusalFacts = Pick<Refusal, 'status' | 'code' | 'message' | 'violations' | 'headers' | 'details'>;

/**
 * A refusal: the expected answer to a request that cannot be granted. It undoes everything its command did; a surface
 * writes it in the system's own error format.
 *
 * @example
 * throw new Refusal(404, 'NOT_FOUND', 'Failed to read the customer: CUS-000999 is unknown. List the customers to see the known ids.');
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;
  readonly violations: readonly Violation[];
  readonly headers: Readonly<Record<string, string>>;
  /** Further members of the error body, where it has room, for example the legal moves. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: RefusalCode,
    message: string,
    more: {
      violations?: readonly Violation[];
      headers?: Readonly<Record<string, string>>;
      details?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    // It is an answer, which records keep: where it was made would be ten objects more, which nobody looks at.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    // It may quote what a client has sent, be that a megabyte.
    super(message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.violations = more.violations ?? NO_VIOLATIONS;
    this.headers = more.headers ?? NONE;
    this.details = more.details ?? NONE;
  }
}

/** Records hold tens of thousands of refusals, few of which have any of these. */
const NONE = Object.freeze({});
const NO_VIOLATIONS: readonly Violation[] = Object.freeze([]);

/**
 * Brings a refusal back from its plain form.
 *
 * @example throw toRefusal({ status: 404, code: 'NOT_FOUND', message: '…', violations: [], headers: {}, details: {} });
 */
export function toRefusal({ status, code, message, violations, headers, details }: RefusalFacts): Refusal {
  return new Refusal(status, code, message, { violations, headers, details });
}

/**
 * A refusal in its plain form.
 *
 * @example JSON.stringify(toRefusalFacts(refusal));
 */
export function toRefusalFacts({ status, code, message, violations, headers, details }: Refusal): RefusalFacts {
  return { status, code, message, violations, headers, details };
}
