import type { Instant } from '../../lib/time.ts';
import type { Subject, TraceRoot } from '../state/origin.ts';

/** A timer as it is asked for. */
export interface TimerRequest {
  /** Unique among waiting timers, for example `connectx/activate/SUB-000001`. */
  readonly key: string;
  readonly due: Instant;
  /** `<system>/<timer>`, naming a handler of the system's `timers`. */
  readonly kind: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** The thing that it concerns, where that is not the resource whose change has led to it. */
  readonly subject?: Subject;
}

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
