import { equals } from '../../../engine/state/store/filter.ts';
import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { CHARGES } from '../collections.ts';
import type { LineItem } from '../entities.ts';

/** A line item that waits for the customer's next bill; a credit's amount is negative. */
export interface Charge extends Entity {
  readonly chargeId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly lineItem: LineItem;
}

/** Puts line items on the next bill of a customer. */
export function addCharges(
  work: Work,
  { customerId, currency }: Pick<Charge, 'customerId' | 'currency'>,
  lineItems: readonly LineItem[],
): void {
  for (const lineItem of lineItems) {
    const chargeId = `CHG-${String(work.nextNumber(CHARGES)).padStart(6, '0')}`;
    work.put(CHARGES, chargeId, { chargeId, customerId, currency, lineItem });
  }
}

/** Takes what waits for a customer's next bill, oldest first. */
export function takeCharges(work: Work, customerId: string): readonly Charge[] {
  const { items } = work.query(CHARGES, { filter: equals('customerId', customerId) });
  for (const { chargeId } of items) work.delete(CHARGES, String(chargeId));
  return items as readonly Charge[];
}

/** The customers for whom something waits, or the one asked for if something does. */
export function customersWithCharges(work: Work, customerId?: string): readonly string[] {
  const { items } = work.query(CHARGES, customerId === undefined ? {} : { filter: equals('customerId', customerId) });
  return [...new Set((items as readonly Charge[]).map((charge) => charge.customerId))];
}
