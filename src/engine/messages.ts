import type { Channel, Envelope } from '../model/channel.ts';
import type { Check, Schema, Violation } from '../model/schema.ts';
import type { Change } from './system.ts';

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
  /** The names of its properties, in the contract's order. */
  readonly names: readonly string[];
  /** For each of the names, what it is filled in with where it is missing. */
  readonly facts: readonly (keyof MessageFacts | undefined)[];
  readonly check: Check;
  /** What a message about a change can be told from the entity alone: properties of the same name, earlier values. */
  describe(change: Change): Record<string, unknown>;
  /** The message's own event id. */
  idOf(message: Readonly<Record<string, unknown>>): string | undefined;
}

/** Makes the entry of a channel; a channel carries the first of its messages unless its payload says otherwise. */
export function createChannelEntry(
  channel: Channel,
  properties: ReadonlyMap<string, Schema>,
  check: Check,
): ChannelEntry {
  const envelope: Envelope = channel.messages[0]?.envelope ?? { previous: {} };
  const names = [...properties.keys()];
  return {
    channel,
    envelope,
    properties,
    check,
    names,
    facts: names.map((name) => sourceOf(name, envelope)),
    describe({ before, after }) {
      const entity = after ?? before ?? {};
      const described: Record<string, unknown> = {};
      for (const name of names) {
        const source = envelope.previous[name];
        const value = source === undefined ? entity[name] : before?.[source];
        if (value !== undefined) described[name] = value;
      }
      return described;
    },
    idOf(message) {
      const id = envelope.id === undefined ? undefined : message[envelope.id];
      return typeof id === 'string' ? id : undefined;
    },
  };
}

/** Fills in the envelope, puts the properties in the contract's order and checks the result against it. */
export function buildMessage(
  entry: ChannelEntry,
  payload: Readonly<Record<string, unknown>>,
  facts: MessageFacts,
): { message: Readonly<Record<string, unknown>>; violations: readonly Omit<Violation, 'in'>[] } {
  const { names, facts: sources } = entry;
  const message: Record<string, unknown> = {};
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as string;
    const source = sources[i];
    const given = payload[name];
    const value = given === undefined && source !== undefined ? facts[source] : given;
    if (value !== undefined) message[name] = value;
  }
  for (const name in payload) {
    if (payload[name] !== undefined && !entry.properties.has(name)) message[name] = payload[name];
  }
  return { message, violations: entry.check(message) };
}

function sourceOf(name: string, { id, type, time, tenant }: Envelope): keyof MessageFacts | undefined {
  if (name === id) return 'id';
  if (name === type) return 'channel';
  if (name === time) return 'at';
  return name === tenant ? 'tenant' : undefined;
}
