import { isObject } from '../../lib/json-object.ts';
import type { Reader } from '../state/reader.ts';
import type { ChannelEntry } from '../values/messages.ts';
import type { BehaviourParts } from './behaviour-parts.ts';

/** Publishes a message that nothing led to. */
export type Speaker = (work: Voice) => void;

/** As much of a transaction as speaking takes. */
interface Voice extends Reader {
  nextNumber(series: string): number;
  emit(channel: string, payload: Readonly<Record<string, unknown>>): unknown;
}

/**
 * Makes what speaks on a channel by itself: each time with another message, made from the tenant's seed.
 *
 * @example createSpeaker(entry, parts)(work);
 */
export function createSpeaker({ channel, envelope }: ChannelEntry, parts: BehaviourParts): Speaker {
  const { address, messages } = channel;
  const { id, type, time, tenant } = envelope;
  const published: readonly (string | undefined)[] = [id, type, time, tenant];
  return (work) => {
    const number = work.nextNumber(`speak/${address}`);
    const made = parts.make(messages[0]?.payload ?? true, work, `${address} message`, String(number));
    const body = Object.entries(isObject(made) ? made : {}).filter(([name]) => !published.includes(name));
    work.emit(address, Object.fromEntries(body));
  };
}
