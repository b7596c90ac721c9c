import type { Reader } from '../engine/state/reader.ts';
import { DAY, type Instant, parseInstant, startOfDate, toDate } from '../lib/time.ts';
import { createZoneOffsets } from '../lib/time-zones.ts';
import { operatorPolicy } from './policies.ts';

/** What days are told by: the clock, and the operator's time zone. */
type Place = Pick<Reader, 'now' | 'policies'> & Partial<Pick<Reader, 'zoneOffsets'>>;

/**
 * The calendar date where the operator is, `YYYY-MM-DD`, of an instant; default: now.
 *
 * @example localDate(work) // '2026-03-30', at 23:30 UTC on 29 March in London
 */
export function localDate(work: Place, instant: Instant = work.now): string {
  const { timeZone } = operatorPolicy(work);
  return toDate(timeZone === 'UTC' ? instant : instant + offsetAt(work, timeZone, instant));
}

/**
 * The instant at which a date begins where the operator is, summer time or not.
 *
 * @example startOfLocalDate(work, '2026-04-01') // 23:00 UTC on 31 March in London
 */
export function startOfLocalDate(work: Omit<Place, 'now'>, date: string): Instant {
  const { timeZone } = operatorPolicy(work);
  const midnight = startOfDate(date);
  if (timeZone === 'UTC') return midnight;
  // The offset at midnight UTC is that of the local midnight, but for a change of the clocks between the two.
  const guess = midnight - offsetAt(work, timeZone, midnight);
  const start = midnight - offsetAt(work, timeZone, guess);
  // Where the clocks go forward at midnight the day begins with the change, which only the first guess may reach.
  return toDate(start + offsetAt(work, timeZone, start)) === date ? start : Math.max(start, guess);
}

/** A day where the operator is, from its first instant to that of the next one. */
export function localDay(work: Omit<Place, 'now'>, date: string): { readonly start: Instant; readonly end: Instant } {
  return { start: startOfLocalDate(work, date), end: startOfLocalDate(work, toDate(startOfDate(date) + DAY)) };
}

/**
 * What the clocks show where the operator is, now, as if it were UTC: its hour and weekday are read with `getUTCHours`
 * and the like.
 *
 * @example new Date(localClock(work)).getUTCHours() // 13 at noon UTC, in London in July
 */
export function localClock(work: Place): Instant {
  const { timeZone } = operatorPolicy(work);
  return timeZone === 'UTC' ? work.now : work.now + offsetAt(work, timeZone, work.now);
}

/**
 * The instant at which the clocks show a time where the operator is, given as `localClock` answers it: so many days or
 * months on at the same time of day, summer time or not. An hour that is skipped in spring is that after it.
 *
 * @example localInstant(work, localClock(work) + 3 * DAY)
 */
export function localInstant(work: Omit<Place, 'now'>, clock: Instant): Instant {
  const { timeZone } = operatorPolicy(work);
  if (timeZone === 'UTC') return clock;
  const guess = clock - offsetAt(work, timeZone, clock);
  return clock - offsetAt(work, timeZone, guess);
}

/**
 * The instant that a text means which may stand for a whole day: senders write a date as its midnight in UTC, whichever
 * zone they are in, and that is the operator's day of this date. Any other time is itself. `undefined` for no time.
 *
 * @example startOfDay(work, '2026-06-01T00:00:00Z') // 23:00 UTC on 31 May in London
 */
export function startOfDay(work: Omit<Place, 'now'>, text: unknown): Instant | undefined {
  const instant = typeof text === 'string' ? parseInstant(text) : undefined;
  return instant === undefined || instant % DAY !== 0 ? instant : startOfLocalDate(work, toDate(instant));
}

/** How far local clocks are ahead of UTC, in milliseconds. */
function offsetAt(
  { zoneOffsets = createZoneOffsets() }: Pick<Place, 'zoneOffsets'>,
  timeZone: string,
  instant: Instant,
) {
  return zoneOffsets(timeZone, instant);
}
