import type { Command } from '../../model/command.ts';
import type { Entity } from '../state/store/store.ts';
import type { Work } from '../state/work.ts';
import type { OperationHandler } from '../system.ts';
import { createAnswerWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, requireItem } from './bound-operation.ts';
import { changedStatus, stored } from './merge.ts';
import { settable } from './select.ts';

/** An operation below an item that does something to it: it moves the item where its contract has a state for that. */
export function actBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry, binding } = bound;
  const { move } = binding;
  const write = createAnswerWriter(bound, parts);
  const members = parts.schemas.members(entry.resource.schema);
  return (work, command) => {
    const before = stored(bound, work, requireItem(bound, work, command));
    const after =
      move === undefined ? before : work.change(entry.collection, entry.keyOf(before), patchOf(work, command));
    const status = changedStatus(command.operation);
    return status === 204 ? { status } : { status, body: write(work, command, status, after).body };
  };

  /** What a verb carries of the thing changes that, too: who adopts a dog is its owner then. */
  function patchOf(work: Work, command: Command): Entity {
    const moved = { [move?.property ?? '']: move?.to };
    if (typeof command.body !== 'object' || command.body === null) return moved;
    const sent = Object.entries(settable(bound, work, command)).filter(([name]) => members.has(name));
    return { ...Object.fromEntries(sent), ...moved };
  }
}
