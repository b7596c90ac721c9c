import type { Work } from '../../engine/state/work.ts';
import type { Cast, CastMember } from '../../operator/cast.ts';
import type { CustomerRecords } from '../../operator/customer-records.ts';
import { providerId } from './account-ids.ts';
import { type Buyer, provisionCustomer, provisionSubscription } from './marketplace.ts';
import { linkTo, provision } from './resource-store.ts';
import { ACCOUNT, SERVICE } from './types.ts';

/**
 * Fills the APS bus: the service's own instance, the provider and a reseller, then for every customer that the
 * marketplace mirrors its account and its subscriptions.
 */
export function seedApsSubscriptions(work: Work, cast: Cast, customers: CustomerRecords): void {
  provision(work, SERVICE, work.uuid('aps-subscriptions', 'service'), {});
  const { name, homeCountry, currency } = cast.operator;
  const provider = providerId(work);
  provision(work, ACCOUNT, provider, {
    id: 1,
    type: 'ADMIN',
    companyName: name,
    personal: false,
    addressPostal: { countryName: homeCountry },
  });
  const reseller = work.uuid('aps-subscriptions', 'account', 'reseller');
  provision(work, ACCOUNT, reseller, {
    id: 2,
    type: 'RESELLER',
    companyName: RESELLER_NAME,
    personal: false,
    addressPostal: { countryName: homeCountry },
    parent: linkTo(ACCOUNT, provider),
  });
  for (const [position, member] of mirrored(cast).entries()) {
    // Two of three buy from the operator itself, the others through the reseller.
    const chain = position % 3 === 1 ? [provider, reseller] : [provider];
    const account = provisionCustomer(work, toBuyer(member), chain.at(-1) ?? provider);
    for (const holding of customers.holdingsOf(work, member, currency)) provisionSubscription(work, holding, account);
  }
}

const RESELLER_NAME = 'Harbourline Resale';

function mirrored({ members }: Cast): readonly CastMember[] {
  const chosen = members.filter((member) => member.usesMarketplace);
  // A marketplace without customers shows nothing.
  return chosen.length > 0 ? chosen : members.slice(0, 3);
}

function toBuyer({ name, number, type, ...member }: CastMember): Buyer {
  return { ...member, name, number, customerType: type };
}
