import type { Change } from '../../engine/state/change.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';

/** Lets whoever bills the customer know that the account's exemption from tax has changed: no channel carries that alone. */
export function announceExemption(work: Work, { before, after }: Change): void {
  if (before?.taxExemption === after?.taxExemption) return;
  const account = after ?? before;
  const customerId = account === undefined ? undefined : customerOf(account);
  if (customerId === undefined) return;
  const exemptions = after?.taxExemption ?? [];
  work.notify('billing-account/exemption-changed', { customerId, accountId: account?.id, exemptions });
}

/** The related party that is the customer, else the first. */
function customerOf({ relatedParty = [] }: Entity): string | undefined {
  const parties = relatedParty as readonly Entity[];
  const party = parties.find((each) => each['@referredType'] === 'Customer' || each.role === 'customer') ?? parties[0];
  return typeof party?.id === 'string' ? party.id : undefined;
}
