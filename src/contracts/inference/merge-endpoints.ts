import type { Endpoint } from './endpoint.ts';
import { findItem } from './find-item.ts';
import { findList } from './find-list.ts';
import type { OperationGroup } from './group-operations.ts';
import { lastWord } from './path-template.ts';
import { successSchema } from './success-body.ts';
import type { Clue } from './thing.ts';
import { aboutSameThing, haveSameTail, isSameWord, singular, toPascalCase } from './words.ts';

/** An endpoint with the operations on other paths that are about the same things. */
export interface MergedEndpoint extends Endpoint {
  /** Unique in the system. */
  readonly name: string;
  /** Operations on other paths. */
  readonly further: readonly { readonly endpoint: Endpoint; readonly clue: Clue }[];
}

/**
 * Puts endpoints together that are about the same named thing. It may be listed below several parents and read by a path
 * of its own: the first endpoint decides, takes over the item path of a later one if it has none, and the operations of
 * others that cannot stand alone. Two collections that can are two, whatever their schema is called.
 */
export function mergeEndpoints(endpoints: readonly Endpoint[]): MergedEndpoint[] {
  const merged: MergedEndpoint[] = [];
  const names = new Set<string>();
  for (const endpoint of endpoints.toSorted((one, other) => rankOf(one) - rankOf(other))) {
    const { thing } = endpoint;
    const areReadElsewhere = endpoints.some((other) => isReadOnly(other) && other.thing.name === thing.name);
    // `POST /webhooks/{id}/rotate-secret` answers a webhook and makes none.
    if (
      rankOf(endpoint) === AN_ACTION &&
      merged.some((other) => other.thing.isNamed && other.thing.name === thing.name)
    )
      continue;
    const index = merged.findIndex(
      (other) =>
        areAlike(other, endpoint) &&
        !endpoint.isSingleton &&
        !other.isSingleton &&
        canJoin(other, endpoint) &&
        !areTwo(other, endpoint, areReadElsewhere),
    );
    const first = merged[index];
    if (first !== undefined) {
      merged[index] = join(first, endpoint);
      continue;
    }
    if (endpoint.isView === true) continue;
    const name = uniqueName(endpoint, names);
    names.add(name);
    merged.push({ ...endpoint, name, further: [] });
  }
  return merged;
}

const AN_ACTION = 1;

/** Paths that are called after their things say most about these. */
function rankOf(endpoint: Endpoint): number {
  const { isSingleton, isView, idParameter, thing } = endpoint;
  if (isView === true) return 3;
  if (isSingleton) return 2;
  if (has(endpoint, 'create') && has(endpoint, 'list')) return 0;
  return idParameter === undefined && !aboutSameThing(thing.group.word, thing.name) ? AN_ACTION : 0;
}

/**
 * Whether two endpoints are about things of one kind: their schemas have one name, or their paths have one word and one
 * of them creates or lists what the other reads, if in another view.
 */
function areAlike(first: MergedEndpoint, later: Endpoint): boolean {
  if (!first.thing.isNamed || !later.thing.isNamed) return false;
  if (first.thing.name === later.thing.name) return true;
  const isOneWord = isSameWord(first.thing.group.word, later.thing.group.word);
  return isOneWord && later.idParameter === undefined && viewsOf(later).some((name) => viewsOf(first).includes(name));
}

/** The names of the schemas under which an endpoint shows its things. */
function viewsOf({ thing, clues }: Endpoint): readonly string[] {
  const { schemas, group, idParameters, name } = thing;
  const shown = clues.flatMap(({ role, placed }) => {
    if (role !== 'create' && role !== 'list') return [];
    const body = successSchema(placed.operation);
    const list = role === 'list' ? findList(body, { word: group.word, hasItems: false }, schemas)?.items : undefined;
    return schemas.nameOf(list ?? findItem(body, { word: group.word, idParameters }, schemas)?.schema) ?? [];
  });
  return [name, ...shown];
}

function canJoin(first: Endpoint, later: Endpoint): boolean {
  const isWhole = (endpoint: Endpoint) => has(endpoint, 'create') && endpoint.idParameter !== undefined;
  if (isWhole(first) && isWhole(later)) return false;
  // What only lists, or only reads, is another way to the same things if its path can be read as saying which.
  if (first.idParameter !== undefined && later.idParameter !== undefined && has(later, 'create')) return false;
  return isReachable(first, later);
}

/** Whether things are only listed and read there, so that other paths have to make them. */
function isReadOnly(endpoint: Endpoint): boolean {
  return endpoint.idParameter !== undefined && !has(endpoint, 'create');
}

/**
 * Whether two collections are two and not views of one. Both can stand alone; their paths have different words, or end
 * alike behind different ones: `/notes` and `/jobs`, `/posts/{id}/comments` and `/photos/{id}/comments`.
 */
function areTwo(first: Endpoint, later: Endpoint, areReadElsewhere: boolean): boolean {
  const [one, other] = [first, later].map(({ thing: { group } }) => group) as [OperationGroup, OperationGroup];
  const doBothCreate = has(first, 'create') && has(later, 'create');
  if (first.idParameter !== undefined && later.idParameter !== undefined) {
    const areViews = doBothCreate ? isSameWord(one.word, other.word) : haveSameTail(one.word, other.word);
    return !areViews && [first, later].every((each) => has(each, 'list') || has(each, 'create'));
  }
  const doBothList = has(first, 'list') && has(later, 'list');
  if (!doBothCreate || !doBothList || areReadElsewhere) return false;
  // `/notes` is a view of those of `/users/{id}/notes`.
  const isTail = one.shape.endsWith(other.shape) || other.shape.endsWith(one.shape);
  return !isTail || !isSameWord(one.word, other.word);
}

/** Whether what the later path narrows by is known of the things of the first. */
function isReachable(first: Endpoint, later: Endpoint): boolean {
  const known = [
    ...first.scope,
    ...first.thing.members.keys(),
    ...(first.idParameter === undefined ? [] : later.scope),
  ];
  return later.scope.every((parameter) => known.some((each) => isSameWord(each, parameter)));
}

function join(first: MergedEndpoint, later: Endpoint): MergedEndpoint {
  if (first.idParameter !== undefined || later.idParameter === undefined) {
    const known = new Set(first.clues.map(({ placed }) => placed.operation));
    const further = later.clues
      .filter(({ placed }) => !known.has(placed.operation))
      .map((clue) => ({ endpoint: later, clue }));
    return { ...first, further: [...first.further, ...further] };
  }
  const { idParameter, idSchema, thing, id } = later;
  const ofItem = later.clues.filter(({ role }) => role !== 'create' && role !== 'list');
  const others = later.clues.filter((clue) => !ofItem.includes(clue)).map((clue) => ({ endpoint: later, clue }));
  const group = { ...first.thing.group, onItem: thing.group.onItem, idLength: thing.group.idLength };
  return {
    ...first,
    thing: { ...thing, name: first.thing.name, group },
    id,
    idParameter,
    idSchema,
    clues: [...first.clues, ...ofItem],
    further: [...first.further, ...others],
  };
}

function has({ clues }: Endpoint, role: string): boolean {
  return clues.some((clue) => clue.role === role);
}

/** Its own name; else with the word of what it stands below, or the path's own word; else with a number. */
function uniqueName({ thing }: Endpoint, names: ReadonlySet<string>): string {
  const { name, group } = thing;
  const last = group.steps.findLastIndex(({ word }) => word !== undefined);
  const above = toPascalCase(singular(lastWord(group.steps.slice(0, Math.max(last, 0)))));
  const own = toPascalCase(singular(group.word));
  const wanted = [name, `${above}${own}`, `${above}${name}`].filter((each) => each !== '');
  const free = wanted.find((each) => !names.has(each));
  if (free !== undefined) return free;
  let count = 2;
  while (names.has(`${name}${count}`)) count += 1;
  return `${name}${count}`;
}
