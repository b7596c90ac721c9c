import type { OperationHandler } from '../system.ts';
import { createAnswerWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, findItem, requireItem } from './bound-operation.ts';
import { changedStatus, createAt, stored } from './merge.ts';
import { settable } from './select.ts';

/** PUT of an item: what a client may set becomes what it sent, and nothing else; it may make the item. */
export function replaceBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry, binding } = bound;
  const { serverOwned, scope = [], parent } = entry.resource;
  const kept = new Set([...serverOwned, ...entry.idPath.slice(0, 1), ...scope, parent?.property]);
  const write = createAnswerWriter(bound, parts);
  return (work, command) => {
    if (binding.creates === true && findItem(bound, work, command) === undefined)
      return createAt(bound, work, command, write);
    const before = stored(bound, work, requireItem(bound, work, command));
    const sent = settable(bound, work, command);
    // Without a body there is nothing to replace it with.
    const isKept = command.body === undefined;
    const staying = Object.entries(before).filter(([name]) => isKept || kept.has(name) || entry.isRequired(name));
    const after = work.replace(entry.collection, entry.keyOf(before), { ...Object.fromEntries(staying), ...sent });
    const status = changedStatus(command.operation);
    return status === 204 ? { status } : { status, ...write(work, command, status, after), stored: undefined };
  };
}
