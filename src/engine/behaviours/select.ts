import { pickPaths } from '../../lib/pick-paths.ts';
import type { Command } from '../../model/command.ts';
import type { ListShape } from '../../model/resource.ts';
import type { Reader } from '../state/reader.ts';
import type { Entity } from '../state/store/store.ts';
import type { StoredResource } from '../state/stored-resource.ts';
import { type BoundOperation, bodyIn } from './bound-operation.ts';
import { toContent } from './content.ts';

/**
 * What a client sent and may set: not what only the server sets, and not what the resource has but the request's
 * schema does not, for example the state of a new thing.
 */
export function settable({ entry, binding }: BoundOperation, work: Reader, command: Command): Entity {
  const closed = entry.readOnlyFor(command.operation, binding.request);
  const sent = bodyIn(binding, command) ?? {};
  const body = toContent(sent) ?? (sent as Entity);
  // As a rule nobody tries to set more, and then nothing has to be copied.
  const isOpen = !Array.isArray(body) && typeof body === 'object' && !closed.some((name) => body[name] !== undefined);
  return entry.fitted(work, command.operation, binding.request ?? [], isOpen ? body : without(body, closed));
}

function without(body: Entity, closed: readonly string[]): Entity {
  const open: Record<string, unknown> = {};
  for (const name of Object.keys(body)) if (!closed.includes(name)) open[name] = body[name];
  return open;
}

/** The form on the wire. */
export function present(entry: StoredResource, entity: Entity): Entity {
  return entry.present(entity);
}

/** The names that a `fields` parameter asks for; `undefined` for all. */
export function selectedFields(
  entry: Pick<StoredResource, 'alwaysSent'>,
  shape: Pick<ListShape, 'fieldsParameter'> | undefined,
  command: Command,
): ReadonlySet<string> | undefined {
  const name = shape?.fieldsParameter;
  const value = name === undefined ? undefined : command.query[name];
  const text = Array.isArray(value) ? value.join(',') : value;
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  return new Set([...entry.alwaysSent, ...text.split(',').map((field) => field.trim())]);
}

/** Only the selected properties; those of nested objects by dotted paths. */
export function project(entity: Entity, fields: ReadonlySet<string> | undefined): Entity {
  return fields === undefined ? entity : pickPaths(entity, [...fields]);
}
