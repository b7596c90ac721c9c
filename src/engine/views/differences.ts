import { canonicalJson } from '../../lib/canonical-json.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import type { Entity, StoreReader } from '../state/store/store.ts';

/** One thing that is not in two states alike. */
export interface Difference {
  readonly collection: string;
  readonly id: string;
  readonly change: 'created' | 'changed' | 'deleted';
  readonly before?: Entity;
  readonly after?: Entity;
}

/** A difference whose things are not written out yet. */
export interface Found {
  readonly entry: ResourceEntry;
  readonly id: string;
  readonly before: Entity | undefined;
  readonly after: Entity | undefined;
}

/**
 * What is different between two states, resource by resource: what was changed and created in the order of its creation,
 * then what was deleted. Every thing is a step, and nothing where it is the same in both, so that who goes through a
 * large world can let others have a turn.
 *
 * @example for (const found of differences(resources, before, after)) if (found !== undefined) show(toDifference(found));
 */
export function* differences(
  resources: readonly ResourceEntry[],
  before: StoreReader,
  after: StoreReader,
): Generator<Found | undefined> {
  for (const entry of resources) {
    const { collection } = entry;
    for (const entity of after.query(collection).items) {
      const id = entry.keyOf(entity);
      const former = before.get(collection, id);
      // Entities are never changed in place: the same object is the same thing.
      const isSame = former === entity || (former !== undefined && canonicalJson(former) === canonicalJson(entity));
      yield isSame ? undefined : { entry, id, before: former, after: entity };
    }
    for (const former of before.query(collection).items) {
      const id = entry.keyOf(former);
      yield after.get(collection, id) === undefined ? { entry, id, before: former, after: undefined } : undefined;
    }
  }
}

/** A difference as it is shown. */
export function toDifference({ entry, id, before, after }: Found): Difference {
  const { collection } = entry;
  return {
    collection,
    id,
    change: before === undefined ? 'created' : after === undefined ? 'deleted' : 'changed',
    ...(before !== undefined && { before: entry.present(before) }),
    ...(after !== undefined && { after: entry.present(after) }),
  };
}
