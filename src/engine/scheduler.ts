import { SimulatorError } from '../errors.ts';
import type { Instant } from '../lib/time.ts';
import type { TraceRoot } from './input.ts';
import type { Subject } from './state/consequences.ts';
import type { StoreReader, StoreTransaction } from './store/store.ts';
import type { TimerRequest } from './work.ts';

/** The collection of waiting timers: they are state, so that snapshots, forks and rollbacks hold them too. */
export const TIMERS = '$timers';

/** A waiting timer as it is stored. */
export interface Timer extends TimerSetting {
  readonly key: string;
  readonly due: Instant;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where a timer comes from. */
export interface TimerSetting {
  /** For example `TMR-000012-1`; unlike the key, no other timer ever has it. */
  readonly id?: string;
  /** How many timers in a row, each set by the one before for the same instant, led to this one. */
  readonly generation: number;
  /** The id of what set it. */
  readonly cause?: string;
  readonly root?: TraceRoot;
  /** The resource that it concerns. */
  readonly subject?: Subject;
}

/** Longest chain of timers at one instant; beyond it, one of them re-arms itself without end. */
const LONGEST_CHAIN = 1_000;

/** Stores a timer in place of one with the same key; throws `RUNAWAY_TIMER` where a chain has no end. */
export function scheduleTimer(
  transaction: StoreTransaction,
  { key, due, kind, data = {} }: TimerRequest,
  { now, generation, id, cause, root, subject }: TimerSetting & { readonly now: Instant },
): Timer {
  const next = due <= now ? generation + 1 : 0;
  if (next > LONGEST_CHAIN) {
    throw new SimulatorError(
      'RUNAWAY_TIMER',
      `Failed to set the timer "${key}": it has been set ${LONGEST_CHAIN} times in a row for the same instant. Let "${kind}" set it for a later time.`,
    );
  }
  // Deleted first, so that a timer set anew stands behind those set before it for the same time.
  transaction.delete(TIMERS, key);
  const timer = { key, due, kind, data, generation: next, id, cause, root, subject };
  transaction.put(TIMERS, key, timer);
  return timer;
}

/** The timer that fires next, if it is due by then; ties go in the order they were set. */
export function nextTimer(store: StoreReader, until: Instant): Timer | undefined {
  const { items } = store.query(TIMERS, { order: [{ path: 'due' }], limit: 1 });
  const timer = items[0] as Timer | undefined;
  return timer !== undefined && timer.due <= until ? timer : undefined;
}

/** Waiting timers, soonest first. */
export function pendingTimers(store: StoreReader, limit: number): readonly Timer[] {
  const { items } = store.query(TIMERS, { order: [{ path: 'due' }], limit });
  return items as unknown as readonly Timer[];
}
