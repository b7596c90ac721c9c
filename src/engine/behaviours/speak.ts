import { isObject } from '../../lib/json-object.ts';
import { keysOf } from '../../lib/json-pointer.ts';
import type { Reader } from '../state/reader.ts';
import { type ChannelEntry, withoutEnvelope } from '../values/messages.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { withValueAt } from './value-at.ts';

/** Publishes a message that nothing led to. */
export type Speaker = (work: Voice) => void;

/** As much of a transaction as speaking takes. */
interface Voice extends Reader {
  nextNumber(series: string): number;
  emit(channel: string, payload: unknown): unknown;
}

/**
 * Makes what speaks on a channel by itself: each time with another message, made from the tenant's seed.
 *
 * @example createSpeaker(entry, parts)(work);
 */
export function createSpeaker({ channel, envelope }: ChannelEntry, parts: BehaviourParts): Speaker {
  const { address, messages, values = {}, locations = {} } = channel;
  const names = [...address.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name);
  // Who speaks to a channel without values of its parameters speaks to all that have some.
  const isChosen = names.length > 0 && names.every((name) => values[name] !== undefined);
  return (work) => {
    const number = work.nextNumber(`speak/${address}`);
    const made = parts.make(messages[0]?.payload ?? true, work, `${address} message`, String(number));
    let payload = withoutEnvelope(made, envelope);
    if (!isChosen) {
      work.emit(address, payload);
      return;
    }
    let to = address;
    for (const name of names) {
      const among = values[name] ?? [];
      const value = among[Math.floor(work.random('speak', address, name, number)() * among.length)] ?? '';
      to = to.replace(`{${name}}`, () => value);
      const place = locations[name];
      if (place !== undefined && isObject(payload)) payload = withValueAt(payload, keysOf(place), value);
    }
    work.emit(to, payload);
  };
}
