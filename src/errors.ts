/**
 * Every code that a `SimulatorError` can carry, with the exit code of the command line that it leads to.
 * `docs/errors.md` is written from the comments: what each means, and what to do.
 */
export const ERROR_CODES = {
  /**
   * An option, the configuration file or an environment variable makes no sense. Correct what is named; the nearest
   * name stands beside a misspelt one.
   */
  CONFIG_INVALID: 2,
  /**
   * A contract is wrong; every problem is listed with file, line and column. Correct it, or see with `bss-simulator
   * check --explain` what of it can be served.
   */
  CONTRACT_INVALID: 2,
  /** The starting world cannot be read or breaks a contract. Correct the place that is named. */
  FIXTURE_INVALID: 2,
  /** Something else listens on the port. Stop that, or choose another `--port`; 0 picks a free one. */
  ADDRESS_IN_USE: 2,
  /** The host is none of this machine's, or the port may not be used. Choose another `--host` or `--port`. */
  ADDRESS_UNAVAILABLE: 2,
  /**
   * The folder of a system exports none of its name, or systems wait for each other's starting data. Correct its
   * `index.ts`.
   */
  SYSTEM_INVALID: 2,
  /** `--systems` names what is not shipped. The message lists those that are. */
  SYSTEM_UNKNOWN: 2,
  /** Code names a resource or timer that nothing defines. Define it, or correct the name. */
  COLLECTION_UNKNOWN: 2,
  /** Code names a channel that no contract has. Correct the name; the nearest stands in the message. */
  CHANNEL_UNKNOWN: 2,
  /** Code names an operation that no contract has. Correct the name; the nearest stands in the message. */
  OPERATION_UNKNOWN: 2,
  /** A life cycle names a state that its contract does not have. Correct the life cycle, or the contract. */
  LIFECYCLE_BROKEN: 2,
  /** A timer sets itself for the same instant again and again. Let it set itself for a later one. */
  RUNAWAY_TIMER: 1,
  /** The `--store` cannot be opened, or another process has it. See [worlds that last](worlds-that-last.md). */
  STORE_UNAVAILABLE: 2,
  /** A tenant was used before its simulator was started, or after it was stopped. `await simulator.start()` first. */
  NOT_STARTED: 2,
  /** No simulator answers at the address that `connect` was given. Start the simulator, or correct the address. */
  UNREACHABLE: 1,
  /**
   * The control API refused what a handle asked for; `status` has the HTTP status. Its code is one of [those of
   * answers](#answers).
   */
  CONTROL_REFUSED: 1,
  /**
   * `received` or `events.next` did not find what was expected; the message tells what came nearest. See [when a test
   * fails](testing.md#when-a-test-fails).
   */
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
  /** Where the code is explained, in the documents that come with the package: `docs/errors.md#config_invalid`. */
  readonly help: string;
  /** Single problems behind this error, each with its place, where there are several. */
  readonly problems: readonly Problem[];
  /** The HTTP status behind this error, where the control API has refused something. */
  readonly status?: number;

  constructor(code: ErrorCode, message: string, options: SimulatorErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'SimulatorError';
    this.code = code;
    this.help = `docs/errors.md#${code.toLowerCase()}`;
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
