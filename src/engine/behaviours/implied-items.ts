import type { ResourceEntry } from '../registry.ts';
import type { Entity } from '../store/store.ts';
import type { ReadWork } from '../work.ts';
import type { BehaviourParts } from './behaviour-parts.ts';

/** The bookkeeping of items that were implied and have been deleted. */
export const GONE = '$gone';

/**
 * Makes what answers for items that nothing creates or lists: whatever a path names is there, and always looks the same.
 *
 * @example createImpliedItems(entry, parts)(work, 'octocat', {}); // { login: 'octocat', … }
 */
export function createImpliedItems(parts: BehaviourParts) {
  return (entry: ResourceEntry, work: ReadWork, id: string, scope: Entity): Entity | undefined => {
    const key = entry.keyFor(id, scope);
    if (work.get(GONE, `${entry.collection}/${key}`) !== undefined) return undefined;
    const made = parts.make(entry.resource.schema, work, entry.collection, key);
    const entity = typeof made === 'object' && made !== null && !Array.isArray(made) ? (made as Entity) : {};
    return { ...entity, ...scope, ...withNested(entity, entry.withId(id)) };
  };
}

/** What is nested in the one is kept beside what is nested in the other. */
function withNested(entity: Entity, id: Entity): Entity {
  return Object.fromEntries(
    Object.entries(id).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? { ...(entity[name] as object | undefined), ...value } : value,
    ]),
  );
}
