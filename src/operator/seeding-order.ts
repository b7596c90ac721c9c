import { SimulatorError } from '../errors.ts';
import type { System } from './system.ts';

/**
 * Systems in the order in which they seed themselves: each after those that it names, otherwise by name.
 *
 * Throws `SYSTEM_INVALID` where some wait for each other.
 *
 * @example inSeedingOrder([{ name: 'a', seedsAfter: ['b'] }, { name: 'b' }]) // b, a
 */
export function inSeedingOrder(systems: readonly System[]): readonly System[] {
  const waiting = systems.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const ordered: System[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ seedsAfter = [] }) => waiting.every(({ name }) => !seedsAfter.includes(name)));
    if (next === -1) {
      throw new SimulatorError(
        'SYSTEM_INVALID',
        `Failed to order the seeds of ${waiting.map(({ name }) => name).join(', ')}: each waits for another of them. Take a name out of one "seedsAfter".`,
      );
    }
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}
