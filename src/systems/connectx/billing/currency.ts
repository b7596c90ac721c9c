import { equals } from '../../../engine/state/store/filter.ts';
import type { Work } from '../../../engine/state/work.ts';
import { PRODUCTS, SUBSCRIPTIONS } from '../collections.ts';

/** The currency that a customer is billed in: that of what they have taken last, else of what is sold. */
export function currencyOf(work: Work, customerId: string): string {
  const { items, total } = work.query(SUBSCRIPTIONS, { filter: equals('customerId', customerId) });
  const last = items[total - 1] ?? work.query(PRODUCTS, { limit: 1 }).items[0];
  return String(last?.currency ?? 'GBP');
}
