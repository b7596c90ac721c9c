import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { findItem, type ItemHints } from './find-item.ts';
import { findList } from './find-list.ts';
import { type OperationGroup, type Placed, splitParameters } from './group-operations.ts';
import { wholeIn } from './parts.ts';
import { requestSchema, successOf, successSchema } from './success-body.ts';
import { isContent, isOpen, type Thing } from './thing.ts';
import { singular, toPascalCase } from './words.ts';

/**
 * Finds what the operations of a group are about: what the item path reads, else what the collection lists, else what
 * is created; `undefined` where they are about nothing that could be stored.
 *
 * @example findThing(group, schemas)?.name;
 */
export function findThing(group: OperationGroup, schemas: SchemaResolver): Thing | undefined {
  const [first] = group.onItem;
  const idParameters = first === undefined ? [] : splitParameters(first.steps, group.idLength).id;
  const hints: ItemHints = { word: group.word, idParameters };
  const hasItems = group.onItem.length > 0;
  const { whole } = group;
  // What an operation answers with the whole that shows its things is not about that.
  const objectIn = (body: Schema | undefined) =>
    wholeIn(body, whole, schemas) === undefined ? findItem(body, hints, schemas)?.schema : undefined;
  const read = ofMethod(group.onItem, 'GET')
    .map(({ operation }) => objectIn(successSchema(operation)))
    .find(isFound);
  const list = ofMethod(group.onCollection, 'GET')
    .map(({ operation }) =>
      findList(successSchema(operation), { ...hints, hasItems, name: schemas.nameOf(read) }, schemas),
    )
    .find(isFound);
  const isOneWithParts = group.hasParts === true && !hasItems;
  const listed = list?.form === 'ids' || isOneWithParts ? undefined : list?.items;
  const creating = ofMethod(group.onCollection, 'POST');
  const made = creating.map(({ operation }) => objectIn(successSchema(operation))).find(isFound);
  const changing = [
    ...group.onItem.filter(({ operation }) => operation.method !== 'GET'),
    ...(hasItems ? creating : []),
  ];
  const changed = changing.map(({ operation }) => objectIn(requestSchema(operation))).find(isFound);
  const only = hasItems
    ? undefined
    : ofMethod(group.onCollection, 'GET')
        .map(({ operation }) => objectIn(successSchema(operation)))
        .find(isFound);
  const schema =
    read ??
    listed ??
    (isOneWithParts ? only : undefined) ??
    (isIdAlone(made, schemas) ? undefined : made) ??
    whole?.items ??
    changed ??
    made ??
    only ??
    openOf(group, list?.form === 'ids', schemas);
  if (schema === undefined) return undefined;

  const named = schemas.nameOf(schema);
  const isNamed = named !== undefined;
  const name = named ?? (toPascalCase(singular(group.word)) || 'Item');
  return { name, isNamed, schema, members: schemas.members(schema), group, idParameters, schemas };
}

function ofMethod(placed: readonly Placed[], method: string): readonly Placed[] {
  return placed.filter(({ operation }) => operation.method === method);
}

function isFound<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** Whether an answer holds no more of a thing than what to call it by. */
function isIdAlone(schema: Schema | undefined, schemas: SchemaResolver): boolean {
  return schemas.members(schema).size < 2;
}

/**
 * Things of which nothing is said, but that are read by a path of their own, or listed by their ids, and made or changed
 * by one.
 */
function openOf(group: OperationGroup, hasIds: boolean, schemas: SchemaResolver): Schema | undefined {
  const hasItems = group.onItem.length > 0;
  const isRead = ofMethod(hasItems ? group.onItem : group.onCollection, 'GET').some(({ operation }) => {
    const success = successOf(operation);
    return isOpen(success?.schema, schemas) || (!hasItems && success !== undefined && isContent(success));
  });
  const isMade = hasItems
    ? ofMethod(group.onCollection, 'POST').length > 0 || ofMethod(group.onItem, 'PUT').length > 0
    : ofMethod(group.onCollection, 'PUT').some(({ operation }) => operation.requestBody !== undefined);
  return (isRead || hasIds) && isMade ? { type: 'object' } : undefined;
}
