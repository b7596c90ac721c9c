import type { Change } from '../../engine/state/change.ts';
import type { ReadWork, Work } from '../../engine/state/work.ts';

/** The context of a move that an account makes because its customer has. */
export const WITH_CUSTOMER = { isWithCustomer: true } as const;

/** Notes which accounts are suspended by themselves, so that the reinstatement of their customer leaves them so. */
export function noteHold(work: Work, { before, after, context }: Change): void {
  const id = String((after ?? before)?.id);
  if (before?.state === 'Suspended' && after?.state !== 'Suspended') {
    if (isHeldAlone(work, id)) work.delete(HELD_ALONE, id);
    return;
  }
  const isNew = after?.state === 'Suspended' && before?.state !== 'Suspended';
  if (isNew && context.isWithCustomer !== true && context.isStart !== true) work.put(HELD_ALONE, id, { id });
}

/** Whether an account was suspended by itself, and not with its customer. */
export function isHeldAlone(work: ReadWork, id: unknown): boolean {
  return work.get(HELD_ALONE, String(id)) !== undefined;
}

/** By account: those that are suspended by themselves. */
const HELD_ALONE = 'billing-account/$heldAlone';
