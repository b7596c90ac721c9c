import type { ResourceEntry } from '../registry.ts';
import type { OperationHandler } from '../system.ts';
import { collectionName, needItem, present, settable } from './select.ts';

/** PUT of an item: what a client may set becomes what it sent, and nothing else. */
export function replaceBehaviour(entry: ResourceEntry): OperationHandler {
  return (work, command) => {
    const before = needItem(entry, work, command);
    const kept = new Set([...entry.resource.serverOwned, entry.resource.idProperty, entry.resource.parent?.property]);
    const cleared = Object.fromEntries(
      Object.keys(before)
        .filter((name) => !kept.has(name))
        .map((name) => [name, null]),
    );
    const after = work.change(collectionName(entry), entry.keyOf(before), {
      ...cleared,
      ...settable(entry, command),
    });
    return '200' in command.operation.responses || !('204' in command.operation.responses)
      ? { status: 200, body: present(entry, after) }
      : { status: 204 };
  };
}
