import { isObject } from '../../lib/json-object.ts';
import { valueAt } from '../../lib/json-pointer.ts';
import type { Channel } from '../../model/channel.ts';
import type { MessageHandler } from '../system.ts';
import { type ChannelEntry, withoutEnvelope } from '../values/messages.ts';
import type { BehaviourParts } from './behaviour-parts.ts';

/**
 * Makes what answers each message of a channel on another: with what both messages have by the same name, such as the
 * number that ties them together, and else with made values.
 *
 * It goes to the address that the message itself names, where the contract lets it and a channel has that.
 *
 * @example createReplier(channel, replyEntry, isChannel, parts)(work, event);
 */
export function createReplier(
  channel: Channel,
  reply: ChannelEntry,
  isChannel: (address: string) => boolean,
  parts: BehaviourParts,
): MessageHandler {
  const { address, messages } = reply.channel;
  const payload = messages[0]?.payload ?? true;
  return (work, event, headers = {}) => {
    const number = work.nextNumber(`reply/${channel.address}`);
    const made = withoutEnvelope(parts.make(payload, work, `${channel.address} reply`, String(number)), reply.envelope);
    const sent = isObject(event.payload) ? Object.entries(event.payload) : [];
    const shared = sent.filter(([name, value]) => {
      const schema = reply.properties.get(name);
      return schema !== undefined && parts.validation.check(schema)(value).length === 0;
    });
    const named = channel.replyTo === undefined ? undefined : addressIn(channel.replyTo, event.payload, headers);
    const to = named !== undefined && isChannel(named) ? named : address;
    work.emit(to, isObject(made) ? { ...made, ...Object.fromEntries(shared) } : made);
  };
}

/** What a runtime expression of AsyncAPI takes out of a message. */
function addressIn(
  expression: string,
  payload: unknown,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  const [, source, pointer = ''] = /^\$message\.(header|payload)#(\/.*)$/.exec(expression) ?? [];
  // Brokers do not all keep the casing of a header.
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [`/${name.toLowerCase()}`, value]));
  const value = source === 'header' ? lower[pointer.toLowerCase()] : valueAt(payload, pointer);
  return source !== undefined && typeof value === 'string' ? value : undefined;
}
