/** What a fault waits for; everything that is named must hold. Texts may have `*` for any text. */
export interface FaultMatch {
  readonly operationId?: string;
  readonly system?: string;
  readonly method?: string;
  readonly path?: string;
  /** The channel of an event; makes it a fault of events. */
  readonly channel?: string;
  /** Where a webhook or callback is sent; makes it a fault of deliveries. */
  readonly target?: string;
}

/** What goes wrong. */
export interface FaultEffect {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** ISO 8601 duration. */
  readonly latency?: string;
  /** Takes the latency of a request as wall time, also where the clock stands still. */
  readonly real?: boolean;
  readonly reset?: boolean;
  /** The change is made, and its answer lost. */
  readonly lostAnswer?: boolean;
  /** ISO 8601 duration of wall time over which the body comes in pieces. */
  readonly slowBody?: string;
  readonly truncate?: boolean;
  readonly malformed?: boolean;
  readonly drop?: boolean;
  readonly duplicate?: boolean;
  readonly reorder?: boolean;
  readonly disconnect?: boolean;
  /** The code that WebSockets are closed with; it disconnects by itself. */
  readonly closeCode?: number;
}

/** A fault as it is asked for. */
export interface FaultRequest {
  readonly match: FaultMatch;
  readonly fault: FaultEffect;
  /** How often it strikes. Default: without end. */
  readonly times?: number;
  /** How likely it strikes. Default: always. */
  readonly probability?: number;
  /** Strikes each of this place among what it waits for: with 3 the third, the sixth, and so on. */
  readonly every?: number;
  /** Lets so many by in each minute of the tenant's clock, as a rate limit does, and strikes what comes beyond. */
  readonly perMinute?: number;
  /** The time from which it strikes, ISO 8601. Default: at once. */
  readonly from?: string;
  /** The time from which it no longer strikes, ISO 8601. Default: never. */
  readonly until?: string;
}

/** A fault that waits; `times` is how often it still strikes. */
export interface Fault extends FaultRequest {
  readonly id: string;
  /** Matching subjects seen so far. */
  readonly seen: number;
  /** How often it has struck. */
  readonly used: number;
}

/** Something that a fault may strike. */
export type FaultSubject =
  | {
      readonly kind: 'request';
      readonly operationId: string;
      readonly system: string;
      readonly method: string;
      readonly path: string;
      /** The path as the contract writes it, with its parameters in braces. */
      readonly template: string;
      /** Struck only by a fault that names it, and by none that means every request. */
      readonly isReceiver: boolean;
    }
  | { readonly kind: 'event'; readonly channel: string; readonly system: string }
  | { readonly kind: 'delivery'; readonly target: string };
