import type { Operation } from '../../../model/operation.ts';
import type { Violation } from '../../../model/schema.ts';
import type { Speaker, WatchedChannel } from './watched-channels.ts';

/** What has gone through a proxy: one request and its answer, without secrets. */
export interface ProxiedExchange {
  readonly tenant: string;
  /** What of the contracts it was for; nothing where no contract describes it. */
  readonly operation: Operation | undefined;
  readonly method: string;
  /** Values of the path. */
  readonly path: Readonly<Record<string, string>>;
  /** Path and query. */
  readonly url: string;
  /** What the other server has answered; 0 where it has not. */
  readonly status: number;
  readonly violations: readonly Violation[];
  readonly notes: readonly string[];
  /** The body of the answer, as far as it could be read. */
  readonly body: unknown;
}

/** A message that has gone through a proxy over a WebSocket, on a channel of a contract. */
export interface ProxiedMessage {
  readonly tenant: string;
  readonly channel: WatchedChannel;
  readonly by: Speaker;
  /** Path and query of the connection. */
  readonly url: string;
  readonly violations: readonly Violation[];
}
