import type { Chance } from '../engine/random.ts';
import type { Registry } from '../engine/registry.ts';
import { createMemoryStore } from '../engine/store/memory-store.ts';
import type { Entity, StoreTransaction } from '../engine/store/store.ts';
import type { StartingWorld } from '../engine/system.ts';
import { UnitOfWork } from '../engine/unit-of-work.ts';
import type { Instant } from '../lib/time.ts';
import type { Fixture } from './fixture.ts';
import type { WorldEntries } from './kept-world.ts';

export interface WorldRecording {
  readonly registry: Registry;
  readonly policies: Readonly<Record<string, unknown>>;
  readonly chance: Chance;
  readonly now: Instant;
  readonly fill: StartingWorld;
  /** Told how many records there are by now. */
  readonly progress?: (records: number) => void;
}

/** A world as a fixture that gives the same, bookkeeping included. */
export function toFixture(entries: WorldEntries): Fixture {
  return {
    base: 'empty',
    entities: {},
    records: Object.fromEntries([...entries].map(([name, things]) => [name, Object.fromEntries(things)])),
  };
}

/**
 * Fills an empty store and answers all that is in it then, bookkeeping included.
 *
 * @example toFixture(await recordWorld({ registry, policies: {}, chance: createChance(7), now, fill }));
 */
export async function recordWorld(recording: WorldRecording): Promise<WorldEntries> {
  const { registry, policies, chance, now, fill, progress } = recording;
  const records = new Map<string, Map<string, Entity>>();
  let count = 0;
  const transaction = createMemoryStore().begin();
  const store: StoreTransaction = {
    get: (collection, id) => transaction.get(collection, id),
    query: (collection, query) => transaction.query(collection, query),
    put(collection, id, entity) {
      const known = records.get(collection) ?? new Map<string, Entity>();
      records.set(collection, known);
      if (!known.has(id)) count += 1;
      known.set(id, entity);
      progress?.(count);
      transaction.put(collection, id, entity);
    },
    delete(collection, id) {
      if (records.get(collection)?.delete(id) === true) count -= 1;
      return transaction.delete(collection, id);
    },
  };
  await fill(new UnitOfWork({ registry, policies, tenant: '', now, chance, store, isSilent: true }));
  return records;
}
