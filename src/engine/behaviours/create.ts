import { successStatus } from '../../model/operation.ts';
import type { ResourceEntry } from '../registry.ts';
import type { Entity } from '../store/store.ts';
import type { OperationHandler } from '../system.ts';
import { collectionName, parentOf, present, settable } from './select.ts';

/** POST on a collection: stores a new entity, answers it with its `Location`. */
export function createBehaviour(entry: ResourceEntry): OperationHandler {
  const locationOf = locationWriter(entry);
  return (work, command) => {
    const sent = settable(entry, command);
    const draft = entry.resource.parent === undefined ? sent : Object.assign({}, sent, parentOf(entry, work, command));
    const entity = work.create(collectionName(entry), draft);
    return {
      status: createdStatus(command.operation.responses),
      headers: { location: locationOf(entity, command.path) },
      body: present(entry, entity),
    };
  };
}

/** 201 where the contract has it (it may list 200 beside it), else its lowest success. */
function createdStatus(responses: Parameters<typeof successStatus>[0]['responses']): number {
  return '201' in responses ? 201 : successStatus({ responses });
}

/** Writes the path of an item, from the parameters of the path that it was created under and its own id. */
function locationWriter(entry: ResourceEntry) {
  const { itemPath, collectionPath = '', idProperty, idParameter } = entry.resource;
  const template = itemPath ?? `${collectionPath}/{${idParameter ?? idProperty}}`;
  // Texts and, between them, names of parameters.
  const parts = template.split(/\{([^}]+)\}/);
  return (entity: Entity, path: Readonly<Record<string, string>>): string => {
    let location = '';
    for (const [index, part] of parts.entries()) {
      location += index % 2 === 0 ? part : encodeURIComponent(path[part] ?? String(entity[idProperty]));
    }
    return location;
  };
}
