import { SimulatorError } from '../../errors.ts';
import { Refusal } from '../../model/command.ts';
import type { Lifecycle, Move } from '../../model/lifecycle.ts';
import type { Resource } from '../../model/resource.ts';
import type { Change } from '../state/change.ts';
import type { Entity } from '../state/store/store.ts';

/** A life cycle is code, the states are the contract's: where it lists them, the code must not know others. */
export function requireKnownStates(
  resource: Resource,
  lifecycle: Lifecycle | undefined,
  states: readonly unknown[] | undefined,
) {
  if (lifecycle === undefined || states === undefined) return;
  const named = [lifecycle.initial, ...lifecycle.moves.flatMap(({ from, to }) => [from, to])];
  const unknown = new Set(named.filter((state) => !states.includes(state)));
  if (unknown.size === 0) return;
  throw new SimulatorError(
    'LIFECYCLE_BROKEN',
    `Failed to define the life cycle of ${resource.system}/${resource.name}: its contract does not have ${[...unknown].join(', ')}. Use ${states.join(', ')}.`,
  );
}

/** The move that a change makes, if it makes one that the life cycle has. */
export function moveOf(lifecycle: Lifecycle | undefined, { before, after }: Change) {
  if (lifecycle === undefined || before === undefined || after === undefined) return undefined;
  const from = before[lifecycle.property];
  const to = after[lifecycle.property];
  return from === to ? undefined : lifecycle.moves.find((move) => move.from === from && move.to === to);
}

/** The move that a change makes; refuses one that the life cycle does not have. */
export function checkMove(
  name: string,
  lifecycle: Lifecycle | undefined,
  before: Entity,
  after: Entity,
): Move | undefined {
  if (lifecycle === undefined) return undefined;
  const from = before[lifecycle.property];
  const to = after[lifecycle.property];
  if (from === to) return undefined;
  const made = lifecycle.moves.find((move) => move.from === from && move.to === to);
  if (made !== undefined) return made;
  const legal = lifecycle.moves.filter((move) => move.from === from).map((move) => move.to);
  throw new Refusal(
    409,
    'ILLEGAL_TRANSITION',
    `Failed to move the ${name} from ${String(from)} to ${String(to)}: its life cycle has no such move. ${legal.length === 0 ? `${String(from)} is final.` : `Legal from ${String(from)}: ${legal.join(', ')}.`}`,
    { details: { from, to, legal } },
  );
}

/**
 * Refuses a move that a life cycle does not have, also one to the state that the thing is in already: a patch may
 * repeat a state, but an action is expected to change something.
 *
 * @param only the one state that this action moves from, where another action makes the same move from another
 */
export function requireMove(lifecycle: Lifecycle, entity: Entity, to: string, only?: string): void {
  const from = entity[lifecycle.property];
  const legal = lifecycle.moves.filter((move) => move.from === from).map((move) => move.to);
  const isOther = only !== undefined && from !== only;
  if (legal.includes(to) && !isOther) return;
  const why = isOther ? `this only goes from ${only}` : 'its life cycle has no such move';
  const hint = legal.length === 0 ? `${String(from)} is final.` : `Legal from ${String(from)}: ${legal.join(', ')}.`;
  throw new Refusal(
    409,
    'ILLEGAL_TRANSITION',
    `Failed to move the ${lifecycle.resource} from ${String(from)} to ${to}: ${why}. ${hint}`,
    {
      details: { from, to, legal },
    },
  );
}
