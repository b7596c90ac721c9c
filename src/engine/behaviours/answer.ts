import type { Command } from '../../model/command.ts';
import { jsonContent, type Operation, type Response, shownSchema } from '../../model/operation.ts';
import type { AnswerShape } from '../../model/resource.ts';
import type { Schema } from '../../model/schema.ts';
import type { Reader } from '../state/reader.ts';
import type { Entity } from '../state/store/store.ts';
import type { PartLink, StoredResource } from '../state/stored-resource.ts';
import type { ReadWork } from '../state/work.ts';
import { type BehaviourParts, isSimple } from './behaviour-parts.ts';
import type { BoundOperation } from './bound-operation.ts';
import { conform } from './conform.ts';
import { contentOf } from './content.ts';
import { surround } from './envelope.ts';
import { isSameSchema } from './same-schema.ts';
import { present } from './select.ts';

/** The body of an answer, and whether it is a stored object as it stands. */
export interface Answer {
  readonly body?: unknown;
  readonly stored?: 'body';
}

/** Writes the body that one operation answers an entity with. */
export type AnswerWriter = (work: ReadWork, command: Command, status: number, entity: Entity) => Answer;

/**
 * Makes what writes the answers of an operation: the entity as it is stored where the contract declares that, else what
 * the declared schema has of it, in the envelope that the contract has around it.
 *
 * @example createAnswerWriter(bound, parts)(work, command, 201, entity).body;
 */
export function createAnswerWriter({ entry, binding }: BoundOperation, parts: BehaviourParts): AnswerWriter {
  const { whole } = entry;
  if (binding.answer?.holds === 'whole' && whole !== undefined) return createWholeWriter(binding.answer, whole, parts);
  const forms = new Map<number, Form>();
  return (work, { operation }, status, entity) => {
    let form = forms.get(status);
    if (form === undefined) {
      form = createForm(operation, status, binding.answer, entry, parts);
      forms.set(status, form);
    }
    return form(work, [entity]);
  };
}

/** The same where an operation on a part answers the whole that shows it. */
function createWholeWriter(
  answer: AnswerShape,
  { whole, wholeKey, unstoredWhole }: PartLink,
  parts: BehaviourParts,
): AnswerWriter {
  const forms = new Map<number, Form>();
  return (work, { operation }, status, part) => {
    const form = forms.get(status) ?? createForm(operation, status, { ...answer, holds: 'item' }, whole, parts);
    forms.set(status, form);
    const entity = work.get(whole.collection, wholeKey(part)) ?? unstoredWhole(work, part);
    return entity === undefined ? NOTHING : form(work, [entity]);
  };
}

/** Makes what writes the answers of an operation on several entities: all of them where the contract has an array. */
export function createManyWriter({ entry, binding }: BoundOperation, parts: BehaviourParts) {
  const forms = new Map<number, Form>();
  return (work: ReadWork, { operation }: Command, status: number, entities: readonly Entity[]): Answer => {
    const form = forms.get(status) ?? createForm(operation, status, binding.answer, entry, parts);
    forms.set(status, form);
    // What tells of something else, such as how many there were, tells of none, too.
    const isOfThing = binding.answer?.holds === 'item' && binding.answer.isArray !== true;
    if (entities.length > 0 || binding.answer?.isArray === true) return form(work, entities);
    return isOfThing ? NOTHING : form(work, [NO_ENTITY]);
  };
}

/** Writes the first of the entities, or all where the contract has an array of them. */
type Form = (work: ReadWork, entities: readonly Entity[]) => Answer;

function createForm(
  operation: Operation,
  status: number,
  shape: AnswerShape | undefined,
  entry: StoredResource,
  parts: BehaviourParts,
): Form {
  const response = declared(operation, status);
  const content = jsonContent(response?.content);
  if (shape?.holds === 'content') {
    const text = content?.schema ?? { type: 'string' };
    return (work, [entity = NO_ENTITY]) => ({
      body: contentOf(entity) ?? parts.make(text, work, `${entry.collection}/${entry.keyOf(entity)}`, '/content'),
    });
  }
  if (response !== undefined && content === undefined) return () => NOTHING;
  const schema = content?.schema;
  const path = shape?.path ?? [];
  const inner = path.reduce((outer: Schema | undefined, name) => parts.schemas.members(outer).get(name), schema);
  const item = shape?.isArray === true ? parts.schemas.items(inner) : inner;
  const isWhole =
    item === undefined || isSameSchema(item, entry.resource.schema) || parts.schemas.members(item).size === 0;
  if (path.length === 0 && shape?.isArray !== true && isWhole) {
    return (_work, [entity = NO_ENTITY]) => ({ body: present(entry, entity), stored: 'body' });
  }
  const isOther = shape?.holds === 'other';
  const flags = isOther ? flagsOf(item, operation.method, parts) : undefined;
  if (flags !== undefined) return () => ({ body: flags });
  const view = isWhole || item === undefined ? undefined : createView(item, entry, parts, isOther);
  const wrap = surround(shownSchema(content), path, parts);
  return (work, entities) => {
    const viewed = entities.map((entity) => (view === undefined ? present(entry, entity) : view(work, entity)));
    const body = shape?.isArray === true ? viewed : viewed[0];
    return { body: wrap(body, work, `${entry.collection}/${entities.map(entry.keyOf).join()}`) };
  };
}

/**
 * An answer that only says in a wrapper whether something came of it: `{ data: { following: true } }`. What a DELETE ends is
 * no more, unless its name says that it has ended.
 */
function flagsOf(schema: Schema | undefined, method: string, { schemas, wordFor }: BehaviourParts): Entity | undefined {
  const members = [...schemas.members(schema)];
  const [only] = members.filter(([, member]) => schemas.members(member).size > 0);
  if (members.length !== 1 || only === undefined) return undefined;
  const inner = [...schemas.members(only[1])];
  const values = inner.map(([name, member]): [string, unknown] => {
    const isFlag = [schemas.resolve(member)?.type].flat().includes('boolean');
    return [name, wordFor(name, member, true) ?? (isFlag ? method !== 'DELETE' : undefined)];
  });
  return values.every(([, value]) => value !== undefined) ? { [only[0]]: Object.fromEntries(values) } : undefined;
}

const NO_ENTITY: Entity = Object.freeze({});

/** Shows of an entity what a schema has a place for, with what that demands beyond it. */
export function createView(
  schema: Schema,
  entry: StoredResource,
  parts: BehaviourParts,
  isOther = false,
): (work: Reader, entity: Entity) => Entity {
  const { schemas, validation } = parts;
  const members = [...schemas.members(schema)];
  const whole = schemas.members(entry.resource.schema);
  const differing = new Set(
    members.flatMap(([name, member]) => (isOther || !isSameSchema(member, whole.get(name) ?? {}) ? [name] : [])),
  );
  const fitting = (value: unknown, member: Schema) =>
    validation.check(member)(value).length === 0 ? value : undefined;
  const fill = parts.filler(schema);
  const words = schemas.resolve(schema);
  // What nobody has made is shown with all that is simple, and so is what this view alone has of it.
  const isShownWhole = entry.resource.origin === 'seeded' && !isOther;
  return (work, entity) => {
    const shown = present(entry, entity);
    const view: Record<string, unknown> = {};
    for (const [name, member] of members) {
      const stored = shown[name] ?? (entry.isId(name) && !isOther ? entry.idOf(entity) : undefined);
      // What something else calls by the same name may be of another kind, and so may what another view of it does.
      const own =
        stored === undefined || !differing.has(name)
          ? stored
          : isOther
            ? fitting(stored, member)
            : conform(stored, member, {
                parts,
                make: (missing) => parts.make(missing, work, JSON.stringify(stored), name),
              });
      if (own !== undefined) view[name] = own;
      else if (isOther || stored !== undefined || !whole.has(name)) {
        const word = parts.wordFor(name, member, words?.required?.includes(name) === true);
        const value =
          word ??
          (isOther && entry.isId(name) ? entry.idOf(entity) : undefined) ??
          (isShownWhole && !entry.isId(name) && isSimple(schemas.resolve(member))
            ? parts.make(member, work, `${entry.collection}/${entry.keyOf(entity)}`, name)
            : undefined);
        if (value !== undefined) view[name] = value;
      }
    }
    const key = `${entry.collection}/${entry.keyOf(entity)}`;
    return fill(view, (missing, path) => parts.make(missing, work, key, path));
  };
}

/** The response that an operation declares for a status. */
function declared({ responses }: Operation, status: number): Response | undefined {
  const range = String(status)[0];
  return responses[String(status)] ?? responses[`${range}XX`] ?? responses[`${range}xx`] ?? responses.default;
}

const NOTHING: Answer = Object.freeze({});
