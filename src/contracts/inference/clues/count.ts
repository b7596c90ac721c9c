import type { Placed } from '../group-operations.ts';
import { inferListShape } from '../list-shape.ts';
import { successSchema } from '../success-body.ts';
import { type Clue, found, type Thing } from '../thing.ts';

/** `GET /orders/count` counts, where it answers a number or an object with one number in it. */
export function countClue(placed: Placed, word: string, thing: Thing): Clue | undefined {
  const { operation } = placed;
  if (operation.method !== 'GET' || !/^(count|total)$|count$/i.test(word)) return undefined;
  const { schemas } = thing;
  const body = successSchema(operation);
  const isNumber = (schema: typeof body) => {
    const types = [schemas.resolve(schema)?.type].flat();
    return types.includes('integer') || types.includes('number');
  };
  const members = [...schemas.members(body)].filter(([, schema]) => isNumber(schema)).map(([name]) => name);
  const property = members.find((name) => /count|total/i.test(name)) ?? members[0];
  if (!isNumber(body) && property === undefined) return undefined;
  const shape = inferListShape(operation, { path: [], form: 'objects' }, thing.schema, schemas);
  const figures = [{ path: property === undefined ? [] : [property], figure: 'total' as const }];
  return found('count', placed, `"${word}" answers how many there are`, { list: { ...shape, figures } });
}
