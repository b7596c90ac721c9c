import { successStatus } from '../../model/operation.ts';
import type { Entity } from '../state/store/store.ts';
import type { StoredResource } from '../state/stored-resource.ts';
import type { Work } from '../state/work.ts';
import type { OperationHandler } from '../system.ts';
import { createAnswerWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, requireItem } from './bound-operation.ts';
import { GONE } from './supplied-items.ts';

/** DELETE of an item, and of what stands below it. */
export function deleteBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry } = bound;
  const write = createAnswerWriter(bound, parts);
  return (work, command) => {
    const entity = requireItem(bound, work, command);
    removeItem(entry, work, entity);
    const { responses } = command.operation;
    // 204 where the contract has it: some list 200 beside it, without a body.
    const declared = Object.keys(responses).some((status) => /^2\d\d$/.test(status));
    if ('204' in responses || !declared) return { status: 204 };
    const status = successStatus(command.operation);
    return { status, body: write(work, command, status, entity).body };
  };
}

/** Removes an item, and remembers the deletion of one that was seeded. */
export function removeItem(entry: StoredResource, work: Work, entity: Entity): void {
  const key = entry.keyOf(entity);
  entry.supplied.settle(work, entity);
  if (work.get(entry.collection, key) !== undefined) work.remove(entry.collection, key);
  if (entry.resource.origin === 'implied') work.put(GONE, `${entry.collection}/${key}`, {});
}
