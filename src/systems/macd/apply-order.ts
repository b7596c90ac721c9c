import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { effectiveDate, hold, isLater, scheduleEffect } from './effective-dates.ts';
import { type OrderHead, type OrderMessage, type OrderUser, SUBSCRIBERS, usersOf } from './message.ts';
import { isRefused, planOrder, refusalOf, type Verdict } from './plan-order.ts';
import { isInTransition } from './sites.ts';
import { add, change, disconnect, failed, isSameAs, type Postponed, type UserOutcome } from './subscribers.ts';

/**
 * Applies an order to its users, or holds it for those whose date has not come. `failing` says why it fails for some,
 * whatever it asks for. Unknown customers and locations are how the northbound side learns of them.
 */
export function applyOrder(
  work: Work,
  order: OrderMessage,
  failing: ReadonlyMap<string, string>,
): readonly UserOutcome[] {
  const plan = planOrder(work, order, new Set(failing.keys()));
  return usersOf(order).map((user, index) => {
    const text = failing.get(user.Username);
    return text === undefined ? carryOut(work, order.Order, user, plan[index] as Verdict) : failed(user, text);
  });
}

function carryOut(work: Work, head: OrderHead, user: OrderUser, verdict: Verdict): UserOutcome {
  if (isRefused(verdict)) return failed(user, verdict.refused);
  const subscriber = work.get(SUBSCRIBERS, user.Username);
  // An order may name a user twice: what it has done already counts.
  const refused = refusalOf(head, subscriber);
  if (refused !== undefined) return failed(user, refused);
  const outcome = applyGranted(work, verdict.head, verdict.user, subscriber);
  const { texts } = verdict;
  if (texts.length === 0 || outcome.result === 'failed') return outcome;
  const text = [...texts, ...(outcome.text === undefined ? [] : [outcome.text])].join(' ');
  return { ...outcome, result: 'warned', text };
}

function applyGranted(work: Work, head: OrderHead, user: OrderUser, subscriber: Entity | undefined): UserOutcome {
  if (head.Operation === 'Add') {
    const postponed = postponedUntil(work, head, user);
    const outcome = add(work, head, user, subscriber, postponed);
    const isWaiting = work.get(SUBSCRIBERS, user.Username)?.activation_state === 'Scheduled';
    if (isWaiting && postponed?.due !== undefined) scheduleEffect(work, head, user, postponed.due);
    return outcome;
  }
  const before = subscriber ?? {};
  const due = effectiveDate(work, head, user);
  if (due === undefined || !isLater(work, due)) {
    return head.Operation === 'Change' ? change(work, head, user, before) : disconnect(work, head, user);
  }
  const changesNothing = head.Operation === 'Change' && isSameAs(before, head, user);
  return changesNothing ? change(work, head, user, before) : hold(work, head, user, due);
}

function postponedUntil(work: Work, head: OrderHead, user: OrderUser): Postponed | undefined {
  const date = effectiveDate(work, head, user);
  const due = date !== undefined && isLater(work, date) ? date : undefined;
  const isHeld = isInTransition(work, { customer: head.Customer, location: head.Location });
  return due === undefined && !isHeld ? undefined : { due, isHeld };
}
