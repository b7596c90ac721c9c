import type { RecordsSnapshot } from '../records/records.ts';
import type { ClockState } from '../time/clock.ts';
import type { Store } from './store/store.ts';

/** A state to start from; its store is forked, never changed. */
export interface StartingPoint {
  readonly seed: number;
  readonly clock: ClockState;
  readonly store: Store;
}

/** Everything a tenant is made of, at one instant. */
export interface TenantSnapshot {
  readonly start: StartingPoint;
  /** The number of its last commit. */
  readonly number: number;
  readonly records: RecordsSnapshot;
}
