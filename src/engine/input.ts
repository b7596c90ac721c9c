import type { Instant } from '../lib/time.ts';
import type { Command, Outcome, Principal, RefusalFacts } from '../model/command.ts';
import type { Operation } from '../model/operation.ts';
import type { Violation } from '../model/schema.ts';
import type { AttemptResult } from './delivery/delivery.ts';
import type { TraceRoot } from './state/origin.ts';
import type { ClockMode, ClockState } from './time/clock.ts';

/**
 * Everything that can change a tenant, as plain JSON: written down and read again, the same inputs in the same order
 * give the same commits. `Tenant.apply` is the only way in.
 *
 * @example tenant.apply({ kind: 'message', channel: 'order/created', payload: { orderId: '1' } });
 */
export type Input =
  | OperationInput
  | ControlInput
  | AnswerInput
  | ExchangeInput
  | MessageInput
  | TimerInput
  | FaultInput
  | AttemptInput
  | AdvanceInput
  | ArriveInput
  | ClockInput
  | SnapshotInput
  | RestoreInput
  | ResetInput
  | ForkInput
  | ReloadInput
  | ForgetInput
  | NumberInput
  | RevokeInput;

/** What led to an input that no client asked for by itself. */
export interface Caused {
  /** The id of what caused it. */
  readonly cause?: string;
  readonly root?: TraceRoot;
}

/** Where the records of a tenant show an exchange. */
export type RecordedIn = 'both' | 'journal' | 'transcript' | 'none';

/** What was read from a request for an operation of a contract. */
export interface RequestFacts {
  /** `<system>/<contract>/<operationId>`, as `operationKey` writes it. */
  readonly operation: string;
  readonly method: string;
  /** The path as received, without the tenant's prefix and the query. */
  readonly url: string;
  /** Parameters of the path. */
  readonly path: Readonly<Record<string, string>>;
  /** Declared parameters, coerced and with defaults. */
  readonly query: Readonly<Record<string, unknown>>;
  readonly rawQuery: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** Bytes of the request, where it is a large one: so much is kept where it is recorded. */
  readonly size?: number;
  /** A body that is no JSON, in Base64. */
  readonly bytes?: string;
  readonly principal?: Principal;
  /** What links start with: scheme and host, then the tenant's prefix. */
  readonly origin: string;
  readonly prefix: string;
  /** Remarks for the journal, for example on query parameters that were ignored. */
  readonly notes?: readonly string[];
  readonly recordedIn: RecordedIn;
  /** Whether the client wants a sample from the contract in place of the living world. */
  readonly isSample?: boolean;
  /** The trace id that the client brought along. */
  readonly trace?: string;
}

/** An operation of a contract was asked for, the control API's commands included. */
export interface OperationInput extends RequestFacts {
  readonly kind: 'operation';
  /** Why the request could not be read; it then reaches no handler. */
  readonly refusal?: RefusalFacts;
}

/** Something was asked of the simulator that takes inputs of their own to do, for example to advance the clock. */
export interface ControlInput extends RequestFacts {
  readonly kind: 'control';
}

/** What came of a `control`. */
export interface AnswerInput extends Caused {
  readonly kind: 'answer';
  readonly request: RequestFacts;
  readonly outcome?: Outcome;
  readonly refusal?: RefusalFacts;
}

/** An exchange that is recorded although nothing of this world answers it: a token was given, or another server asked. */
export interface ExchangeInput {
  readonly kind: 'exchange';
  /** The operation that another server was asked for, as `operationKey` writes it. */
  readonly operation?: string;
  /** What in it breaks the contract. */
  readonly violations?: readonly Violation[];
  /** What links of the other server start with. */
  readonly origin?: string;
  /** What went over a connection that it has begun. */
  readonly messages?: { readonly channel: string; readonly count: number };
  readonly method: string;
  readonly url: string;
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Bytes of the request, where it is a large one. */
  readonly size?: number;
  readonly body?: unknown;
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly notes?: readonly string[];
  readonly recordedIn: RecordedIn;
}

/** A message came in on a channel. */
export interface MessageInput {
  readonly kind: 'message';
  /** Bytes of the message, where it is a large one. */
  readonly size?: number;
  readonly channel: string;
  readonly payload: unknown;
  /** What stands beside the payload, where the wire has room for that. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A timer fell due. */
export interface TimerInput {
  readonly kind: 'timer';
  readonly key: string;
  /** The advance or request that reached it, or `tick` for a running clock. */
  readonly firedBy?: string;
}

/** A delivery is about to be attempted where a fault waits for it, which may strike or hold it up. */
export interface FaultInput {
  readonly kind: 'fault';
  readonly delivery: string;
}

/** What came of an attempt of a delivery. */
export interface AttemptInput {
  readonly kind: 'attempt';
  readonly delivery: string;
  /** How often the delivery had been asked for again when the attempt left. */
  readonly redeliveries?: number;
  /** The number of the commit that the attempt was begun in. */
  readonly begun: number;
  readonly result: AttemptResult;
  readonly firedBy?: string;
}

/** The clock is about to be moved; what is due on the way follows as timers. */
export interface AdvanceInput extends Caused {
  readonly kind: 'advance';
  readonly to: Instant;
}

/** An advance has come to its end. */
export interface ArriveInput extends Caused {
  readonly kind: 'arrive';
}

/** The clock runs differently from here on. */
export interface ClockInput extends Caused {
  readonly kind: 'clock';
  readonly mode: ClockMode;
  readonly rate: number;
  /** Why it stands still from here on, where nobody has asked for that. */
  readonly why?: string;
}

/** Everything is kept as it stands, under the next id of the tenant's snapshots. */
export interface SnapshotInput extends Caused {
  readonly kind: 'snapshot';
}

/** Everything becomes as it was in a snapshot. */
export interface RestoreInput extends Caused {
  readonly kind: 'restore';
  readonly snapshot: string;
}

/** Everything becomes as at a start: the one named, else the last. */
export interface ResetInput extends Caused {
  readonly kind: 'reset';
  readonly start?: StartFacts;
}

/** A state to start from, by what it is made of. */
export interface StartFacts {
  readonly seed: number;
  readonly clock: ClockState;
  /** The name of the starting world; the server's where it is absent. */
  readonly fixture?: string;
  /** Policies that differ from the server's, by section and name. */
  readonly policies?: Readonly<Record<string, unknown>>;
}

/** The tenant begins as a copy of another. */
export interface ForkInput extends Caused {
  readonly kind: 'fork';
  readonly from: string;
  /** The snapshot of that tenant that it begins at; what that tenant is now, where it is absent. */
  readonly snapshot?: string;
}

/** The contracts have become others: the tenant goes on with what they have a place for. */
export interface ReloadInput extends Caused {
  readonly kind: 'reload';
}

/** The journal is emptied. */
export interface ForgetInput extends Caused {
  readonly kind: 'forget';
  readonly record: 'journal';
}

/** A surface takes the next number of a series of its own, for example for the id of a token. */
export interface NumberInput {
  readonly kind: 'number';
  readonly series: string;
}

/** A token is good no longer, although its time has not come. */
export interface RevokeInput {
  readonly kind: 'revoke';
  /** The id of the token. */
  readonly token: string;
  /** When it would end by itself; what has ended needs not be remembered. */
  readonly until: Instant;
}

/** What may have to wait before it becomes a commit: for a sample, a library or a starting world. */
export type WaitingInput = OperationInput | ResetInput;

/**
 * The command that a handler gets, put together from what was read and the operation that it names.
 *
 * @example handle(work, toCommand(input, registry.operation(input.operation).operation));
 */
export function toCommand(request: RequestFacts, operation: Operation): Command {
  const { path, query, rawQuery, headers, principal } = request;
  // Only `set-cookie` is ever a list, and no request has it.
  return { operation, path, query, rawQuery, headers: headers as Command['headers'], body: bodyOf(request), principal };
}

/** The body of a request as it was read. */
export function bodyOf({ body, bytes }: Pick<RequestFacts, 'body' | 'bytes'>): unknown {
  return bytes === undefined ? body : Buffer.from(bytes, 'base64');
}
