import type { ResourceEntry } from '../registry.ts';
import type { OperationHandler } from '../system.ts';
import { collectionName, needItem, present, settable } from './select.ts';

/** PATCH of an item: an RFC 7386 merge patch of what a client may set. */
export function mergeBehaviour(entry: ResourceEntry): OperationHandler {
  return (work, command) => {
    const before = needItem(entry, work, command);
    const after = work.change(collectionName(entry), entry.keyOf(before), settable(entry, command));
    return '200' in command.operation.responses || !('204' in command.operation.responses)
      ? { status: 200, body: present(entry, after) }
      : { status: 204 };
  };
}
