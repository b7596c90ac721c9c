import { findList } from '../find-list.ts';
import type { Placed } from '../group-operations.ts';
import { successSchema } from '../success-body.ts';
import { answerShape, type Clue, found, requestPath, type Thing } from '../thing.ts';
import { isSameWord, wordsOf } from '../words.ts';

/**
 * The query parameter by which a path without items names one thing, where every GET of it demands that:
 * `GET /device?deviceId=…`.
 */
export function queryIdOf({ group, members, name, schema, schemas, word }: Thing & { word: string }) {
  if (group.onItem.length > 0) return undefined;
  const gets = group.onCollection.filter(({ operation }) => operation.method === 'GET');
  const [parameter, ...others] = gets.flatMap(({ operation }) =>
    operation.parameters.filter((each) => each.in === 'query' && each.required),
  );
  const [get] = gets;
  if (gets.length !== 1 || get === undefined || parameter === undefined || others.length > 0) return undefined;
  const member = [...members.keys()].find((each) => isSameWord(each, parameter.name));
  // What every one has, and whoever reads one has to tell, names it, too.
  const isDemanded =
    schemas.required(schema).has(member ?? '') &&
    findList(successSchema(get.operation), { word, hasItems: false }, schemas) === undefined;
  const isId = member !== undefined && (isIdWord(parameter.name) || isDemanded);
  const isOfThing = [name, word].some((each) => isSameWord(`${each}Id`, parameter.name)) && members.has('id');
  return isId || isOfThing ? parameter : undefined;
}

function isIdWord(name: string): boolean {
  return /^(id|uuid|guid|key|code|slug|number|sid|gid)$/.test(wordsOf(name).at(-1) ?? '');
}

/** What an operation does to the one thing that its query names. */
export function byQueryClue(placed: Placed, parameter: string, thing: Thing): Clue | undefined {
  const { operation } = placed;
  const { method } = operation;
  if (!operation.parameters.some((each) => each.in === 'query' && each.name === parameter)) return undefined;
  const answer = answerShape(operation, thing);
  const idFrom = { in: 'query', name: parameter } as const;
  const clue = `"${parameter}" in its query names one ${thing.name}`;
  if (method === 'GET') return answer?.holds === 'item' ? found('read', placed, clue, { answer, idFrom }) : undefined;
  if (method === 'DELETE') return found('delete', placed, clue, { answer, idFrom });
  const request = requestPath(operation, thing);
  if (method === 'PUT') return found('replace', placed, clue, { request, answer, idFrom });
  return method === 'PATCH' ? found('merge', placed, clue, { request, answer, idFrom }) : undefined;
}
