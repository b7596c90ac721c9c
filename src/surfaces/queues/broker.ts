import type { Channel } from '../../model/channel.ts';

/**
 * A message broker that events go out to. It keeps no connection itself: each call of `connect` opens a new one, and
 * one that breaks is never repaired, because only whoever publishes knows what to send again, and in which order.
 */
export interface Broker {
  /** The address without credentials, for log lines, for example `amqp://127.0.0.1:5672`. */
  readonly name: string;
  /**
   * Opens a connection and makes sure that what messages are sent to (exchange, stream) is there. It rejects, within
   * seconds, where that cannot be done now. `onClosed` is called once when an open connection ends, whoever ended it.
   */
  connect(onClosed: (error?: unknown) => void): Promise<BrokerLink>;
}

/** One open connection to a broker. */
export interface BrokerLink {
  /** How many messages may wait for their confirmation at a time. */
  readonly window: number;
  /**
   * Sends a message and resolves when the broker has taken responsibility for it, not when it was written to a socket.
   *
   * Messages leave in the order of the calls, also where the next call comes before the first is confirmed, and the
   * broker keeps that order for each address. A message sent once more, on whichever connection, carries the same id.
   * It rejects with an `UnpublishableMessage` where this message will never be taken, so that it cannot block those
   * behind it; with anything else where it may or may not have arrived, and the connection is not to be trusted.
   */
  publish(message: OutboundMessage): Promise<void>;
  /**
   * Hands over what others send on a channel, one after another, each acknowledged once `receive` is done with it.
   * `receive` rejects only where nobody can take it any more: the broker is to hand it over again, if it can.
   */
  subscribe(channel: QueueChannel, receive: (message: InboundMessage) => Promise<void>): Promise<void>;
  /** Ends the connection; what is not confirmed may or may not have arrived. */
  close(): Promise<void>;
}

/** What a broker needs to know of a channel. */
export type QueueChannel = Pick<Channel, 'address' | 'direction' | 'bindings'>;

/** One event on its way out. */
export interface OutboundMessage {
  /** The event's id. */
  readonly id: string;
  readonly tenant: string;
  /** Rises each time the tenant begins anew (reset, restore, deleted and made again): its ids repeat from then on. */
  readonly series: number;
  /** The address in the contract, whose bindings apply. */
  readonly channel: string;
  /** The address to send to, with `/` between its parts: the channel's, with the tenant in front where that is asked for. */
  readonly address: string;
  /** Virtual time, ISO 8601. */
  readonly at: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly correlationId?: string;
  /** For every protocol alike: `x-event-id`, `x-simulator-tenant`, `x-at`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One message that came in. */
export interface InboundMessage {
  /** The address in the contract. */
  readonly channel: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly body: Buffer;
  /** Whether no other process that listens on the channel is given it, too. */
  readonly isGivenToOne: boolean;
}

/** What a broker is made from. */
export interface BrokerOptions {
  /** Without the parameters that are ours. */
  readonly url: URL;
  /** See `Broker.name`. */
  readonly name: string;
  /** All channels that messages may be sent on or come from. */
  readonly channels: readonly QueueChannel[];
  /** Parts put in front of every address, for example `staging/`; empty for none. */
  readonly prefix: string;
  /** Whether addresses of tenants other than the default one start with the tenant's name. */
  readonly prefixTenants: boolean;
  /** Name of the AMQP exchange for channels whose bindings name none. */
  readonly exchange: string;
  /** Name of the JetStream stream to create for subjects that no stream captures. */
  readonly stream: string;
}

/** Thrown by `publish` for a message that the broker will never take, for example because it is too large. */
export class UnpublishableMessage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnpublishableMessage';
  }
}

/** How long opening a connection may take, in milliseconds. */
export const CONNECT_TIMEOUT = 5_000;

/**
 * An address as AMQP routing keys and NATS subjects are written.
 *
 * @example dotted('customer/created') // 'customer.created'
 */
export function dotted(address: string): string {
  return address.replace(/^\/+|\/+$/g, '').replace(/\/+/g, '.');
}

/** The binding of a channel for a protocol; empty where the document has none. */
export function bindingOf(channel: QueueChannel | undefined, protocol: string): Readonly<Record<string, unknown>> {
  return objectOr(channel?.bindings[protocol]);
}

/** A member of a document that is an object, or an empty one. */
export function objectOr(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
