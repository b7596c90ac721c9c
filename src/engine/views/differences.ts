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

/**
 * What is different between two states, resource by resource: what was changed and created in the order of its creation,
 * then what was deleted.
 *
 * @example [...differences(registry.resources, snapshot.content.start.store, tenant.store)]
 */
export function* differences(
  resources: readonly ResourceEntry[],
  before: StoreReader,
  after: StoreReader,
): Generator<Difference> {
  for (const entry of resources) {
    const { collection } = entry;
    for (const entity of after.query(collection).items) {
      const id = entry.keyOf(entity);
      const former = before.get(collection, id);
      if (former === undefined) yield { collection, id, change: 'created', after: entry.present(entity) };
      // Entities are never changed in place: the same object is the same thing.
      else if (former !== entity && canonicalJson(former) !== canonicalJson(entity))
        yield { collection, id, change: 'changed', before: entry.present(former), after: entry.present(entity) };
    }
    for (const former of before.query(collection).items) {
      const id = entry.keyOf(former);
      if (after.get(collection, id) === undefined)
        yield { collection, id, change: 'deleted', before: entry.present(former) };
    }
  }
}
