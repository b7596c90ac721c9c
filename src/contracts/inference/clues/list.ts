import { hasQuery } from '../../../model/operation.ts';
import { type FoundList, findList } from '../find-list.ts';
import type { Placed } from '../group-operations.ts';
import { inferListShape } from '../list-shape.ts';
import { successSchema } from '../success-body.ts';
import { answerShape, type Clue, found, type Thing } from '../thing.ts';

/** GET of a collection path lists, where its answer has an array of things. */
export function listClue(placed: Placed, thing: Thing): Clue | undefined {
  const { operation } = placed;
  if (operation.method !== 'GET') return undefined;
  const list = listIn(placed, thing);
  if (list === undefined) return firstClue(placed, thing);
  const where = list.path.length === 0 ? 'its answer' : `"${list.path.join('.')}" in its answer`;
  const what =
    list.form === 'map'
      ? 'an object of things by their ids'
      : list.form === 'ids'
        ? 'an array of ids'
        : 'an array of things';
  return found('list', placed, `${where} is ${what}`, {
    list: inferListShape(operation, list, thing.schema, thing.schemas),
  });
}

/**
 * GET of a collection path may also answer the one thing that its parameters mean, or, where it has none, the first: many
 * a list is described as what it is a list of, and what is described is what has to be answered.
 */
function firstClue(placed: Placed, thing: Thing): Clue | undefined {
  const { operation } = placed;
  const hasFilters = hasQuery(operation);
  const answer = answerShape(operation, thing);
  if (thing.group.onItem.length === 0 || answer?.holds !== 'item' || thing.members.size === 0) return undefined;
  if (!hasFilters && !thing.isNamed) return undefined;
  const list = inferListShape(operation, { path: answer.path, form: 'first' }, thing.schema, thing.schemas);
  const which = hasFilters ? 'its parameters say which' : 'none says which';
  return found('list', placed, `it answers one ${thing.name}, and ${which}`, { answer, list });
}

/** Where the things stand in the answer of an operation on their collection. */
function listIn({ operation }: Placed, { name, isNamed, group, idParameters, schemas }: Thing): FoundList | undefined {
  const hasItems = group.onItem.length > 0;
  const hints = { word: group.word, hasItems, idParameters, ...(isNamed && { name }) };
  const list = findList(successSchema(operation), hints, schemas);
  if (list === undefined || hasItems || list.isPlain) return list;
  // Without a path for one item, an object with a list among other things may be just that.
  const property = list.path.at(-1) ?? '';
  const isTold =
    isNamed &&
    schemas.nameOf(list.items) === name &&
    group.onCollection.some((each) => each.operation.method === 'POST');
  return isTold || /^(data|items|results)$/i.test(property) ? list : undefined;
}
