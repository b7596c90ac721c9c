import type { Registry } from '../../engine/registry.ts';
import type { Channel } from '../../model/channel.ts';
import { createAddressFinder, isTemplate } from '../../model/channel-address.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import type { SecurityRequirement } from '../../model/operation.ts';
import type { Check } from '../../model/schema.ts';
import { isJsonMessage, messageText } from '../message-text.ts';
import { textFrame } from './text-frame.ts';

/** What stands at a path that can be connected to. */
export interface Endpoint {
  readonly system: string;
  readonly security: readonly SecurityRequirement[];
  /** The channel that is listened to; absent where the client says which. */
  readonly channel?: string;
  readonly isControl: boolean;
  /** What the parameters of the channel may be, where its contract enumerates that. */
  readonly values?: Channel['values'];
  /** Whether an address is that of the channel with values of its parameters; absent where it has none. */
  readonly isOne?: (address: string) => boolean;
  /** Whether what is published on the channel is sent, and on which others, too. */
  readonly isHeard: boolean;
  /** Tells what is sent on the channel from what comes in on it, where both have messages of their own. */
  readonly isSent?: (event: SimulatorEvent) => boolean;
  readonly replies: readonly string[];
  /** Checks what a client says; `undefined` where nobody listens to it. */
  readonly check?: Check;
  /** The media type of what a client says. */
  readonly takenType: string;
  /** An event as the bytes of one frame, which everybody who hears it is sent as they are. */
  readonly toFrame: (event: SimulatorEvent) => Buffer;
}

/** A scheme that no contract knows is met by a bearer token. */
const ANY_TOKEN: readonly SecurityRequirement[] = [{ '': [] }];

/** What stands at which path: the channels of all contracts, and the event log. */
export function findEndpoints(
  { validation, ...registry }: Pick<Registry, 'contracts' | 'validation'>,
  isStrict: boolean,
): ReadonlyMap<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  // Where no contract wants any credential, nobody could get one.
  const isSecured = registry.contracts.some(({ securitySchemes }) => Object.keys(securitySchemes).length > 0);
  const usual = isStrict && isSecured ? ANY_TOKEN : [];
  // Written out once, however many listen.
  const toJson = once((event) => messageText(event.payload, JSON_TYPE));
  const toText = once((event) => messageText(event.payload, TEXT_TYPE));
  for (const { basePath, webSocketPath = basePath, system, channels } of registry.contracts) {
    for (const address of new Set(channels.map((channel) => channel.address))) {
      const own = channels.filter((channel) => channel.address === address);
      const replies = own.flatMap(({ reply }) => reply ?? []);
      const isHeard = own.some(({ direction }) => direction === 'send');
      const taken = own.filter(({ direction }) => direction === 'receive').flatMap(({ messages }) => messages);
      const anyOf = taken.map(({ payload }) => payload);
      const check =
        anyOf.length === 0 ? undefined : validation.check(anyOf.length === 1 ? (anyOf[0] ?? true) : { anyOf });
      const security = own.find((channel) => channel.security !== undefined)?.security ?? usual;
      const sent = own.filter(({ direction }) => direction === 'send').flatMap(({ messages }) => messages);
      const toFrame = sent.length > 0 && !sent.some(isJsonMessage) ? toText : toJson;
      const takenType = taken.length > 0 && !taken.some(isJsonMessage) ? TEXT_TYPE : JSON_TYPE;
      const common = { system, security, channel: address, isControl: false, toFrame, takenType };
      const isShared = anyOf.every((payload) => sent.some((each) => each.payload === payload));
      const isSent =
        check === undefined || !isHeard || isShared
          ? undefined
          : isSentBy(validation.check({ anyOf: sent.map(({ payload }) => payload) }), check);
      const endpoint = {
        ...common,
        isHeard,
        replies,
        ...withParameters(address, own[0]?.values),
        ...(isSent !== undefined && { isSent }),
        ...(check !== undefined && { check }),
      };
      // A client of the real system changes nothing but the host; one who knows the channel alone finds it, too.
      for (const base of [basePath, webSocketPath]) endpoints.set(`${base}/${address.replace(/^\//, '')}`, endpoint);
    }
  }
  const follow = registry.contracts
    .flatMap(({ operations }) => operations)
    .find(({ system, id }) => system === 'simulator' && id === 'listEvents');
  if (follow !== undefined) {
    const { path, system, security } = follow;
    endpoints.set(path, {
      system,
      security,
      isControl: true,
      isHeard: true,
      replies: [],
      takenType: JSON_TYPE,
      toFrame: once((event) => JSON.stringify(event)),
    });
  }
  return endpoints;
}

function withParameters(address: string, values: Channel['values']): Pick<Endpoint, 'values' | 'isOne'> {
  const find = createAddressFinder([{ address, ...(values !== undefined && { values }) }]);
  const isOne = (asked: string) => find(asked) !== undefined;
  return { ...(values !== undefined && { values }), ...(isTemplate(address) && { isOne }) };
}

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain';

/** What fits both is sent: nothing says that it only came in. */
function isSentBy(fitsSent: Check, fitsTaken: Check): (event: SimulatorEvent) => boolean {
  const known = new WeakMap<SimulatorEvent, boolean>();
  return (event) => {
    const { payload } = event;
    const isSent = known.get(event) ?? (fitsSent(payload).length === 0 || fitsTaken(payload).length > 0);
    known.set(event, isSent);
    return isSent;
  };
}

function once(write: (event: SimulatorEvent) => string): (event: SimulatorEvent) => Buffer {
  const frames = new WeakMap<SimulatorEvent, Buffer>();
  return (event) => {
    const frame = frames.get(event) ?? textFrame(write(event));
    frames.set(event, frame);
    return frame;
  };
}

/** The address of a channel with the values that the path has; both end alike. */
export function concreteChannel({ channel = '' }: Endpoint, template: string, path: string): string {
  const bare = channel.replace(/^\//, '');
  const base = template.slice(0, template.length - bare.length);
  return (
    channel.slice(0, channel.length - bare.length) +
    path
      .split('/')
      .slice(base.split('/').length - 1)
      .join('/')
  );
}
