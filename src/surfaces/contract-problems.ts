import { formatProblem, type Problem } from '../errors.ts';
import type { Logger } from './log.ts';

/** Problems that are logged one by one: whoever has more wants the list. */
const MAX_LOGGED_PROBLEMS = 10;

/** Contracts that are served, and what is known to be wrong in them. */
interface ServedContracts {
  readonly problems: readonly Problem[];
  /** Whether a later check would find nothing more. */
  readonly isSettled: boolean;
}

/**
 * Logs what is wrong in contracts that are served all the same. Where somebody checks them later, that is the time to
 * report: then all is known, and nobody has waited. Without a log they are not even worked out.
 *
 * @example reportContractProblems(loaded, log, () => checkInWorker(paths));
 */
export function reportContractProblems(
  contracts: ServedContracts,
  log: Logger | undefined,
  checkLate?: () => Promise<readonly Problem[]>,
): void {
  if (!contracts.isSettled && checkLate !== undefined) {
    checkLate().then(
      (found) => log && logContractProblems(found, log),
      (error: unknown) => log?.warn({ err: error }, 'the contracts could not be checked'),
    );
  } else if (log !== undefined) {
    logContractProblems(contracts.problems, log);
  }
}

function logContractProblems(problems: readonly Problem[], log: Logger): void {
  if (problems.length === 0) return;
  const errors = problems.filter(({ severity }) => severity !== 'warning');
  for (const problem of errors.slice(0, MAX_LOGGED_PROBLEMS)) log.warn({}, formatProblem(problem));
  const counts = { errors: errors.length, warnings: problems.length - errors.length };
  const message = 'the contracts have problems and are served as far as they can be: the command check lists them';
  if (errors.length > 0) log.warn(counts, message);
  else log.info(counts, message);
}
