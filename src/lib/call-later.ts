/**
 * Calls back once after so many milliseconds of wall time; the answer calls it off. It keeps no process alive.
 *
 * @example const callOff = callLater(5_000, () => socket.destroy());
 */
export function callLater(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  timer.unref();
  return () => {
    // Of what nobody waits for Node keeps the list, one for each length of time, until that has passed.
    timer.ref();
    clearTimeout(timer);
  };
}
