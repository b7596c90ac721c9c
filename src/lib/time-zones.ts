import type { Instant } from './time.ts';

/** How far the clocks of a time zone are ahead of UTC at an instant, in milliseconds. */
export type ZoneOffsets = (timeZone: string, instant: Instant) => number;

/** Zones of which a calendar is kept; names of one zone may be written in many ways. */
const MOST_ZONES = 64;

/**
 * Makes what tells how far local clocks are ahead of UTC. It keeps the calendar of each zone that it is asked for: to
 * look one up takes forty times as long as to read it.
 *
 * @example createZoneOffsets()('Europe/London', Date.UTC(2026, 6, 1)) // 3600000
 */
export function createZoneOffsets(): ZoneOffsets {
  const calendars = new Map<string, Intl.DateTimeFormat>();
  return (timeZone, instant) => {
    let calendar = calendars.get(timeZone);
    if (calendar === undefined) {
      calendar = calendarOf(timeZone);
      if (calendars.size >= MOST_ZONES) calendars.clear();
      calendars.set(timeZone, calendar);
    }
    const numbers = calendar.format(instant).match(/\d+/g) ?? [];
    const [month = 1, day = 1, year = 0, hour = 0, minute = 0, second = 0] = numbers.map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  };
}

/** Writes month, day, year, hour, minute and second, in this order. */
function calendarOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
