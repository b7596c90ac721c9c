import type { SimulatorEvent } from '../../model/event.ts';

/** What becomes of an event on its way from the log to those who listen. */
export interface FeedStep {
  /** `carry`: it goes out; `skip`: not now, if ever; `interrupt`: those who would get it are cut off first. */
  readonly kind: 'carry' | 'skip' | 'interrupt';
  readonly event: SimulatorEvent;
  /** What those who are cut off are told, where they can be told. */
  readonly code?: number;
}
