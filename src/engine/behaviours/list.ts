import { type Command, type Outcome, Refusal } from '../../model/command.ts';
import { hasQuery, jsonContent, shownSchema, successStatus } from '../../model/operation.ts';
import type { Binding, Figure, ListShape } from '../../model/resource.ts';
import type { Schema } from '../../model/schema.ts';
import { holdsLarge, requireShortPage } from '../state/bounded-state.ts';
import { allOf } from '../state/store/filter.ts';
import type { Entity, Page, Query } from '../state/store/store.ts';
import type { StoredResource } from '../state/stored-resource.ts';
import type { ReadWork } from '../state/work.ts';
import type { ReadHandler } from '../system.ts';
import { parseTmfQuery } from '../tmf630/attribute-query.ts';
import { createAnswerWriter, createView } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, bindingsOf, scopeFilter, scopeIn } from './bound-operation.ts';
import { type Figures, surround } from './envelope.ts';
import { asQuery, declaredFilters, orderOf, withMembers } from './list-criteria.ts';
import { cursorAt, figureOf, type ListFacts, linkHeaderOf, pageOf } from './page.ts';
import { present, project, selectedFields } from './select.ts';

/** GET of a collection: filtered, sorted, paged and wrapped as its contract has it. */
export function listBehaviour(bound: BoundOperation, parts: BehaviourParts): ReadHandler {
  if (bound.binding.list?.form === 'first') return firstBehaviour(bound, parts);
  const { entry } = bound;
  const binding = tmf630List(bound);
  const attributes = entry.resource.tmf630 === undefined ? undefined : parts.schemas.members(entry.resource.schema);
  const more = ({ rawQuery }: Command): Pick<Query, 'filter' | 'order'> =>
    attributes === undefined || rawQuery === ''
      ? {}
      : parseTmfQuery(rawQuery, (name) => attributes.has(name), entry.resource.hrefProperty);
  let writer: ListWriter | undefined;
  return (work, command) => {
    writer ??= createListWriter(bound, command, parts);
    return answerList(entry, work, command, more(command), binding, writer);
  };
}

/** TMF630 filters by any attribute, declared or not, and counts in headers. */
function tmf630List({ entry, binding }: BoundOperation): Binding {
  if (entry.resource.tmf630 === undefined || binding.list === undefined) return binding;
  const counted = { totalHeader: 'x-total-count', countHeader: 'x-result-count', linkHeader: 'link' };
  return { ...binding, list: { ...binding.list, ...counted, filters: {} } };
}

/** GET of the one thing that the parameters mean; refuses with 404 where there is none. */
function firstBehaviour(bound: BoundOperation, parts: BehaviourParts): ReadHandler {
  const { entry, binding } = bound;
  const write = createAnswerWriter(bound, parts);
  // Where nothing says which, and no status that there is none, one has to be shown.
  const isAsked = ({ operation }: Command) =>
    '204' in operation.responses || '404' in operation.responses || hasQuery(operation);
  const madeUp = (work: ReadWork) => parts.make(entry.resource.schema, work, entry.collection, 'first') as Entity;
  return (work, command) => {
    const scope = scopeIn(bound, command);
    const { list = NO_SHAPE } = binding;
    const filter = allOf(scopeFilter(scope), ...declaredFilters(list, withMembers(command, list.objects)));
    const query = { filter, limit: 1 };
    const [found] = (entry.supplied.query(work, query, scope) ?? work.query(entry.collection, query)).items;
    const entity = found ?? (isAsked(command) ? undefined : madeUp(work));
    if (entity !== undefined) return { status: 200, ...write(work, command, 200, entity) };
    if ('204' in command.operation.responses) return { status: 204 };
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the ${entry.resource.name}: none is as the query says. Check its parameters.`,
    );
  };
}

/**
 * Answers a list with a further filter or order, for systems whose query language goes beyond declared parameters.
 *
 * @example answerList(entry, work, command, { filter: equals('state', 'Active') })
 */
export function answerList(
  entry: StoredResource,
  work: ReadWork,
  request: Command,
  more: Pick<Query, 'filter' | 'order'>,
  binding: Binding = listBindingOf(entry),
  writer: ListWriter = BARE,
): Outcome {
  const shape = binding.list ?? entry.resource.list ?? NO_SHAPE;
  const command = shape.isInBody === true ? asQuery(request) : withMembers(request, shape.objects);
  const scope = scopeIn({ entry, binding }, command);
  const filter = allOf(scopeFilter(scope), ...declaredFilters(shape, command), more.filter);
  const order = more.order ?? orderOf(shape, command, entry);
  const asked = pageOf(shape, command, (id) => rankOf(entry, work, { filter, order }, id));
  const { most } = writer;
  const page = most === undefined ? asked : { offset: asked.offset, limit: Math.min(asked.limit, most) };
  const query = { filter, order, ...page };
  const found = entry.supplied.query(work, query, scope) ?? work.query(entry.collection, query);
  if (holdsLarge(work)) requireShortPage(work, entry.collection, found.items.map(entry.keyOf));
  const fields = selectedFields(entry, shape, command);
  const shown =
    writer.view === undefined
      ? shownItems(entry, found.items)
      : found.items.map((item, index) => (writer.view as View)(work, item, page.offset + index));
  const items = fields === undefined ? shown : shown.map((item) => project(item, fields));
  if (items.length < (writer.least ?? 0)) {
    const answer = withoutItems(command, entry);
    if (answer !== undefined) return answer;
  }
  const facts: ListFacts = { shape, command, page, found, idOf: (index) => idAt(entry, found, index) };
  const headers = headersOf(facts);
  const body = writer.write(items, work, facts);
  const status = '200' in command.operation.responses ? 200 : successStatus(command.operation);
  const isStored = fields === undefined && writer.areItemsStored(body);
  // The usual answer is written in one piece: to copy one costs more than to filter what is in it.
  if (isStored && writer.links === undefined) return { status, headers, body, stored: 'items' };
  return {
    status,
    headers,
    body,
    ...(writer.links !== undefined && { links: writer.links }),
    ...(fields !== undefined && { isPartial: true }),
    ...(isStored && { stored: 'items' }),
  };
}

/** What a list that may not be empty is answered with where nothing is in it, as far as its contract has that. */
function withoutItems({ operation: { responses } }: Command, { resource }: StoredResource): Outcome | undefined {
  if ('204' in responses) return { status: 204 };
  if (!('404' in responses)) return undefined;
  throw new Refusal(
    404,
    'NOT_FOUND',
    `Failed to list ${resource.name}: there is none, and its contract has no empty list. Create one first.`,
  );
}

/** Shows an item; its place in the whole list is for what each has a cursor of its own. */
type View = (work: ReadWork, entity: Entity, place: number) => Entity;

/** How the items of a list, and what stands around them, are written. */
interface ListWriter {
  readonly view?: View;
  /** The most items that the contract lets a list have, and the least. */
  readonly most?: number;
  readonly least?: number;
  /** Where in the body links stand that have to be full addresses. */
  readonly links?: readonly (readonly string[])[];
  write(items: readonly unknown[], work: ReadWork, facts: ListFacts): unknown;
  areItemsStored(body: unknown): boolean;
}

const BARE: ListWriter = { write: (items) => items, areItemsStored: () => true };
const NO_SHAPE: ListShape = { filters: {} };

function createListWriter(
  { entry, binding }: BoundOperation,
  { operation }: Command,
  parts: BehaviourParts,
): ListWriter {
  const { schemas } = parts;
  const { items: path = [], each = [], figures = [], form = 'objects' } = binding.list ?? NO_SHAPE;
  const status = operation.responses['200'] === undefined ? String(successStatus(operation)) : '200';
  const response = operation.responses[status] ?? operation.responses['2XX'] ?? operation.responses.default;
  const content = jsonContent(response?.content);
  const schema = content?.schema;
  let list = schema;
  for (const name of path) list = schemas.members(list).get(name);
  const whole = form === 'map' ? schemas.resolve(list)?.additionalProperties : schemas.items(list);
  const item = each.reduce((outer: Schema | undefined, name) => schemas.members(outer).get(name), whole);
  const { maxItems: most, minItems: least } = schemas.resolve(list) ?? {};
  const isOwn =
    item === undefined ||
    JSON.stringify(item) === JSON.stringify(entry.resource.schema) ||
    schemas.members(item).size === 0;
  const plain = isOwn || form === 'ids' ? undefined : createView(item, entry, parts);
  const cursors = [...schemas.members(whole).keys()].filter((name) => each.length > 0 && /^cursor$/i.test(name));
  const view = each.length === 0 ? plain : wrapped(plain, surround(whole, each, parts, cursors), cursors, entry);
  const wrap = surround(
    shownSchema(content),
    path,
    parts,
    figures.map((each) => each.path.join('.')),
  );
  const wanted = new Map(figures.map((each) => [each.path.join('.'), each.figure]));
  const [property = ''] = path;
  const links = figures.filter(({ isAbsolute }) => isAbsolute === true).map((each) => each.path);
  return {
    ...(links.length > 0 && { links }),
    ...(view !== undefined && { view }),
    ...(typeof most === 'number' && { most }),
    ...(typeof least === 'number' && { least: Math.min(least, 1) }),
    write(items, work, facts) {
      const inner = form === 'objects' ? items : inForm(form, items, facts);
      if (path.length === 0 && wanted.size === 0) return inner;
      return wrap(inner, work, entry.collection, new FiguresOf(wanted, facts));
    },
    areItemsStored:
      form !== 'objects' || view !== undefined || path.length > 1
        ? () => false
        : path.length === 0
          ? () => true
          : (body) => isFirstArray(body as Entity, property),
  };
}

/** Works a figure out where one stands, as a list is written. */
class FiguresOf implements Figures {
  readonly #wanted: ReadonlyMap<string, Figure>;
  readonly #facts: ListFacts;

  constructor(wanted: ReadonlyMap<string, Figure>, facts: ListFacts) {
    this.#wanted = wanted;
    this.#facts = facts;
  }

  get(place: string): unknown {
    const figure = this.#wanted.get(place);
    return figure === undefined ? undefined : figureOf(figure, this.#facts);
  }
}

/** A surface looks for the items in the first array. */
function isFirstArray(body: Entity, property: string): boolean {
  for (const name in body) if (Array.isArray(body[name])) return name === property;
  return false;
}

/** Shows each item in what the contract has around it, with the cursor that leads on behind it. */
function wrapped(
  plain: View | undefined,
  wrap: ReturnType<typeof surround>,
  cursors: readonly string[],
  entry: StoredResource,
): View {
  return (work, entity, place) => {
    const inner = plain === undefined ? present(entry, entity) : plain(work, entity, place);
    const figures = new Map(cursors.map((name) => [name, cursorAt(place + 1)]));
    return wrap(inner, work, `${entry.collection}/${entry.keyOf(entity)}`, figures) as Entity;
  };
}

function inForm(form: ListShape['form'], items: readonly unknown[], { idOf }: ListFacts): unknown {
  if (form === 'ids') return items.map((_, index) => idOf(index));
  return Object.fromEntries(items.map((item, index) => [String(idOf(index)), item]));
}

function shownItems(entry: StoredResource, items: readonly Entity[]): readonly Entity[] {
  return entry.isShownAsStored ? items : items.map((item) => present(entry, item));
}

function idAt(entry: StoredResource, { items }: Page, index: number): unknown {
  const item = items[index];
  return item === undefined ? undefined : entry.idOf(item);
}

function headersOf(facts: ListFacts): Record<string, string> {
  const { shape, found } = facts;
  const headers: Record<string, string> = {};
  if (shape.totalHeader !== undefined) headers[shape.totalHeader] = String(found.total);
  if (shape.countHeader !== undefined) headers[shape.countHeader] = String(found.items.length);
  const link = shape.linkHeader === undefined ? undefined : linkHeaderOf(facts);
  if (shape.linkHeader !== undefined && link !== undefined) headers[shape.linkHeader] = link;
  for (const name in shape.figureHeaders) {
    const value = figureOf(shape.figureHeaders[name] as Figure, facts);
    if (value !== undefined) headers[name] = String(value);
  }
  return headers;
}

/** How many items of a list stand before the one of this id. */
function rankOf(entry: StoredResource, work: ReadWork, query: Query, id: string): number | undefined {
  const { items } = work.query(entry.collection, query);
  const rank = items.findIndex((item) => String(entry.idOf(item)) === id);
  return rank < 0 ? undefined : rank;
}

function listBindingOf(entry: StoredResource): Binding {
  const binding = bindingsOf(entry.resource).find(({ role }) => role === 'list') as Binding;
  return { ...binding, list: entry.resource.list };
}
