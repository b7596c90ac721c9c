import { SimulatorError } from '../errors.ts';
import { createHttpPort } from '../kit/connect.ts';
import { ControlClient } from '../kit/control-client.ts';
import type { Output } from './check.ts';
import { toVariable } from './option-text.ts';

/** The flags of every command that steers a simulator that runs. */
export interface SteeringFlags {
  /** Where it listens; default: `http://127.0.0.1:4010`. */
  readonly url?: string;
  /** Whose world it is about; default: `default`. */
  readonly tenant?: string;
  /** Bearer token of the control API; default: that of the environment. */
  readonly adminToken?: string;
  /** Print what the control API answers. */
  readonly json?: boolean;
}

/** What the commands need of their surroundings. */
export interface SteeringContext {
  readonly output: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Where a simulator listens unless it is told otherwise. */
const USUAL_URL = 'http://127.0.0.1:4010';

/**
 * What asks the control API of a simulator that runs, as the flags have it.
 *
 * @example const { to } = await clientOf(flags, context).json<AdvanceResult>('POST', '/clock/advance', { body: { by: 'P1D' } });
 */
export function clientOf(flags: SteeringFlags, context: Pick<SteeringContext, 'environment'>): ControlClient {
  const token = adminTokenOf(flags, context);
  return new ControlClient(createHttpPort(addressOf(flags)), flags.tenant ?? 'default', () => token);
}

/** Where the simulator that is meant listens. */
export function addressOf({ url = USUAL_URL }: Pick<SteeringFlags, 'url'>): string {
  return url;
}

/** The token that the control API is asked with, if any is known. */
export function adminTokenOf(
  { adminToken }: Pick<SteeringFlags, 'adminToken'>,
  { environment }: Pick<SteeringContext, 'environment'>,
): string | undefined {
  return adminToken ?? (environment[toVariable('adminToken')] || undefined);
}

/**
 * Writes an answer for a program that reads it, or what a person wants to know of it.
 *
 * @example tell(flags, context, answer, `It is ${answer.now}.`);
 */
export function tell(
  { json }: Pick<SteeringFlags, 'json'>,
  { output }: Pick<SteeringContext, 'output'>,
  answer: unknown,
  words: string,
): void {
  output.stdout.write(json === true ? `${JSON.stringify(answer)}\n` : `${words}\n`);
}

/** The error for a command line that makes no sense. */
export function badUsage(why: string, advice: string): SimulatorError {
  return new SimulatorError('CONFIG_INVALID', `Failed to read the command line: ${why}. ${advice}`);
}
