import { isDeepStrictEqual } from 'node:util';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { Outcome } from '../../model/command.ts';
import { providerId } from './account-ids.ts';
import { customerOf, forgetCustomer } from './customer-numbers.ts';
import { notSold, provisionedBy } from './new-resource.ts';
import { configure, refuseMembers, requireResource, typeOf } from './resource-store.ts';
import { ACCOUNT } from './types.ts';

/** An account as somebody on the bus writes it. */
interface AccountOrder extends Entity {
  readonly type?: string;
  readonly companyName?: string;
  readonly personal?: boolean;
  readonly addressPostal?: Entity;
  readonly adminContact?: Entity;
  readonly parent?: { readonly aps: { readonly id: string } };
}

/**
 * POST of an account: a customer is opened in the system that keeps them, which shows here. Where none is served there
 * is nobody to be a customer of.
 */
export function provisionAccount(work: Work, body: Entity): Outcome {
  const { aps: _, parent, type = 'CLIENT', ...members } = body as AccountOrder;
  if (type !== 'CLIENT') refuseMembers([{ path: '/type', message: 'must be CLIENT: only customers are opened here' }]);
  const vendor = parent?.aps.id ?? providerId(work);
  const { type: standing } = requireResource(work, vendor);
  if (standing !== 'ADMIN' && standing !== 'RESELLER') {
    refuseMembers([{ path: '/parent/aps/id', message: 'must lead to the account of a provider or reseller' }]);
  }
  checkAccount(work, members);
  if (members.adminContact?.email === undefined) {
    refuseMembers([{ path: '/adminContact/email', message: 'must be there: a customer is reached by it' }]);
  }
  const opened = provisionedBy(work, () =>
    work.notify('aps-subscriptions/account-ordered', { customer: customerIn(members), vendor }),
  );
  if (opened === undefined) throw notSold('open the account', 'nobody keeps customers');
  const { aps: envelope, id: number, companyName } = opened;
  // What the other system has no place for is kept here; what it calls the customer holds.
  const own = { ...members, id: number, companyName };
  return { status: 201, body: configure(work, (envelope as { readonly id: string }).id, own) };
}

/** Lets the customer whose account it is follow what has been changed of it on the bus. */
export function followAccount(work: Work, before: Entity, account: Entity): void {
  if (typeOf(account) !== ACCOUNT.id) return;
  const customerId = customerOf(work, String((account.aps as Entity).id));
  const hasChanged = CONTACT.some((name) => !isDeepStrictEqual(before[name], account[name]));
  if (customerId === undefined || !hasChanged) return;
  work.notify('aps-subscriptions/account-changed', { customerId, customer: customerIn(account as AccountOrder) });
}

/** How an account says who its customer is. */
const CONTACT = ['companyName', 'personal', 'addressPostal', 'adminContact'] as const;

/** An account that is deleted is that of a customer who leaves. */
export function leaveWithAccount(work: Work, id: string): void {
  const customerId = customerOf(work, id);
  forgetCustomer(work, id);
  if (customerId !== undefined) work.notify('aps-subscriptions/account-removed', { customerId });
}

/** The customer that an account describes; what it leaves out of an address is not there. */
function customerIn({ companyName, personal, addressPostal, adminContact = {} }: AccountOrder): Entity {
  const { streetAddress, locality, region, postalCode, countryName } = addressPostal ?? {};
  const { email, givenName, familyName, telVoice } = adminContact;
  const isPerson = personal === true;
  const address = { street: streetAddress, city: locality, state: region, postalCode, country: countryName };
  return {
    customerType: isPerson ? 'Individual' : 'Business',
    ...(!isPerson && companyName !== undefined && { companyName }),
    ...(givenName !== undefined && { firstName: givenName }),
    ...(familyName !== undefined && { lastName: familyName }),
    ...(email !== undefined && { email }),
    ...(telVoice !== undefined && { phone: telVoice }),
    ...(addressPostal !== undefined && { address }),
  };
}

/** Refuses members that the type's own file does not have so. */
function checkAccount(work: Work, members: Entity): void {
  const violations = work.registry.validation.checkPartial(ACCOUNT.schema)(members);
  if (violations.length > 0) refuseMembers(violations);
}
