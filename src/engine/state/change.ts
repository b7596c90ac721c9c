import type { Entity } from './store/store.ts';

/** One stored change: a creation has no `before`, a deletion no `after`. */
export interface Change {
  readonly before?: Entity;
  readonly after?: Entity;
  /** Told by whoever made the change, for `announce` and `changed`. */
  readonly context: Readonly<Record<string, unknown>>;
}
