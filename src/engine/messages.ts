import type { Channel, Envelope } from '../model/channel.ts';
import type { Check, Schema, Violation } from '../model/schema.ts';
import type { Change } from './system.ts';

/** A channel with what is needed to write its messages. */
export interface ChannelEntry {
  readonly channel: Channel;
  readonly envelope: Envelope;
  readonly properties: ReadonlyMap<string, Schema>;
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
  return {
    channel,
    envelope,
    properties,
    check,
    describe({ before, after }) {
      const entity = after ?? before ?? {};
      const described: Record<string, unknown> = {};
      for (const name of properties.keys()) {
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
  facts: { id: string; channel: string; at: string; tenant: string },
): { message: Readonly<Record<string, unknown>>; violations: readonly Omit<Violation, 'in'>[] } {
  const { envelope } = entry;
  const filled = new Map<string, unknown>(Object.entries(payload));
  const fill = (name: string | undefined, value: string) => {
    if (name !== undefined && !filled.has(name)) filled.set(name, value);
  };
  fill(envelope.id, facts.id);
  fill(envelope.type, facts.channel);
  fill(envelope.time, facts.at);
  fill(envelope.tenant, facts.tenant);
  const message: Record<string, unknown> = {};
  for (const name of entry.properties.keys()) if (filled.get(name) !== undefined) message[name] = filled.get(name);
  for (const [name, value] of filled) if (value !== undefined && !entry.properties.has(name)) message[name] = value;
  return { message, violations: entry.check(message) };
}
