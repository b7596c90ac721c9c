import type { Change } from '../../engine/state/change.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { billDayOf, nextBillDate } from '../../operator/bill-days.ts';
import { localDate, startOfLocalDate } from '../../operator/local-time.ts';
import { ACCOUNTS } from './collections.ts';

const PENDING_UPDATE = 'Pending update';

/**
 * A cycle that is changed takes effect with the next bill. Sets the timer of an account whose ordered change takes effect with
 * the next cycle, and cancels it where that is off.
 */
export function followPendingUpdate(work: Work, { before, after }: Change): void {
  if (before !== undefined && after?.state === 'Active' && hasOtherCycle(before, after)) {
    work.change(ACCOUNTS, String(after.id), { state: PENDING_UPDATE });
    return;
  }
  const isWaiting = after?.state === PENDING_UPDATE;
  if (isWaiting === (before?.state === PENDING_UPDATE)) return;
  const id = String((after ?? before)?.id);
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
  if (work.get(ACCOUNTS, String(id))?.state === PENDING_UPDATE) work.change(ACCOUNTS, String(id), { state: 'Active' });
};

/** Whether two versions of an account say different things of its cycle; most changes leave it the same object. */
function hasOtherCycle({ billStructure: before }: Entity, { billStructure: after }: Entity): boolean {
  return before !== after && cycleText(before) !== cycleText(after);
}

function cycleText(billStructure: unknown): string {
  return JSON.stringify((billStructure as Entity | undefined)?.cycleSpecification) ?? '';
}
