import { readFileSync } from 'node:fs';

/**
 * Milliseconds that a thread has worked, and for which it was ready to work and was given no processor, as the scheduler
 * counts them; a process is named as its main thread is. (Where it counts nothing: nothing.)
 *
 * @example timesOf(program.pid) // { work: 1_204.5, unscheduled: 17.2 }
 */
export function timesOf(thread) {
  try {
    const [work, unscheduled] = readFileSync(`/proc/${thread}/schedstat`, 'latin1').split(' ');
    return { work: Number(work) / 1e6, unscheduled: Number(unscheduled) / 1e6 };
  } catch {
    return { work: Number.NaN, unscheduled: 0 };
  }
}
