import { formatProblem, type Problem } from '../errors.ts';
import type { Logger } from './log.ts';

/** Problems that are logged one by one: whoever has more wants the list. */
const MAX_LOGGED_PROBLEMS = 10;

export interface ContractProblemOptions {
  readonly log: Logger;
  /** Nothing is written: then the problems are not even worked out. */
  readonly isSilent: boolean;
  /** Finds all problems later, where only the quick checks were made. */
  readonly checkLate?: () => Promise<readonly Problem[]>;
}

/**
 * Says what is wrong in contracts that are served all the same. Where somebody checks them later, that is the time to
 * say so: then all is known, and nobody has waited.
 *
 * @example reportContractProblems(await loadContracts(paths), { log, isSilent: false });
 */
export function reportContractProblems(
  loaded: { readonly isThorough: boolean; readonly problems: readonly Problem[] },
  { log, isSilent, checkLate }: ContractProblemOptions,
): void {
  if (!loaded.isThorough && checkLate !== undefined) {
    checkLate().then(
      (problems) => logProblems(problems, log),
      (error: unknown) => log.warn({ err: error }, 'the contracts could not be checked'),
    );
  } else if (!isSilent) {
    logProblems(loaded.problems, log);
  }
}

function logProblems(problems: readonly Problem[], log: Logger): void {
  if (problems.length === 0) return;
  const errors = problems.filter(({ severity }) => severity !== 'warning');
  for (const problem of errors.slice(0, MAX_LOGGED_PROBLEMS)) log.warn({}, formatProblem(problem));
  const counts = { errors: errors.length, warnings: problems.length - errors.length };
  const message = 'the contracts have problems and are served as far as they can be: the command check lists them';
  if (errors.length > 0) log.warn(counts, message);
  else log.info(counts, message);
}
