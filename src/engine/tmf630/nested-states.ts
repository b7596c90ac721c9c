import type { Tmf630 } from '../../model/resource.ts';
import type { Entity } from '../state/store/store.ts';

/** The members of lists begin with a state, too. */
export function withStates(entity: Entity, { nestedStates }: Tmf630): Entity {
  let completed = entity;
  for (const { list, property, initial } of nestedStates) {
    const members = entity[list];
    if (!Array.isArray(members)) continue;
    const state = initial ?? entity[property];
    if (state === undefined) continue;
    const after = members.map((member) =>
      typeof member === 'object' && member !== null && (member as Entity)[property] === undefined
        ? { ...member, [property]: state }
        : member,
    );
    completed = { ...completed, [list]: after };
  }
  return completed;
}
