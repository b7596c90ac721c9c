export type { SimulatorOptions } from './config.ts';
export { type ErrorCode, type Problem, SimulatorError } from './errors.ts';
export { createSimulator, type Simulator } from './simulator.ts';
// Intentionally not exported: definitions of systems, links and formats, until they can be handed to a simulator.
