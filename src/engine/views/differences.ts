import { canonicalJson } from '../../lib/canonical-json.ts';
import type { Entity, StoreReader } from '../state/store/store.ts';
import { type ShownEntry, storedBy, storedOf } from './look-up.ts';

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
  readonly entry: ShownEntry;
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
  resources: readonly ShownEntry[],
  before: StoreReader,
  after: StoreReader,
): Generator<Found | undefined> {
  for (const entry of resources) {
    for (const entity of storedOf(after, entry).items) {
      const id = entry.keyOf(entity);
      const former = storedBy(before, entry, id);
      // Entities are never changed in place: the same object is the same thing.
      const isSame = former === entity || (former !== undefined && canonicalJson(former) === canonicalJson(entity));
      yield isSame ? undefined : { entry, id, before: former, after: entity };
    }
    for (const former of storedOf(before, entry).items) {
      const id = entry.keyOf(former);
      yield storedBy(after, entry, id) === undefined ? { entry, id, before: former, after: undefined } : undefined;
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
