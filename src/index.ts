import type { SimulatorOptions } from './config.ts';
import type { Simulator } from './kit/simulator.ts';
import { simulatorOf } from './simulator-handle.ts';

export type { SimulatorOptions } from './config.ts';
export { type ErrorCode, type Problem, SimulatorError } from './errors.ts';
export { type ConnectOptions, connect } from './kit/connect.ts';
export type { AnyContracts, ShippedContracts } from './kit/contract-shape.ts';
export type { Simulator } from './kit/simulator.ts';
export type * from './kit/simulator-tenant.ts';
export type { Contract } from './model/contract.ts';

/** The options of the command line, and what only a process of your own can want. */
export interface InProcessOptions extends SimulatorOptions {
  /** Lets the process end although the simulator was not stopped, as a test's should. Default: false. */
  readonly unref?: boolean;
}

/**
 * Makes a simulator; it does nothing until it is started.
 *
 * @example
 * await using simulator = createSimulator({ port: 0, seed: 7 });
 * await simulator.start();
 * await fetch(`${simulator.url}/_simulator/health`);
 */
// Its type is written out, so that whoever reads it reads none of what is inside.
export const createSimulator: (options?: InProcessOptions) => Simulator = ({ unref, ...options } = {}) =>
  simulatorOf(options, { isUnref: unref }, async () => (await import('./simulator.ts')).runSimulator);
// Intentionally not exported: definitions of systems, links and formats, until they can be handed to a simulator.
