import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import { thingsIn } from '../model/things-in.ts';
import { aboutThing, type Created, createdBy, idOf, itemPathOf, type Thing, withPath } from './created.ts';
import type { Finding } from './findings.ts';
import { findingOf } from './judge.ts';
import { checkPageSize, findInList, listed } from './lists.ts';
import type { BoundOperation, Life } from './plan.ts';
import type { ProbeRequest } from './request.ts';
import type { Asked } from './server.ts';
import { makeCheck, type RunParts, Skipped } from './steps.ts';

/** Valid requests that are tried until one is accepted. */
const TRIES = [
  ['example', 0],
  ['full', 0],
  ['least', 0],
  ['full', 1],
  ['least', 1],
] as const;

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
  const itemPath = itemPathOf(life);
  let first: Created | undefined;
  let second: Created | undefined;
  const about = (step: BoundOperation, title: string) =>
    ({ kind: 'stateful', contract, operation: step.operation, title }) as const;
  const make = (before?: Created): Promise<Created | { readonly refusals: readonly Asked[] }> =>
    createOne(life, contract, itemPath, parts, before);

  await makeCheck(parts, about(create, `${resource.name} is created`), async () => {
    const made = await make();
    if ('refusals' in made) return refusedAlways(create.operation, made.refusals, parts);
    first = made;
    known.add(resource, itemPath, made.values, made.id);
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
  ): ProbeRequest => aboutThing(values, step, created);

  await makeCheck(parts, about(create, `a second ${resource.name} is another`), async () => {
    const made = await make(one);
    if ('refusals' in made) return new Skipped('No second one was accepted.');
    if (made.id === one.id && isNamedByClient(made, life)) return new Skipped('No other id could be made.');
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
      known.remove(resource, itemPath, one.values, one.id);
      return [...found, ...(await stillThere(life, one, contract, parts))];
    });
  }
  const left = second;
  if (left === undefined) return undefined;
  known.add(resource, itemPath, left.values, left.id);
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
    if (!server.isUsedUp)
      await server.ask(aboutThing(values.request(gone.operation, 'least'), gone, created), contract);
  };
}

/** Tries valid requests until one is accepted; `before` is what there is already, whose id is not to be sent again. */
async function createOne(
  life: Life,
  contract: Contract,
  itemPath: string,
  { server, judge, values }: RunParts,
  before?: Created,
): Promise<Created | { readonly refusals: readonly Asked[] }> {
  const { create } = life;
  const refusals: Asked[] = [];
  const isAnother = before !== undefined && isNamedByClient(before, life);
  for (const [variant, usual] of TRIES) {
    if (isAnother && variant === 'example') continue;
    const turn = isAnother ? usual + TRIES.length : usual;
    // What is created has a body, where it can have one, also where the contract does not demand it.
    const request = {
      ...values.request(create.operation, variant, turn),
      ...values.body(create.operation, variant, turn, true),
    };
    const asked = await server.ask(request, contract);
    const status = asked.answer?.status ?? 0;
    if (status >= 200 && status < 300) {
      const created = createdBy(life, request, asked, itemPath, judge);
      return created ?? { refusals: [asked] };
    }
    refusals.push(asked);
    if (status === 401 || status === 403) break;
  }
  return { refusals };
}

/** Whether the request that created something has chosen its id. */
function isNamedByClient({ sent, id }: Created, { resource }: Life): boolean {
  return typeof sent === 'object' && sent !== null && idOf(sent as Thing, resource) === id;
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

async function changeOne(
  life: Life,
  { operation, binding }: BoundOperation,
  one: Created,
  contract: Contract,
  parts: RunParts,
): Promise<readonly Finding[] | Skipped> {
  const { server, judge, values } = parts;
  const made = aboutThing(values.request(operation, 'full', 2), { operation, binding }, one);
  const request = { ...made, body: withItsId(made.body, one, life) };
  if (request.body === undefined) return new Skipped('Its body is in no form that can be made.');
  const asked = await server.ask(request, contract);
  const found = judge.judge(operation, asked, 'accepted');
  const status = asked.answer?.status ?? 0;
  if (status === 0 || status >= 400)
    return found.length > 0 ? found : new Skipped(`Answered with ${status}: what it needs is not there.`);
  const { read } = life;
  if (read === undefined || (binding.request ?? []).length > 0) return found;
  const again = await server.ask(aboutThing(values.request(read.operation, 'least'), read, one), contract);
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

/** What is sent to change a thing does not give it another id. */
function withItsId(body: unknown, { thing }: Created, { resource: { idProperty } }: Life): unknown {
  const isNamed = typeof body === 'object' && body !== null && Object.hasOwn(body, idProperty);
  return isNamed && thing[idProperty] !== undefined ? { ...body, [idProperty]: thing[idProperty] } : body;
}

async function stillThere(
  { read, list, resource }: Life,
  one: Created,
  contract: Contract,
  { server, judge, values }: RunParts,
): Promise<readonly Finding[]> {
  if (read !== undefined) {
    const asked = await server.ask(aboutThing(values.request(read.operation, 'least'), read, one), contract);
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

/** Path and query of an address, wherever it says that it is: a server behind another does not know its own. */
function targetOf(location: string): string {
  if (!URL.canParse(location)) return location.startsWith('/') ? location : `/${location}`;
  const { pathname, search } = new URL(location);
  return pathname + search;
}
