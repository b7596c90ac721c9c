import type { Change } from '../../engine/state/change.ts';
import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { startOfDate, toDate } from '../../lib/time.ts';
import { billDayOf, nextBillDate } from '../../operator/bill-days.ts';
import { ACCOUNTS } from './collections.ts';

const PENDING_UPDATE = 'Pending update';

/** Sets the timer of an account whose ordered change takes effect with the next cycle, and cancels it where that is off. */
export function followPendingUpdate(work: Work, { before, after }: Change): void {
  const isWaiting = after?.state === PENDING_UPDATE;
  if (isWaiting === (before?.state === PENDING_UPDATE)) return;
  const id = String((after ?? before)?.id);
  const key = `billing-account/take-effect/${id}`;
  if (!isWaiting) {
    work.cancel(key);
    return;
  }
  const due = startOfDate(nextBillDate(toDate(work.now), billDayOf(work.policies)));
  work.schedule({ key, due, kind: 'billing-account/take-effect', data: { id } });
}

/** The bill day has come: the change takes effect. */
export const takeEffect: TimerHandler = (work, { id }) => {
  if (work.get(ACCOUNTS, String(id))?.state === PENDING_UPDATE) work.change(ACCOUNTS, String(id), { state: 'Active' });
};
