import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { byQueryClue, queryIdOf } from './clues/by-query.ts';
import { changeByBodyClue, changeClue } from './clues/change.ts';
import { createClue } from './clues/create.ts';
import { deleteClue } from './clues/delete.ts';
import { listClue } from './clues/list.ts';
import { manyMadeClue } from './clues/many.ts';
import { readClue } from './clues/read.ts';
import { singletonClues } from './clues/singleton.ts';
import { type FoundId, findId, HIDDEN_ID } from './find-id.ts';
import { findItem } from './find-item.ts';
import { findList } from './find-list.ts';
import { findThing } from './find-thing.ts';
import { type OperationGroup, type Placed, splitParameters } from './group-operations.ts';
import { linkedProperties } from './linked-properties.ts';
import { parametersOf } from './path-template.ts';
import { successSchema } from './success-body.ts';
import type { Clue, Thing } from './thing.ts';
import { aboutSameThing } from './words.ts';

/** What one collection path and its item path say together of a stored thing, before systems are looked at as wholes. */
export interface Endpoint {
  readonly thing: Thing;
  readonly clues: readonly Clue[];
  readonly id: FoundId;
  readonly isSingleton: boolean;
  /** The parameters in its collection path. */
  readonly scope: readonly string[];
  /** The parameter that names an item in its item path. */
  readonly idParameter?: string;
  readonly idSchema?: Schema;
  /** Whether it only lists things whose id nothing here tells: it is another way to those of some other endpoint, or nothing. */
  readonly isView?: boolean;
}

/**
 * Reads the operations of one group as those of a stored thing; `undefined` where nothing says that there is one.
 *
 * @example toEndpoint(group, schemas)?.clues.map(({ role, clue }) => `${role}: ${clue}`);
 */
export function toEndpoint(group: OperationGroup, schemas: SchemaResolver): Endpoint | undefined {
  const thing = findThing(group, schemas);
  if (thing === undefined) return undefined;
  const named = queryIdOf({ ...thing, word: group.word });
  const single = named === undefined ? singletonClues(thing) : undefined;
  const scope = parametersOf(group.steps);
  if (single !== undefined) {
    const id = { property: HIDDEN_ID, alternatives: [], clue: 'there is one of it' };
    return { thing, clues: single, id, isSingleton: true, scope };
  }
  const onCollection = group.onCollection.flatMap((placed) => [
    createClue(placed, thing, named !== undefined),
    listClue(placed, thing),
  ]);
  const onItem = group.onItem.flatMap((placed) => [
    readClue(placed, thing),
    changeClue(placed, thing),
    deleteClue(placed, thing),
  ]);
  const clues = [...onCollection, ...onItem]
    .filter((clue) => clue !== undefined)
    // Where there is a PATCH as well, that is the change that people mean, and a GET is the read.
    .toSorted((one, other) => Number(isSecondChoice(one)) - Number(isSecondChoice(other)));
  const hasItems = group.onItem.length > 0;
  const many = hasItems ? [] : group.onCollection.flatMap((placed) => manyMadeClue(placed, thing) ?? []);
  const byQuery =
    named === undefined ? [] : group.onCollection.flatMap((placed) => byQueryClue(placed, named.name, thing) ?? []);
  clues.push(...many, ...byQuery);
  const roles = new Set(clues.map(({ role }) => (role === 'createMany' ? 'create' : role)));
  if (clues.length === 0) return undefined;
  // A list on its own may be any query. It lists stored things where the path says so: `/invoices` of `Invoice`.
  if (!hasItems && !roles.has('create') && !aboutSameThing(group.word, thing.name)) return undefined;
  const [item] = group.onItem;
  const parameters = item === undefined ? [] : splitParameters(item.steps, group.idLength).id;
  const idParameter = parameters.at(-1);
  const idSchema = strictest(group.onItem.flatMap(idSchemaOf), schemas);
  const { name, members } = thing;
  const hints = {
    name,
    word: group.word,
    parameter: idParameter ?? named?.name,
    parameterSchema: idSchema ?? named?.schema,
    required: schemas.required(thing.schema),
    linked: idParameter === undefined ? [] : linkedIds(clues, group.onItem, idParameter),
  };
  // A client that lists things without ids, which were seeded, cannot know what to call one.
  const isMade = roles.has('create') || clues.some(({ creates }) => creates === true);
  const hasKeys = clues.some(({ list }) => list?.form === 'map' || list?.form === 'ids');
  const isKnownByPath = roles.has('list') ? isMade || hasKeys : hasItems;
  const found = findId(members, hints, schemas);
  const isView = found === undefined && !isKnownByPath && roles.has('list') && thing.isNamed;
  const id = found ?? (isKnownByPath || isView ? HIDDEN : undefined);
  if (id === undefined) return undefined;
  // Of a text in the path and a number in a list or an answer, the number says more.
  const shownId = clues
    .map((clue) => shownOf(clue, thing).get(id.property))
    .find((schema) => isNumber(schema, schemas) && !(idSchema !== undefined && weightOf(idSchema, schemas) > 0));
  const byBody = group.onCollection
    .filter((placed) => !byQuery.some((clue) => clue.placed === placed))
    .flatMap((placed) => changeByBodyClue(placed, thing, id.property) ?? []);
  return {
    thing,
    clues: [...clues, ...byBody],
    id,
    isSingleton: false,
    scope: [...scope, ...parameters.slice(0, -1)],
    idParameter,
    idSchema: isNumber(idSchema, schemas) ? idSchema : (shownId ?? idSchema),
    ...(isView && { isView }),
  };
}

const HIDDEN: FoundId = { property: HIDDEN_ID, alternatives: [], clue: 'it has no id of its own: its path names it' };

/** The properties that links take to the paths of items, to stand there for their ids. */
function linkedIds(clues: readonly Clue[], onItem: readonly Placed[], idParameter: string): readonly string[] {
  return clues.flatMap(({ placed, answer, list }) =>
    linkedProperties(placed.operation, list?.items ?? answer?.path ?? []).flatMap(({ path, operation, parameter }) =>
      parameter === idParameter && onItem.some((each) => each.operation.id === operation) ? [path.join('.')] : [],
    ),
  );
}

function isSecondChoice({ role, placed }: Clue): boolean {
  return (role === 'merge' && placed.operation.method === 'POST') || placed.operation.method === 'HEAD';
}

/** What an operation on an item says of the parameter that names it. */
function idSchemaOf({ operation, steps }: Placed): readonly Schema[] {
  const name = parametersOf(steps).at(-1);
  const parameter = operation.parameters.find((each) => each.in === 'path' && each.name === name);
  return parameter === undefined ? [] : [parameter.schema];
}

/** Of several schemas of one id, the one that says most. */
function strictest(candidates: readonly Schema[], schemas: SchemaResolver): Schema | undefined {
  return candidates.toSorted((one, other) => weightOf(other, schemas) - weightOf(one, schemas))[0];
}

function weightOf(schema: Schema, schemas: SchemaResolver): number {
  return Object.keys(schemas.resolve(schema) ?? {}).filter((keyword) => NARROWS.test(keyword)).length;
}

/** What a list shows of a thing, or the answer to its creation. */
function shownOf({ role, placed }: Clue, { name, group, idParameters, schemas }: Thing): ReadonlyMap<string, Schema> {
  const body = successSchema(placed.operation);
  const { word } = group;
  const one =
    role === 'list'
      ? findList(body, { word, name, hasItems: true }, schemas)?.items
      : role === 'create'
        ? findItem(body, { word, idParameters }, schemas)?.schema
        : undefined;
  return schemas.members(one);
}

function isNumber(schema: Schema | undefined, schemas: SchemaResolver): boolean {
  return [schemas.resolve(schema)?.type].flat().some((type) => type === 'integer' || type === 'number');
}

const NARROWS = /^(format|pattern|enum|const|minLength|maxLength|minimum|maximum|multipleOf)$/;
