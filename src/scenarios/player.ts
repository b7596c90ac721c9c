import type { Instant } from '../lib/time.ts';
import type { Channel } from '../model/channel.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';

/** A request as it left, for expressions and reports. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The body as it went out. */
  readonly text?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON, else its text; absent where there was none. */
  readonly body?: unknown;
  /** The body as it came. */
  readonly text?: string;
}

export interface HttpExchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
}

/** What a step asks of an operation: everything evaluated, nothing yet put into a URL. */
export interface OperationCall {
  readonly operation: Operation;
  readonly contract: Contract;
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The whole query string, for operations that take it as one value. */
  readonly querystring?: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly cookies: Readonly<Record<string, unknown>>;
  readonly contentType?: string;
  readonly body?: unknown;
  /** The body as it goes out; absent where there is none. */
  readonly text?: string;
  /** Milliseconds after which the answer comes too late. */
  readonly timeout?: number;
}

export interface ReceivedMessage {
  readonly id?: string;
  readonly channel: string;
  readonly at?: string;
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * What a workflow is played on: one world, from the start of the workflow to its end. A call that gets no answer at all
 * rejects; any answer, an error too, is an exchange.
 */
export interface Player {
  /** How long a step waits for a message unless it says so, in milliseconds. */
  readonly usualWait: number;
  call(call: OperationCall): Promise<HttpExchange>;
  /**
   * The oldest message on the channel since the workflow began that no earlier step took and `accepts` approves; waits
   * for it as long as `timeout` milliseconds, and answers `undefined` when there is none.
   */
  receive(
    channel: Channel,
    wait: { readonly timeout: number; readonly accepts: (message: ReceivedMessage) => boolean },
  ): Promise<ReceivedMessage | undefined>;
  send(
    channel: Channel,
    message: { readonly payload: unknown; readonly headers: Readonly<Record<string, unknown>> },
  ): Promise<void>;
  wait(milliseconds: number): Promise<void>;
  now(): Promise<Instant>;
  /** Called when the workflow has ended. */
  close?(): Promise<void>;
  /** All messages since the workflow began, oldest first, to show what came before a failure, and what was covered. */
  messages?(): Promise<readonly ReceivedMessage[]>;
}
