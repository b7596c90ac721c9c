import type { Work } from '../engine/state/work.ts';
import type { SystemDefinition } from '../engine/system.ts';
import type { Act } from './act.ts';
import type { Cast } from './cast.ts';
import type { CustomerRecords } from './customer-records.ts';
import type { OperatorLink } from './link.ts';
import type { Needs } from './needs.ts';

/**
 * A system as its folder under `systems/` brings it: what the engine serves, and its part in the operator's one world.
 * The folder's `index.ts` exports it as `system`.
 */
export interface System extends SystemDefinition {
  /** What the contracts in its folder must have; where they do not, they are served from themselves alone. */
  readonly needs?: Needs;
  /** Fills its part of the starting world. */
  readonly seed?: (work: Work, cast: Cast, customers: CustomerRecords) => void;
  /** Names of the systems that have to be seeded before it; those that are not served are passed over. */
  readonly seedsAfter?: readonly string[];
  /** What it knows about customers, where it is the system that keeps them. */
  readonly customers?: CustomerRecords;
  /** How it follows the events of others, beside the links of the operator. */
  readonly links?: readonly OperatorLink[];
  /** What customers do with it on an operator's day, by names that no other system has. */
  readonly acts?: Readonly<Record<string, Act>>;
}

/**
 * Defines a system; it only exists to give the definition its type.
 *
 * @example
 * export const system = defineSystem({
 *   name: 'loyalty',
 *   seed: (work, { members }) => {
 *     for (const { number } of members) work.create('loyalty/Account', { customerId: number, points: 0 });
 *   },
 * });
 */
export function defineSystem(system: System): System {
  return system;
}
