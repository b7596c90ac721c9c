/** What kind of thing has happened. */
export type ActivityKind =
  | 'request'
  | 'control'
  | 'answer'
  | 'message'
  | 'timer'
  | 'event'
  | 'note'
  | 'delivery'
  | 'attempt'
  | 'fault'
  | 'clock'
  | 'snapshot'
  | 'reset'
  | 'restore'
  | 'reload'
  | 'fork';

/** One thing that has happened in a tenant, and why. */
export interface Activity {
  /** Of a request, event, delivery or attempt the id that it has everywhere. */
  readonly id: string;
  /** The number of the commit that it is part of. */
  readonly number: number;
  /** Virtual time, ISO 8601. */
  readonly at: string;
  readonly kind: ActivityKind;
  /** The id of what caused it; absent where that came from outside, or lies in the starting world. */
  readonly cause?: string;
  /** What reached a timer or an attempt that was due: an advance, a request, or `tick` for a running clock. */
  readonly firedBy?: string;
  /** W3C trace id: the client's, or the tenant's own. */
  readonly trace: string;
  /** What happened, in a few words. */
  readonly title: string;
  /** The resource that it is about. */
  readonly subject?: { readonly collection: string; readonly id: string };
  readonly method?: string;
  readonly path?: string;
  readonly operationId?: string;
  /** The status that a request, or an attempt, was answered with. */
  readonly status?: number;
  readonly channel?: string;
  readonly target?: string;
  /** What an attempt has made of its delivery. */
  readonly state?: string;
  /** Why a timer or an attempt failed. */
  readonly error?: string;
}
