import type { Change } from '../../engine/state/change.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { billDayOf, nextBillDate } from '../../operator/bill-days.ts';
import { localDate, startOfLocalDate } from '../../operator/local-time.ts';
import { ACCOUNTS, WAITING_CYCLES } from './collections.ts';
import { announceCycle } from './terms.ts';

const PENDING_UPDATE = 'Pending update';

/**
 * A cycle that is changed takes effect with the next bill. Sets the timer of an account whose ordered change takes effect with
 * the next cycle, and cancels it where that is off.
 */
export function followPendingUpdate(work: Work, { before, after }: Change): void {
  const id = String((after ?? before)?.id);
  const isOther = before !== undefined && after !== undefined && hasOtherCycle(before, after);
  const wasOrdered = work.get(WAITING_CYCLES, id) !== undefined;
  const isBack = wasOrdered && before?.state === 'Suspended';
  const isToWait = after?.state === 'Active' && (isOther || isBack);
  // Whoever moves an account by hand orders no other cycle.
  const mayWait = isToWait || after?.state === PENDING_UPDATE || after?.state === 'Suspended';
  const isOrdered = mayWait && (isOther || wasOrdered);
  if (isOrdered && !wasOrdered) work.put(WAITING_CYCLES, id, { id });
  if (!isOrdered && wasOrdered) work.delete(WAITING_CYCLES, id);
  if (isToWait) {
    work.change(ACCOUNTS, id, { state: PENDING_UPDATE });
    return;
  }
  const wasWaiting = before?.state === PENDING_UPDATE || isBack;
  const isWaiting = after?.state === PENDING_UPDATE || (isOrdered && after?.state === 'Suspended');
  if (isWaiting === wasWaiting) return;
  const key = `billing-account/take-effect/${id}`;
  if (!isWaiting) {
    work.cancel(key);
    return;
  }
  const due = startOfLocalDate(work, nextBillDate(localDate(work), billDayOf(work.policies)));
  work.schedule({ key, due, kind: 'billing-account/take-effect', data: { id } });
}

/** The bill day has come: the change takes effect. */
export const takeEffect: TimerHandler = (work, { id }) => {
  const account = work.get(ACCOUNTS, String(id));
  if (account?.state === PENDING_UPDATE) work.change(ACCOUNTS, String(id), { state: 'Active' });
  else if (account !== undefined && work.delete(WAITING_CYCLES, String(id))) announceCycle(work, account);
};

/** Whether two versions of an account say different things of its cycle; most changes leave it the same object. */
function hasOtherCycle({ billStructure: before }: Entity, { billStructure: after }: Entity): boolean {
  return before !== after && cycleText(before) !== cycleText(after);
}

function cycleText(billStructure: unknown): string {
  return JSON.stringify((billStructure as Entity | undefined)?.cycleSpecification) ?? '';
}
