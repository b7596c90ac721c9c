import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { isObject } from '../../lib/json-object.ts';
import { formatInstant, parseInstant } from '../../lib/time.ts';
import { localDate, startOfLocalDate } from '../../operator/local-time.ts';
import { isLater } from './effective-dates.ts';
import { ORDERS, type OrderHead, type OrderRecord, type OrderUser, RECEIVED, SUBSCRIBERS, usersOf } from './message.ts';
import { isRefused, planHeld, type Verdict } from './plan-order.ts';
import { isInTransition, type Site } from './sites.ts';
import { change, disconnect, heldKey } from './subscribers.ts';

/**
 * The ActivationDate of an addition has come; one whose site is still in transition goes live when that is released. Worlds
 * that earlier versions have kept also have held changes and deletions wait under this kind.
 */
export const takeEffect: TimerHandler = (work, { username, messageId }) => {
  const subscriber = work.get(SUBSCRIBERS, String(username));
  if (subscriber?.activation_state === 'Scheduled' && !isInTransition(work, subscriber as unknown as Site)) {
    goLive(work, String(username));
  }
  carryOutHeld(work, { messageId });
};

/**
 * The date of a held change or deletion has come, for all of its users whose date it is: they may swap what they have.
 * What is no longer possible, because other orders came meanwhile, is left out.
 */
export const carryOutHeld: TimerHandler = (work, { messageId }) => {
  const received = work.get(RECEIVED, String(messageId));
  if (received === undefined) return;
  const { order } = work.need(ORDERS, String(received.transactionId)) as OrderRecord;
  const due = usersOf(order).filter(
    ({ Username }, index, all) =>
      isDue(work, Username, messageId) && all.findIndex((other) => other.Username === Username) === index,
  );
  for (const { Username } of due) {
    work.cancel(heldKey(Username));
    work.change(SUBSCRIBERS, Username, { scheduledChange: null });
  }
  const verdicts = planHeld(work, { ...order, User: due });
  for (const [index, user] of due.entries()) carryOut(work, order.Order, user, verdicts[index] as Verdict);
};

/** Whether a user waits for nothing but today to have an order carried out. */
function isDue(work: Work, username: string, messageId: unknown): boolean {
  const { activation_state, scheduledChange } = work.get(SUBSCRIBERS, username) ?? {};
  if (activation_state === 'Disconnected' || !isObject(scheduledChange)) return false;
  const date = parseInstant(String(scheduledChange.effectiveDate));
  return scheduledChange.messageId === messageId && date !== undefined && !isLater(work, date);
}

/** Whoever waited for a date or a site goes live, but not before the day that the order asks for. */
export function goLive(work: Work, username: string): void {
  const { goLiveDate } = work.need(SUBSCRIBERS, username);
  const due = parseInstant(String(goLiveDate)) ?? work.now;
  if (isLater(work, due)) return;
  const date = localDate(work);
  const since = formatInstant(startOfLocalDate(work, date));
  work.change(SUBSCRIBERS, username, { activation_state: 'Live', goLiveDate: since }, { date });
}

function carryOut(work: Work, head: OrderHead, user: OrderUser, verdict: Verdict): void {
  if (isRefused(verdict)) {
    work.note(`The change of ${user.Username} by ${head.MessageID} is left out: ${verdict.refused}`);
    return;
  }
  if (head.Operation === 'Change') change(work, verdict.head, verdict.user, work.need(SUBSCRIBERS, user.Username));
  else disconnect(work, head, user);
}
