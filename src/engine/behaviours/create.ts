import type { Command } from '../../model/command.ts';
import { successStatus } from '../../model/operation.ts';
import type { Reader } from '../state/reader.ts';
import type { Entity } from '../state/store/store.ts';
import type { StoredResource } from '../state/stored-resource.ts';
import type { ReadWork } from '../state/work.ts';
import type { OperationHandler } from '../system.ts';
import { createAnswerWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, bindingsOf, bodyIn, requireItem, scopeIn } from './bound-operation.ts';
import { settable } from './select.ts';
import { withValueAt } from './value-at.ts';

/** POST on a collection: stores a new entity, answers it with its `Location`. */
export function createBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry } = bound;
  const locationOf = locationWriter(entry);
  const write = createAnswerWriter(bound, parts);
  return (work, command) => {
    const own = draftOf(bound, work, command);
    const draft = bound.binding.copies === true ? { ...copied(bound, work, command), ...own } : own;
    entry.supplied.settle(work, draft);
    const entity = work.create(entry.collection, draft);
    const status = createdStatus(command.operation.responses);
    const { body } = write(work, command, status, entity);
    return { status, headers: { location: locationOf(entity, command.path) }, body };
  };
}

/** What a new entity has of the one that its path names, where it is a copy of that. */
function copied(bound: BoundOperation, work: ReadWork, command: Command): Entity {
  const { entry } = bound;
  const { serverOwned } = entry.resource;
  const [idName = ''] = entry.idPath;
  const own = Object.entries(requireItem(bound, work, command));
  return Object.fromEntries(own.filter(([name]) => name !== idName && !serverOwned.includes(name)));
}

/** What a request makes a new entity of: what its client may set, and what its path says. */
export function draftOf(bound: BoundOperation, work: Reader, command: Command): Entity {
  const { entry, binding } = bound;
  let sent = settable(bound, work, command);
  const scope = scopeIn(bound, command);
  const chosen = chosenId(entry, bodyIn(binding, command), command);
  if (binding.scope?.some(({ shownAt }) => shownAt !== undefined) === true) sent = shown(sent, bound, command);
  if (Object.keys(scope).length === 0 && chosen === undefined) return sent;
  const draft: Record<string, unknown> = { ...sent, ...scope };
  if (chosen === undefined) return draft;
  draft[entry.resource.idProperty] = chosen;
  // What the request calls by another name is stored under its own.
  const name = entry.idNameIn(command.operation) ?? '';
  if (!entry.declares(name) && name !== entry.resource.idProperty) delete draft[name];
  return draft;
}

/** What was sent, with what the path says where the thing shows that. */
function shown(sent: Entity, { binding }: BoundOperation, command: Command): Entity {
  return (binding.scope ?? []).reduce((thing, { parameter, shownAt }) => {
    const value = command.path[parameter];
    return shownAt === undefined || value === undefined ? thing : withValueAt(thing, shownAt.split('.'), value);
  }, sent);
}

/** The id that a client has chosen, where the contract lets it. */
function chosenId(entry: StoredResource, body: unknown, command: Command): unknown {
  const { idPath } = entry;
  const name = idPath.length === 1 ? entry.idNameIn(command.operation) : undefined;
  if (name === undefined) return undefined;
  const id = typeof body === 'object' && body !== null ? (body as Entity)[name] : undefined;
  // One that no path could name would be lost.
  return id === null || id === '' || id === undefined || !entry.fitsPath(id) ? undefined : id;
}

/** 201 where the contract has it (it may list 200 beside it), else its lowest success. */
export function createdStatus(responses: Parameters<typeof successStatus>[0]['responses']): number {
  return '201' in responses ? 201 : successStatus({ responses });
}

/** Writes the path of an item, from the parameters of the path that it was created under and its own id. */
function locationWriter(entry: StoredResource) {
  const { itemPath, collectionPath = '', idProperty, idParameter, scope = [] } = entry.resource;
  const read = bindingsOf(entry.resource).find(({ role, idFrom }) => role === 'read' && idFrom?.in === 'query');
  const last = read === undefined ? `/{${idParameter ?? idProperty}}` : `?${read.idFrom?.name}={${idProperty}}`;
  const template = itemPath ?? `${collectionPath}${last}`;
  // Texts and, between them, names of parameters.
  const parts = template.split(/\{([^}]+)\}/);
  const [first = ''] = parts;
  const names = parts.filter((_, index) => index % 2 === 1);
  const steps = names.map((name, index) => ({
    name,
    isId: name === names.at(-1),
    property: scope[index] ?? '',
    text: parts[2 * index + 2] ?? '',
  }));
  return (entity: Entity, path: Readonly<Record<string, string>>): string => {
    let location = first;
    for (const { name, isId, property, text } of steps) {
      const value = isId ? entry.idOf(entity) : (path[name] ?? entity[property] ?? entry.idOf(entity));
      location += encodeURIComponent(String(value)) + text;
    }
    return location;
  };
}
