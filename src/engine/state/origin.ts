/** What a trace began with: the number of a commit, or the trace id that a client brought along. */
export type TraceRoot = number | string;

/** A resource by its collection and id, for example `connectx/Customer` and `CUS-000001`. */
export interface Subject {
  readonly collection: string;
  readonly id: string;
}

/** What the consequences of a piece of work are traced back to. */
export interface Origin {
  /** The number of its commit; 0 for a starting world. */
  readonly number: number;
  readonly root: TraceRoot | undefined;
  /** The id of its first cause; a starting world has none. */
  readonly id: string | undefined;
  readonly subject: Subject | undefined;
}

/** Where one event comes from. */
export interface EventOrigin {
  /** The event that a link or follower followed; absent where the commit itself is the cause. */
  readonly cause: string | undefined;
  readonly subject: Subject | undefined;
}
