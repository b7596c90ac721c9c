import type { Work } from '../../engine/work.ts';
import { toMinor } from '../../lib/money.ts';
import { addMonths, type Instant, parseInstant } from '../../lib/time.ts';
import type { Cast, CastMember } from '../../operator/cast.ts';
import type { CustomerRecords, Holding } from '../../operator/customer-records.ts';
import { type Level, putContract } from './contracts.ts';
import { linkTo, provision } from './resource-store.ts';
import { ACCOUNT, SERVICE, SUBSCRIPTION } from './types.ts';

/**
 * Fills the APS bus: the service's own instance, the provider and a reseller, then for every customer that the
 * marketplace mirrors its account and its subscriptions.
 */
export function seedApsSubscriptions(work: Work, cast: Cast, customers: CustomerRecords): void {
  provision(work, SERVICE, work.uuid('aps-subscriptions', 'service'), {});
  const { name, homeCountry, currency } = cast.operator;
  const provider = work.uuid('aps-subscriptions', 'account', 'provider');
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
    const account = work.uuid('aps-subscriptions', 'account', member.number);
    seedAccount(work, member, account, chain.at(-1) ?? provider);
    const accounts = [...chain, account];
    for (const holding of customers.holdingsOf(work, member, currency)) seedSubscription(work, holding, accounts);
  }
}

const RESELLER_NAME = 'Harbourline Resale';

/** Numbers of customers' accounts begin here; below are the operator's own and its resellers'. */
const FIRST_CUSTOMER_ACCOUNT = 1_000_000;

/** What a reseller pays, as percent of the end customer's price. */
const RESELLER_SHARE = 85;

/** What the state of a subscription in the selling system is called here. */
const STATUS: Readonly<Record<string, { status: string; serviceStatus: string }>> = {
  Pending: { status: 'NEW', serviceStatus: 'NOT_EXIST' },
  Active: { status: 'ACTIVE', serviceStatus: 'RUNNING' },
  Suspended: { status: 'CREDIT_HOLD', serviceStatus: 'STOPPED' },
  Cancelled: { status: 'TERMINATED', serviceStatus: 'REMOVED' },
};

function mirrored({ members }: Cast): readonly CastMember[] {
  const chosen = members.filter((member) => member.usesMarketplace);
  // A marketplace without customers shows nothing.
  return chosen.length > 0 ? chosen : members.slice(0, 3);
}

function seedAccount(work: Work, member: CastMember, id: string, parent: string): void {
  const { address, firstName, lastName } = member;
  provision(work, ACCOUNT, id, {
    id: FIRST_CUSTOMER_ACCOUNT + member.index,
    type: 'CLIENT',
    companyName: member.name,
    personal: member.type === 'Individual',
    addressPostal: {
      streetAddress: address.street,
      locality: address.city,
      ...(address.state !== undefined && { region: address.state }),
      postalCode: address.postalCode,
      countryName: address.country,
    },
    adminContact: {
      email: member.email,
      ...(firstName !== undefined && { givenName: firstName }),
      ...(lastName !== undefined && { familyName: lastName }),
      telVoice: member.phone,
    },
    parent: linkTo(ACCOUNT, parent),
  });
}

function seedSubscription(work: Work, holding: Holding, accounts: readonly string[]): void {
  const { subscriptionId, productName, monthlyCharge, currency, status, startDate, endDate } = holding;
  const id = work.uuid('aps-subscriptions', 'subscription', subscriptionId);
  const random = work.random('aps-subscriptions', 'contract', subscriptionId);
  const isYearly = random() < 0.6;
  const [vendor, account] = accounts.slice(-2);
  provision(work, SUBSCRIPTION, id, {
    subscriptionId: FIRST_CUSTOMER_ACCOUNT + Number(/\d+$/.exec(subscriptionId)?.[0] ?? 0),
    vendorSubscriptionId: subscriptionId,
    name: productName,
    subscriptionPeriod: isYearly ? { type: 'YEAR', duration: 1 } : { type: 'MONTH', duration: 1 },
    trial: false,
    ...(STATUS[status] ?? STATUS.Active),
    account: linkTo(ACCOUNT, account ?? ''),
    vendor: linkTo(ACCOUNT, vendor ?? ''),
  });
  const started = parseInstant(startDate) ?? work.now;
  const discount = isYearly ? 10 : 0;
  putContract(work, id, {
    currency,
    monthlyPrice: toMinor(monthlyCharge, currency),
    started,
    ...(status === 'Cancelled' && { ended: endOf(endDate, started) }),
    chain: levelsOf(accounts, discount),
    bills: [],
  });
}

function endOf(endDate: string | undefined, started: Instant): Instant {
  return (endDate === undefined ? undefined : parseInstant(endDate)) ?? addMonths(started, 1);
}

/** One level for each edge of the chain; only the last buyer, the customer, gets the discount. */
function levelsOf(accounts: readonly string[], discount: number): readonly Level[] {
  return accounts.slice(1).map((buyer, index) => {
    const isLast = index === accounts.length - 2;
    return {
      seller: accounts[index] ?? '',
      buyer,
      share: isLast ? 100 : RESELLER_SHARE,
      discount: isLast ? discount : 0,
    };
  });
}
