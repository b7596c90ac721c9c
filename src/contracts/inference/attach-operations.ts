import { actClue, isMove } from './clues/act.ts';
import { countClue } from './clues/count.ts';
import { createByWordClue, createElsewhereClue } from './clues/create-elsewhere.ts';
import { manyClue } from './clues/many.ts';
import { searchClue } from './clues/search.ts';
import type { Endpoint } from './endpoint.ts';
import type { OperationGroup, Placed } from './group-operations.ts';
import type { MergedEndpoint } from './merge-endpoints.ts';
import { lastWord, shapeOf } from './path-template.ts';
import type { Clue } from './thing.ts';
import { wordsOf } from './words.ts';

/**
 * Finds what the operations do that no endpoint has: those below an item act on it, those below a collection search,
 * count or change many. Adds them to the endpoint that they are about.
 *
 * @example attachOperations(endpoints, groups)[0]?.clues.map(({ role }) => role); // ['create', …, 'act']
 */
export function attachOperations(
  endpoints: readonly MergedEndpoint[],
  groups: readonly OperationGroup[],
): readonly MergedEndpoint[] {
  const taken = new Set(
    endpoints.flatMap(({ clues, further }) =>
      [...clues, ...further.map(({ clue }) => clue)].map(({ placed }) => placed.operation),
    ),
  );
  const byItem = new Map<string, MergedEndpoint>();
  const byCollection = new Map<string, MergedEndpoint>();
  for (const endpoint of endpoints) {
    const { group } = endpoint.thing;
    const [item] = group.onItem;
    if (item !== undefined) byItem.set(shapeOf(item.steps), endpoint);
    if (!endpoint.isSingleton) byCollection.set(group.shape, endpoint);
  }
  const added = new Map<MergedEndpoint, Clue[]>();
  const elsewhere = new Map<MergedEndpoint, MergedEndpoint['further'][number][]>();
  const add = (endpoint: MergedEndpoint, clue: Clue | undefined) => {
    if (clue !== undefined) added.set(endpoint, [...(added.get(endpoint) ?? []), clue]);
    return clue !== undefined;
  };
  for (const group of groups) {
    const above = shapeOf(group.steps.slice(0, -1));
    // `/orders/{id}/actions/cancel`
    const isAmongActions = /^(actions?|operations?|commands?|transitions?)$/i.test(group.steps.at(-2)?.word ?? '');
    const item = byItem.get(above) ?? (isAmongActions ? byItem.get(shapeOf(group.steps.slice(0, -2))) : undefined);
    const word = lastWord(group.steps);
    for (const placed of group.onCollection) {
      if (taken.has(placed.operation)) continue;
      const own = byCollection.get(group.shape);
      if (own !== undefined && add(own, manyClue(placed, own.thing, own.id.property))) continue;
      if (own !== undefined && placed.operation.method === 'QUERY' && add(own, searchClue(placed, word, own.thing)))
        continue;
      if (addElsewhere(placed, item)) continue;
      if (item !== undefined && group.onItem.length === 0 && add(item, actClue(placed, word, item.thing))) continue;
      // `/contacts/batch/delete`
      const isAmongMany = /^(batch|bulk|multi)$/i.test(group.steps.at(-2)?.word ?? '');
      const collection =
        byCollection.get(above) ?? (isAmongMany ? byCollection.get(shapeOf(group.steps.slice(0, -2))) : undefined);
      if (collection === undefined || group.onItem.length > 0) continue;
      const { thing } = collection;
      const clue =
        countClue(placed, word, thing) ??
        searchClue(placed, word, thing) ??
        (isAmongMany || isOfMany(word) ? manyClue(placed, thing, collection.id.property) : undefined) ??
        createByWordClue(placed, word, thing);
      add(collection, clue);
    }
  }
  return endpoints.map((endpoint) => {
    const clues = added.get(endpoint) ?? [];
    const further = elsewhere.get(endpoint) ?? [];
    return clues.length + further.length === 0
      ? endpoint
      : { ...endpoint, clues: [...endpoint.clues, ...clues], further: [...endpoint.further, ...further] };
  });

  /** What is done to one thing may make another: `POST /carts/{id}/checkout` answers a new order. */
  function addElsewhere(placed: Placed, item: MergedEndpoint | undefined): boolean {
    for (const other of endpoints) {
      const clue =
        other === item || other.isSingleton ? undefined : createElsewhereClue(placed, other.thing, other.clues);
      if (clue === undefined) continue;
      elsewhere.set(other, [...(elsewhere.get(other) ?? []), { endpoint: item ?? other, clue }]);
      return true;
    }
    return false;
  }
}

/**
 * Leaves out what stands below an item, is called as a verb that moves its state, and has nothing but a POST: that takes and
 * answers things that look alike, and still makes none.
 *
 * @example mergeEndpoints(withoutActs(endpoints));
 */
export function withoutActs(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const byItem = new Map(
    endpoints.flatMap((endpoint) => {
      const [item] = endpoint.thing.group.onItem;
      return item === undefined ? [] : [[shapeOf(item.steps), endpoint] as const];
    }),
  );
  return endpoints.filter(({ idParameter, clues, thing: { group } }) => {
    if (idParameter !== undefined || clues.some(({ role }) => role !== 'create')) return true;
    const item = byItem.get(shapeOf(group.steps.slice(0, -1)));
    return clues.every(({ placed }) => item === undefined || !isMove(placed, group.word, item.thing));
  });
}

/** What an array of things may be taken for below their collection: `/bulk`, `/createWithList`, but not `/validate`. */
function isOfMany(word: string): boolean {
  const [verb = ''] = wordsOf(word);
  return /batch|bulk|multi|many|all$/i.test(word) || /^(create|add|insert|import|upsert|save)$/.test(verb);
}
