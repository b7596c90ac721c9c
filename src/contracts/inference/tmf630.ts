import type { Channel } from '../../model/channel.ts';
import type { Contract } from '../../model/contract.ts';
import type { Operation } from '../../model/operation.ts';
import type { Resource, Tmf630, Tmf630Event } from '../../model/resource.ts';
import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { inferEnvelope } from '../infer-envelope.ts';
import { requestSchema } from './success-body.ts';
import { isSameWord } from './words.ts';

/**
 * Recognises contracts that follow TMF630, the REST guidelines of TM Forum, by their shape: things have `@type` and
 * `@baseType` or `@schemaLocation`. Their listeners say which events a hub sends; where no document of events stands beside
 * the contract, these become its channels.
 *
 * @example const { resources, channels } = recogniseTmf630(resources, contracts, schemas);
 */
export function recogniseTmf630(
  resources: readonly Resource[],
  system: readonly Contract[],
  schemas: SchemaResolver,
): { readonly resources: readonly Resource[]; readonly channels: readonly Channel[] } {
  const forum = new Set(resources.filter(({ schema }) => isExtensible(schema, schemas)));
  if (forum.size === 0) return { resources, channels: [] };
  const hub = resources.find(
    ({ collectionPath = '', schema }) => /\/hub$/.test(collectionPath) && schemas.members(schema).has('callback'),
  );
  const hasChannels = system.some((contract) => contract.channels.length > 0);
  const listeners = hasChannels ? [] : system.flatMap(({ operations }) => operations.filter(isListener));
  const channels = listeners.map((operation) => toChannel(operation, schemas));
  return {
    channels,
    resources: resources.map((resource) => {
      if (resource === hub) return { ...resource, tmf630: { hub: hub.name, dates: [], nestedStates: [], events: [] } };
      if (!forum.has(resource)) return resource;
      const events = listeners.flatMap((operation) => toEvent(operation, resource, schemas) ?? []);
      return { ...resource, tmf630: profileOf(resource, hub?.name, events, system, schemas) };
    }),
  };
}

function isExtensible(schema: Schema, schemas: SchemaResolver): boolean {
  const members = schemas.members(schema);
  return members.has('@type') && (members.has('@baseType') || members.has('@schemaLocation')) && members.has('id');
}

function isListener({ method, path }: Operation): boolean {
  return method === 'POST' && /\/listener\/[^/]+$/.test(path);
}

function profileOf(
  resource: Resource,
  hub: string | undefined,
  events: readonly Tmf630Event[],
  system: readonly Contract[],
  schemas: SchemaResolver,
): Tmf630 {
  const members = [...schemas.members(resource.schema)];
  const stateOf = (name: string, schema: Schema) => {
    const resolved = schemas.resolve(schema);
    return /^(state|status|lifecycleStatus)$/.test(name)
      ? { property: name, initial: resolved?.default ?? resolved?.enum?.[0] }
      : undefined;
  };
  const state = members.map(([name, schema]) => stateOf(name, schema)).find((each) => each !== undefined);
  const create = system
    .flatMap(({ operations }) => operations)
    .find(({ id, system: name }) => id === resource.operations.create && name === resource.system);
  const settable = schemas.members(requestSchema(create));
  return {
    ...(hub !== undefined && { hub }),
    ...(state !== undefined && { state }),
    dates: members.flatMap(([name, schema]) => {
      const isTime = schemas.resolve(schema)?.format === 'date-time';
      return isTime && create !== undefined && !settable.has(name) && !LATER.test(name) ? [name] : [];
    }),
    nestedStates: members.flatMap(([list, schema]) => {
      const items = [...schemas.members(schemas.items(schema))];
      // What a thing only refers to has a state that is not its own.
      if (items.some(([name]) => name === '@referredType')) return [];
      const nested = items.map(([name, own]) => stateOf(name, own)).find((each) => each !== undefined);
      return nested === undefined ? [] : [{ list, ...nested }];
    }),
    events,
  };
}

/** Times that come after a thing has been created, if at all. */
const LATER =
  /complet|cancel|expect|expir|clos|end|resol|due|stop|terminat|start|request|actual|next|last(?!(Update|Modified))/i;

function toChannel(operation: Operation, schemas: SchemaResolver): Channel {
  const payload = requestSchema(operation) ?? {};
  const name = nameOfEvent(operation);
  const envelope = inferEnvelope(payload, (schema) => schemas.resolve(schema));
  return {
    address: operation.path.slice(operation.path.lastIndexOf('/') + 1),
    system: operation.system,
    contract: operation.contract,
    direction: 'send',
    operationId: operation.id,
    messages: [{ name, contentType: 'application/json', payload, envelope }],
    bindings: {},
    pointer: operation.pointer,
  };
}

function toEvent(operation: Operation, { name }: Resource, schemas: SchemaResolver): Tmf630Event | undefined {
  const event = nameOfEvent(operation);
  const kind = KINDS.find(([, stem]) => stem.test(event));
  if (kind === undefined || !isSameWord(event.replace(kind[1], ''), name)) return undefined;
  const channel = operation.path.slice(operation.path.lastIndexOf('/') + 1);
  return { on: kind[0], name: event, channel, path: pathTo(name, requestSchema(operation), schemas) };
}

/** `ProductOrderCreateEvent`, from the listener's path. */
function nameOfEvent({ path }: Operation): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const KINDS: readonly (readonly [Tmf630Event['on'], RegExp])[] = [
  ['created', /(Create|Creation)(Event|Notification)$/],
  ['state', /(StateChange|StatusChange|StateValueChange)(Event|Notification)$/],
  ['attributes', /(AttributeValueChange|Change|Update)(Event|Notification)$/],
  ['deleted', /(Delete|Remove|Removal)(Event|Notification)$/],
];

/** Where in the payload of an event the thing stands: in `event.productOrder`, as a rule. */
function pathTo(name: string, payload: Schema | undefined, schemas: SchemaResolver): readonly string[] {
  const members = schemas.members(payload);
  const wrapper = ['event', 'payload', 'resource'].find((each) => members.has(each));
  const inner = schemas.members(members.get(wrapper ?? ''));
  const member =
    [...inner.keys()].find((each) => isSameWord(each, name)) ?? (inner.size === 1 ? [...inner.keys()][0] : undefined);
  const own = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return [wrapper ?? 'event', member ?? own];
}
