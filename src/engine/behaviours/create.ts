import { successStatus } from '../../model/operation.ts';
import type { ResourceEntry } from '../registry.ts';
import type { OperationHandler } from '../system.ts';
import { collectionName, parentOf, present, settable } from './select.ts';

/** POST on a collection: stores a new entity, answers it with its `Location`. */
export function createBehaviour(entry: ResourceEntry): OperationHandler {
  return (work, command) => {
    const draft = { ...settable(entry, command), ...parentOf(entry, work, command) };
    const entity = work.create(collectionName(entry), draft);
    return {
      status: createdStatus(command.operation.responses),
      headers: { location: locationOf(entry, entity, command.path) },
      body: present(entry, entity),
    };
  };
}

/** 201 where the contract has it (it may list 200 beside it), else its lowest success. */
function createdStatus(responses: Parameters<typeof successStatus>[0]['responses']): number {
  return '201' in responses ? 201 : successStatus({ responses });
}

function locationOf(
  entry: ResourceEntry,
  entity: Readonly<Record<string, unknown>>,
  path: Readonly<Record<string, string>>,
): string {
  const { itemPath, collectionPath = '', idProperty, idParameter } = entry.resource;
  const template = itemPath ?? `${collectionPath}/{${idParameter ?? idProperty}}`;
  return template.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? String(entity[idProperty])),
  );
}
