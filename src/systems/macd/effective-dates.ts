import type { Work } from '../../engine/state/work.ts';
import { formatInstant, type Instant } from '../../lib/time.ts';
import { localDate, startOfDay } from '../../operator/local-time.ts';
import { type OrderHead, type OrderUser, SUBSCRIBERS } from './message.ts';
import { effectKey, heldKey, type UserOutcome } from './subscribers.ts';

/** The date that an order of this kind carries for its user. */
export function effectiveDate(work: Work, { Operation }: OrderHead, user: OrderUser): Instant | undefined {
  const name = Operation === 'Add' ? 'ActivationDate' : Operation === 'Change' ? 'ChangeDate' : 'DisconnectionDate';
  return startOfDay(work, user[name]);
}

/** Whether a date has not come yet. */
export function isLater(work: Work, date: Instant): boolean {
  return date > work.now;
}

/** Leaves the user as it is until the date of the order; a later order that is held takes its place. */
export function hold(work: Work, head: OrderHead, user: OrderUser, due: Instant): UserOutcome {
  const effective = formatInstant(due);
  const operation = head.Operation === 'Change' ? 'Change' : 'Delete';
  work.change(SUBSCRIBERS, user.Username, {
    scheduledChange: { operation, effectiveDate: effective, messageId: head.MessageID },
  });
  const data = { username: user.Username, messageId: head.MessageID };
  work.schedule({ key: heldKey(user.Username), due, kind: 'macd/carry-out-held', data });
  const text = `The ${operation} takes effect on ${localDate(work, due)}.`;
  return { username: user.Username, result: 'applied', text, hasNewMobile: false, hasKnownMobile: false };
}

/** Sets the timer of an addition that is to take effect on a later date. */
export function scheduleEffect(work: Work, head: OrderHead, { Username }: OrderUser, due: Instant): void {
  work.schedule({
    key: effectKey(Username),
    due,
    kind: 'macd/take-effect',
    data: { username: Username, messageId: head.MessageID },
  });
}
