import type { Work } from '../../../engine/state/work.ts';
import { parseInstant } from '../../../lib/time.ts';
import { localDate, localDay } from '../../../operator/local-time.ts';

/** A TMF `TimePeriod`: without an end, or a start, it has none. */
export interface ValidFor {
  readonly startDateTime?: unknown;
  readonly endDateTime?: unknown;
}

/**
 * Whether a period touches today, where the operator is: it holds on the day that it begins, at whatever hour, and no
 * longer on the day after it has ended.
 *
 * @example holdsToday(work, { startDateTime: '2026-01-01T00:00:00Z' })
 */
export function holdsToday(work: Pick<Work, 'now' | 'policies' | 'zoneOffsets'>, validFor: ValidFor = {}): boolean {
  const today = localDay(work, localDate(work));
  const instant = (text: unknown) => (typeof text === 'string' ? parseInstant(text) : undefined);
  const [start, end] = [instant(validFor.startDateTime), instant(validFor.endDateTime)];
  return (start === undefined || start < today.end) && (end === undefined || end > today.start);
}
