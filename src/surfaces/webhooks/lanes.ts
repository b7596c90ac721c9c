import type { Lanes } from '../../engine/delivery/line.ts';
import { afterListening } from '../wall-time.ts';

/** Milliseconds of wall time after which others are not kept waiting for a receiver, and the least of it where many are slow. */
const SLOW_RECEIVER = 100;
const LEAST_WAIT = 5;

/**
 * Makes the lanes that attempts of one tenant run in.
 *
 * @example createLanes(64, transport)
 */
export function createLanes(most: number, { isOwn }: Pick<Lanes, 'isOwn'>): Lanes {
  return {
    most,
    isOwn,
    slow(already) {
      const wait = Math.max(LEAST_WAIT, SLOW_RECEIVER / 2 ** already);
      return new Promise((resolve) => void afterListening(wait, resolve));
    },
  };
}
