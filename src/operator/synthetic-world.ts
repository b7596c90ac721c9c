import type { StartingWorld } from '../engine/system.ts';
import { createCast } from './cast.ts';
import { customerRecordsOf } from './customer-records.ts';
import type { System } from './system.ts';

export interface SyntheticWorldOptions {
  /** How many customers there are. Default: as many as the cast has by itself. */
  readonly customers?: number;
  /** Called with the share of systems that have been seeded. */
  readonly progress?: (done: number) => void;
}

/**
 * The operator's customers, as each system seeds itself from them, in the order of the systems.
 *
 * @example syntheticWorld(await loadSystems(), { customers: 1_000 });
 */
export function syntheticWorld(
  systems: readonly System[],
  { customers, progress = () => {} }: SyntheticWorldOptions = {},
): StartingWorld {
  const records = customerRecordsOf(systems);
  return async (work) => {
    const cast = createCast((...purpose) => work.random(...purpose), customers);
    for (const [index, { seed }] of systems.entries()) {
      seed?.(work, cast, records);
      progress((index + 1) / systems.length);
      // A reset to a new seed makes a new world, while others are to be answered.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
}
