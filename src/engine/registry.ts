import { SimulatorError } from '../errors.ts';
import { createAssembler, type Source } from '../lib/assembler.ts';
import { Refusal } from '../model/command.ts';
import type { Contract } from '../model/contract.ts';
import type { Lifecycle, Move } from '../model/lifecycle.ts';
import type { Operation } from '../model/operation.ts';
import { collectionOf, type Resource, type Role } from '../model/resource.ts';
import type { Validation, Violation } from '../model/schema.ts';
import { createSchemaResolver, type SchemaResolver } from '../model/schema-resolver.ts';
import { behaviourOf } from './behaviours/index.ts';
import { channelMatcher } from './event-log.ts';
import { type ChannelEntry, createChannelEntry } from './messages.ts';
import type { Entity } from './store/store.ts';
import type {
  ActionHandler,
  Change,
  Link,
  OperationHandler,
  ResourceRules,
  SystemDefinition,
  TimerHandler,
} from './system.ts';

/** How an operation is answered: from stored state, by a system's own code, or by a sample from its schema. */
export type Answer = 'state' | 'code' | 'sample';

/** What all tenants share: contracts and definitions, looked up by name. Nothing in it changes once it is made. */
export interface Registry {
  readonly contracts: readonly Contract[];
  readonly schemas: SchemaResolver;
  readonly validation: Validation;
  readonly resources: readonly ResourceEntry[];
  /** A resource by its collection; throws `COLLECTION_UNKNOWN`. */
  resource(collection: string): ResourceEntry;
  /** A channel by its address; throws `CHANNEL_UNKNOWN`. */
  channel(address: string): ChannelEntry;
  readonly channels: readonly ChannelEntry[];
  linksOf(channel: string): readonly Link[];
  timer(kind: string): TimerHandler;
  /** An action by system and name; refuses with 404 where there is none. */
  action(system: string, name: string): ActionHandler;
  answerOf(operation: Operation): Answer;
  /** What answers an operation from state or by code; `undefined` for a sample. */
  handlerOf(operation: Operation): OperationHandler | undefined;
  system(name: string): SystemDefinition | undefined;
  /** Called with each message that breaks its contract; throws where the simulator is strict. */
  reportBrokenEvent(channel: string, violations: readonly Omit<Violation, 'in'>[]): void;
}

/** A resource with its rules and what has been worked out about it once. */
export interface ResourceEntry {
  readonly resource: Resource;
  /** Where its entities are stored, `<system>/<Resource>`. */
  readonly collection: string;
  readonly rules: ResourceRules;
  readonly children: readonly (ResourceEntry & { readonly parentProperty: string })[];
  keyOf(entity: Entity): string;
  /** The properties that an operation's client cannot set. */
  closedTo(operation: Operation): readonly string[];
  /** A new entity in the contract's order: what the server owns, else what the draft says, else what all begin with. */
  compose(owned: Owned, draft: Entity): Entity;
  /** The same entity with its properties in the contract's order, further ones behind, and when it was last updated. */
  inOrder(entity: Entity, owned?: Pick<Owned, 'updated'>): Entity;
  /** An id where no rule makes one: a UUID or number where the schema wants it, else like `ORD-000001`. */
  derivedId(number: number, uuid: () => string): string | number;
  /** The move of the life cycle that a change makes; refuses one that it does not have. */
  checkMove(before: Entity, after: Entity): Move | undefined;
  /** The channels that tell of a change. */
  channelsFor(change: Change): readonly string[];
}

/** What the server sets in an entity by itself, whatever its contract calls it. */
export interface Owned {
  readonly id?: unknown;
  readonly created?: unknown;
  readonly updated?: unknown;
  readonly href?: string;
}

export interface RegistryParts {
  readonly contracts: readonly Contract[];
  readonly systems: readonly SystemDefinition[];
  readonly links: readonly Link[];
  readonly validation: Validation;
  readonly reportBrokenEvent: Registry['reportBrokenEvent'];
  /** Timers that belong to the engine itself. */
  readonly timers?: Readonly<Record<string, TimerHandler>>;
}

/** Joins contracts, systems and links; throws where a definition names what no contract has. */
export function createRegistry(parts: RegistryParts): Registry {
  const schemas = createSchemaResolver(parts.contracts);
  const systems = new Map(parts.systems.map((system) => [system.name, system]));
  const resources = createResourceEntries(parts.contracts, systems, schemas);
  const channels = new Map<string, ChannelEntry>();
  for (const channel of parts.contracts.flatMap((contract) => contract.channels)) {
    const payload = channel.messages[0]?.payload ?? {};
    channels.set(
      channel.address,
      createChannelEntry(channel, schemas.properties(payload), parts.validation.check(payload)),
    );
  }
  const links = parts.links
    .filter(({ to }) => systems.has(to))
    .map((link) => ({ link, isWanted: channelMatcher(link.channel) }));
  const linksByChannel = new Map<string, readonly Link[]>();
  const handlers = new Map<string, { answer: Answer; handle: OperationHandler }>();
  const handlersFound = new WeakMap<Operation, OperationHandler>();
  for (const entry of resources.values()) {
    for (const [role, id] of Object.entries(entry.resource.operations)) {
      handlers.set(`${entry.resource.system}/${id}`, { answer: 'state', handle: behaviourOf(role as Role, entry) });
    }
  }
  for (const system of parts.systems) {
    for (const [id, handle] of Object.entries(system.operations ?? {})) {
      handlers.set(`${system.name}/${id}`, { answer: 'code', handle });
    }
  }
  return {
    contracts: parts.contracts,
    schemas,
    validation: parts.validation,
    resources: [...resources.values()],
    resource: (collection) => {
      const entry = resources.get(collection);
      if (entry !== undefined) return entry;
      throw new SimulatorError(
        'COLLECTION_UNKNOWN',
        `Failed to find the resource "${collection}": no contract implies it. Name it <system>/<Resource>, as the check command lists them.`,
      );
    },
    channel: (address) => {
      const entry = channels.get(address);
      if (entry !== undefined) return entry;
      throw new SimulatorError(
        'CHANNEL_UNKNOWN',
        `Failed to find the channel "${address}": no contract has it. Use an address from an event contract.`,
      );
    },
    channels: [...channels.values()],
    linksOf: (channel) => {
      let wanted = linksByChannel.get(channel);
      if (wanted === undefined) {
        wanted = links.filter(({ isWanted }) => isWanted(channel)).map(({ link }) => link);
        linksByChannel.set(channel, wanted);
      }
      return wanted;
    },
    timer: (kind) => {
      const [system = '', name = ''] = kind.split('/');
      const handler = parts.timers?.[kind] ?? systems.get(system)?.timers?.[name];
      if (handler !== undefined) return handler;
      throw new SimulatorError(
        'COLLECTION_UNKNOWN',
        `Failed to set a timer of the kind "${kind}": no system handles it. Add it to the "timers" of the system.`,
      );
    },
    action: (system, name) => {
      const handler = systems.get(system)?.actions?.[name];
      if (handler !== undefined) return handler;
      const known = parts.systems.flatMap((each) =>
        Object.keys(each.actions ?? {}).map((action) => `${each.name}/${action}`),
      );
      throw new Refusal(
        404,
        'NOT_FOUND',
        `Failed to run the action "${system}/${name}": there is none. Known actions: ${known.join(', ') || 'none'}.`,
      );
    },
    answerOf: (operation) => handlers.get(`${operation.system}/${operation.id}`)?.answer ?? 'sample',
    handlerOf: (operation) => {
      let handle = handlersFound.get(operation);
      if (handle === undefined) {
        handle = handlers.get(`${operation.system}/${operation.id}`)?.handle;
        if (handle !== undefined) handlersFound.set(operation, handle);
      }
      return handle;
    },
    system: (name) => systems.get(name),
    reportBrokenEvent: parts.reportBrokenEvent,
  };
}

function createResourceEntries(
  contracts: readonly Contract[],
  systems: ReadonlyMap<string, SystemDefinition>,
  schemas: SchemaResolver,
): ReadonlyMap<string, ResourceEntry> {
  const entries = new Map<string, ResourceEntry & { children: (ResourceEntry & { parentProperty: string })[] }>();
  for (const resource of contracts.flatMap((contract) => contract.resources)) {
    const rules = systems.get(resource.system)?.resources?.[resource.name] ?? {};
    entries.set(collectionOf(resource), createResourceEntry(resource, rules, schemas));
  }
  for (const entry of entries.values()) {
    const { parent, system } = entry.resource;
    if (parent === undefined) continue;
    entries
      .get(collectionOf({ system, name: parent.resource }))
      ?.children.push({ ...entry, parentProperty: parent.property });
  }
  return entries;
}

function createResourceEntry(resource: Resource, rules: ResourceRules, schemas: SchemaResolver) {
  const properties = schemas.properties(resource.schema);
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
  mustKnowStates(resource, rules.lifecycle, schemas.resolve(properties.get(rules.lifecycle?.property ?? ''))?.enum);
  const closed = new WeakMap<Operation, readonly string[]>();
  const idSchema = schemas.resolve(properties.get(resource.idProperty));
  const channelsOn = (kind: 'created' | 'updated' | 'deleted') =>
    resource.announcements.filter(({ on }) => on === kind).map(({ channel }) => channel);
  const [onCreation, onUpdate, onDeletion] = [channelsOn('created'), channelsOn('updated'), channelsOn('deleted')];
  const channelsFor = (change: Change): readonly string[] => {
    const told = change.before === undefined ? onCreation : change.after === undefined ? onDeletion : onUpdate;
    const move = moveOf(rules.lifecycle, change);
    return move?.announces === undefined ? told : [...told, move.announces];
  };
  const ownedAs = new Map<string | undefined, keyof Owned>([
    [resource.idProperty, 'id'],
    [resource.createdProperty, 'created'],
    [resource.updatedProperty, 'updated'],
    [resource.hrefProperty, 'href'],
  ]);
  const sourcesOf = (name: string, owned: keyof Owned | undefined): readonly Source[] =>
    owned === undefined
      ? [[0, name]]
      : [
          [1, owned],
          [0, name],
        ];
  const compose = createAssembler(
    names.map((name) => {
      const from = sourcesOf(name, ownedAs.get(name));
      return { name, from: Object.hasOwn(initial, name) ? [...from, [2, name]] : from };
    }),
    0,
  );
  const inOrder = createAssembler(
    names.map((name) => ({ name, from: sourcesOf(name, name === resource.updatedProperty ? 'updated' : undefined) })),
    0,
  );
  return {
    resource,
    collection: collectionOf(resource),
    rules,
    children: [] as (ResourceEntry & { parentProperty: string })[],
    closedTo: (operation: Operation) => {
      let names = closed.get(operation);
      if (names === undefined) {
        const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
        const declared = schemas.properties(body);
        const undeclared = declared.size === 0 ? [] : [...properties.keys()].filter((name) => !declared.has(name));
        names = [...new Set([...resource.serverOwned, ...undeclared])];
        closed.set(operation, names);
      }
      return names;
    },
    keyOf: (entity: Entity) => String(entity[resource.idProperty]),
    compose: (owned: Owned, draft: Entity) => compose(draft, owned as Entity, initial),
    inOrder: (entity: Entity, owned: Owned = NOTHING_OWNED) => inOrder(entity, owned as Entity),
    derivedId: (number: number, uuid: () => string) => {
      if (idSchema?.type === 'integer' || idSchema?.type === 'number') return number;
      if (idSchema?.format === 'uuid') return uuid();
      return `${resource.name.slice(0, 3).toUpperCase()}-${String(number).padStart(6, '0')}`;
    },
    checkMove: (before: Entity, after: Entity) => checkMove(resource.name, rules.lifecycle, before, after),
    channelsFor,
  };
}

const NOTHING_OWNED: Owned = Object.freeze({});

/** A life cycle is code, the states are the contract's: where it lists them, the code must not know others. */
function mustKnowStates(resource: Resource, lifecycle: Lifecycle | undefined, states: readonly unknown[] | undefined) {
  if (lifecycle === undefined || states === undefined) return;
  const named = [lifecycle.initial, ...lifecycle.moves.flatMap(({ from, to }) => [from, to])];
  const unknown = new Set(named.filter((state) => !states.includes(state)));
  if (unknown.size === 0) return;
  throw new SimulatorError(
    'LIFECYCLE_BROKEN',
    `Failed to define the life cycle of ${resource.system}/${resource.name}: its contract does not have ${[...unknown].join(', ')}. Use ${states.join(', ')}.`,
  );
}

function moveOf(lifecycle: Lifecycle | undefined, { before, after }: Change) {
  if (lifecycle === undefined || before === undefined || after === undefined) return undefined;
  const from = before[lifecycle.property];
  const to = after[lifecycle.property];
  return from === to ? undefined : lifecycle.moves.find((move) => move.from === from && move.to === to);
}

function checkMove(name: string, lifecycle: Lifecycle | undefined, before: Entity, after: Entity): Move | undefined {
  if (lifecycle === undefined) return undefined;
  const from = before[lifecycle.property];
  const to = after[lifecycle.property];
  const made = moveOf(lifecycle, { before, after, context: {} });
  if (from === to || made !== undefined) return made;
  const legal = lifecycle.moves.filter((move) => move.from === from).map((move) => move.to);
  throw new Refusal(
    409,
    'ILLEGAL_TRANSITION',
    `Failed to move the ${name} from ${String(from)} to ${String(to)}: its life cycle has no such move. ${legal.length === 0 ? `${String(from)} is final.` : `Legal from ${String(from)}: ${legal.join(', ')}.`}`,
    { details: { from, to, legal } },
  );
}
