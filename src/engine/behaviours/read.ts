import type { ResourceEntry } from '../registry.ts';
import type { OperationHandler } from '../system.ts';
import { needItem, present, project, selectedFields } from './select.ts';

/** GET of an item. */
export function readBehaviour(entry: ResourceEntry): OperationHandler {
  return async (work, command) => {
    const entity = await needItem(entry, work, command);
    const fields = selectedFields(entry, command);
    return { status: 200, body: project(present(entry, entity), fields), isPartial: fields !== undefined };
  };
}
