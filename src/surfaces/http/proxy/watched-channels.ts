import { isJsonType } from '../../../lib/json-type.ts';
import type { Channel, Message } from '../../../model/channel.ts';
import { createAddressFinder } from '../../../model/channel-address.ts';
import type { Contract } from '../../../model/contract.ts';
import type { Check, Validation, Violation } from '../../../model/schema.ts';
import { decode } from '../query-string.ts';
import type { SeenMessage } from './message-reader.ts';

/** Who says something on a WebSocket. */
export type Speaker = 'client' | 'server';

/** What the contracts say of what goes over a WebSocket at one path. */
export interface WatchedChannel {
  readonly system: string;
  readonly contract: string;
  /** Its address, for example `customer/created`. */
  readonly address: string;
  /** Looks at one message. */
  check(message: SeenMessage, by: Speaker): CheckedMessage;
}

export interface CheckedMessage {
  readonly violations: readonly Violation[];
  readonly notes: readonly string[];
  /** What it says, where that is JSON; else its text. */
  readonly payload?: unknown;
}

/** The channel at a path, where a contract has one there. */
export type ChannelFinder = (path: string) => WatchedChannel | undefined;

/**
 * Makes what finds the channels of contracts by the path of a WebSocket: the same paths that a simulator has them at.
 *
 * @example createChannelFinder(contracts, validation)('/customer/created')?.check({ text }, 'server').violations
 */
export function createChannelFinder(contracts: readonly Contract[], validation: Validation): ChannelFinder {
  const watched = new Map<string, WatchedChannel>();
  for (const { basePath, webSocketPath = basePath, system, name, channels } of contracts) {
    for (const address of new Set(channels.map((channel) => channel.address))) {
      const own = channels.filter((channel) => channel.address === address);
      const channel = { system, contract: name, address, check: createCheck(own, channels, validation) };
      for (const base of [basePath, webSocketPath]) watched.set(`${base}/${address.replace(/^\//, '')}`, channel);
    }
  }
  // A server that takes another value of a parameter than its contract enumerates is watched all the same.
  const find = createAddressFinder([...watched.keys()].map((address) => ({ address })));
  return (path) => watched.get(find(decode(path)) ?? '');
}

function createCheck(
  own: readonly Channel[],
  all: readonly Channel[],
  validation: Validation,
): WatchedChannel['check'] {
  const replies = new Set(own.flatMap(({ reply }) => reply ?? []));
  const messagesOf = (channels: readonly Channel[], direction: Channel['direction']): readonly Message[] =>
    channels.filter((each) => each.direction === direction).flatMap(({ messages }) => messages);
  // What is answered on another channel comes back on this connection.
  const answers = all.filter(({ address }) => replies.has(address));
  const messages: Readonly<Record<Speaker, readonly Message[]>> = {
    server: [...messagesOf(own, 'send'), ...messagesOf(answers, 'send')],
    client: messagesOf(own, 'receive'),
  };
  const checks = new Map<Message, Check>();
  const checkOf = (message: Message): Check => {
    const check = checks.get(message) ?? validation.check(message.payload);
    checks.set(message, check);
    return check;
  };
  return (seen, by) => {
    if ('unseen' in seen) return { violations: [], notes: [seen.unseen] };
    const declared = messages[by];
    const { payload, isJson } = parsed(seen.text);
    if (declared.length === 0)
      return { violations: [], notes: [`The contract has no message of the ${by} on this channel.`], payload };
    if (!isJson && declared.every(({ contentType }) => isJsonType(contentType)))
      return { violations: [{ ...ofSide(by), path: '', message: 'is no JSON' }], notes: [], payload };
    return {
      violations: nearest(
        declared.map((each) => checkOf(each)(payload)),
        by,
      ),
      notes: [],
      payload,
    };
  };
}

/** What is wrong by the message that comes nearest; nothing where it is one of them. */
function nearest(found: readonly ReturnType<Check>[], by: Speaker): readonly Violation[] {
  const [least = []] = found.toSorted((a, b) => a.length - b.length);
  return least.map((violation) => ({ ...violation, ...ofSide(by) }));
}

function ofSide(by: Speaker) {
  return { in: 'event', of: by === 'client' ? 'request' : 'response' } as const;
}

function parsed(text: string): { readonly payload: unknown; readonly isJson: boolean } {
  try {
    return { payload: JSON.parse(text), isJson: true };
  } catch {
    return { payload: text, isJson: false };
  }
}
