import type { Parameter } from '../../../model/operation.ts';
import type { ListShape } from '../../../model/resource.ts';
import { findList } from '../find-list.ts';
import type { Placed } from '../group-operations.ts';
import { inferListShape } from '../list-shape.ts';
import { requestSchema, successSchema } from '../success-body.ts';
import { type Clue, found, isThing, type Thing } from '../thing.ts';

/**
 * What stands below or beside a collection and answers an array of its things lists some of them: `GET
 * /pets/findByStatus`, `POST /orders/search`, whose body says which.
 */
export function searchClue(placed: Placed, word: string, thing: Thing): Clue | undefined {
  const { operation } = placed;
  const { method } = operation;
  if (method !== 'GET' && method !== 'POST' && method !== 'QUERY') return undefined;
  const { schemas, name, isNamed } = thing;
  const list = findList(
    successSchema(operation),
    { word: thing.group.word, hasItems: false, ...(isNamed && { name }) },
    schemas,
  );
  if (list === undefined || !isThing(list.items, thing)) return undefined;
  if (method === 'GET') {
    return found('list', placed, `"${word}" answers an array of things of its collection`, {
      list: inferListShape(operation, list, thing.schema, schemas),
    });
  }
  if (
    schemas.items(requestSchema(operation)) !== undefined ||
    (method !== 'QUERY' &&
      !/search|query|find|filter|list|lookup|select|export|fetch|retrieve|get(?![a-z])/i.test(
        `${word} ${operation.id}`,
      ))
  )
    return undefined;
  const criteria = criteriaOf(placed, thing);
  const shape: ListShape = {
    ...inferListShape(
      { ...operation, parameters: [...operation.parameters, ...criteria] },
      list,
      thing.schema,
      schemas,
    ),
    isInBody: true,
  };
  return found('list', placed, `it searches: its body says what, and it answers an array of things`, { list: shape });
}

/** The members of a body that says what is looked for, as if they were parameters of a query. */
function criteriaOf({ operation }: Placed, { schemas }: Thing): readonly Parameter[] {
  return [...schemas.members(requestSchema(operation))].flatMap(([name, schema]): readonly Parameter[] => {
    const inner = CRITERIA.test(name) ? [...schemas.members(schema)] : [];
    const members = inner.length > 0 ? inner : [[name, schema] as const];
    return members.map(([member, own]) => ({ in: 'query', name: member, required: false, schema: own }));
  });
}

/** Members of a body whose own members say what is looked for. */
const CRITERIA = /^(filters?|query|criteria|where|conditions?|search|pagination|paging|page)$/i;
