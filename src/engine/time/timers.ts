import { SimulatorError } from '../../errors.ts';
import { END_OF_TIME, type Instant } from '../../lib/time.ts';
import type { StoreReader, StoreTransaction } from '../state/store/store.ts';
import type { Timer, TimerRequest, TimerSetting } from './timer.ts';

/** The collection of waiting timers: they are state, so that snapshots, forks and rollbacks hold them too. */
export const TIMERS = '$timers';

/** Longest chain of timers at one instant; beyond it, one of them re-arms itself without end. */
const LONGEST_CHAIN = 1_000;

/** Stores a timer in place of one with the same key; throws `RUNAWAY_TIMER` where a chain has no end. */
export function scheduleTimer(
  transaction: StoreTransaction,
  { key, due: wanted, kind, data = {} }: TimerRequest,
  { now, generation, id, cause, root, subject }: TimerSetting & { readonly now: Instant },
): Timer {
  const due = Number.isNaN(wanted) ? END_OF_TIME : Math.min(wanted, END_OF_TIME);
  const next = due <= now ? generation + 1 : 0;
  if (next > LONGEST_CHAIN) {
    throw new SimulatorError(
      'RUNAWAY_TIMER',
      `Failed to set the timer "${key}": it has been set ${LONGEST_CHAIN} times in a row for the same instant. Let "${kind}" set it for a later time.`,
    );
  }
  const timer: Mutable<Timer> = { key, due, kind, data, generation: next, id };
  // As everything that is stored it is plain JSON, which knows no `undefined`.
  if (cause !== undefined) timer.cause = cause;
  if (root !== undefined) timer.root = root;
  if (subject !== undefined) timer.subject = subject;
  if (!transaction.add(TIMERS, key, timer)) {
    // Deleted first, so that a timer set anew stands behind those set before it for the same time.
    transaction.delete(TIMERS, key);
    transaction.put(TIMERS, key, timer);
  }
  return timer;
}

/** The timer that fires next, if it is due by then; ties go in the order they were set. */
export function nextTimer(store: StoreReader, until: Instant): Timer | undefined {
  const { items } = store.query(TIMERS, SOONEST);
  const timer = items[0] as Timer | undefined;
  return timer !== undefined && timer.due <= until ? timer : undefined;
}

/** Made once: it is asked after every command. */
const SOONEST = { order: [{ path: 'due' }], limit: 1 } as const;

/** Waiting timers, soonest first. */
export function pendingTimers(store: StoreReader, limit: number): readonly Timer[] {
  const { items } = store.query(TIMERS, { order: [{ path: 'due' }], limit });
  return items as unknown as readonly Timer[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
