import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { Refusal } from '../../model/command.ts';
import { RESOURCES } from './resource-store.ts';

/** The resource that comes to be while something is done; `undefined` where none does. */
export function provisionedBy(work: Work, act: () => void): Entity | undefined {
  const idOf = (item: Entity) => (item.aps as Entity).id;
  const known = new Set(work.query(RESOURCES).items.map(idOf));
  act();
  return work.query(RESOURCES).items.find((item) => !known.has(idOf(item)));
}

/** Refuses what nobody has answered who sells or keeps customers. */
export function notSold(what: string, why: string): Refusal {
  return new Refusal(
    409,
    'NOT_SOLD',
    `Failed to ${what}: ${why}. Order for the account of a customer, something that is sold.`,
  );
}
