import type { Policies } from '../engine/policies/policy.ts';
import { DAY, END_OF_TIME, type Instant, startOfDate, toDate } from '../lib/time.ts';
import { Refusal } from '../model/command.ts';

/** The operator's bill day, 1 to 28: what `policies.connectx.billDay` says; default: the first of the month. */
export function billDayOf({ connectx }: Policies): number {
  return Number(connectx?.billDay ?? 1);
}

/** The first bill day after a date. */
export function nextBillDate(date: string, billDay: number): string {
  const month = startOfMonth(date);
  const candidate = dateOf(month, billDay);
  return candidate > date ? candidate : dateOf(addOneMonth(month), billDay);
}

/** The bill day that the billing month of a date began on: the date itself, if it is one. */
export function billDateOf(date: string, billDay: number): string {
  const candidate = dateOf(startOfMonth(date), billDay);
  return candidate <= date ? candidate : dateOf(startOfMonth(plusDays(candidate, -billDay - 1)), billDay);
}

/** A date some days later, or earlier. */
export function plusDays(date: string, days: number): string {
  return dateAt(startOfDate(date) + days * DAY);
}

function startOfMonth(date: string): Instant {
  return startOfDate(`${date.slice(0, 7)}-01`);
}

function addOneMonth(month: Instant): Instant {
  return startOfMonth(dateAt(month + 31 * DAY));
}

function dateOf(month: Instant, day: number): string {
  return dateAt(month + (day - 1) * DAY);
}

/** Refuses with 409 a date that has no name any more: everything that compares dates would go wrong. */
function dateAt(instant: Instant): string {
  if (instant <= END_OF_TIME) return toDate(instant);
  throw new Refusal(
    409,
    'END_OF_TIME',
    'Failed to find a day to bill on: time ends with the year 9999. Reset the tenant to an earlier time.',
  );
}
