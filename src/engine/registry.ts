import { SimulatorError } from '../errors.ts';
import { type Command, Refusal } from '../model/command.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import { collectionOf } from '../model/resource.ts';
import type { Validation, Violation } from '../model/schema.ts';
import { createSchemaResolver, type SchemaResolver } from '../model/schema-resolver.ts';
import { createAncestors } from './behaviours/ancestors.ts';
import { type BehaviourParts, createBehaviourParts } from './behaviours/behaviour-parts.ts';
import { bindingsOf } from './behaviours/bound-operation.ts';
import { behaviourOf } from './behaviours/index.ts';
import type { ValueMaker } from './behaviours/make-value.ts';
import { examplesOf } from './behaviours/supplied-items.ts';
import { channelMatcher } from './event-log.ts';
import { type ChannelEntry, createChannelEntry } from './messages.ts';
import { createResourceEntry, type OpenEntry, type ResourceEntry, type Supplies } from './resource-entry.ts';
import type { ActionHandler, Link, OperationHandler, SystemDefinition, TimerHandler } from './system.ts';
import type { Work } from './work.ts';

export type { ResourceEntry } from './resource-entry.ts';

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
  /** Refuses with 404 where a path leads through something that is not there. */
  requireAncestors(work: Work, command: Command): void;
  /** What answers an operation from state or by code; `undefined` for a sample. */
  handlerOf(operation: Operation): OperationHandler | undefined;
  system(name: string): SystemDefinition | undefined;
  /** Called with each message that breaks its contract; throws where the simulator is strict. */
  reportBrokenEvent(channel: string, violations: readonly Omit<Violation, 'in'>[]): void;
}

export interface RegistryParts {
  readonly contracts: readonly Contract[];
  readonly systems: readonly SystemDefinition[];
  readonly links: readonly Link[];
  readonly validation: Validation;
  readonly reportBrokenEvent: Registry['reportBrokenEvent'];
  /** Makes what a contract demands of things and nobody sends; the plainest values that there are by default. */
  readonly generate?: ValueMaker;
  /** Timers that belong to the engine itself. */
  readonly timers?: Readonly<Record<string, TimerHandler>>;
}

/** Joins contracts, systems and links; throws where a definition names what no contract has. */
export function createRegistry(parts: RegistryParts): Registry {
  const schemas = createSchemaResolver(parts.contracts);
  const systems = new Map(parts.systems.map((system) => [system.name, system]));
  const behaviourParts = createBehaviourParts(schemas, parts.validation, parts.generate);
  const resources = createResourceEntries(parts, systems, behaviourParts);
  const ancestors = createAncestors([...resources.values()]);
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
    for (const binding of bindingsOf(entry.resource)) {
      const handle = behaviourOf({ entry, binding }, behaviourParts);
      handlers.set(`${entry.resource.system}/${binding.operation}`, {
        answer: 'state',
        handle: ancestors.guarding(handle),
      });
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
    requireAncestors: ancestors.require,
    system: (name) => systems.get(name),
    reportBrokenEvent: parts.reportBrokenEvent,
  };
}

function createResourceEntries(
  { contracts, generate }: RegistryParts,
  systems: ReadonlyMap<string, SystemDefinition>,
  parts: BehaviourParts,
): ReadonlyMap<string, ResourceEntry> {
  const entries = new Map<string, OpenEntry>();
  for (const resource of contracts.flatMap((contract) => contract.resources)) {
    const system = systems.get(resource.system);
    const rules = system === undefined ? undefined : (system.resources?.[resource.name] ?? {});
    const named = new Map<string, ResourceEntry | undefined>();
    const supplies: Supplies = {
      make: generate,
      examples: () => examplesOf(resource, contracts),
      entry: (name) => {
        if (!named.has(name))
          named.set(
            name,
            [...entries.values()].find((other) => other.resource.system === resource.system && other.isId(`${name}Id`)),
          );
        return named.get(name);
      },
    };
    entries.set(collectionOf(resource), createResourceEntry(resource, rules, parts, supplies));
  }
  for (const entry of entries.values()) {
    const { parent, system } = entry.resource;
    if (parent === undefined) continue;
    entries
      .get(collectionOf({ system, name: parent.resource }))
      ?.children.push(Object.assign(Object.create(entry) as ResourceEntry, { parentProperty: parent.property }));
  }
  return entries;
}
