import type { Placed } from '../group-operations.ts';
import { requestSchema } from '../success-body.ts';
import { answerShape, type Clue, found, isCalled, isThing, requestPath, type Thing } from '../thing.ts';

/** PUT of an item replaces it, PATCH changes it, and so does POST, which some contracts have in place of both. */
export function changeClue(placed: Placed, thing: Thing): Clue | undefined {
  const { operation } = placed;
  const { method } = operation;
  const shape = { request: requestPath(operation, thing), answer: answerShape(operation, thing) };
  const patches = operationsIn(placed, thing);
  if (method === 'PATCH' && patches !== undefined)
    return found('merge', placed, `"${patches}" in its body is a patch of one ${thing.name}`, {
      patches,
      answer: shape.answer,
    });
  if (method === 'PATCH') return found('merge', placed, `it is a PATCH of one ${thing.name}`, shape);
  if (method === 'PUT') {
    const creates = doesCreate(placed, thing);
    const clue =
      creates === undefined ? `it is a PUT of one ${thing.name}` : `it is a PUT of one ${thing.name}, and ${creates}`;
    return found('replace', placed, clue, { ...shape, ...(creates !== undefined && { creates: true }) });
  }
  if (method !== 'POST') return undefined;
  const isPut = thing.group.onItem.some((each) => each.operation.method === 'PUT' || each.operation.method === 'PATCH');
  if (
    !isPut &&
    !thing.group.onCollection.some((each) => each.operation.method === 'POST') &&
    operation.responses['201'] !== undefined
  ) {
    return found('replace', placed, `it is a POST of one ${thing.name} that answers 201`, { ...shape, creates: true });
  }
  return found('merge', placed, `it is a POST of one ${thing.name}`, shape);
}

/** The list of operations in the body of a patch, each of which says what it does and where: that of SCIM. */
function operationsIn({ operation }: Placed, { schemas, members }: Thing): string | undefined {
  const body = [...schemas.members(requestSchema(operation))];
  const lists = body.filter(([name, schema]) => {
    const item = schemas.members(schemas.items(schema));
    return !members.has(name) && item.has('op') && (item.has('path') || item.has('value'));
  });
  return lists.length === 1 ? lists[0]?.[0] : undefined;
}

/** PUT or PATCH of a collection path changes the one thing that the body names. */
export function changeByBodyClue(placed: Placed, thing: Thing, idProperty: string): Clue | undefined {
  const { operation } = placed;
  const { method } = operation;
  if (method !== 'PUT' && method !== 'PATCH') return undefined;
  const request = requestSchema(operation);
  const path = requestPath(operation, thing);
  const body = path[0] === undefined ? request : thing.schemas.members(request).get(path[0]);
  if (!thing.schemas.members(body).has(idProperty) || !isThing(body, thing)) return undefined;
  const creates = method === 'PUT' ? doesCreate(placed, thing) : undefined;
  const clue = `its body is a ${thing.name} with its "${idProperty}"${creates === undefined ? '' : `, and ${creates}`}`;
  const shape = {
    ...(creates !== undefined && { creates: true }),
    request: path,
    answer: answerShape(operation, thing),
    idFrom: { in: 'body', name: idProperty } as const,
  };
  return found(method === 'PUT' ? 'replace' : 'merge', placed, clue, shape);
}

/** What says that a PUT creates what is not there. */
function doesCreate({ operation }: Placed, { group }: Thing): string | undefined {
  if (operation.responses['201'] !== undefined) return 'it may answer 201';
  const isCreatable = group.onCollection.some((each) => each.operation.method === 'POST');
  if (isCreatable || isCalled(operation, /^(update|modify|edit|change|replace|patch|rename|move)$/i)) return undefined;
  // What carries nothing cannot change anything: it says that the thing is there.
  if (operation.requestBody === undefined) return 'it says no more than that there is one';
  return isCalled(operation, /^(create|put|set|add|save|store|upsert|register|define|insert)$/i)
    ? 'nothing else creates one'
    : undefined;
}
