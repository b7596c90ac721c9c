import type { Operation } from '../../model/operation.ts';
import type { AnswerShape, Binding, Role } from '../../model/resource.ts';
import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { findItem, isEnvelopeWord, isWrapperWord } from './find-item.ts';
import type { OperationGroup, Placed } from './group-operations.ts';
import { wholeIn } from './parts.ts';
import { requestSchema, type Success, successOf } from './success-body.ts';
import { haveSameTail, isSameWord, wordsOf } from './words.ts';

/** What the operations on one path are about, as far as the path alone shows. */
export interface Thing {
  readonly name: string;
  /** Whether the name is that of a schema, and not made from the path. */
  readonly isNamed: boolean;
  readonly schema: Schema;
  readonly members: ReadonlyMap<string, Schema>;
  readonly group: OperationGroup;
  /** The parameters that name one in its item path. */
  readonly idParameters: readonly string[];
  readonly schemas: SchemaResolver;
}

/** A role that an operation plays, before the resource is put together. */
export type Clue = Omit<Binding, 'operation' | 'contract' | 'idParameter' | 'scope'> & { readonly placed: Placed };

/** Makes what a clue finds. */
export function found(role: Role, placed: Placed, clue: string, more: Partial<Clue> = {}): Clue {
  return { role, placed, clue, ...more };
}

/** Where in a request the thing stands, as property names from the outside in. */
export function requestPath(operation: Operation, { members, name, group, schemas }: Thing): readonly string[] {
  const body = schemas.members(requestSchema(operation));
  const overlap = (names: ReadonlyMap<string, Schema>) => [...names.keys()].filter((each) => members.has(each)).length;
  const whole = overlap(body);
  for (const [property, schema] of body) {
    const inner = schemas.members(schemas.items(schema) ?? schema);
    const isAboutIt = isWrapperWord(property) || isSameWord(property, name) || haveSameTail(property, group.word);
    if (!isAboutIt || members.has(property) || inner.size === 0) continue;
    if (overlap(inner) > 0 ? overlap(inner) >= whole : whole === 0 && body.size === 1) return [property];
  }
  return [];
}

/** How the answer of an operation holds the thing; `undefined` for an answer without a body. */
export function answerShape(operation: Operation, thing: Thing): AnswerShape | undefined {
  const success = successOf(operation);
  if (success === undefined || !success.hasBody) return undefined;
  const { schema } = success;
  const whole = wholeIn(schema, thing.group.whole, thing.schemas);
  if (whole !== undefined) return { holds: 'whole', path: whole.path };
  const item = findItem(schema, { word: thing.group.word, idParameters: thing.idParameters }, thing.schemas);
  if (item === undefined) {
    if (isContent(success)) return { holds: 'content', path: [] };
    return { holds: isOpen(schema, thing.schemas) ? 'item' : 'other', path: [] };
  }
  const { path, isArray } = item;
  if (isThing(item.schema, thing)) return { holds: 'item', path, ...(isArray && { isArray }) };
  const own = isArray ? undefined : memberOfName(item.schema, thing);
  return own === undefined ? { holds: 'other', path: [] } : { holds: 'item', path: [...path, own] };
}

/** The one member that has the schema of the thing by its name: `{server, root_password}` answers a server. */
function memberOfName(schema: Schema, { isNamed, name, group, schemas }: Thing): string | undefined {
  if (!isNamed) return undefined;
  const own = [...schemas.members(schema)].filter(([, member]) => schemas.nameOf(member) === name);
  const [only] = own;
  return own.length === 1 && only !== undefined && haveSameTail(only[0], group.word) ? only[0] : undefined;
}

/** Whether an answer is the content of a file or a text, and no description of a thing. */
export function isContent({ response }: Success): boolean {
  const types = Object.keys(response.content);
  return types.length > 0 && types.every((type) => !/[/+]json\b|^\*\/\*$/.test(type));
}

/** Whether a schema is that of the thing, or of another view of it. */
export function isThing(
  schema: Schema | undefined,
  thing: Pick<Thing, 'isNamed' | 'name' | 'members' | 'schemas'>,
): boolean {
  const { schemas, members, name } = thing;
  if (thing.isNamed && schemas.nameOf(schema) === name) return true;
  const own = [...schemas.members(schema).keys()];
  const shared = own.filter((property) => members.has(property) && !isEnvelopeWord(property));
  return (
    shared.length > 0 && shared.length * 2 >= Math.min(own.filter((each) => !isEnvelopeWord(each)).length, members.size)
  );
}

/** Whether nothing is said of what a body holds. */
export function isOpen(schema: Schema | undefined, schemas: SchemaResolver): boolean {
  const resolved = schemas.resolve(schema);
  if (resolved === undefined) return schema !== false;
  const types = [resolved.type].flat().filter((type) => type !== undefined);
  return (
    schemas.members(schema).size === 0 &&
    schemas.items(schema) === undefined &&
    types.every((type) => type === 'object')
  );
}

/**
 * Whether an operation's id or summary begins with one of these words, or has it right behind the name of a group; with
 * `orItsPath` also whether its path ends in one.
 */
export function isCalled({ id, path, summary = '' }: Operation, words: RegExp, orItsPath = false): boolean {
  const own = [...wordsOf(id).slice(0, 3), ...wordsOf(summary).slice(0, 1)];
  const behind = orItsPath ? wordsOf(path.slice(path.lastIndexOf('/'))) : [];
  return [...own, ...behind].some((word) => words.test(word));
}
