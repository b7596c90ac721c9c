import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';

/** Waits before the attempts, in milliseconds of virtual time: the first at once, then what Standard Webhooks suggests. */
export const RETRY_SCHEDULE: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
