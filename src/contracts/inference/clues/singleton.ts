import { findList } from '../find-list.ts';
import type { OperationGroup, Placed } from '../group-operations.ts';
import { requestSchema, successSchema } from '../success-body.ts';
import { answerShape, type Clue, found, isOpen, isThing, requestPath, type Thing } from '../thing.ts';

/**
 * One path that answers an object, and that takes the same object: there is exactly one of it, as in `/settings`.
 * `undefined` where the path lists things, or where nothing can be changed: a sample does as well then.
 */
export function singletonClues(thing: Thing): readonly Clue[] | undefined {
  const { group, schemas } = thing;
  if (group.onItem.length > 0) return undefined;
  const get = group.onCollection.find(({ operation }) => operation.method === 'GET');
  if (get === undefined || (group.hasParts !== true && isList(get, group, thing))) return undefined;
  const changes = group.onCollection.filter((placed) => doesChange(placed, thing));
  if (changes.length === 0 && group.hasParts !== true) return undefined;
  const clue =
    changes.length > 0
      ? `one path reads and changes ${thing.name}: there is one of it`
      : `one path reads ${thing.name}, and paths below it change what it shows: there is one of it`;
  const shape = ({ operation }: Placed) => ({
    request: requestPath(operation, thing),
    answer: answerShape(operation, thing),
  });
  return [
    found('read', get, clue, {
      answer: isOpen(successSchema(get.operation), schemas)
        ? { holds: 'item', path: [] }
        : answerShape(get.operation, thing),
    }),
    ...changes.map((placed) =>
      placed.operation.method === 'PUT'
        ? found('replace', placed, clue, { ...shape(placed), creates: true })
        : found('merge', placed, clue, { ...shape(placed), creates: true }),
    ),
    ...group.onCollection
      .filter(({ operation }) => operation.method === 'DELETE')
      .map((placed) => found('delete', placed, clue, { answer: answerShape(placed.operation, thing) })),
  ];
}

function isList({ operation }: Placed, { word }: OperationGroup, { schemas, name, schema }: Thing): boolean {
  const list = findList(successSchema(operation), { word, name, hasItems: false }, schemas);
  return list !== undefined && (list.isPlain || list.items === schema);
}

function doesChange({ operation }: Placed, thing: Thing): boolean {
  const { method } = operation;
  if (method === 'PUT' || method === 'PATCH') return true;
  return method === 'POST' && isThing(requestSchema(operation), thing) && isThing(successSchema(operation), thing);
}
