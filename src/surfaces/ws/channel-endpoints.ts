import type { Registry } from '../../engine/registry.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import type { SecurityRequirement } from '../../model/operation.ts';
import type { Check } from '../../model/schema.ts';

/** What stands at a path that can be connected to. */
export interface Endpoint {
  readonly system: string;
  readonly security: readonly SecurityRequirement[];
  /** The channel that is listened to; absent where the client says which. */
  readonly channel?: string;
  readonly isControl: boolean;
  /** Whether what is published on the channel is sent, and on which others, too. */
  readonly isHeard: boolean;
  readonly replies: readonly string[];
  /** Checks what a client says; `undefined` where nobody listens to it. */
  readonly check?: Check;
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
  const toMessage = once((event) => event.payload);
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
      const common = { system, security, channel: address, isControl: false, toFrame: toMessage };
      const endpoint = { ...common, isHeard, replies, ...(check !== undefined && { check }) };
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
      toFrame: once((event) => event),
    });
  }
  return endpoints;
}

function once(select: (event: SimulatorEvent) => unknown): (event: SimulatorEvent) => Buffer {
  const frames = new WeakMap<SimulatorEvent, Buffer>();
  return (event) => {
    const frame = frames.get(event) ?? Buffer.from(JSON.stringify(select(event)));
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
