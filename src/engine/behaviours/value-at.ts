import type { Entity } from '../state/store/store.ts';

/** What stands at a path of an object. */
export function valueAtPath(entity: Entity, path: readonly string[]): unknown {
  let value: unknown = entity;
  for (const name of path) value = typeof value === 'object' && value !== null ? (value as Entity)[name] : undefined;
  return value;
}

/** The same object with a value at a path. */
export function withValueAt(entity: Entity, path: readonly string[], value: unknown): Entity {
  const [name, ...rest] = path;
  if (name === undefined) return entity;
  if (rest.length === 0) return entity[name] === value ? entity : { ...entity, [name]: value };
  const inner = entity[name];
  return {
    ...entity,
    [name]: withValueAt(typeof inner === 'object' && inner !== null ? (inner as Entity) : {}, rest, value),
  };
}
