import type { ResourceEntry } from '../registry.ts';
import type { OperationHandler } from '../system.ts';
import { needItem, present, project, selectedFields } from './select.ts';

/** GET of an item. */
export function readBehaviour(entry: ResourceEntry): OperationHandler {
  return (work, command) => {
    const entity = needItem(entry, work, command);
    const fields = selectedFields(entry, command);
    const body = project(present(entry, entity), fields);
    return fields === undefined ? { status: 200, body, kept: 'body' } : { status: 200, body, isPartial: true };
  };
}
