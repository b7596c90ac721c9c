/** The life of one kind of thing, as data: the engine enforces it, the documentation is written from it. */
export interface Lifecycle {
  readonly resource: string;
  /** The property that holds the state. */
  readonly property: string;
  readonly initial: string;
  readonly moves: readonly Move[];
}

export interface Move {
  readonly from: string;
  readonly to: string;
  /** What brings it about, in words, for example `the start date comes`. */
  readonly when: string;
  /** Actions of its system that make it, by name. */
  readonly by?: readonly string[];
  /** Virtual time after which it happens by itself, as an ISO 8601 duration. */
  readonly after?: string;
  /** The channel that it is announced on, if any. */
  readonly announces?: string;
}
