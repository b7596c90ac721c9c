import { createAssembler } from '../../lib/assembler.ts';
import { isObject } from '../../lib/json-object.ts';
import type { Channel, Envelope } from '../../model/channel.ts';
import type { Check, Schema, Violation } from '../../model/schema.ts';
import type { Change } from '../state/change.ts';
import type { Entity } from '../state/store/store.ts';
import type { StoredResource } from '../state/stored-resource.ts';

/** What the envelope of a message is filled in with. */
export interface MessageFacts {
  readonly id: string;
  readonly channel: string;
  readonly at: string;
  readonly tenant: string;
}

/** A channel with what is needed to write its messages. */
export interface ChannelEntry {
  readonly channel: Channel;
  readonly envelope: Envelope;
  readonly properties: ReadonlyMap<string, Schema>;
  readonly check: Check;
  /** The series that its messages are numbered in. */
  readonly series: string;
  /** The properties of a message in the contract's order, further ones behind; what is missing of its envelope comes from the facts. */
  inOrder(payload: Readonly<Record<string, unknown>>, facts?: MessageFacts): Record<string, unknown>;
  /** What a message about a change takes from the entity alone: properties of the same name, earlier values. */
  describe(change: Change, resource: Pick<StoredResource, 'declares'>): Record<string, unknown>;
  /** The message's own event id. */
  idOf(message: unknown): string | undefined;
  /** A message with another event id, where it has a place for one. */
  withId(message: unknown, id: string): unknown;
}

/** Makes the entry of a channel; a channel carries the first of its messages unless its payload says otherwise. */
export function createChannelEntry(
  channel: Channel,
  properties: ReadonlyMap<string, Schema>,
  check: Check,
): ChannelEntry {
  const envelope: Envelope = channel.messages[0]?.envelope ?? { previous: {} };
  const names = [...properties.keys()];
  const inOrder = createAssembler(
    () =>
      names.map((name) => {
        const fact = sourceOf(name, envelope);
        return {
          name,
          from:
            fact === undefined
              ? [[0, name]]
              : [
                  [0, name],
                  [1, fact],
                ],
        };
      }),
    0,
  );
  const filled = filledIn(envelope);
  const describe = createAssembler(() =>
    names.map((name) => {
      const source = envelope.previous[name];
      return { name, from: source === undefined ? [[0, name]] : [[1, source]] };
    }),
  );
  return {
    channel,
    envelope,
    properties,
    check,
    series: `event/${channel.address}`,
    inOrder: (payload, facts = NO_FACTS) => inOrder(payload, facts as unknown as Entity),
    describe({ before, after }, resource) {
      const described = describe(after ?? before ?? NOTHING, before ?? NOTHING);
      // What a client has stored beside its contract must not pass for what the publisher says of the event.
      for (const name of filled) {
        if (described[name] !== undefined && !resource.declares(name)) described[name] = undefined;
      }
      return described;
    },
    withId: (message, id) =>
      envelope.id === undefined || !isObject(message) ? message : { ...message, [envelope.id]: id },
    idOf(message) {
      const id = envelope.id === undefined || !isObject(message) ? undefined : message[envelope.id];
      return typeof id === 'string' ? id : undefined;
    },
  };
}

/**
 * Fills in the envelope, puts the properties in the contract's order and checks the result against it. What is no object, as
 * a contract may have it, has neither.
 */
export function buildMessage(
  entry: ChannelEntry,
  payload: unknown,
  facts: MessageFacts,
): { message: unknown; violations: readonly Omit<Violation, 'in'>[] } {
  const message = isObject(payload) ? entry.inOrder(payload, facts) : payload;
  return { message, violations: entry.check(message) };
}

/**
 * A made message without what whoever publishes it fills in. What is no object has none of that.
 *
 * @example withoutEnvelope({ eventId: 'x', price: 5 }, { id: 'eventId', previous: {} }) // { price: 5 }
 */
export function withoutEnvelope(message: unknown, envelope: Envelope): unknown {
  if (!isObject(message)) return message;
  const filled = filledIn(envelope);
  return Object.fromEntries(Object.entries(message).filter(([name]) => !filled.includes(name)));
}

function filledIn({ id, type, time, tenant }: Envelope): readonly string[] {
  return [id, type, time, tenant].filter((name) => name !== undefined);
}

const NOTHING: Entity = Object.freeze({});
/** Leaves the envelope as it is. */
const NO_FACTS = NOTHING as unknown as MessageFacts;

function sourceOf(name: string, { id, type, time, tenant }: Envelope): keyof MessageFacts | undefined {
  if (name === id) return 'id';
  if (name === type) return 'channel';
  if (name === time) return 'at';
  return name === tenant ? 'tenant' : undefined;
}
