import type { SecurityRequirement } from './operation.ts';
import type { Schema } from './schema.ts';

/** One channel of an event contract. */
export interface Channel {
  /** For example `customer/created`. */
  readonly address: string;
  /** What the parameters of the address may be, by their names, where the contract enumerates that. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** Where in a message a parameter of its address stands, as JSON Pointers by the names of parameters. */
  readonly locations?: Readonly<Record<string, string>>;
  readonly system: string;
  readonly contract: string;
  readonly description?: string;
  /** `send`: the simulated application sends on it (AsyncAPI 2 `subscribe`, 3 `send`); `receive`: it listens. */
  readonly direction: 'send' | 'receive';
  readonly operationId: string;
  readonly messages: readonly Message[];
  /** The address of the channel on which each message that comes in is answered. */
  readonly reply?: string;
  /** Runtime expression of where else it may be answered, for example `$message.header#/replyTo`. */
  readonly replyTo?: string;
  /** Alternatives, any one of which is enough to listen; absent where the contract says nothing of it. */
  readonly security?: readonly SecurityRequirement[];
  readonly bindings: Readonly<Record<string, unknown>>;
  /** JSON Pointer of its operation. */
  readonly pointer: string;
  /** JSON Pointer of the channel itself, where the operation does not lie in it. */
  readonly channelPointer?: string;
}

export interface Message {
  readonly name: string;
  readonly title?: string;
  readonly contentType: string;
  readonly payload: Schema;
  readonly headers?: Schema;
  /** Runtime expression of the correlation id, where the contract has one. */
  readonly correlationId?: string;
  /** Which payload properties the publisher fills, by their role; inferred from their names and formats. */
  readonly envelope: Envelope;
}

/** Property names by role, for example `{id: 'eventId', type: 'eventType', time: 'eventTime', tenant: 'tenantId'}`. */
export interface Envelope {
  readonly id?: string;
  readonly type?: string;
  readonly time?: string;
  readonly tenant?: string;
  /** Property that carries an earlier value, to the property it is the earlier value of. */
  readonly previous: Readonly<Record<string, string>>;
}
