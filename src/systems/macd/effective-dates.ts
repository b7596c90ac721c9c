import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { formatInstant, type Instant, parseInstant, startOfDate, toDate } from '../../lib/time.ts';
import { ORDERS, type OrderHead, type OrderRecord, type OrderUser, RECEIVED, SUBSCRIBERS, usersOf } from './message.ts';
import { isInTransition, type Site } from './sites.ts';
import { change, disconnect, effectKey, type UserOutcome } from './subscribers.ts';

/** The date that an order of this kind carries for its user. */
export function effectiveDate({ Operation }: OrderHead, user: OrderUser): Instant | undefined {
  const name = Operation === 'Add' ? 'ActivationDate' : Operation === 'Change' ? 'ChangeDate' : 'DisconnectionDate';
  const text = user[name];
  return typeof text === 'string' ? parseInstant(text) : undefined;
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
  scheduleEffect(work, head, user, due);
  const text = `The ${operation} takes effect on ${effective.slice(0, 10)}.`;
  return { username: user.Username, result: 'applied', text, hasNewMobile: false, hasKnownMobile: false };
}

/** Sets the timer of an order that is to take effect on a later date. */
export function scheduleEffect(work: Work, head: OrderHead, { Username }: OrderUser, due: Instant): void {
  work.schedule({
    key: effectKey(Username),
    due,
    kind: 'macd/take-effect',
    data: { username: Username, messageId: head.MessageID },
  });
}

/** The date of a held order has come: what is no longer possible, because other orders came meanwhile, is left out. */
export const takeEffect: TimerHandler = (work, { username, messageId }) => {
  const subscriber = work.get(SUBSCRIBERS, String(username));
  const received = work.get(RECEIVED, String(messageId));
  if (subscriber === undefined || received === undefined || subscriber.activation_state === 'Disconnected') return;
  if (subscriber.activation_state === 'Scheduled') {
    // One whose site is still in transition goes live when that is released.
    if (!isInTransition(work, subscriber as unknown as Site)) goLive(work, String(username));
    return;
  }
  const { order } = work.need(ORDERS, String(received.transactionId)) as OrderRecord;
  const user = usersOf(order).find(({ Username }) => Username === username);
  if (user === undefined) return;
  work.change(SUBSCRIBERS, String(username), { scheduledChange: null });
  const current = work.need(SUBSCRIBERS, String(username));
  if (order.Order.Operation === 'Change') change(work, order.Order, user, current);
  else disconnect(work, order.Order, user);
};

/** Whoever waited for a date or a site goes live, but not before the day that the order asks for. */
export function goLive(work: Work, username: string): void {
  const { goLiveDate } = work.need(SUBSCRIBERS, username);
  const due = parseInstant(String(goLiveDate)) ?? work.now;
  if (isLater(work, due)) return;
  const date = toDate(work.now);
  work.change(
    SUBSCRIBERS,
    username,
    { activation_state: 'Live', goLiveDate: formatInstant(startOfDate(date)) },
    { date },
  );
}
