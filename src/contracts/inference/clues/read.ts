import type { Placed } from '../group-operations.ts';
import { successOf } from '../success-body.ts';
import { answerShape, type Clue, found, isOpen, type Thing } from '../thing.ts';

/** GET of an item path answers the thing, and HEAD whether it is there. */
export function readClue(placed: Placed, thing: Thing): Clue | undefined {
  const { operation } = placed;
  if (operation.method === 'HEAD') return found('read', placed, `it is a HEAD of one ${thing.name}`);
  if (operation.method !== 'GET') return undefined;
  const success = successOf(operation);
  const answer = answerShape(operation, thing);
  if (answer?.holds === 'other' && !isOpen(success?.schema, thing.schemas)) return undefined;
  const what = answer?.holds === 'content' ? `the content of one ${thing.name}` : `one ${thing.name}`;
  return found('read', placed, `it is a GET of ${what}`, { answer });
}
