import type { Contract } from '../../model/contract.ts';
import type { Operation } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { groupOperations, type OperationGroup, splitParameters } from './group-operations.ts';
import { requestSchema, successOf } from './success-body.ts';
import { isSameWord } from './words.ts';

/**
 * Gives the answers of a contract that describes no answer of success at all the bodies that its paths and requests
 * imply: many tools write down what a handler takes, and do not see what it answers. A contract that describes one
 * answer means what it says of the others. Nothing is checked by it.
 *
 * @example withImpliedBodies(contract, schemas).operations[0]?.responses['200']?.content['application/json']?.shape;
 */
export function withImpliedBodies(contract: Contract, schemas: SchemaResolver): Contract {
  const { operations } = contract;
  if (!operations.some((each) => each.method === 'GET' && statusOf(each) !== undefined)) return contract;
  if (operations.some(describesAnswer)) return contract;
  const shapes = new Map(groupOperations(operations).flatMap((group) => [...shapesOf(group, schemas)]));
  const withBody = (operation: Operation): Operation => {
    const shape = shapes.get(operation);
    const status = statusOf(operation);
    const response = status && operation.responses[status];
    if (shape === undefined || !response) return operation;
    const content = { 'application/json': { shape, examples: {} } };
    return { ...operation, responses: { ...operation.responses, [status]: { ...response, content } } };
  };
  return { ...contract, operations: operations.map(withBody) };
}

function describesAnswer({ responses }: Operation): boolean {
  return Object.entries(responses).some(
    ([status, { content }]) => /^2|^default$/i.test(status) && Object.keys(content).length > 0,
  );
}

/** Its status of success, where a body goes with that. */
function statusOf(operation: Operation): string | undefined {
  const status = successOf(operation)?.status;
  return status !== undefined && /^(20[01]|2XX)$/i.test(status) ? status : undefined;
}

/** What is sent to create or to change one is answered, with an id where it has none; the collection answers a list. */
function* shapesOf(group: OperationGroup, schemas: SchemaResolver): Generator<[Operation, Schema]> {
  const { onCollection, onItem, idLength } = group;
  const collection = onCollection.map(({ operation }) => operation);
  const item = onItem.map(({ operation }) => operation);
  const creating = collection.filter(({ method }) => method === 'POST');
  const isMany = item.length > 0 || creating.some(({ responses }) => responses['201'] !== undefined);
  const senders = isMany ? [...creating, ...item] : collection;
  const sent = senders
    .filter(({ method }) => /^(POST|PUT|PATCH)$/.test(method))
    .map(requestSchema)
    .find((schema) => schemas.members(schema).size > 0);
  const isRead = [...collection, ...item].some(({ method }) => method === 'GET');
  if (sent === undefined || !isRead || (!isMany && creating.length > 0)) return;
  const [parameter = 'id'] = onItem.flatMap(({ steps }) => splitParameters(steps, idLength).id.slice(-1));
  const [schema] = item.flatMap(({ parameters }) => parameters.filter(({ name }) => name === parameter));
  const hasId = [...schemas.members(sent).keys()].some((name) => isSameWord(name, parameter) || name === 'id');
  const id = /id$/i.test(parameter) ? 'id' : parameter;
  // Of two parts, so that it is called as its path and not as a request.
  const own: Schema =
    hasId || !isMany ? {} : { required: [id], properties: { [id]: schema?.schema ?? { type: 'string' } } };
  const one: Schema = { type: 'object', allOf: [sent, own] };
  for (const each of item) if (each.method !== 'DELETE') yield [each, one];
  for (const each of collection) {
    if (each.method === 'GET') yield [each, isMany ? { type: 'array', items: one } : one];
    else if (each.method !== 'DELETE') yield [each, one];
  }
}
