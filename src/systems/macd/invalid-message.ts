import type { ReadWork, Work } from '../../engine/state/work.ts';
import type { Violation } from '../../model/schema.ts';
import type { OrderRecord } from './message.ts';

/** Notes what is wrong with the message of an order that is taken all the same. */
export function noteViolations(work: Work, { transactionId }: OrderRecord, violations: readonly Violation[]): void {
  const list = violations.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
  work.put(INVALID, transactionId, { text: `The message breaks its schema: ${list}.`.slice(0, LONGEST_TEXT) });
}

/** What is wrong with the message of an order that was taken all the same. */
export function violationsOf(work: ReadWork, { transactionId }: OrderRecord): string | undefined {
  const text = work.get(INVALID, transactionId)?.text;
  return typeof text === 'string' ? text : undefined;
}

/** By transaction. */
const INVALID = 'macd/$invalid';

/** A message can break its schema in thousands of places. */
const LONGEST_TEXT = 2_000;
