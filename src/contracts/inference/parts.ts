import { isDeepStrictEqual } from 'node:util';
import type { Operation } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { type FoundItem, findItem, isEnvelopeWord } from './find-item.ts';
import { findList } from './find-list.ts';
import type { OperationGroup, Placed, Whole } from './group-operations.ts';
import { parametersOf, shapeOf } from './path-template.ts';
import { requestSchema, successSchema } from './success-body.ts';
import { isSameWord, singular } from './words.ts';

/**
 * Marks the collections that the thing above them shows as an array of its own: called alike, of one schema or of views of
 * it. Both are about the same things then, and a line that is added to a cart is in the cart.
 *
 * @example withWholes(groupOperations(operations), schemas).find(({ word }) => word === 'lines')?.whole?.list; // 'lines'
 */
export function withWholes(groups: readonly OperationGroup[], schemas: SchemaResolver): readonly OperationGroup[] {
  const owners = new Map(
    groups.map((group) => {
      const [item] = group.onItem;
      return [item === undefined ? group.shape : shapeOf(item.steps), group] as const;
    }),
  );
  const wholes = new Map<OperationGroup, Whole>();
  const withParts = new Set<OperationGroup>();
  const posted = new Map<Placed, OperationGroup>();
  for (const group of groups) {
    const { steps } = group;
    const shape = shapeOf(steps.slice(0, -1));
    const owner = steps.length > 1 && steps.at(-1)?.word !== undefined ? owners.get(shape) : undefined;
    const whole = owner === undefined ? undefined : wholeOf(group, owner, shape, schemas);
    if (owner === undefined || whole === undefined) continue;
    wholes.set(group, whole);
    withParts.add(owner);
    for (const placed of owner.onItem) if (takesPart(placed, whole, schemas)) posted.set(placed, group);
  }
  if (wholes.size === 0) return groups;
  return groups.map((group) => {
    const whole = wholes.get(group);
    const others = group.onItem.filter((placed) => !posted.has(placed));
    const own = [...posted].flatMap(([placed, to]) => (to === group ? [placed] : []));
    return {
      ...group,
      onItem: others,
      onCollection: [...group.onCollection, ...own],
      ...(whole !== undefined && { whole }),
      ...(withParts.has(group) && { hasParts: true }),
    };
  });
}

/** `POST /carts/{id}` that takes one of the cart's lines, and answers the cart, adds a line. */
function takesPart({ operation }: Placed, whole: Whole, schemas: SchemaResolver): boolean {
  const sent = requestSchema(operation);
  if (operation.method !== 'POST' || sent === undefined || !isSame(sent, whole.items, schemas)) return false;
  return wholeIn(successSchema(operation), whole, schemas) !== undefined;
}

/** Where an answer of what stands below a thing holds that thing as a whole: `POST /carts/{id}/items` answers the cart. */
export function wholeIn(
  body: Schema | undefined,
  whole: Whole | undefined,
  schemas: SchemaResolver,
): FoundItem | undefined {
  const found = whole === undefined ? undefined : findItem(body, whole, schemas);
  return whole !== undefined && found?.isArray === false && isSame(found.schema, whole.schema, schemas)
    ? found
    : undefined;
}

function wholeOf(
  part: OperationGroup,
  { word, onItem, onCollection }: OperationGroup,
  shape: string,
  schemas: SchemaResolver,
): Whole | undefined {
  const isOne = onItem.length === 0;
  const read = (isOne ? onCollection : onItem).find(({ operation }) => operation.method === 'GET');
  if (read === undefined) return undefined;
  const idParameters = isOne ? [] : parametersOf(read.steps).slice(-1);
  const found = findItem(successSchema(read.operation), { word, idParameters }, schemas);
  if (found === undefined || found.isArray) return undefined;
  const { schema } = found;
  for (const [list, member] of schemas.members(schema)) {
    const items = schemas.items(member);
    if (items === undefined || schemas.members(items).size === 0 || isSame(items, schema, schemas)) continue;
    const whole = { shape, word, idParameters, schema, list, items };
    if (areCalledAlike(list, part.word, word) && isOfItems(part, whole, schemas)) return whole;
  }
  return undefined;
}

/** `/carts/{id}/items` may be its `items` or its `cartItems`, and `/carts/{id}/cart-items` its `items`. */
function areCalledAlike(list: string, word: string, owner: string): boolean {
  const head = singular(owner);
  return isSameWord(list, word) || isSameWord(list, `${head}${word}`) || isSameWord(`${head}${list}`, word);
}

/** Whether what a collection reads, or else takes, is what the array of the whole holds. */
function isOfItems({ word, onItem, onCollection }: OperationGroup, whole: Whole, schemas: SchemaResolver): boolean {
  const bodies = (placed: readonly Placed[], methods: RegExp, bodyOf: (operation: Operation) => Schema | undefined) =>
    placed
      .filter(({ operation }) => methods.test(operation.method))
      .flatMap(({ operation }) => {
        const body = bodyOf(operation);
        return body === undefined ? [] : [body];
      });
  const inList = (body: Schema) => findList(body, { word, hasItems: onItem.length > 0 }, schemas)?.items;
  const inOne = (body: Schema) => findItem(body, { word, idParameters: [] }, schemas)?.schema;
  const read = [
    ...bodies(onCollection, /^GET$/, successSchema).map(inList),
    ...bodies(onItem, /^GET$/, successSchema).map(inOne),
  ].filter((body) => body !== undefined);
  const taken = [...bodies(onCollection, /^POST$/, requestSchema), ...bodies(onItem, /^(PUT|PATCH)$/, requestSchema)]
    .map(inOne)
    .filter((body) => body !== undefined);
  const shown = read.filter((body) => !isSame(body, whole.schema, schemas));
  const known = shown.length > 0 ? shown : taken;
  return known.length > 0 && known.every((body) => areViews(body, whole.items, schemas));
}

/** Whether two schemas are one, or have most of their properties in common. */
function areViews(one: Schema, other: Schema, schemas: SchemaResolver): boolean {
  if (isSame(one, other, schemas)) return true;
  const [own, others] = [one, other].map((each) =>
    [...schemas.members(each).keys()].filter((name) => !isEnvelopeWord(name)),
  ) as [string[], string[]];
  const shared = own.filter((name) => others.includes(name)).length;
  return shared > 0 && shared * 2 >= Math.min(own.length, others.length);
}

function isSame(one: Schema, other: Schema, schemas: SchemaResolver): boolean {
  if (one === other) return true;
  const [name, otherName] = [schemas.nameOf(one), schemas.nameOf(other)];
  return name === undefined && otherName === undefined ? isDeepStrictEqual(one, other) : name === otherName;
}
