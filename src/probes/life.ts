import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { Binding, Resource } from '../model/resource.ts';
import { thingsIn } from '../model/things-in.ts';
import type { Finding } from './findings.ts';
import { findingOf } from './judge.ts';
import type { BoundOperation, Life } from './plan.ts';
import type { ProbeRequest } from './request.ts';
import type { Asked } from './server.ts';
import { makeCheck, type RunParts, Skipped } from './steps.ts';

type Thing = Readonly<Record<string, unknown>>;

/** Something that was created, as it was answered. */
interface Created {
  readonly thing: Thing;
  readonly id: string;
  /** Values of the item's path, outer ones first. */
  readonly values: readonly string[];
  /** Values of the path that it was created at. */
  readonly outer: readonly string[];
  readonly sent: unknown;
  readonly asked: Asked;
}

/** Valid requests that are tried until one is accepted. */
const TRIES = [
  ['example', 0],
  ['full', 0],
  ['least', 0],
  ['full', 1],
  ['least', 1],
] as const;

/** Pages of a list that are looked through for one thing. */
const MOST_PAGES = 5;

/**
 * Lives through a kind of thing: two are created, and one of them is read, listed, changed and deleted. The other is left for
 * the checks that come after; the answer deletes it.
 *
 * @example const cleanUp = await liveThrough(life, contract, parts);
 */
export async function liveThrough(
  life: Life,
  contract: Contract,
  parts: RunParts,
): Promise<(() => Promise<void>) | undefined> {
  const { resource, create, read, list, change, delete: gone } = life;
  const { server, judge, known } = parts;
  const itemPath =
    read?.operation.path ??
    gone?.operation.path ??
    change?.operation.path ??
    resource.itemPath ??
    `${create.operation.path}/{id}`;
  let first: Created | undefined;
  let second: Created | undefined;
  const about = (step: BoundOperation, title: string) =>
    ({ kind: 'stateful', contract, operation: step.operation, title }) as const;
  const make = (): Promise<Created | { readonly refusals: readonly Asked[] }> =>
    createOne(life, contract, itemPath, parts);

  await makeCheck(parts, about(create, `${resource.name} is created`), async () => {
    const made = await make();
    if ('refusals' in made) return refusedAlways(create.operation, made.refusals, parts);
    first = made;
    known.add(resource, itemPath, made.values);
    return [
      ...judge.judge(create.operation, made.asked, 'accepted'),
      ...differences(made.sent, made.thing, life, parts, made.asked),
    ];
  });
  if (first === undefined) return undefined;
  const one: Created = first;
  const itemOf = (
    step: BoundOperation,
    created: Created,
    values = parts.values.request(step.operation, 'least'),
  ): ProbeRequest => withPath(values, created.values);

  await makeCheck(parts, about(create, `a second ${resource.name} is another`), async () => {
    const made = await make();
    if ('refusals' in made) return new Skipped('No second one was accepted.');
    if (made.id === one.id) return [findingOf('same-id-twice', `Two have the id ${one.id}.`, made.asked)];
    second = made;
    return [];
  });

  const location = one.asked.answer?.headers.location;
  if (location !== undefined && read !== undefined) {
    await makeCheck(parts, about(create, `Location leads to ${resource.name}`), async () => {
      const asked = await server.follow(targetOf(location));
      const [found] = asked.answer?.status === 200 ? thingsIn(read.binding, judge.valueOf(read.operation, asked)) : [];
      if (found !== undefined && idOf(found, resource) === one.id) return [];
      return [
        findingOf('location-wrong', `Location is ${location}, and what is there is not what was created.`, asked),
      ];
    });
  }
  if (read !== undefined) {
    await makeCheck(parts, about(read, `${resource.name} that was created is read`), async () => {
      const asked = await server.ask(itemOf(read, one), contract);
      const found = judge.judge(read.operation, asked, 'accepted');
      if (asked.answer === undefined || asked.answer.status >= 500) return found;
      if (asked.answer.status >= 400)
        return [
          ...found,
          findingOf('not-read-back', `It was created, and reading it is answered with ${asked.answer.status}.`, asked),
        ];
      const [thing] = thingsIn(read.binding, judge.valueOf(read.operation, asked));
      if (thing === undefined) return found;
      const other = idOf(thing, resource);
      if (other !== undefined && other !== one.id)
        return [...found, findingOf('not-read-back', `It was created as ${one.id}, and read as ${other}.`, asked)];
      const changed = namesThatDiffer(one.thing, thing, life, parts);
      if (changed.length === 0) return found;
      return [
        ...found,
        findingOf(
          'not-read-back',
          `It is read with other values than it was created with: ${changed.join(', ')}.`,
          asked,
        ),
      ];
    });
  }
  if (list !== undefined) {
    await makeCheck(parts, about(list, `${resource.name} that was created is listed`), () =>
      findInList(list, resource, one, contract, parts),
    );
    await makeCheck(parts, about(list, `a page of ${resource.name} is no larger than asked for`), () =>
      checkPageSize(list, contract, parts),
    );
  }
  if (change !== undefined) {
    await makeCheck(parts, about(change, `${resource.name} is changed`), () =>
      changeOne(life, change, one, contract, parts),
    );
  }
  if (gone !== undefined) {
    await makeCheck(parts, about(gone, `${resource.name} is deleted`), async () => {
      const asked = await server.ask(itemOf(gone, one), contract);
      const found = judge.judge(gone.operation, asked, 'accepted');
      const status = asked.answer?.status ?? 0;
      if (status === 0 || status >= 500) return found;
      if (status >= 400)
        return found.length > 0 ? found : new Skipped(`Answered with ${status}: its state does not allow it.`);
      known.remove(resource, itemPath, one.values);
      return [...found, ...(await stillThere(life, one, contract, parts))];
    });
  }
  const left = second;
  if (left === undefined) return undefined;
  known.add(resource, itemPath, left.values);
  if (gone === undefined) return undefined;
  return async () => {
    if (!server.isUsedUp) await server.ask(itemOf(gone, left), contract);
  };
}

/**
 * What deletes again what a request has created; nothing where it has not, or nothing can delete it.
 *
 * @example cleanUps.push(cleanUpOf(life, request, asked, contract, parts));
 */
export function cleanUpOf(
  life: Life,
  request: ProbeRequest,
  asked: Asked,
  contract: Contract,
  { server, judge, values }: RunParts,
): (() => Promise<void>) | undefined {
  const { delete: gone } = life;
  const status = asked.answer?.status ?? 0;
  if (gone === undefined || status < 200 || status >= 300) return undefined;
  const created = createdBy(life, request, asked, itemPathOf(life), judge);
  if (created === undefined) return undefined;
  return async () => {
    if (!server.isUsedUp) await server.ask(withPath(values.request(gone.operation, 'least'), created.values), contract);
  };
}

function itemPathOf({ resource, create, read, change, delete: gone }: Life): string {
  const step = read ?? gone ?? change;
  return step?.operation.path ?? resource.itemPath ?? `${create.operation.path}/{id}`;
}

/** What an accepted request has created, where its id can be found. */
function createdBy(
  { create, resource }: Pick<Life, 'create' | 'resource'>,
  request: ProbeRequest,
  asked: Asked,
  itemPath: string,
  judge: RunParts['judge'],
): Created | undefined {
  const [thing] = thingsIn(create.binding, judge.valueOf(create.operation, asked));
  const id = idOf(thing, resource) ?? idInLocation(asked) ?? idSent(create.binding, request);
  if (id === undefined) return undefined;
  const names = parametersIn(create.operation.path);
  const outer = names.map((name) => String(request.values.path[name]));
  // Where a client chooses the id, the path of the request names it already.
  const isItemPath = shapeOf(create.operation.path) === shapeOf(itemPath);
  const path = parametersIn(itemPath).map((name, index, { length }) => {
    if (index === length - 1 && !isItemPath) return id;
    return (names.includes(name) ? String(request.values.path[name]) : outer[index]) ?? id;
  });
  return { thing: thing ?? {}, id, values: path, outer, sent: request.body, asked };
}

/** Tries valid requests until one is accepted. */
async function createOne(
  { create, resource }: Life,
  contract: Contract,
  itemPath: string,
  { server, judge, values }: RunParts,
): Promise<Created | { readonly refusals: readonly Asked[] }> {
  const refusals: Asked[] = [];
  for (const [variant, turn] of TRIES) {
    const request = values.request(create.operation, variant, turn);
    const asked = await server.ask(request, contract);
    const status = asked.answer?.status ?? 0;
    if (status >= 200 && status < 300) {
      const created = createdBy({ create, resource }, request, asked, itemPath, judge);
      return created ?? { refusals: [asked] };
    }
    refusals.push(asked);
    if (status === 401 || status === 403) break;
  }
  return { refusals };
}

function refusedAlways(
  operation: Operation,
  refusals: readonly Asked[],
  { judge }: RunParts,
): readonly Finding[] | Skipped {
  const found = refusals
    .flatMap((asked) => judge.judge(operation, asked, 'refused'))
    .filter(({ code }) => code !== 'accepts-invalid');
  const last = refusals.at(-1);
  const status = last?.answer?.status ?? 0;
  if (last !== undefined && status >= 200 && status < 300)
    return found.length > 0 ? found : new Skipped('What was created has no id that could be found.');
  const isAlways = (...statuses: readonly number[]): boolean =>
    refusals.every(({ answer }) => statuses.includes(answer?.status ?? 0));
  if (last !== undefined && isAlways(400, 405, 415)) {
    // The rules for what is sent may be more than a contract can say.
    const level = isAlways(405, 415) ? 'error' : 'warning';
    const why = `It refuses with ${status} everything that its contract allows and was tried.`;
    return [...found, findingOf('refuses-valid', why, last, level)];
  }
  return found.length > 0 ? found : new Skipped(`No valid request was accepted; the last was answered with ${status}.`);
}

/** Values that were sent, and that the answer has otherwise. */
function differences(sent: unknown, thing: Thing, life: Life, parts: RunParts, asked: Asked): readonly Finding[] {
  if (typeof sent !== 'object' || sent === null || Object.keys(thing).length === 0) return [];
  const inner = (life.create.binding.request ?? []).reduce<unknown>(
    (value, name) => (value as Thing | undefined)?.[name],
    sent,
  );
  const names = namesThatDiffer((inner ?? {}) as Thing, thing, life, parts);
  return names.length === 0
    ? []
    : [findingOf('forgets-sent', `The answer has other values than were sent: ${names.join(', ')}.`, asked)];
}

/**
 * Names of plain values that both have, and that differ. Choices are left out, because states move; so are times and what
 * only the server sets.
 */
function namesThatDiffer(one: Thing, other: Thing, { resource }: Life, { schemas }: RunParts): readonly string[] {
  const members = schemas.members(resource.schema);
  return Object.keys(one).filter((name) => {
    const [a, b] = [one[name], other[name]];
    if (a === undefined || b === undefined || resource.serverOwned.includes(name)) return false;
    const { enum: choices, format = '' } = schemas.resolve(members.get(name)) ?? {};
    if (choices !== undefined || /time|date|password/.test(format)) return false;
    if (typeof a === 'string' && typeof b === 'string') return a.trim().toLowerCase() !== b.trim().toLowerCase();
    return typeof a !== 'object' && typeof b !== 'object' && a !== b;
  });
}

async function findInList(
  list: BoundOperation,
  resource: Resource,
  { id, outer, asked: created }: Created,
  contract: Contract,
  { server, judge, values: maker }: RunParts,
): Promise<readonly Finding[] | Skipped> {
  const { operation, binding } = list;
  const shape = binding.list ?? resource.list ?? { filters: {} };
  const found: Finding[] = [];
  const base = withPath(maker.request(operation, 'least'), outer);
  const size = sizeFor(operation, shape.pageSizeParameter ?? shape.limitParameter);
  const filter = Object.entries(shape.filters).find(
    ([, { property, op }]) => property === resource.idProperty && op === 'eq',
  )?.[0];
  let seen = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const paged =
      shape.pageParameter !== undefined
        ? { [shape.pageParameter]: (shape.firstPage ?? 1) + page }
        : shape.offsetParameter !== undefined
          ? { [shape.offsetParameter]: (shape.firstOffset ?? 0) + seen }
          : {};
    const query = {
      ...base.values.query,
      ...size,
      ...(page > 0 && paged),
      ...(filter !== undefined && { [filter]: id }),
    };
    const asked = await server.ask({ ...base, values: { ...base.values, query } }, contract);
    found.push(
      ...judge.judge(operation, asked, 'accepted').filter(({ code }) => page === 0 || code !== 'undeclared-status'),
    );
    if (asked.answer === undefined || asked.answer.status >= 400)
      return found.length > 0 ? found : new Skipped(`The list is answered with ${asked.answer?.status}.`);
    const body = judge.valueOf(operation, asked);
    const items = listed(binding, resource, body);
    if (items === undefined) return found.length > 0 ? found : new Skipped('What the list holds could not be read.');
    if (items.includes(id)) return found;
    seen += items.length;
    if (items.length === 0 || Object.keys(paged).length === 0) break;
  }
  // A list that goes on by cursors may have it further on.
  if (shape.cursorParameter !== undefined && seen > 0)
    return found.length > 0 ? found : new Skipped(`It is not among the first ${seen}.`);
  return [
    ...found,
    findingOf('not-listed', `It was created as ${id}, and the list of ${seen} does not have it.`, created),
  ];
}

/** Ids of what a list holds. */
function listed(binding: Binding, resource: Resource, body: unknown): readonly string[] | undefined {
  const withList = { ...binding, list: binding.list ?? resource.list ?? { filters: {} } };
  const { items = [], form } = withList.list;
  if (form === 'ids') {
    const ids = items.reduce<unknown>((value, name) => (value as Thing | undefined)?.[name], body);
    return Array.isArray(ids) ? ids.map(String) : undefined;
  }
  const things = thingsIn(withList, body);
  return form === undefined || form === 'objects' ? things.flatMap((thing) => idOf(thing, resource) ?? []) : undefined;
}

/** As many at once as the contract allows. */
function sizeFor({ parameters }: Operation, name: string | undefined): Readonly<Record<string, unknown>> {
  const schema = parameters.find((each) => each.in === 'query' && each.name === name)?.schema;
  if (name === undefined || typeof schema !== 'object') return {};
  const { maximum } = schema as { readonly maximum?: number };
  return { [name]: typeof maximum === 'number' ? Math.min(maximum, 1_000) : 100 };
}

async function checkPageSize(
  { operation, binding }: BoundOperation,
  contract: Contract,
  { server, judge, values }: RunParts,
): Promise<readonly Finding[] | Skipped> {
  const name = binding.list?.pageSizeParameter ?? binding.list?.limitParameter;
  if (name === undefined) return new Skipped('It takes no size of a page.');
  const base = values.request(operation, 'least');
  const asked = await server.ask(
    { ...base, values: { ...base.values, query: { ...base.values.query, [name]: 1 } } },
    contract,
  );
  const found = judge.judge(operation, asked, 'accepted');
  const things = thingsIn(binding, judge.valueOf(operation, asked));
  if (things.length <= 1) return found;
  return [...found, findingOf('ignores-page-size', `With ${name}=1 it answers with ${things.length}.`, asked)];
}

async function changeOne(
  life: Life,
  { operation, binding }: BoundOperation,
  one: Created,
  contract: Contract,
  parts: RunParts,
): Promise<readonly Finding[] | Skipped> {
  const { server, judge, values } = parts;
  const request = withPath(values.request(operation, 'full', 2), one.values);
  if (request.body === undefined) return new Skipped('Its body is in no form that can be made.');
  const asked = await server.ask(request, contract);
  const found = judge.judge(operation, asked, 'accepted');
  const status = asked.answer?.status ?? 0;
  if (status === 0 || status >= 400)
    return found.length > 0 ? found : new Skipped(`Answered with ${status}: what it needs is not there.`);
  const { read } = life;
  if (read === undefined || (binding.request ?? []).length > 0) return found;
  const again = await server.ask(withPath(values.request(read.operation, 'least'), one.values), contract);
  const [thing] = again.answer?.status === 200 ? thingsIn(read.binding, judge.valueOf(read.operation, again)) : [];
  if (thing === undefined) return found;
  const lost = namesThatDiffer(request.body as Thing, thing, life, parts);
  if (lost.length === 0) return found;
  return [
    ...found,
    findingOf(
      'update-lost',
      `It answers with ${status}, and what is read afterwards has other values: ${lost.join(', ')}.`,
      again,
    ),
  ];
}

async function stillThere(
  { read, list, resource }: Life,
  one: Created,
  contract: Contract,
  { server, judge, values }: RunParts,
): Promise<readonly Finding[]> {
  if (read !== undefined) {
    const asked = await server.ask(withPath(values.request(read.operation, 'least'), one.values), contract);
    const status = asked.answer?.status ?? 0;
    const found = judge.judge(read.operation, asked, 'any');
    if (status >= 400 || status === 0) return found;
    const [thing = {}] = thingsIn(read.binding, judge.valueOf(read.operation, asked));
    // Some only say of a thing that it has ended.
    const hasEnded = Object.keys(thing).some(
      (name) =>
        typeof thing[name] === 'string' && thing[name] !== one.thing[name] && /stat(e|us)|deleted|active/i.test(name),
    );
    return hasEnded
      ? found
      : [...found, findingOf('not-deleted', `It was deleted, and reading it is answered with ${status}.`, asked)];
  }
  if (list === undefined) return [];
  const asked = await server.ask(withPath(values.request(list.operation, 'least'), one.outer), contract);
  const ids = asked.answer?.status === 200 ? listed(list.binding, resource, judge.valueOf(list.operation, asked)) : [];
  return ids?.includes(one.id) === true
    ? [findingOf('not-deleted', `It was deleted, and the list still has ${one.id}.`, asked)]
    : [];
}

/** A request with these values in its path, outer ones first. */
function withPath(request: ProbeRequest, values: readonly string[]): ProbeRequest {
  const names = parametersIn(request.operation.path);
  const known = names.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]] as const]));
  return { ...request, values: { ...request.values, path: { ...request.values.path, ...Object.fromEntries(known) } } };
}

function shapeOf(path: string): string {
  return path.replace(/\{[^}]+\}/g, '{}');
}

function parametersIn(path: string): readonly string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
}

function idOf(thing: Thing | undefined, { idProperty }: Resource): string | undefined {
  const id = idProperty.split('.').reduce<unknown>((value, name) => (value as Thing | undefined)?.[name], thing);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

function idInLocation({ answer }: Asked): string | undefined {
  const last = answer?.headers.location?.split(/[?#]/)[0]?.split('/').filter(Boolean).at(-1);
  return last === undefined ? undefined : decodeURIComponent(last);
}

function idSent({ idFrom, idParameter }: Binding, { body, values }: ProbeRequest): string | undefined {
  const sent = idFrom?.in === 'body' ? (body as Thing | undefined)?.[idFrom.name] : values.path[idParameter ?? ''];
  return sent === undefined ? undefined : String(sent);
}

/** Path and query of an address, wherever it says that it is: a server behind another does not know its own. */
function targetOf(location: string): string {
  if (!URL.canParse(location)) return location.startsWith('/') ? location : `/${location}`;
  const { pathname, search } = new URL(location);
  return pathname + search;
}
