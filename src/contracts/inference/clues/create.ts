import { hasId } from '../find-item.ts';
import { findList } from '../find-list.ts';
import type { Placed } from '../group-operations.ts';
import { wholeIn } from '../parts.ts';
import { requestSchema, successOf } from '../success-body.ts';
import { answerShape, type Clue, found, isCalled, isThing, requestPath, type Thing } from '../thing.ts';

/**
 * POST on a collection creates, unless it answers with a list or is called a search. Many a POST answers with something
 * that it does not make (a notification is answered with the subscription that asked for it): where no item path says
 * that there are things here, what is sent must look like what comes back. `isNamedByQuery` where a query names one.
 */
export function createClue(placed: Placed, thing: Thing, isNamedByQuery = false): Clue | undefined {
  const { operation } = placed;
  if (operation.method !== 'POST') return undefined;
  const clue = reasonOf(placed, thing, isNamedByQuery);
  if (clue === undefined) return undefined;
  return found('create', placed, clue, {
    request: requestPath(operation, thing),
    answer: answerShape(operation, thing),
  });
}

function reasonOf({ operation }: Placed, thing: Thing, isNamedByQuery: boolean): string | undefined {
  const { schemas, name, group } = thing;
  const request = requestSchema(operation);
  const success = successOf(operation);
  const answer = success?.schema;
  if (schemas.items(request) !== undefined) return undefined;
  if (wholeIn(answer, group.whole, schemas) !== undefined)
    return request === undefined ? undefined : `it takes one of "${group.whole?.list}", and answers what shows them`;
  const answerName = schemas.nameOf(answer);
  const requestName = schemas.nameOf(request);
  const isNamedAfter = requestName?.startsWith(answerName ?? name) === true;
  if (group.onItem.length === 0 && !isNamedByQuery) {
    if (request === undefined || schemas.members(answer).size === 0 || isCalled(operation, NO_CREATION))
      return undefined;
    const shape = answerShape(operation, thing);
    if (shape?.holds !== 'item') return undefined;
    return isNamedAfter || isAlike(operation, thing) ? 'what it takes looks like what it answers' : undefined;
  }
  // What is accepted for later and looks like nothing that is stored is a message, of which the thing is a record.
  const isMessage = success?.status === '202' && schemas.members(request).size > 0 && !isAlike(operation, thing);
  if (isMessage && !isCalled(operation, /^(create|add|new|register|insert|make|start|launch|generate|request)$/i))
    return undefined;
  const list = findList(answer, { word: group.word, name, hasItems: false }, schemas);
  if (list !== undefined && list.form === 'objects' && list.isPlain && !isThing(request, thing)) return undefined;
  if (success?.status === '201')
    return `it answers 201, and there is a ${isNamedByQuery ? 'query' : 'path'} for one item`;
  if (isThing(answer, thing)) return `it answers the ${name} that the item path is about`;
  if (isCalled(operation, NO_CREATION)) return undefined;
  if (hasId(schemas.members(answer), { word: group.word, idParameters: thing.idParameters }, schemas))
    return 'it answers an id, and there is a path for one item';
  if (isThing(request, thing)) return `it takes the ${name} that the item path is about`;
  return 'it is a POST beside a path for one item';
}

/** Ids, links and times are in bodies of every kind: that both have one says nothing. */
function isAlike(operation: Placed['operation'], thing: Thing): boolean {
  const { schemas } = thing;
  const path = requestPath(operation, thing);
  const request = requestSchema(operation);
  const sent = schemas.members(path[0] === undefined ? request : schemas.members(request).get(path[0]));
  return [...thing.members].some(([property, schema]) => {
    const resolved = schemas.resolve(schema);
    const isServerMade = resolved?.format === 'date-time' || resolved?.readOnly === true;
    return sent.has(property) && !/(^id|Id|_id|^href|^self)$/.test(property) && !isServerMade;
  });
}

const NO_CREATION =
  /^(search|query|find|filter|lookup|list|get|fetch|export|count|validate|verify|check|calculate|estimate|preview|simulate|test|compare|bulk|batch|multi|delete|remove|update|refresh)$/i;
