import type { Duplex } from 'node:stream';
import { afterWallTime } from './wall-time.ts';

/** Milliseconds for the other side to read what it was sent and to close. */
const CLOSE_GRACE_MS = 1_000;

/**
 * Closes a connection for good: what has been written goes out, what still comes is dropped, and the other side has a
 * moment to close, too. Without the latter two, a client that sends one more byte or never closes holds it open.
 *
 * @example closeSocket(socket);
 */
export function closeSocket(socket: Duplex): void {
  if (socket.destroyed) return;
  const callOff = afterWallTime(CLOSE_GRACE_MS, () => socket.destroy());
  socket.once('close', callOff);
  socket.end();
  socket.resume();
}
