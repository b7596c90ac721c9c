import { createAssembler, type Source } from '../lib/assembler.ts';
import { bareWord } from '../lib/bare-word.ts';
import type { Operation } from '../model/operation.ts';
import { type Binding, collectionOf, holderOfAll, isHidden, type Resource } from '../model/resource.ts';
import type { Schema } from '../model/schema.ts';
import { createAnnouncer } from './behaviours/announce.ts';
import type { BehaviourParts } from './behaviours/behaviour-parts.ts';
import { createSentFitter } from './behaviours/fit-sent.ts';
import type { ValueMaker } from './behaviours/make-value.ts';
import { createIdMaker } from './behaviours/new-id.ts';
import { requestSchemaOf } from './behaviours/request-schema.ts';
import { createSuppliedItems } from './behaviours/supplied-items.ts';
import { setMoveTimer } from './behaviours/timed-moves.ts';
import { valueAtPath, withValueAt } from './behaviours/value-at.ts';
import { checkMove, moveOf, requireKnownStates } from './lifecycle/lifecycle.ts';
import type { Change } from './state/change.ts';
import type { Entity } from './state/store/store.ts';
import type { PartLink, ServerValues, StoredResource, SuppliedItems } from './state/stored-resource.ts';
import type { ResourceRules } from './system.ts';
import { tmf630Rules } from './tmf630/tmf630-rules.ts';

/** A stored resource with the rules of its system. */
export interface ResourceEntry extends StoredResource {
  readonly rules: ResourceRules;
}

/** What things are made of that no request makes. */
export interface Supplies {
  readonly make?: ValueMaker;
  /** What the contract shows of such things. */
  readonly examples: () => readonly Entity[];
  /** Another resource of the same system, by a word for it. */
  readonly entry: (name: string) => StoredResource | undefined;
}

/** All rules have one shape: V8 compiles anew whatever looks into them with each shape that it has not met. */
const NO_RULES: Record<keyof ResourceRules, undefined> = {
  id: undefined,
  lifecycle: undefined,
  complete: undefined,
  check: undefined,
  changed: undefined,
  removing: undefined,
  announce: undefined,
  present: undefined,
};

const NO_SUPPLIES: Supplies = { examples: () => [], entry: () => undefined };
const NOTHING_SUPPLIED: SuppliedItems = { get: () => undefined, query: () => undefined, settle: () => {} };

/** An entry to which its children are added once all are there. */
export type OpenEntry = ResourceEntry & {
  readonly children: (StoredResource & { parentProperty: string })[];
  readonly parts: PartLink[];
  whole?: PartLink;
};

/**
 * Works out what there is to know about a resource; without rules of a system, its contract alone says how it behaves.
 *
 * @example createResourceEntry(resource, {}, parts).keyOf(entity);
 */
export function createResourceEntry(
  resource: Resource,
  ownRules: ResourceRules | undefined,
  parts: BehaviourParts,
  supplies: Supplies = NO_SUPPLIES,
): OpenEntry {
  const { schemas } = parts;
  const rules: ResourceRules = {
    ...NO_RULES,
    ...(ownRules ?? contractRules(resource, parts, (entity) => entry.keyOf(entity), supplies.entry)),
  };
  const properties = schemas.members(resource.schema);
  const names = [...properties.keys()];
  const defaults = Object.fromEntries(
    names
      .map((name) => [name, schemas.resolve(properties.get(name))?.default])
      .filter(([, value]) => value !== undefined),
  ) as Entity;
  const { lifecycle } = rules;
  const initial: Entity = {
    ...defaults,
    ...resource.initialValues,
    ...(lifecycle !== undefined && { [lifecycle.property]: lifecycle.initial }),
  };
  requireKnownStates(resource, rules.lifecycle, schemas.resolve(properties.get(rules.lifecycle?.property ?? ''))?.enum);
  const closed = new WeakMap<Operation, readonly string[]>();
  const openIds = new WeakMap<Operation, string | undefined>();
  const { idProperty, scope = [], isScopedId = false } = resource;
  const idPath = properties.has(idProperty) ? [idProperty] : idProperty.split('.');
  const isNestedId = idPath.length > 1;
  const [idName = ''] = idPath;
  const idSchema = idPath.reduce(
    (schema: Schema | undefined, name) => schemas.members(schema).get(name),
    resource.schema,
  );
  // Bodies that are no objects are kept beside what describes a thing.
  const hasContent = resource.bindings?.some(({ answer }) => answer?.holds === 'content') === true;
  const scopes = resource.bindings?.flatMap((each) => each.scope ?? []).map(({ property }) => property) ?? [];
  const hidden = [
    ...new Set([idName, ...scope, ...scopes, resource.parent?.property ?? '', hasContent ? '$content' : '']),
  ].filter(isHidden);
  const idOf = isNestedId ? (entity: Entity) => valueAtPath(entity, idPath) : (entity: Entity) => entity[idName];
  const channelsOn = (kind: 'created' | 'updated' | 'deleted') =>
    resource.announcements.filter(({ on }) => on === kind).map(({ channel }) => channel);
  const [onCreation, onUpdate, onDeletion] = [channelsOn('created'), channelsOn('updated'), channelsOn('deleted')];
  const moves = lifecycle?.moves ?? [];
  const moveNames = new Map(moves.map((move) => [move, `${collectionOf(resource)} ${move.from} -> ${move.to}`]));
  const doMovesAnnounce = moves.some(({ announces }) => announces !== undefined);
  const channelsFor = (change: Change): readonly string[] => {
    const channels = change.before === undefined ? onCreation : change.after === undefined ? onDeletion : onUpdate;
    if (!doMovesAnnounce) return channels;
    const move = moveOf(rules.lifecycle, change);
    return move?.announces === undefined ? channels : [...channels, move.announces];
  };
  const serverValueAt = new Map<string | undefined, keyof ServerValues>([
    [idName, 'id'],
    [resource.createdProperty, 'created'],
    [resource.updatedProperty, 'updated'],
    [resource.hrefProperty, 'href'],
  ]);
  // A nested id is part of an object that a client may have sent the rest of.
  if (isNestedId) serverValueAt.delete(idName);
  const sourcesOf = (name: string, owned: keyof ServerValues | undefined): readonly Source[] =>
    owned === undefined
      ? [[0, name]]
      : [
          [1, owned],
          [0, name],
        ];
  const assemble = createAssembler(
    () =>
      [...names, ...(isHidden(idName) ? [idName] : [])].map((name) => {
        const from = sourcesOf(name, serverValueAt.get(name));
        return { name, from: Object.hasOwn(initial, name) ? [...from, [2, name]] : from };
      }),
    0,
  );
  const inOrder = createAssembler(
    () =>
      names.map((name) => ({ name, from: sourcesOf(name, name === resource.updatedProperty ? 'updated' : undefined) })),
    0,
  );
  const typed = (schema: Schema | undefined, text: string): unknown => {
    const [type] = [schemas.resolve(schema)?.type].flat().filter((each) => each !== 'null');
    const isNumber = (type === 'integer' || type === 'number') && text.trim() !== '' && Number.isFinite(Number(text));
    return isNumber ? Number(text) : type === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : text;
  };
  const keyFor = (id: string, values: Entity): string =>
    isScopedId ? [...scope.map((name) => String(values[name])), id].map(encodeURIComponent).join('/') : id;
  // Some contracts keep all that a thing has in one object of it: what is called `title` is `attributes.title` there.
  const inner = holderOfAll(names) ?? '';
  const within = [...schemas.members(properties.get(inner)).keys()].map((name) => [bareWord(name), `${inner}.${name}`]);
  const like = new Map([...within, ...names.map((name) => [bareWord(name), name])] as [string, string][]);
  const idWords = new Set([
    ...['id', 'deletedid', 'removedid'],
    bareWord(`${resource.name}Id`),
    bareWord(resource.idParameter ?? 'id'),
    bareWord(idPath.at(-1) ?? 'id'),
  ]);
  const required = schemas.required(resource.schema);
  const newId = createIdMaker(
    resource.name,
    [idSchema, resource.idSchema].filter((schema) => schema !== undefined),
    schemas,
    parts.validation,
    supplies.make,
  );
  const shown = new WeakMap<Entity, Entity>();
  let supplied: SuppliedItems | undefined;
  const entry: OpenEntry = {
    resource,
    collection: collectionOf(resource),
    rules,
    // TMF630 has a thing always say where it is; systems with code say for themselves.
    alwaysSent:
      resource.tmf630 !== undefined && ownRules === undefined ? [idName, resource.hrefProperty ?? idName] : [],
    children: [],
    parts: [],
    idPath,
    isShownAsStored: hidden.length === 0 && rules.present === undefined,
    idOf,
    fitsPath: (id) =>
      resource.idSchema === undefined ||
      [id, typed(resource.idSchema, String(id))].some(
        (each) => parts.validation.check(resource.idSchema as Schema)(each).length === 0,
      ),
    withId: (id) => withValueAt({}, idPath, typed(idSchema, id)),
    keyOf: isScopedId ? (entity) => keyFor(String(idOf(entity)), entity) : (entity) => String(idOf(entity)),
    keyFor,
    typed: (property, text) => typed(properties.get(property), text),
    // A system with code has a world of its own.
    get supplied() {
      supplied ??=
        ownRules === undefined
          ? createSuppliedItems(entry, supplies.examples, supplies.entry, parts)
          : NOTHING_SUPPLIED;
      return supplied;
    },
    seedId: (work, index) => {
      const { items } = entry.supplied.query(work, {}, {}) ?? work.query(entry.collection, { limit: MOST_LOOKED_AT });
      const item = items[index % Math.max(items.length, 1)];
      return item === undefined ? undefined : idOf(item);
    },
    declares: (name) => properties.has(name),
    propertyLike: (name) => (properties.has(name.split('.')[0] ?? '') ? name : like.get(bareWord(name))),
    isId: (name) => idWords.has(bareWord(name)),
    isRequired: (name) => required.has(name),
    idNameIn: (operation) => {
      if (!openIds.has(operation)) {
        const { request: path = [] } = bindingOf(resource, operation) ?? {};
        const sent = schemas.members(requestSchemaOf(operation, path, schemas));
        // What a request calls as the path calls one is what it is called by.
        const inPath = resource.idParameter ?? idName;
        const isOwn = properties.has(inPath) || !SEVERAL_WORDS.test(inPath);
        const like = (wanted: string) => [...sent.keys()].find((each) => bareWord(each) === bareWord(wanted));
        const name = sent.has(idName) ? idName : (like(idName) ?? (isOwn ? undefined : like(inPath)));
        const schema = name === undefined ? undefined : sent.get(name);
        const isOpen =
          rules.id === undefined &&
          schema !== undefined &&
          schemas.members(schema).size === 0 &&
          schemas.resolve(schema)?.readOnly !== true &&
          !(typeof schema === 'object' && schema.readOnly === true);
        openIds.set(operation, isOpen ? name : undefined);
      }
      return openIds.get(operation);
    },
    show: (entity) => {
      if (hidden.length === 0) return entity;
      let visible = shown.get(entity);
      if (visible === undefined) {
        visible = Object.fromEntries(Object.entries(entity).filter(([name]) => !hidden.includes(name)));
        shown.set(entity, visible);
      }
      return visible;
    },
    present: (entity) => entry.show(rules.present?.(entity) ?? entity),
    readOnlyFor: (operation, path = []) => {
      let found = closed.get(operation);
      if (found === undefined) {
        const declared = schemas.members(requestSchemaOf(operation, path, schemas));
        const undeclared = declared.size === 0 ? [] : names.filter((name) => !declared.has(name));
        // What a verb takes by name it sets, though no other request may: the reason of a cancellation.
        const isVerb = bindingOf(resource, operation)?.role === 'act';
        const isCarried = (name: string) => {
          const schema = declared.get(name);
          return (
            isVerb && schema !== undefined && !serverValueAt.has(name) && schemas.resolve(schema)?.readOnly !== true
          );
        };
        found = [...new Set([...resource.serverOwned, ...undeclared])].filter((name) => !isCarried(name));
        closed.set(operation, found);
      }
      return found;
    },
    // A system with code reads requests on its own.
    fitted: ownRules === undefined ? createSentFitter(resource, parts) : (_work, _operation, _path, sent) => sent,
    compose: (owned, draft) => {
      const entity = assemble(draft, owned as Entity, initial);
      return isNestedId ? inOrder(withValueAt(entity, idPath, owned.id), NO_SERVER_VALUES as Entity) : entity;
    },
    inOrder: (entity, owned: ServerValues = NO_SERVER_VALUES) => inOrder(entity, owned as Entity),
    newId,
    hrefOf: (entity, id) => (resource.hrefProperty === undefined ? undefined : hrefOf(resource, entity, id)),
    checkMove: (before, after) => checkMove(resource.name, rules.lifecycle, before, after),
    nameOfMove: (move) => moveNames.get(move) as string,
    channelsFor,
  };
  return entry;
}

/** How a thing behaves of which its contract alone is known: what nobody can send is made. */
function contractRules(
  resource: Resource,
  parts: BehaviourParts,
  keyOf: (entity: Entity) => string,
  entryOf: Supplies['entry'],
): ResourceRules {
  const fill = parts.filler(resource.schema);
  const collection = collectionOf(resource);
  const { lifecycle, relations = {} } = resource;
  const { tmf630 } = resource;
  const forum =
    tmf630 === undefined ? undefined : tmf630Rules({ ...resource, tmf630 }, parts.schemas.members(resource.schema));
  return {
    ...forum,
    announce: createAnnouncer(resource, parts),
    complete(work, draft) {
      const key = `${collection}/${keyOf(draft)}`;
      const known = forum?.complete(work, draft) ?? draft;
      return fill(known, (missing, path) => {
        const made = parts.make(missing, work, key, path);
        const related = relations[path.slice(1)];
        if (related === undefined) return made;
        const index = Math.floor(work.random('related', key, path)() * MOST_LOOKED_AT);
        const id = entryOf(related)?.seedId(work, index);
        return typeof id === typeof made ? id : made;
      });
    },
    ...(lifecycle !== undefined && {
      lifecycle,
      changed(work, change) {
        const entity = change.after ?? change.before;
        if (entity !== undefined) setMoveTimer(work, collection, lifecycle, keyOf(entity), change);
      },
    }),
  };
}

function bindingOf(resource: Resource, operation: Operation): Binding | undefined {
  return resource.bindings?.find((each) => each.operation === operation.id && each.contract === operation.contract);
}

function hrefOf({ itemPath, scope = [] }: Resource, entity: Entity, id: unknown): string | undefined {
  const parts = itemPath?.split(/\{[^}]+\}/);
  return parts?.reduce((href, part, index) => {
    const value = index === parts.length - 1 ? id : entity[scope[index - 1] ?? ''];
    return `${href}${encodeURIComponent(String(value))}${part}`;
  });
}

const SEVERAL_WORDS = /[-_]|\p{Ll}\p{Lu}/u;

/** Things among which one is chosen for another to refer to. */
const MOST_LOOKED_AT = 16;

const NO_SERVER_VALUES: ServerValues = Object.freeze({});
