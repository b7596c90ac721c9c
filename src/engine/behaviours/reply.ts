import { isObject } from '../../lib/json-object.ts';
import type { Channel } from '../../model/channel.ts';
import type { MessageHandler } from '../system.ts';
import type { ChannelEntry } from '../values/messages.ts';
import type { BehaviourParts } from './behaviour-parts.ts';

/**
 * Makes what answers each message of a channel on another: with what both messages have by the same name, such as the
 * number that ties them together, and else with made values.
 *
 * @example createReplier(channel, replyEntry, parts)(work, event);
 */
export function createReplier(channel: Channel, reply: ChannelEntry, parts: BehaviourParts): MessageHandler {
  const { address, messages } = reply.channel;
  const payload = messages[0]?.payload ?? true;
  const { id, type, time, tenant } = reply.envelope;
  const published: readonly (string | undefined)[] = [id, type, time, tenant];
  return (work, event) => {
    const number = work.nextNumber(`reply/${channel.address}`);
    const made = parts.make(payload, work, `${channel.address} reply`, String(number));
    const body = Object.entries(isObject(made) ? made : {}).filter(([name]) => !published.includes(name));
    const sent = isObject(event.payload) ? Object.entries(event.payload) : [];
    const shared = sent.filter(([name, value]) => {
      const schema = reply.properties.get(name);
      return schema !== undefined && parts.validation.check(schema)(value).length === 0;
    });
    work.emit(address, { ...Object.fromEntries(body), ...Object.fromEntries(shared) });
  };
}
