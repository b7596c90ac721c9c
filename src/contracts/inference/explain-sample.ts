import type { Operation } from '../../model/operation.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { toEndpoint } from './endpoint.ts';
import { findThing } from './find-thing.ts';
import { groupOperations, type OperationGroup } from './group-operations.ts';
import { withWholes } from './parts.ts';
import { requestSchema, successOf } from './success-body.ts';
import { isOpen } from './thing.ts';
import { singular, toPascalCase } from './words.ts';

/** Why an operation is answered by a sample. */
export interface SampleReason {
  /** What kept more from being inferred, as a sentence without a capital. */
  readonly clue: string;
  /** What the operation is most likely about; absent where it is about nothing that could be stored. */
  readonly thing?: string;
  /** Whether its answer holds one of it, and no list. */
  readonly isOne?: boolean;
}

/**
 * Makes what says of the operations of one system that no clue is found for what stood in the way.
 *
 * @example createSampleExplainer(operations, schemas)(operation).clue; // 'its answer has no schema'
 */
export function createSampleExplainer(
  operations: readonly Operation[],
  schemas: SchemaResolver,
): (operation: Operation) => SampleReason {
  const groups = new Map<Operation, readonly [group: OperationGroup, isOnItem: boolean]>();
  for (const group of withWholes(groupOperations(operations), schemas)) {
    for (const { operation } of group.onItem) groups.set(operation, [group, true]);
    for (const { operation } of group.onCollection) groups.set(operation, [group, false]);
  }
  return (operation) => {
    const [group, isOnItem = false] = groups.get(operation) ?? [];
    if (group === undefined) return { clue: 'its path cannot be read' };
    const found = findThing(group, schemas);
    const name = found?.name ?? (toPascalCase(singular(group.word)) || undefined);
    const { schema } = successOf(operation) ?? {};
    const isOne = schemas.items(schema) === undefined;
    const because = (clue: string): SampleReason => ({ clue, isOne, ...(name !== undefined && { thing: name }) });
    if (found === undefined) {
      const clue = reasonForNothing(operation, isOnItem, schemas);
      return schema === undefined && requestSchema(operation) === undefined ? { clue } : because(clue);
    }
    if (toEndpoint(group, schemas) === undefined) {
      return because(
        group.onItem.length > 0
          ? 'nothing says by which property its path names one'
          : 'no operation creates or reads one by its id, so that this may be any answer',
      );
    }
    return because(reasonForNoRole(operation, found.name, isOnItem));
  };
}

function reasonForNothing(operation: Operation, isOnItem: boolean, schemas: SchemaResolver): string {
  const success = successOf(operation);
  const { method } = operation;
  if (success === undefined) return 'it declares no answer of success';
  if (method === 'GET' && !success.hasBody) return 'its answer has no body';
  if (success.schema === undefined && requestSchema(operation) === undefined) return 'its answer has no schema';
  if (method === 'GET' && isOpen(success.schema, schemas)) return 'its answer may be anything';
  const items = schemas.items(success.schema) ?? success.schema;
  if (method === 'GET' && schemas.members(items).size === 0) return 'its answer has no properties';
  if (!isOnItem && method === 'GET')
    return 'no path below it reads one item, and its path is not called after what it answers';
  return 'nothing in its request and answer describes a thing that is read elsewhere';
}

function reasonForNoRole({ method }: Operation, name: string, isOnItem: boolean): string {
  if (isOnItem) return `what it answers does not look like ${name}`;
  switch (method) {
    case 'GET':
      return `its answer is not a list of ${name}`;
    case 'POST':
      return `what it takes and answers does not look like a new ${name}`;
    default:
      return `it is a ${method} of a whole collection, and not of one ${name}`;
  }
}
