import type { Placed } from '../group-operations.ts';
import { answerShape, type Clue, found, type Thing } from '../thing.ts';

/** DELETE of an item path deletes it, whatever it answers. */
export function deleteClue(placed: Placed, thing: Thing): Clue | undefined {
  const { operation } = placed;
  if (operation.method !== 'DELETE') return undefined;
  return found('delete', placed, `it is a DELETE of one ${thing.name}`, { answer: answerShape(operation, thing) });
}
