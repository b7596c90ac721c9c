/**
 * Every code that a `SimulatorError` can carry, with the exit code of the command line that it leads to.
 * `docs/errors.md` lists the same codes; a test compares both.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: 2,
  CONTRACT_INVALID: 2,
  FIXTURE_INVALID: 2,
  ADDRESS_IN_USE: 2,
  ADDRESS_UNAVAILABLE: 2,
  SYSTEM_INVALID: 2,
  SYSTEM_UNKNOWN: 2,
  COLLECTION_UNKNOWN: 2,
  CHANNEL_UNKNOWN: 2,
  OPERATION_UNKNOWN: 2,
  LIFECYCLE_BROKEN: 2,
  RUNAWAY_TIMER: 1,
  STORE_UNAVAILABLE: 2,
  NOT_STARTED: 2,
  UNREACHABLE: 1,
  CONTROL_REFUSED: 1,
  EXPECTATION_FAILED: 1,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * The one error the simulator throws at its user. Its message reads *Failed to <do>: <why>. <What to do>.*
 *
 * What a client of a simulated system may run into is not one of these: that is a `Refusal`, an answer.
 *
 * @example
 * throw new SimulatorError('ADDRESS_IN_USE', 'Failed to listen on 127.0.0.1:4010: the port is in use. Stop the other process or choose another --port.');
 */
export class SimulatorError extends Error {
  readonly code: ErrorCode;
  /** Single problems behind this error, each with its place, where there are several. */
  readonly problems: readonly Problem[];
  /** The HTTP status behind this error, where the control API has refused something. */
  readonly status?: number;

  constructor(code: ErrorCode, message: string, options: SimulatorErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'SimulatorError';
    this.code = code;
    this.problems = options.problems ?? [];
    if (options.status !== undefined) this.status = options.status;
  }
}

export interface SimulatorErrorOptions {
  readonly cause?: unknown;
  readonly problems?: readonly Problem[];
  readonly status?: number;
}

/** One thing wrong in a file that a user wrote; lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Of a contract: an error changes how something is served, a warning does not. */
  readonly severity?: Severity;
}

export type Severity = 'error' | 'warning';

/** A problem on one line: `path:line:column message. Hint.`, with `warning:` before the message of a mere warning. */
export function formatProblem({ file, line, column, severity, message, hint }: Problem): string {
  const text = severity === 'warning' ? `warning: ${message}` : message;
  return `${file}:${line}:${column} ${text}${hint === undefined ? '' : ` ${hint}`}`;
}
