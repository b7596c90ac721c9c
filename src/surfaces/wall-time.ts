import { randomBytes } from 'node:crypto';
import { callLater as afterWallTime } from '../lib/call-later.ts';

/**
 * The only place where surfaces ask the machine for time: for log lines, socket time-outs and stopping; and for the one
 * thing that must not be guessed from the seed. Nothing a client can see in a body comes from here.
 */

/**
 * Milliseconds of wall time since 1970.
 *
 * @example const began = wallNow();
 */
export function wallNow(): number {
  return Date.now();
}

export { afterWallTime };

/**
 * As `afterWallTime`, for patience with somebody whose answer this process has to read itself. It runs in slices, so
 * that a while in which the process was too busy to listen is not held against who answered meanwhile: with hundreds of
 * tenants at work, a turn of the event loop takes long, and libuv accepts one connection a turn.
 *
 * @example const callOff = afterListening(5_000, () => request.destroy());
 */
export function afterListening(milliseconds: number, callback: () => void): () => void {
  let left = milliseconds;
  const wait = (): (() => void) => {
    const slice = Math.min(SLICE, left);
    return afterWallTime(slice, () => {
      left -= slice;
      if (left > 0) callOff = wait();
      else callback();
    });
  };
  let callOff = wait();
  return () => callOff();
}

/** Milliseconds. */
const SLICE = 10;

/** Milliseconds within which all has ended when a simulator stops. */
const STOP_WITHIN = 900;

/**
 * Begins the time that there is to stop; tells how many milliseconds of it are left for who comes last, a few at least.
 *
 * @example const left = beginStopping(); await tenants.close(); await queues.close(left());
 */
export function beginStopping(): () => number {
  const until = performance.now() + STOP_WITHIN;
  return () => Math.max(until - performance.now(), STOP_WITHIN / 10);
}

/**
 * Waits so many milliseconds of wall time; the process lives on meanwhile.
 *
 * @example await sleep(50);
 */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A token that nobody can guess, for the control API beyond loopback. */
export function secretToken(): string {
  return randomBytes(24).toString('base64url');
}
