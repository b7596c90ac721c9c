import { randomBytes } from 'node:crypto';

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

/**
 * Calls back once after so many milliseconds of wall time; the answer calls it off. It keeps no process alive.
 *
 * @example const callOff = afterWallTime(5_000, () => socket.destroy());
 */
export function afterWallTime(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}

/**
 * As `afterWallTime`, for patience with somebody whose answer this process has to read itself. It runs in slices, so
 * that a while in which the process was too busy to listen is not held against who answered meanwhile.
 *
 * @example const callOff = afterListening(5_000, () => request.destroy());
 */
export function afterListening(milliseconds: number, callback: () => void): () => void {
  let slices = SLICES;
  const next = (): (() => void) =>
    afterWallTime(milliseconds / SLICES, () => {
      slices -= 1;
      if (slices > 0) callOff = next();
      else callback();
    });
  let callOff = next();
  return () => callOff();
}

const SLICES = 20;

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
