import { equals } from '../../../engine/state/store/filter.ts';
import type { Work } from '../../../engine/state/work.ts';
import type { ActionHandler } from '../../../engine/system.ts';
import { EXEMPTIONS } from '../collections.ts';
import type { TaxExemption } from './tax.ts';

/** `{customerId, accountId, exemptions}`: what the account of a customer is exempt from takes the place of what it was. */
export const setTaxExemption: ActionHandler = (work, input) => {
  const { customerId, accountId, exemptions } = input;
  if ((exemptions as readonly unknown[]).length === 0) work.delete(EXEMPTIONS, String(accountId));
  else work.put(EXEMPTIONS, String(accountId), { accountId, customerId, exemptions });
  return { customerId, exemptions };
};

/** All that the accounts of a customer are exempt from. */
export function exemptionsOf(work: Work, customerId: string): readonly TaxExemption[] {
  const { items } = work.query(EXEMPTIONS, { filter: equals('customerId', customerId) });
  return items.flatMap(({ exemptions }) => exemptions as readonly TaxExemption[]);
}
