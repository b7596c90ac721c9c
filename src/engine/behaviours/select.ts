import type { Command } from '../../model/command.ts';
import { Refusal } from '../../model/command.ts';
import type { ResourceEntry } from '../registry.ts';
import { equals, type Filter } from '../store/filter.ts';
import type { Entity } from '../store/store.ts';
import type { Work } from '../work.ts';

/** The entity that a command on an item path means; refuses with 404, also where it belongs to another parent. */
export function needItem(entry: ResourceEntry, work: Work, command: Command): Entity {
  const { resource } = entry;
  const id = command.path[resource.idParameter ?? ''] ?? '';
  const entity = work.need(entry.collection, id);
  const { parent } = resource;
  if (
    parent !== undefined &&
    command.path[parent.parameter] !== undefined &&
    entity[parent.property] !== command.path[parent.parameter]
  ) {
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the ${resource.name}: "${id}" belongs to another ${parent.resource}. Check both ids.`,
    );
  }
  return entity;
}

/** The parent that the path names, as a property of the child; refuses with 404 where the parent is unknown. */
export function parentOf(entry: ResourceEntry, work: Work, command: Command): Entity {
  const { parent, system } = entry.resource;
  const id = parent === undefined ? undefined : command.path[parent.parameter];
  if (parent === undefined || id === undefined) return NO_PARENT;
  work.need(`${system}/${parent.resource}`, id);
  return { [parent.property]: id };
}

/** The filter that keeps a list to the parent that the path names. */
export function parentFilter(entry: ResourceEntry, work: Work, command: Command): Filter | undefined {
  const [link] = Object.entries(parentOf(entry, work, command));
  return link === undefined ? undefined : equals(link[0], link[1]);
}

const NO_PARENT: Entity = Object.freeze({});

/**
 * What a client sent and may set: not what only the server sets, and not what the resource has but the request's
 * schema does not, for example the state of a new thing.
 */
export function settable(entry: ResourceEntry, command: Command): Entity {
  const closed = entry.closedTo(command.operation);
  const body = (command.body ?? {}) as Entity;
  // As a rule nobody tries to set more, and then nothing has to be copied.
  if (!Array.isArray(body) && typeof body === 'object' && !closed.some((name) => body[name] !== undefined)) return body;
  const open: Record<string, unknown> = {};
  for (const name of Object.keys(body)) if (!closed.includes(name)) open[name] = body[name];
  return open;
}

/** The form on the wire. */
export function present(entry: ResourceEntry, entity: Entity): Entity {
  return entry.rules.present?.(entity) ?? entity;
}

/** The names that a `fields` parameter asks for; `undefined` for all. */
export function selectedFields(entry: ResourceEntry, command: Command): ReadonlySet<string> | undefined {
  const name = entry.resource.list?.fieldsParameter;
  const value = name === undefined ? undefined : command.query[name];
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return new Set(value.split(',').map((field) => field.trim()));
}

/** Only the selected properties. */
export function project(entity: Entity, fields: ReadonlySet<string> | undefined): Entity {
  return fields === undefined
    ? entity
    : Object.fromEntries(Object.entries(entity).filter(([name]) => fields.has(name)));
}

export function collectionName(entry: ResourceEntry): string {
  return entry.collection;
}
