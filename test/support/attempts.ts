import type { AttemptResult } from '../../src/engine/delivery/delivery.ts';

/** What an answer of this status means to a delivery. */
export function answered(status: number, after?: number): AttemptResult {
  const outcome = status >= 200 && status < 300 ? 'delivered' : status === 410 ? 'gone' : 'retry';
  return { outcome, status, ...(after !== undefined && { after }) };
}

/** An attempt that reached nobody. */
export function unsent(error: string): AttemptResult {
  return { outcome: 'retry', error };
}
