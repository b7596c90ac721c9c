import type { Registry } from '../../engine/registry.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { ReadWork } from '../../engine/state/work.ts';
import { createChance } from '../../engine/values/random.ts';
import { queryOf, type ShownEntry } from '../../engine/views/look-up.ts';
import { bareWord } from '../../lib/bare-word.ts';
import type { Channel } from '../../model/channel.ts';
import type { Contract } from '../../model/contract.ts';
import { credentialsOf } from '../../model/credentials.ts';
import { type Operation, operationKey, type Parameter } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';

export interface ExampleHandlersOptions {
  readonly registry: Registry;
  /** Makes values; loaded when first asked for. */
  readonly generator: () => Promise<ValueMaker>;
}

interface ValueMaker {
  generate(schema: Schema, random: () => number, options?: { readonly now?: string }): unknown;
}

/** Of a kind of thing, the newest so many are looked at for one that is like most. */
const SAMPLE = 20;
/** What a thing holds is looked into down to here. */
const DEEPEST = 3;
/** Examples are the same for everybody: they depend on what they are for, and on no tenant's seed. */
const EXAMPLES = createChance(1);

/**
 * Answers what each operation and channel of a contract takes, with a valid example in the words of this tenant: ids are
 * those of things that are there.
 *
 * @example createExampleHandlers({ registry, generator }, served).readExamples({ tenant, command, base });
 */
export function createExampleHandlers(
  { registry, generator }: ExampleHandlersOptions,
  served: (context: ControlContext) => Contract,
) {
  return {
    readExamples: async (context: ControlContext) => {
      const contract = served(context);
      const values = await generator();
      const body = context.tenant.read((work) => ({
        basePath: contract.basePath,
        operations: contract.operations.map((operation) => ({
          ...toOperation(operation, work, registry, values),
          credentials: credentialsOf(operation, contract),
        })),
        channels: contract.channels.map((channel) => toChannel(channel, work, values)),
      }));
      return { status: 200, body };
    },
  } satisfies Record<string, ControlHandler>;
}

function toOperation(operation: Operation, work: ReadWork, registry: Registry, values: ValueMaker) {
  const { id, method, path, summary, description, parameters, requestBody, responses, security } = operation;
  const [contentType, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const make = (schema: Schema | undefined, ...purpose: string[]) =>
    madeOrNothing(() =>
      values.generate(schema ?? {}, EXAMPLES.source('example', id, ...purpose), { now: work.nowText }),
    );
  const shown = Object.values(media?.examples ?? {})[0];
  return {
    operationId: id,
    method,
    path,
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    isSecured: security.length > 0,
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required,
      ...(parameter.description !== undefined && { description: parameter.description }),
      ...(parameter.required && {
        example: idFor(operation, parameter, work, registry) ?? make(parameter.schema, parameter.name),
      }),
    })),
    ...(contentType !== undefined && {
      body: { contentType, example: shown ?? likeReal(make(media?.schema, 'body'), operation, work, registry) ?? null },
    }),
    responses: Object.keys(responses),
  };
}

/** The id of something that is there, where a path names such a thing. */
function idFor(operation: Operation, { name, in: place }: Parameter, work: ReadWork, registry: Registry): unknown {
  if (place !== 'path') return undefined;
  const { item } = registry.operation(operationKey(operation));
  const entry =
    registry.resources.find(({ collection, resource, isId }) =>
      item?.parameter === name ? collection === item.collection : resource.system === operation.system && isId(name),
    ) ?? keptFor(operation, name, registry);
  const [first] = entry === undefined ? [] : queryOf(work, entry, { limit: 1 }).items;
  if (entry === undefined || first === undefined) return undefined;
  // What the path calls it may be another name that it has than its id.
  const isOwn = bareWord(entry.idPath.at(-1) ?? '') === bareWord(name);
  return (isOwn ? undefined : valueCalled(name, first)) ?? entry.idOf(first);
}

/** A plain value under a name like this one, in a thing or in what it holds. */
function valueCalled(name: string, entity: Entity, depth = 1): unknown {
  const members = Object.entries(entity);
  const own = members.find(([key, value]) => bareWord(key) === bareWord(name) && typeof value === 'string');
  if (own !== undefined || depth === DEEPEST) return own?.[1];
  for (const [, value] of members) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const found = isObject ? valueCalled(name, value as Entity, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of what a system keeps by itself, what the operation is about: a thing of its own contract, or one that has a life. */
function keptFor({ system, contract }: Operation, name: string, { kept }: Registry): ShownEntry | undefined {
  const fitting = kept.filter(({ resource, isId }) => resource.system === system && isId(name));
  return (
    fitting.find(({ resource }) => resource.contract === contract) ??
    fitting.find(({ rules }) => rules.lifecycle !== undefined) ??
    fitting[0]
  );
}

/**
 * A made body with the values of a thing that is there: of the one that the path names, or for a new one of the newest.
 * What that does not have, and nobody has to send, is left out; made texts would only be refused.
 */
function likeReal(made: unknown, operation: Operation, work: ReadWork, registry: Registry): unknown {
  if (typeof made !== 'object' || made === null || Array.isArray(made)) return made;
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema ?? {};
  const isValid = (body: object): boolean => registry.validation.checkRequest(schema)(body).length === 0;
  const real = realFor(operation, work, registry);
  // Where the two have nothing in common the one says nothing about the other.
  if (real !== undefined && !Object.keys(made).some((name) => Object.hasOwn(real, name))) return made;
  const members = registry.schemas.members(schema);
  const required = registry.schemas.required(schema);
  let body: Entity = { ...made };
  for (const name of Object.keys(made)) {
    const { type, format, enum: choices } = registry.schemas.resolve(members.get(name)) ?? {};
    if (format?.startsWith('date') === true) continue;
    // What a thing has come to hold belongs to that one: a new thing begins without, where it may.
    const isHeld = operation.method === 'POST' && Array.isArray(real?.[name]) && !required.has(name);
    const value = isHeld ? undefined : real?.[name];
    const isText = type === 'string' && choices === undefined;
    if (value === undefined && real === undefined && !isText) continue;
    const better = Object.fromEntries(
      Object.entries({ ...body, [name]: value }).filter(([, each]) => each !== undefined),
    );
    if (isValid(better)) body = better;
  }
  return body;
}

/** The thing that an operation is about, or one of the same kind as it makes. */
function realFor(operation: Operation, work: ReadWork, registry: Registry): Entity | undefined {
  const { id, system, contract } = operation;
  const own: ShownEntry | undefined = registry.resources.find(
    ({ resource }) =>
      resource.system === system &&
      resource.bindings?.some((each) => each.operation === id && each.contract === contract && !each.request?.length),
  );
  const entry = own ?? registry.kept.find(({ resource }) => Object.values(resource.operations).includes(id));
  if (entry === undefined) return undefined;
  if (operation.method !== 'POST') return queryOf(work, entry, { limit: 1 }).items[0];
  const { total } = queryOf(work, entry, { limit: 1 });
  const newest = queryOf(work, entry, { offset: Math.max(0, total - SAMPLE), limit: SAMPLE }).items.toReversed();
  // A new one is like those that most are like: not one that has ended.
  const stateOf = (entity: Entity) => entity[entry.rules.lifecycle?.property ?? ''];
  const counts = new Map<unknown, number>();
  for (const entity of newest) counts.set(stateOf(entity), (counts.get(stateOf(entity)) ?? 0) + 1);
  const [usual] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return newest.find((entity) => stateOf(entity) === usual);
}

function toChannel(channel: Channel, work: ReadWork, values: ValueMaker) {
  const { address, direction, description, messages } = channel;
  const [message] = messages;
  const random = EXAMPLES.source('example', address);
  const example = madeOrNothing(() => values.generate(message?.payload ?? {}, random, { now: work.nowText }));
  return {
    address,
    direction,
    ...(description !== undefined && { description }),
    messages: messages.map(({ name }) => name),
    ...(example !== undefined && { example }),
  };
}

/** A schema that nothing fits has no example; the rest of the contract has. */
function madeOrNothing(make: () => unknown): unknown {
  try {
    return make();
  } catch {
    return undefined;
  }
}
