import { SimulatorError } from '../errors.ts';
import { memberOf } from '../lib/json-object.ts';
import { didYouMean } from '../lib/nearest-word.ts';
import { createZoneOffsets, type ZoneOffsets } from '../lib/time-zones.ts';
import { createAddressFinder } from '../model/channel-address.ts';
import { type Command, Refusal } from '../model/command.ts';
import type { Contract } from '../model/contract.ts';
import { ledChannels } from '../model/led-channels.ts';
import { type Operation, operationKey } from '../model/operation.ts';
import { collectionOf } from '../model/resource.ts';
import type { Validation, Violation } from '../model/schema.ts';
import { createSchemaResolver } from '../model/schema-resolver.ts';
import { type Ancestors, createAncestors } from './behaviours/ancestors.ts';
import { type BehaviourParts, createBehaviourParts } from './behaviours/behaviour-parts.ts';
import { type BoundOperation, bindingsOf } from './behaviours/bound-operation.ts';
import { type CallBack, createCallBack } from './behaviours/callbacks.ts';
import { type Behaviour, behaviourOf } from './behaviours/index.ts';
import type { ValueMaker } from './behaviours/make-value.ts';
import { createPartLink } from './behaviours/parts.ts';
import { createReplier } from './behaviours/reply.ts';
import { createSpeaker } from './behaviours/speak.ts';
import { examplesOf } from './behaviours/supplied-items.ts';
import { MOVE_TIMER, makeTimedMove } from './behaviours/timed-moves.ts';
import { createKeptEntries, type KeptEntry } from './kept-entry.ts';
import type { PolicyTable } from './policies/policy.ts';
import { createPolicyBook } from './policies/policy-book.ts';
import { channelMatcher } from './records/event-log.ts';
import { createResourceEntry, type OpenEntry, type ResourceEntry, type Supplies } from './resource-entry.ts';
import type { ContractView, DescribedAction } from './state/contract-view.ts';
import type { ReadWork } from './state/work.ts';
import type {
  ActionHandler,
  InvalidHandler,
  Link,
  MessageHandler,
  OperationHandler,
  ReadHandler,
  SystemDefinition,
  TimerHandler,
} from './system.ts';
import { type ChannelEntry, createChannelEntry } from './values/messages.ts';

/** How an operation is answered: from stored state, by a system's own code, or by a sample from its schema. */
export type Answer = 'state' | 'code' | 'sample';

/** What all tenants share: contracts and definitions, looked up by name. Nothing in it changes once it is made. */
export interface Registry extends ContractView {
  readonly resources: readonly ResourceEntry[];
  /** What the code of systems keeps by itself, to be looked at. */
  readonly kept: readonly KeptEntry[];
  /** A resource by its collection; throws `COLLECTION_UNKNOWN`. */
  resource(collection: string): ResourceEntry;
  linksOf(channel: string): readonly Link[];
  readonly zoneOffsets: ZoneOffsets;
  /** What a channel's own system does with a message that it did not publish itself. */
  receiverOf(channel: string): MessageHandler | undefined;
  timer(kind: string): TimerHandler;
  /** An action by system and name; refuses with 404 where there is none. */
  action(system: string, name: string): ActionHandler;
  /** An operation by its key, as `operationKey` writes it; throws `OPERATION_UNKNOWN`. */
  operation(key: string): OperationEntry;
  /** Whether something other than a sample answers an operation by this key. */
  hasHandler(key: string): boolean;
  /** Refuses with 404 where a path leads through something that is not there. */
  requireAncestors(work: ReadWork, command: Command): void;
  system(name: string): SystemDefinition | undefined;
  /** Called with each message that breaks its contract; throws where the simulator is strict. */
  reportBrokenEvent(channel: string, violations: readonly Omit<Violation, 'in'>[]): void;
}

/** An operation with what answers it; a sample, where nothing does. */
export interface OperationEntry {
  readonly operation: Operation;
  readonly answer: Answer;
  /** Answers without a change. */
  readonly read?: ReadHandler;
  /** Answers in a transaction. */
  readonly write?: OperationHandler;
  /** Answers a request that breaks the contract, where it is taken all the same. */
  readonly invalid?: InvalidHandler;
  /** Sends what it promises to send later; a handler of a contract's own behaviour does so by itself. */
  readonly callBack?: CallBack;
  /** What it waits for before it runs. */
  readonly prepare?: () => Promise<unknown>;
  /** Whether it stands for a receiver outside, which a fault strikes only if it names it. */
  readonly isReceiver: boolean;
  /** Whether it steers the simulator, so that no fault strikes it. */
  readonly isSteering: boolean;
  /** The collection of the one thing that it is about, and the parameter that has its id. */
  readonly item?: { readonly collection: string; readonly parameter: string };
}

export interface RegistryParts {
  readonly contracts: readonly Contract[];
  readonly systems: readonly SystemDefinition[];
  readonly links: readonly Link[];
  readonly validation: Validation;
  readonly reportBrokenEvent: Registry['reportBrokenEvent'];
  /** Generates what a contract requires and the client did not send; default: the simplest valid values. */
  readonly generate?: ValueMaker;
  /** Policies that belong to no one system, by section. */
  readonly policies?: Readonly<Record<string, PolicyTable>>;
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
  const findAddress = createAddressFinder([...channels.values()].map(({ channel }) => channel));
  const isChannel = (address: string): boolean => findAddress(address) !== undefined;
  const repliers = new Map<string, MessageHandler>();
  for (const channel of parts.contracts.flatMap((contract) => contract.channels)) {
    const reply = channels.get(channel.reply ?? '');
    if (reply !== undefined) repliers.set(channel.address, createReplier(channel, reply, isChannel, behaviourParts));
  }
  const isSpontaneous = spontaneity(parts, systems);
  const speakers = new Map(
    [...channels.values()]
      .filter(isSpontaneous)
      .map((entry) => [entry.channel.address, createSpeaker(entry, behaviourParts)]),
  );
  const links = parts.links
    .filter(({ to }) => systems.has(to))
    .map((link) => ({ link, isWanted: channelMatcher(link.channel) }));
  const linksByChannel = new Map<string, readonly Link[]>();
  const timers = new Map<string, TimerHandler>();
  const operations = createOperationEntries(parts, [...resources.values()], behaviourParts, ancestors);
  let actions: readonly DescribedAction[] | undefined;
  let kept: readonly KeptEntry[] | undefined;
  let faultTargets: readonly OperationEntry[] | undefined;
  const registry: Registry = {
    contracts: parts.contracts,
    schemas,
    validation: parts.validation,
    policies: createPolicyBook(policyTablesOf(parts), parts.validation),
    resources: [...resources.values()],
    get kept() {
      kept ??= createKeptEntries(parts.systems, parts.contracts, behaviourParts);
      return kept;
    },
    resource: (collection) => {
      const entry = resources.get(collection);
      if (entry !== undefined) return entry;
      throw new SimulatorError(
        'COLLECTION_UNKNOWN',
        `Failed to find the resource "${collection}": no contract implies it. Name it <system>/<Resource>, as the check command lists them.`,
      );
    },
    channel: (address) => {
      const entry = channels.get(address) ?? channels.get(findAddress(address) ?? '');
      if (entry !== undefined) return entry;
      throw new SimulatorError(
        'CHANNEL_UNKNOWN',
        `Failed to find the channel "${address}": no contract has it. Use an address from an event contract.`,
      );
    },
    channels: [...channels.values()],
    speakers,
    get faultTargets() {
      faultTargets ??= [...operations.values()].filter(({ isSteering }) => !isSteering);
      return faultTargets;
    },
    get actions() {
      actions ??= describeActions(parts.systems, registry);
      return actions;
    },
    zoneOffsets: createZoneOffsets(),
    linksOf: (channel) => {
      let wanted = linksByChannel.get(channel);
      if (wanted === undefined) {
        wanted = links.filter(({ isWanted }) => isWanted(channel)).map(({ link }) => link);
        linksByChannel.set(channel, wanted);
      }
      return wanted;
    },
    receiverOf: (channel) => {
      const address = findAddress(channel) ?? '';
      const { system } = channels.get(address)?.channel ?? {};
      return memberOf(systems.get(system ?? '')?.receives, channel) ?? repliers.get(address);
    },
    timer: (kind) => {
      const known = timers.get(kind);
      if (known !== undefined) return known;
      const [system = '', name = ''] = kind.split('/');
      const own = kind === MOVE_TIMER ? makeTimedMove : memberOf(parts.timers, kind);
      const handler = own ?? memberOf(systems.get(system)?.timers, name);
      if (handler !== undefined) {
        timers.set(kind, handler);
        return handler;
      }
      throw new SimulatorError(
        'COLLECTION_UNKNOWN',
        `Failed to set a timer of the kind "${kind}": no system handles it. Add it to the "timers" of the system.`,
      );
    },
    action: (system, name) => {
      const handler = memberOf(systems.get(system)?.actions, name);
      if (handler !== undefined) return handler;
      const known = parts.systems.flatMap((each) =>
        Object.keys(each.actions ?? {}).map((action) => `${each.name}/${action}`),
      );
      const wanted = `${system}/${name}`;
      const advice = didYouMean(wanted, known, `Known actions: ${known.join(', ') || 'none'}.`);
      throw new Refusal(404, 'NOT_FOUND', `Failed to run the action "${wanted}": there is none. ${advice}`);
    },
    operation: (key) => {
      const entry = operations.get(key);
      if (entry !== undefined) return entry;
      throw new SimulatorError(
        'OPERATION_UNKNOWN',
        `Failed to find the operation "${key}": no contract has it. Name it <system>/<contract>/<operationId>.`,
      );
    },
    hasHandler: (key) => (operations.get(key)?.answer ?? 'sample') !== 'sample',
    requireAncestors: ancestors.require,
    system: (name) => systems.get(name),
    reportBrokenEvent: parts.reportBrokenEvent,
  };
  return registry;
}

function describeActions(systems: readonly SystemDefinition[], contracts: ContractView): readonly DescribedAction[] {
  return systems.flatMap(({ name: system, actions = {}, inputs = {} }) =>
    Object.keys(actions).map((name) => {
      const input = inputs[name] ?? { type: 'object' };
      return { system, name, input: typeof input === 'function' ? input(contracts) : input };
    }),
  );
}

function policyTablesOf({ policies = {}, systems }: RegistryParts): Readonly<Record<string, PolicyTable>> {
  const own = systems.flatMap((system) =>
    system.policies === undefined ? [] : [[system.name, system.policies] as const],
  );
  return { ...policies, ...Object.fromEntries(own) };
}

function createOperationEntries(
  { contracts, systems }: RegistryParts,
  resources: readonly ResourceEntry[],
  behaviourParts: BehaviourParts,
  ancestors: Ancestors,
): ReadonlyMap<string, OperationEntry> {
  const bound = new Map<string, BoundOperation>();
  for (const entry of resources) {
    const { system } = entry.resource;
    for (const binding of bindingsOf(entry.resource)) {
      bound.set(operationKey({ system, contract: binding.contract, id: binding.operation }), { entry, binding });
    }
  }
  const definitions = new Map(systems.map((system) => [system.name, system]));
  const entries = new Map<string, OperationEntry>();
  for (const operation of contracts.flatMap((contract) => contract.operations)) {
    const key = operationKey(operation);
    const definition = definitions.get(operation.system);
    const read = memberOf(definition?.reads, operation.id);
    const write = memberOf(definition?.operations, operation.id);
    const hasCode = read !== undefined || write !== undefined;
    const derived = bound.get(key);
    const behaviour = hasCode || derived === undefined ? undefined : behaviourOf(derived, behaviourParts);
    const parameter = derived?.binding.idParameter;
    const callBack = hasCode ? undefined : createCallBack(operation, behaviourParts);
    const isReceiver = definition?.receivers?.includes(operation.id) === true;
    entries.set(key, {
      operation,
      answer: hasCode ? 'code' : behaviour === undefined ? 'sample' : 'state',
      ...(hasCode && { read, write }),
      ...(behaviour !== undefined && guarded(calling(behaviour, callBack), ancestors)),
      ...(behaviour === undefined && callBack !== undefined && { callBack }),
      invalid: memberOf(definition?.invalid, operation.id),
      prepare: memberOf(definition?.prepare, operation.id),
      isReceiver,
      isSteering: definition?.receivers !== undefined && !isReceiver,
      ...(derived !== undefined &&
        parameter !== undefined && { item: { collection: derived.entry.collection, parameter } }),
    });
  }
  return entries;
}

/** A behaviour that also sends what its operation promises. */
function calling(behaviour: Behaviour, callBack: CallBack | undefined): Behaviour {
  if (callBack === undefined || !('write' in behaviour)) return behaviour;
  return {
    write(work, command) {
      const outcome = behaviour.write(work, command);
      callBack(work, command, outcome);
      return outcome;
    },
  };
}

function guarded(behaviour: Behaviour, ancestors: Ancestors): Behaviour {
  if ('read' in behaviour) return { read: ancestors.guarding(behaviour.read) };
  return { write: ancestors.guarding(behaviour.write) };
}

/** Whether nothing but time makes a channel speak: no change of a thing, no request, no code. */
function spontaneity({ contracts }: RegistryParts, systems: ReadonlyMap<string, SystemDefinition>) {
  const led = ledChannels(contracts);
  return ({ channel: { system, address, direction } }: ChannelEntry): boolean =>
    direction === 'send' && !systems.has(system) && !led.has(address);
}

function createResourceEntries(
  { contracts, generate }: RegistryParts,
  systems: ReadonlyMap<string, SystemDefinition>,
  parts: BehaviourParts,
): ReadonlyMap<string, ResourceEntry> {
  const entries = new Map<string, OpenEntry>();
  for (const resource of contracts.flatMap((contract) => contract.resources)) {
    const system = systems.get(resource.system);
    const rules = system === undefined ? undefined : (memberOf(system.resources, resource.name) ?? {});
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
    const { parent, partOf, system } = entry.resource;
    const whole = entries.get(collectionOf({ system, name: partOf?.resource ?? '' }));
    if (partOf !== undefined && whole !== undefined && !systems.has(system)) {
      entry.whole = createPartLink(partOf, whole, entry, parts);
      whole.parts.push(entry.whole);
    }
    if (parent === undefined) continue;
    entries
      .get(collectionOf({ system, name: parent.resource }))
      ?.children.push(Object.assign(Object.create(entry) as ResourceEntry, { parentProperty: parent.property }));
  }
  return entries;
}
