/** An instant as the engine counts it: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A calendar duration: months move by calendar, everything else has a fixed length. */
export interface Duration {
  readonly months: number;
  readonly milliseconds: number;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2}))?$/;
const ISO_8601_DURATION =
  /^P(?=.)(?:(\d+(?:\.\d+)?)Y)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=.)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Reads an RFC 3339 date-time, or a date alone as its first instant in UTC; `undefined` where the text is neither.
 *
 * @example parseInstant('2026-01-01T01:00:00+01:00') // 1767225600000
 */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  // A leap second is a valid RFC 3339 time that JavaScript cannot hold: it becomes the second after it.
  const isLeapSecond = second === '60';
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${isLeapSecond ? '59' : second}.${milliseconds}${zone.toUpperCase()}`;
  const instant = Date.parse(iso);
  if (Number.isNaN(instant) || Number(day) > daysInMonth(Number(year), Number(month))) return undefined;
  return isLeapSecond ? instant + SECOND : instant;
}

/** Where time ends: the last instant that ISO 8601 writes with four digits for its year. */
export const END_OF_TIME: Instant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Writes an instant as ISO 8601 in UTC with milliseconds; one behind the end of time as that. */
export function formatInstant(instant: Instant): string {
  return new Date(Math.min(instant, END_OF_TIME)).toISOString();
}

/** The UTC calendar date of an instant, `YYYY-MM-DD`. */
export function toDate(instant: Instant): string {
  // Without a Date, which is several times as slow: whoever bills writes a date or more for each thing.
  const days = Math.floor(instant / DAY) + DAYS_BEFORE_1970;
  const era = Math.floor(days / DAYS_OF_ERA);
  const ofEra = days - era * DAYS_OF_ERA;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (!(year >= 1_000 && year <= 9_999)) return new Date(instant).toISOString().slice(0, 10);
  return `${year}${month < 10 ? '-0' : '-'}${month}${day < 10 ? '-0' : '-'}${day}`;
}

/** Counted from 1 March of the year 0, leap days come last: a cycle of the calendar is 400 years, and begins there. */
const DAYS_BEFORE_1970 = 719_468;
const DAYS_OF_ERA = 146_097;

/** The first instant of a `YYYY-MM-DD` date in UTC; throws a RangeError where the text is no date. */
export function startOfDate(date: string): Instant {
  if (date.length === 10 && date[4] === '-' && date[7] === '-') {
    const [year, month, day] = [digitsOf(date, 0, 4), digitsOf(date, 5, 7), digitsOf(date, 8, 10)];
    // A day beyond the end of its month would be read as one of the next month; years below 100 for those of 1900.
    const isDay = day > 0 && (day <= 28 || day <= daysInMonth(year, month));
    if (isDay && month <= 12 && month > 0 && year > 99) return Date.UTC(year, month - 1, day);
  }
  const instant = parseInstant(date);
  if (instant === undefined) throw new RangeError(`Failed to read the date "${date}": it is not YYYY-MM-DD.`);
  return instant - (((instant % DAY) + DAY) % DAY);
}

/** The number that some digits of a text write; not a number where one is none. */
function digitsOf(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/**
 * Reads an ISO 8601 duration; `undefined` for any other text.
 *
 * @example parseDuration('P1M') // { months: 1, milliseconds: 0 }
 */
export function parseDuration(text: string): Duration | undefined {
  const match = ISO_8601_DURATION.exec(text);
  if (match === null) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return {
    months: Math.round((years ?? 0) * 12) + (months ?? 0),
    milliseconds: Math.round(
      ((weeks ?? 0) * 7 + (days ?? 0)) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND,
    ),
  };
}

/** Adds a duration; a month added to the 31st lands on the last day of a shorter month. Infinite beyond what a date holds. */
export function addDuration(instant: Instant, duration: Duration): Instant {
  const sum = addMonths(instant, duration.months) + duration.milliseconds;
  return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum;
}

/** Adds calendar months, keeping the time of day and clamping the day to the month's last. */
export function addMonths(instant: Instant, months: number): Instant {
  if (months === 0) return instant;
  const date = new Date(instant);
  const day = date.getUTCDate();
  const first = new Date(instant);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  first.setUTCDate(Math.min(day, daysInMonth(first.getUTCFullYear(), first.getUTCMonth() + 1)));
  return first.getTime();
}

/** Days in a month, `month` counted from 1. */
function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
