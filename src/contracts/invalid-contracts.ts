import { type Problem, SimulatorError } from '../errors.ts';

/** The error that lists everything wrong in the contracts. */
export function invalidContracts(problems: readonly Problem[]): SimulatorError {
  return new SimulatorError(
    'CONTRACT_INVALID',
    `Failed to load the contracts: ${problems.length === 1 ? 'there is a problem' : `there are ${problems.length} problems`}. Correct what is listed, or serve others with --specs.`,
    { problems },
  );
}
