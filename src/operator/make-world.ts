import { startPolicies } from '../engine/policies/tenant-policies.ts';
import type { Registry } from '../engine/registry.ts';
import { createMemoryStore } from '../engine/state/store/memory-store.ts';
import type { Entity, StoreTransaction } from '../engine/state/store/store.ts';
import { filled } from '../engine/state/transact.ts';
import { startingWork } from '../engine/state/unit-of-work.ts';
import type { StartingWorld } from '../engine/system.ts';
import { createChance } from '../engine/values/random.ts';
import { formatInstant, type Instant } from '../lib/time.ts';
import type { Validation } from '../model/schema.ts';
import type { Fixture } from './fixture.ts';
import { syntheticWorld } from './synthetic-world.ts';
import type { System } from './system.ts';

/** A starting world as a file holds it. */
export type GeneratedWorld = Pick<Fixture, 'base' | 'records'> & { readonly made: NonNullable<Fixture['made']> };

export interface MakeWorldOptions {
  readonly registry: Registry;
  readonly validation: Validation;
  readonly systems: readonly System[];
  readonly policies: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly now: Instant;
  readonly customers: number;
  /** Called with how much of it is done, up to 1. */
  readonly progress: (done: number) => void;
}

/** How much of the work is done once the world is filled; the rest is its check. */
const FILLED = 0.9;

/**
 * Makes the starting world of these systems and so many customers, bookkeeping included, and checks it as the fixture
 * that it is going to be.
 *
 * @example makeWorld({ registry, validation, systems, policies: {}, seed: 7, now, customers: 1_000, progress });
 */
export async function makeWorld(options: MakeWorldOptions): Promise<GeneratedWorld> {
  const { registry, validation, systems, seed, now, customers, progress } = options;
  const fill = syntheticWorld(systems, { customers, progress: (done) => progress(done * FILLED) });
  const recorded = await recordWorld(options, fill);
  const records = Object.fromEntries([...recorded].map(([name, entries]) => [name, Object.fromEntries(entries)]));
  const world = { base: 'empty', made: { seed, clock: formatInstant(now) }, records } as const;
  const { parseFixture } = await import('./fixture.ts');
  parseFixture(JSON.stringify(world), 'the generated world', registry, validation);
  return world;
}

/** All that is in a world: by collection each thing under its key, in order of creation. */
export type WorldRecords = ReadonlyMap<string, ReadonlyMap<string, Entity>>;

/**
 * Fills an empty store and returns all that is in it then.
 *
 * @example await recordWorld({ registry, policies: {}, seed: 7, now }, syntheticWorld(systems));
 */
export async function recordWorld(
  { registry, policies, seed, now }: Pick<MakeWorldOptions, 'registry' | 'policies' | 'seed' | 'now'>,
  fill: StartingWorld,
): Promise<WorldRecords> {
  const records = new Map<string, Map<string, Entity>>();
  const chance = createChance(seed);
  const note = (collection: string, id: string, entity: Entity): void => {
    const known = records.get(collection) ?? new Map<string, Entity>();
    records.set(collection, known);
    known.set(id, entity);
  };
  await filled(createMemoryStore(), (transaction) => {
    const store: StoreTransaction = {
      get: (collection, id) => transaction.get(collection, id),
      query: (collection, query) => transaction.query(collection, query),
      put(collection, id, entity) {
        note(collection, id, entity);
        transaction.put(collection, id, entity);
      },
      putAll(collection, entries) {
        for (const [id, entity] of entries) this.put(collection, id, entity);
      },
      add(collection, id, entity) {
        const isAdded = transaction.add(collection, id, entity);
        if (isAdded) note(collection, id, entity);
        return isAdded;
      },
      delete(collection, id) {
        records.get(collection)?.delete(id);
        return transaction.delete(collection, id);
      },
    };
    startPolicies(transaction, registry.policies.configure(policies));
    return fill(startingWork({ registry, now, chance, store }));
  });
  return records;
}
