import type { ResourceEntry } from '../registry.ts';
import type { OperationHandler } from '../system.ts';
import { collectionName, needItem, present } from './select.ts';

/** DELETE of an item, and of what stands below it. */
export function deleteBehaviour(entry: ResourceEntry): OperationHandler {
  return (work, command) => {
    const entity = needItem(entry, work, command);
    work.remove(collectionName(entry), entry.keyOf(entity));
    const { responses } = command.operation;
    // 204 where the contract has it: some list 200 beside it, without a body.
    return '204' in responses || !('200' in responses)
      ? { status: 204 }
      : { status: 200, body: present(entry, entity) };
  };
}
