import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { isObject } from '../../lib/json-object.ts';
import { type OrderMessage, type OrderUser, SUBSCRIBERS, usersOf } from './message.ts';

/**
 * Which fixed-mobile numbers of a user the operator serves already. A number that any subscriber has or had comes with
 * its user (it is migrated); any other has to be ordered. A number that the user already has causes neither. The source document
 * does not say what the two stages mean; this is decided by this project.
 */
export function mobilesOf(work: Work, user: OrderUser, before: Entity | undefined) {
  const known = new Set(mobileNumbers(before?.user));
  let hasNewMobile = false;
  let hasKnownMobile = false;
  for (const number of mobileNumbers(user).filter((each) => !known.has(each))) {
    const { total } = work.query(SUBSCRIBERS, { filter: equals('user.FMC.MobileNumber', number), limit: 1 });
    if (total > 0) hasKnownMobile = true;
    else hasNewMobile = true;
  }
  return { hasNewMobile, hasKnownMobile };
}

/** Takes the mobile numbers of an order from a user again: they could not be ordered, or not be migrated. */
export function withdrawMobiles(work: Work, order: OrderMessage, username: string): void {
  const subscriber = work.get(SUBSCRIBERS, username);
  const ordered = usersOf(order).find(({ Username }) => Username === username);
  if (subscriber === undefined || ordered === undefined || !isObject(subscriber.user)) return;
  const withdrawn = new Set(mobileNumbers(ordered));
  const { FMC } = subscriber.user;
  if (!Array.isArray(FMC)) return;
  const left = FMC.filter((entry) => !isObject(entry) || !withdrawn.has(String(entry.MobileNumber)));
  if (left.length === FMC.length) return;
  // It was never there: not even the day that it was ordered on is charged.
  work.change(SUBSCRIBERS, username, { user: { FMC: left.length > 0 ? left : null } }, { isWithdrawn: true });
}

function mobileNumbers(user: unknown): readonly string[] {
  const entries = isObject(user) && Array.isArray(user.FMC) ? user.FMC.filter(isObject) : [];
  return entries.map(({ MobileNumber }) => MobileNumber).filter((number) => typeof number === 'string');
}
