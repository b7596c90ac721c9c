import { textOf } from '../../lib/json-object.ts';
import { type Command, Refusal } from '../../model/command.ts';
import { allOf } from '../state/store/filter.ts';
import type { Entity } from '../state/store/store.ts';
import type { Work } from '../state/work.ts';
import type { OperationHandler } from '../system.ts';
import { createManyWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, bodyIn, scopeFilter, scopeIn } from './bound-operation.ts';
import { createdStatus, draftOf } from './create.ts';
import { removeItem } from './delete.ts';
import { changedStatus, patch, stored } from './merge.ts';

/** POST of an array of things: all of them are created, or none. */
export function createManyBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const write = createManyWriter(bound, parts);
  return (work, command) => {
    const made: Entity[] = itemsIn(bound, command).map((item) => create(bound, work, asOne(bound, command, item)));
    return answerMany(write, work, command, createdStatus(command.operation.responses), made);
  };
}

/**
 * PUT or PATCH of an array of things: all of them are changed, or none. One without an id is a new one where the contract
 * lets them be put.
 */
export function mergeManyBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry, binding } = bound;
  const write = createManyWriter(bound, parts);
  return (work, command) => {
    const changed: Entity[] = itemsIn(bound, command).map((item) => {
      if (binding.creates === true && entry.idOf(item) === undefined)
        return create(bound, work, asOne(bound, command, item));
      const before = stored(bound, work, requireById(bound, work, command, String(entry.idOf(item))));
      return patch(bound, work, asOne(bound, command, item), before);
    });
    return answerMany(write, work, command, changedStatus(command.operation), changed);
  };
}

/** DELETE of the things whose ids the request has; those that are not there need not be deleted. */
export function deleteManyBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry, binding } = bound;
  const write = createManyWriter(bound, parts);
  return (work, command) => {
    const source = binding.idFrom?.in === 'body' ? command.body : command.query;
    const value = (source as Entity | undefined)?.[binding.idFrom?.name ?? ''];
    const ids: readonly unknown[] = Array.isArray(value) ? value : textOf(value ?? '').split(',');
    const scope = scopeIn(bound, command);
    const there = ids.flatMap((id): readonly Entity[] | Entity => itemOf(bound, work, textOf(id), scope) ?? []);
    for (const entity of there) removeItem(entry, work, entity);
    return answerMany(write, work, command, removedStatus(command), there);
  };
}

/** DELETE of a collection: of all that its path names. */
export function clearBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry } = bound;
  const write = createManyWriter(bound, parts);
  return (work, command) => {
    const scope = scopeIn(bound, command);
    const query = { filter: allOf(scopeFilter(scope)) };
    const { items } = entry.supplied.query(work, query, scope) ?? work.query(entry.collection, query);
    for (const entity of items) removeItem(entry, work, entity);
    return answerMany(write, work, command, removedStatus(command), items);
  };
}

function create(bound: BoundOperation, work: Work, command: Command): Entity {
  const draft = draftOf(bound, work, command);
  bound.entry.supplied.settle(work, draft);
  return work.create(bound.entry.collection, draft);
}

function answerMany(
  write: ReturnType<typeof createManyWriter>,
  work: Work,
  command: Command,
  status: number,
  entities: readonly Entity[],
) {
  if (status === 204) return { status };
  const { body } = write(work, command, status, entities);
  return { status, body: counted(body, command, status, entities.length) };
}

/** What counts in such an answer counts what was done. */
function counted(body: unknown, { operation }: Command, status: number, count: number): unknown {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return body;
  const response = operation.responses[String(status)];
  const [content] = Object.values(response?.content ?? {});
  const { properties = {} } = typeof content?.schema === 'object' ? content.schema : {};
  const counts = Object.entries(properties).filter(
    ([name, schema]) => COUNT.test(name) && typeof schema === 'object' && schema.type === 'integer',
  );
  return counts.length === 0 ? body : { ...body, ...Object.fromEntries(counts.map(([name]) => [name, count])) };
}

const COUNT = /^(count|total|affected|(deleted|removed|created|updated|processed|succeeded)([-_]?count)?)$/i;

function itemsIn({ binding }: BoundOperation, command: Command): readonly Entity[] {
  const items = bodyIn(binding, command);
  return Array.isArray(items) ? (items as Entity[]) : [];
}

/** The same command with one of its things as its body. */
function asOne({ binding }: BoundOperation, command: Command, item: Entity): Command {
  const body = (binding.request ?? []).reduceRight<unknown>((inner, name) => ({ [name]: inner }), item);
  return { ...command, body };
}

function requireById(bound: BoundOperation, work: Work, command: Command, id: string): Entity {
  const entity = itemOf(bound, work, id, scopeIn(bound, command));
  if (entity !== undefined) return entity;
  throw new Refusal(
    404,
    'NOT_FOUND',
    `Failed to find the ${bound.entry.resource.name}: there is none with the id "${id}". Check the id.`,
  );
}

function itemOf({ entry }: BoundOperation, work: Work, id: string, scope: Entity): Entity | undefined {
  return work.get(entry.collection, entry.keyFor(id, scope)) ?? entry.supplied.get(work, id, scope);
}

function removedStatus({ operation: { responses } }: Command): number {
  if ('204' in responses || !Object.keys(responses).some((status) => /^2\d\d$/.test(status))) return 204;
  return changedStatus({ responses });
}
