import { actClue } from './clues/act.ts';
import { countClue } from './clues/count.ts';
import { manyClue } from './clues/many.ts';
import { searchClue } from './clues/search.ts';
import type { OperationGroup } from './group-operations.ts';
import type { MergedEndpoint } from './merge-endpoints.ts';
import { lastWord, shapeOf } from './path-template.ts';
import type { Clue } from './thing.ts';

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
  const add = (endpoint: MergedEndpoint, clue: Clue | undefined) => {
    if (clue !== undefined) added.set(endpoint, [...(added.get(endpoint) ?? []), clue]);
    return clue !== undefined;
  };
  for (const group of groups) {
    const above = shapeOf(group.steps.slice(0, -1));
    const word = lastWord(group.steps);
    for (const placed of group.onCollection) {
      if (taken.has(placed.operation)) continue;
      const own = byCollection.get(group.shape);
      if (own !== undefined && add(own, manyClue(placed, own.thing, own.id.property))) continue;
      const acted = byItem.get(above);
      if (acted !== undefined && group.onItem.length === 0 && add(acted, actClue(placed, word, acted.thing))) continue;
      const collection = byCollection.get(above);
      if (collection === undefined || group.onItem.length > 0) continue;
      const { thing } = collection;
      const clue =
        countClue(placed, word, thing) ??
        searchClue(placed, word, thing) ??
        (isOfMany(word) ? manyClue(placed, thing, collection.id.property) : undefined);
      add(collection, clue);
    }
  }
  return endpoints.map((endpoint) => {
    const clues = added.get(endpoint);
    return clues === undefined ? endpoint : { ...endpoint, clues: [...endpoint.clues, ...clues] };
  });
}

function isOfMany(word: string): boolean {
  return /batch|bulk|multi|many|all$/i.test(word);
}
