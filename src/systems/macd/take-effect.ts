import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { formatInstant, parseInstant } from '../../lib/time.ts';
import { localDate, startOfLocalDate } from '../../operator/local-time.ts';
import { isLater } from './effective-dates.ts';
import { OrderInventory } from './inventory.ts';
import { ORDERS, type OrderMessage, type OrderRecord, RECEIVED, SUBSCRIBERS, usersOf } from './message.ts';
import { grant, isRefused } from './plan-order.ts';
import { isInTransition, type Site } from './sites.ts';
import { change, disconnect } from './subscribers.ts';

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
  work.change(SUBSCRIBERS, String(username), { scheduledChange: null });
  apply(work, order, String(username));
};

/** Whoever waited for a date or a site goes live, but not before the day that the order asks for. */
export function goLive(work: Work, username: string): void {
  const { goLiveDate } = work.need(SUBSCRIBERS, username);
  const due = parseInstant(String(goLiveDate)) ?? work.now;
  if (isLater(work, due)) return;
  const date = localDate(work);
  const since = formatInstant(startOfLocalDate(work, date));
  work.change(SUBSCRIBERS, username, { activation_state: 'Live', goLiveDate: since }, { date });
}

function apply(work: Work, message: OrderMessage, username: string): void {
  const { Order } = message;
  const user = usersOf(message).find(({ Username }) => Username === username);
  if (user === undefined) return;
  if (Order.Operation !== 'Change') {
    disconnect(work, Order, user);
    return;
  }
  // What was free when the order came may belong to somebody else by now.
  const granted = grant(work, Order, user, new OrderInventory({ Order, User: [user] }, new Set([username])));
  if (isRefused(granted)) {
    work.note(`The change of ${username} by ${Order.MessageID} is left out: ${granted.refused}`);
    return;
  }
  change(work, granted.head, granted.user, work.need(SUBSCRIBERS, username));
}
