import type { Placed } from '../group-operations.ts';
import { requestSchema, successOf } from '../success-body.ts';
import { answerShape, type Clue, found, isCalled, isThing, requestPath, type Thing } from '../thing.ts';

/**
 * A POST anywhere that answers 201 with a thing that another path reads by its id has made that thing: a loan is made
 * below a book, an order at the checkout of a cart. Where the thing has a way of its own to be created, only a name that
 * says so makes another one.
 */
export function createElsewhereClue(placed: Placed, thing: Thing, known: readonly Clue[]): Clue | undefined {
  const { operation } = placed;
  if (operation.method !== 'POST' || !thing.isNamed || thing.group.onItem.length === 0) return undefined;
  const success = successOf(operation);
  const answer = success?.status === '201' ? answerShape(operation, thing) : undefined;
  if (answer?.holds !== 'item' || answer.isArray === true) return undefined;
  let schema = success?.schema;
  for (const name of answer.path) schema = thing.schemas.members(schema).get(name);
  if (thing.schemas.nameOf(schema) !== thing.name) return undefined;
  if (known.some(({ role }) => role === 'create') && !isCalled(operation, CREATION)) return undefined;
  return found('create', placed, `it answers 201 and a ${thing.name}, which another path reads`, {
    request: requestPath(operation, thing),
    answer,
  });
}

/** `POST /tickets/create`, where the thing stands in the request or the answer. */
export function createByWordClue(placed: Placed, word: string, thing: Thing): Clue | undefined {
  const { operation } = placed;
  if (operation.method !== 'POST' || !CREATION.test(word)) return undefined;
  const answer = answerShape(operation, thing);
  const isAboutIt = answer?.holds === 'item' || isThing(requestSchema(operation), thing);
  return isAboutIt
    ? found('create', placed, `"${word}" makes a ${thing.name}`, { request: requestPath(operation, thing), answer })
    : undefined;
}

const CREATION = /^(create|add|new|register|insert|make|open|issue)$/i;
