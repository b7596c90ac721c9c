import { equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { CHARGES } from '../collections.ts';
import type { LineItem } from '../entities.ts';
import type { Holder } from './ledger.ts';

/** A line item that waits for a holder's next bill; a credit's amount is negative. */
export interface Charge extends Entity {
  readonly chargeId: string;
  readonly customerId: string;
  readonly accountId?: string;
  readonly currency: string;
  readonly lineItem: LineItem;
}

/** Puts line items on the next bill of a holder. */
export function addCharges(
  work: Work,
  { customerId, accountId }: Holder,
  currency: string,
  lineItems: readonly LineItem[],
): void {
  for (const lineItem of lineItems) {
    const chargeId = `CHG-${String(work.nextNumber(CHARGES)).padStart(6, '0')}`;
    const whose = accountId === undefined ? { customerId } : { customerId, accountId };
    work.put(CHARGES, chargeId, { chargeId, ...whose, currency, lineItem });
  }
}

/** Takes what waits for a holder's next bill, oldest first. */
export function takeCharges(work: Work, { customerId, accountId }: Holder): readonly Charge[] {
  const items = work.query(CHARGES, { filter: equals('customerId', customerId) }).items as readonly Charge[];
  const taken = items.filter((charge) => charge.accountId === accountId);
  for (const { chargeId } of taken) work.delete(CHARGES, chargeId);
  return taken;
}

/** Those for whom something waits, or the one customer asked for. */
export function holdersWithCharges(work: Work, customerId?: string): readonly Holder[] {
  const { items } = work.query(CHARGES, customerId === undefined ? {} : { filter: equals('customerId', customerId) });
  const holders = (items as readonly Charge[]).map(
    (charge) =>
      [
        `${charge.customerId}/${charge.accountId ?? ''}`,
        { customerId: charge.customerId, accountId: charge.accountId },
      ] as const,
  );
  return [...new Map(holders).values()];
}
