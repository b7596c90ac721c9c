import type { OperationHandler } from '../system.ts';
import { createAnswerWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, requireItem } from './bound-operation.ts';
import { changedStatus, stored } from './merge.ts';

/** An operation below an item that does something to it: it moves the item where its contract has a state for that. */
export function actBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry, binding } = bound;
  const { move } = binding;
  const write = createAnswerWriter(bound, parts);
  return (work, command) => {
    const before = stored(bound, work, requireItem(bound, work, command));
    const after =
      move === undefined ? before : work.change(entry.collection, entry.keyOf(before), { [move.property]: move.to });
    const status = changedStatus(command.operation);
    return status === 204 ? { status } : { status, body: write(work, command, status, after).body };
  };
}
