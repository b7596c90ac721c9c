import { unknownChannels } from '../../engine/delivery/webhooks.ts';
import type { ContractView } from '../../engine/state/contract-view.ts';
import type { OperationHandler } from '../../engine/system.ts';
import { buildMessage, type ChannelEntry, withoutEnvelope } from '../../engine/values/messages.ts';
import { createAddressFinder } from '../../model/channel-address.ts';
import { Refusal } from '../../model/command.ts';
import type { Schema } from '../../model/schema.ts';
import { refuseGone } from '../event-feed.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { adviceOnChannel } from './channels.ts';
import { bodyOf, isRecord } from './input.ts';
import { limitOf } from './paging.ts';

export interface EventHandlersOptions {
  /** Answers where the client accepts `text/event-stream`. */
  readonly streamEvents: ControlHandler;
}

export interface EventCommandsOptions {
  /** A value that the schema permits, made from `random` alone. */
  readonly generator: () => Promise<ValueGenerator>;
}

interface ValueGenerator {
  generate(schema: Schema, random: () => number): unknown;
}

/**
 * Answers what is in the event log.
 *
 * @example createEventHandlers({ streamEvents }).listEvents({ tenant, command, base });
 */
export function createEventHandlers({ streamEvents }: EventHandlersOptions) {
  return {
    listEvents: (context: ControlContext) => {
      const { tenant, command } = context;
      const channel = textOf(command.query.channel);
      if (channel !== undefined) mustBeKnown(context, channel);
      if (command.headers.accept?.includes('text/event-stream') === true) return streamEvents(context);
      const after = textOf(command.query.after);
      const gone = refuseGone(tenant.log, after, 'event');
      if (gone !== undefined) throw gone;
      const limit = limitOf(command);
      // One more than asked for shows whether there are more.
      const found = tenant.log.read({ after, channel, limit: limit + 1 });
      const items = found.slice(0, limit);
      return { status: 200, body: { items, ...(found.length > limit && { next: items.at(-1)?.id }) } };
    },
    receiveMessage: ({ tenant, command }: ControlContext) => {
      const body = bodyOf(command);
      const channel = String(body.channel);
      tenant.read(({ registry }) => channelOf(registry, channel));
      const id = textOf(body.id);
      if (id !== undefined && tenant.log.has(id)) return { status: 204 };
      const { payload } = body;
      const headers = isRecord(body.headers) ? (body.headers as Readonly<Record<string, string>>) : undefined;
      const size = Buffer.byteLength(JSON.stringify(payload));
      tenant.apply({ kind: 'message', channel, payload, size, ...(headers !== undefined && { headers }) });
      return { status: 204 };
    },
  } satisfies Record<string, ControlHandler>;
}

/** Publishes messages by hand, and what that has to wait for: the generator of what they lack. */
export function createEventCommands({ generator }: EventCommandsOptions) {
  let values: ValueGenerator | undefined;
  const prepare = async (): Promise<void> => {
    values = await generator();
  };
  const publishEvent: OperationHandler = (work, command) => {
    const body = bodyOf(command);
    const address = String(body.channel);
    const entry = channelOf(work.registry, address);
    const given = body.payload;
    const id = entry.idOf(given);
    if (id !== undefined && work.isPublished(id)) {
      throw new Refusal(
        409,
        'ALREADY_EXISTS',
        `Failed to publish on the channel "${address}": the log holds an event with the id "${id}". Choose another id or leave it out.`,
      );
    }
    const random = work.random('publish', address, work.nextNumber(`publish/${address}`));
    const made = values?.generate(entry.channel.messages[0]?.payload ?? {}, random);
    const payload = complete(given, withoutEnvelope(made, entry.envelope));
    mustFit(entry, payload, {
      id: work.uuid('publish', address),
      channel: address,
      at: work.nowText,
      tenant: work.tenant,
    });
    const headers = isRecord(body.headers) ? (body.headers as Readonly<Record<string, string>>) : undefined;
    return { status: 201, body: work.receive(address, payload, headers) };
  };
  return { operations: { publishEvent }, prepare: { publishEvent: prepare } };
}

function channelOf(registry: ContractView, address: string): ChannelEntry {
  const known = registry.channels.map(({ channel }) => channel);
  if (createAddressFinder(known)(address) !== undefined) return registry.channel(address);
  throw new Refusal(
    404,
    'NOT_FOUND',
    `Failed to publish on the channel "${address}": no contract has it. ${adviceOnChannel(registry, address)}`,
  );
}

/** Nothing would ever come from a channel that is misspelt. */
function mustBeKnown({ tenant }: ControlContext, channel: string): void {
  const advice = tenant.read(({ registry }) =>
    unknownChannels(registry, [channel]).length > 0 ? adviceOnChannel(registry, channel) : undefined,
  );
  if (advice === undefined) return;
  throw new Refusal(
    400,
    'INVALID_REQUEST',
    `Failed to list events of the channel "${channel}": no contract has one like that. ${advice}`,
    { violations: [{ in: 'query', path: '/channel', message: 'must match a channel' }] },
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What was given, and what that lacks from what was generated: all of it where nothing was given. */
function complete(given: unknown, generated: unknown): unknown {
  if (!isRecord(given)) return given === undefined ? generated : given;
  if (!isRecord(generated)) return given;
  const completed = Object.entries(given).map(([name, value]): [string, unknown] => {
    const other = Object.hasOwn(generated, name) ? generated[name] : undefined;
    return [name, isRecord(value) ? complete(value, other) : value];
  });
  return { ...generated, ...Object.fromEntries(completed) };
}

function mustFit(entry: ChannelEntry, payload: unknown, facts: Parameters<typeof buildMessage>[2]): void {
  const { violations } = buildMessage(entry, payload, facts);
  if (violations.length === 0) return;
  throw new Refusal(
    400,
    'INVALID_EVENT',
    `Failed to publish on the channel "${facts.channel}": the message breaks its contract. Correct the payload.`,
    {
      violations: violations.map(({ path, message }) => ({ in: 'body', path: `/payload${path}`, message })),
    },
  );
}
