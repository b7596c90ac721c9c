import type { Policies } from '../policies/policy.ts';
import { startPolicies } from '../policies/tenant-policies.ts';
import type { Registry } from '../registry.ts';
import type { StartingWorld } from '../system.ts';
import type { KeptClock } from '../time/clock.ts';
import { createChance } from '../values/random.ts';
import { createMemoryStore } from './store/memory-store.ts';
import type { StartingPoint } from './tenant-snapshot.ts';
import { filled } from './transact.ts';
import { startingWork } from './unit-of-work.ts';

/** What a starting point is asked for by. */
export interface StartingPointRequest {
  readonly seed: number;
  readonly clock: KeptClock;
  /** Complete and checked. Default: what the registry has. */
  readonly policies?: Policies;
  /** What fills the store, and the name it is remembered by. */
  readonly world: { readonly name: string; readonly fill: StartingWorld };
}

/** Makes starting points and remembers them, so that a tenant costs a fork and not a new world. */
export interface StartingPoints {
  of(request: StartingPointRequest): Promise<StartingPoint>;
}

/** Most starting points remembered; each reset to a new seed makes one. */
const MOST_REMEMBERED = 16;

/**
 * Makes starting points of one simulator.
 *
 * @example
 * const points = createStartingPoints(registry);
 * await points.of({ seed: 1, clock, world: { name: 'default', fill } });
 */
export function createStartingPoints(registry: Registry): StartingPoints {
  const remembered = new Map<string, Promise<StartingPoint>>();
  return {
    async of({ seed, clock, world, policies = registry.policies.defaults }) {
      const key = `${seed}/${clock.now}/${world.name}/${JSON.stringify(policies)}`;
      let point = remembered.get(key);
      if (point === undefined) {
        point = makeStartingPoint(registry, { seed, clock, world, policies });
        remembered.set(key, point);
        // A failed one is forgotten, so that a corrected fixture can be asked for again.
        point.catch(() => remembered.delete(key));
        const [oldest] = remembered.keys();
        if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
      }
      return { ...(await point), clock };
    },
  };
}

async function makeStartingPoint(
  registry: Registry,
  { seed, clock, world, policies }: Required<StartingPointRequest>,
): Promise<StartingPoint> {
  const chance = createChance(seed);
  const { now } = clock;
  const store = await filled(createMemoryStore(), (transaction) => {
    startPolicies(transaction, policies);
    return world.fill(startingWork({ registry, now, chance, store: transaction }));
  });
  return { seed, clock, store };
}
