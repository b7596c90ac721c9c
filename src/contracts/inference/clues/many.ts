import type { Schema } from '../../../model/schema.ts';
import type { Placed } from '../group-operations.ts';
import { requestSchema } from '../success-body.ts';
import { answerShape, type Clue, found, isCalled, isThing, type Thing } from '../thing.ts';
import { isSameWord } from '../words.ts';

/**
 * A collection path, or one below it, that takes an array of things creates or changes them all; DELETE of a collection
 * deletes the listed ones, or all.
 */
export function manyClue(placed: Placed, thing: Thing, idProperty: string): Clue | undefined {
  const { operation } = placed;
  const { method } = operation;
  const { schemas, name } = thing;
  const isDeletion =
    method === 'DELETE' || (method === 'POST' && isCalled(operation, /^(delete|remove|destroy)$/i, true));
  if (isDeletion) {
    const ids = operation.parameters.find((each) => each.in === 'query' && isIds(each.name, thing, idProperty))?.name;
    const shape = { answer: answerShape(operation, thing) };
    if (ids !== undefined)
      return found('deleteMany', placed, `"${ids}" says which are deleted`, {
        ...shape,
        idFrom: { in: 'query', name: ids },
      });
    const inBody = [...schemas.members(requestSchema(operation)).keys()].find((each) => isIds(each, thing, idProperty));
    if (inBody !== undefined)
      return found('deleteMany', placed, `"${inBody}" says which are deleted`, {
        ...shape,
        idFrom: { in: 'body', name: inBody },
      });
    return operation.requestBody === undefined && method === 'DELETE'
      ? found('clear', placed, `it is a DELETE of a whole collection of ${name}`, shape)
      : undefined;
  }
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH') return undefined;
  const array = arrayIn(requestSchema(operation), thing);
  if (array === undefined) return undefined;
  const shape = { request: array, answer: answerShape(operation, thing) };
  if (method === 'POST') return found('createMany', placed, `it takes an array of ${name}`, shape);
  const creates = method === 'PUT' && { creates: true };
  return found('mergeMany', placed, `it takes an array of ${name}, each with its "${idProperty}"`, {
    ...shape,
    ...creates,
  });
}

/** POST of an array of what the same path lists: readings, events, points, each without an id. */
export function manyMadeClue(placed: Placed, thing: Thing): Clue | undefined {
  const { operation } = placed;
  if (operation.method !== 'POST' || !thing.group.onCollection.some((each) => each.operation.method === 'GET'))
    return undefined;
  const array = arrayIn(requestSchema(operation), thing);
  if (array === undefined) return undefined;
  return found('createMany', placed, `it takes an array of ${thing.name}, which the same path lists`, {
    request: array,
    answer: answerShape(operation, thing),
  });
}

function arrayIn(body: Schema | undefined, thing: Thing): readonly string[] | undefined {
  const { schemas } = thing;
  const items = schemas.items(body);
  if (items !== undefined) return isThing(items, thing) ? [] : undefined;
  const arrays = [...schemas.members(body)].filter(([, schema]) => {
    const inner = schemas.items(schema);
    return inner !== undefined && isThing(inner, thing);
  });
  const [only] = arrays;
  // A thing may hold others of its kind.
  return arrays.length === 1 && only !== undefined && !thing.members.has(only[0]) ? [only[0]] : undefined;
}

function isIds(name: string, { name: thing }: Thing, idProperty: string): boolean {
  return [idProperty, 'id', 'ids', `${thing}Ids`, `${idProperty}s`].some((each) => isSameWord(each, name));
}
