import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler } from '../../engine/system.ts';
import { toMinor } from '../../lib/money.ts';
import { addMonths, type Instant, parseInstant } from '../../lib/time.ts';
import type { Holding } from '../../operator/customer-records.ts';
import { localClock } from '../../operator/local-time.ts';
import { accountId, providerId } from './account-ids.ts';
import { type Level, putContract, repriceContract } from './contracts.ts';
import { keepCustomer } from './customer-numbers.ts';
import { apsPolicy } from './policy.ts';
import { configure, linkedId, linkTo, provision, RESOURCES } from './resource-store.ts';
import { awaitEndOfTerm } from './terms.ts';
import { ACCOUNT, SUBSCRIPTION } from './types.ts';

/** Who buys in the marketplace, as the selling system knows them. */
export interface Buyer {
  /** For example `CUS-000001`. */
  readonly number: string;
  readonly name: string;
  readonly customerType: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly address?: {
    readonly street?: string;
    readonly city?: string;
    readonly state?: string;
    readonly postalCode?: string;
    readonly country?: string;
  };
}

/** `{customer, holding}`: shows in the marketplace what was sold, in the customer's account, made with the first sale. */
export const mirrorSubscription: ActionHandler = (work, input) => {
  const { customer, holding } = input as unknown as { customer: Buyer; holding: Holding };
  const known = accountId(work, customer.number);
  const account =
    work.get(RESOURCES, known) === undefined ? provisionCustomer(work, customer, providerId(work)) : known;
  return provisionSubscription(work, holding, account);
};

/** `{customer, vendor}`: opens the account of a customer below its vendor's. */
export const openAccount: ActionHandler = (work, input) => {
  const { customer, vendor } = input as unknown as { customer: Buyer; vendor: string };
  return { account: provisionCustomer(work, customer, vendor) };
};

/** `{customer}`: a customer is called, lives or is reached differently from now on. */
export const updateAccount: ActionHandler = (work, input) => {
  const { customer } = input as unknown as { customer: Buyer };
  const id = accountId(work, customer.number);
  const known = work.get(RESOURCES, id);
  if (known === undefined) return { changed: 0 };
  const { addressPostal, adminContact, ...members } = membersOf(customer);
  // What only the marketplace knows of an address or a contact stays.
  const kept = (name: string, after: Entity) => withoutMissing({ ...(known[name] as Entity | undefined), ...after });
  const after = configure(work, id, {
    ...members,
    addressPostal: kept('addressPostal', addressPostal),
    adminContact: kept('adminContact', adminContact),
  });
  return { changed: after === known ? 0 : 1 };
};

/** `{holding}`: what was sold is called or costs something else from now on. */
export const updateSubscription: ActionHandler = (work, input) => {
  const { subscriptionId, productName, monthlyCharge, currency } = input.holding as Holding;
  const { items } = work.query(RESOURCES, { filter: equals('vendorSubscriptionId', subscriptionId) });
  for (const item of items) {
    const { id } = item.aps as { readonly id: string };
    repriceContract(work, id, toMinor(monthlyCharge, currency));
    configure(work, id, { name: productName });
  }
  return { changed: items.length };
};

/** Opens the account of a customer below its vendor's; answers its id. */
export function provisionCustomer(work: Work, buyer: Buyer, vendor: string): string {
  const { number } = buyer;
  const id = accountId(work, number);
  keepCustomer(work, id, number);
  const { companyName, personal, addressPostal, adminContact } = membersOf(buyer);
  provision(work, ACCOUNT, id, {
    id: toNumber(number),
    type: 'CLIENT',
    companyName,
    personal,
    addressPostal: withoutMissing(addressPostal),
    adminContact: withoutMissing(adminContact),
    parent: linkTo(ACCOUNT, vendor),
  });
  return id;
}

/** A customer as an account shows them. */
function membersOf({ name, customerType, firstName, lastName, email, phone, address = {} }: Buyer) {
  return {
    companyName: name,
    personal: customerType === 'Individual',
    addressPostal: {
      streetAddress: address.street,
      locality: address.city,
      region: address.state,
      postalCode: address.postalCode,
      countryName: address.country,
    },
    adminContact: { email, givenName: firstName, familyName: lastName, telVoice: phone },
  };
}

/** Stores a subscription of an account with the contract that it is sold under. */
export function provisionSubscription(work: Work, holding: Holding, account: string): Entity {
  const { subscriptionId, productName, monthlyCharge, currency, status, startDate, endDate } = holding;
  const id = work.uuid('aps-subscriptions', 'subscription', subscriptionId);
  const random = work.random('aps-subscriptions', 'contract', subscriptionId);
  const isYearly = random() < 0.6;
  const chain = chainTo(work, account);
  const resource = provision(work, SUBSCRIPTION, id, {
    subscriptionId: toNumber(subscriptionId),
    vendorSubscriptionId: subscriptionId,
    name: productName,
    subscriptionPeriod: isYearly ? { type: 'YEAR', duration: 1 } : { type: 'MONTH', duration: 1 },
    trial: false,
    ...(STATUS[status] ?? STATUS.Active),
    account: linkTo(ACCOUNT, account),
    vendor: linkTo(ACCOUNT, chain.at(-2) ?? account),
  });
  const started = parseInstant(startDate) ?? localClock(work);
  putContract(work, id, {
    currency,
    monthlyPrice: toMinor(monthlyCharge, currency),
    started,
    ...(status === 'Cancelled' && { ended: endOf(endDate, started) }),
    chain: levelsOf(chain, isYearly ? YEARLY_DISCOUNT : 0),
    bills: [],
    ...(apsPolicy(work).renewal === 'manual' && { isRenewed: false }),
  });
  if (status !== 'Cancelled') awaitEndOfTerm(work, id);
  return resource;
}

/** Numbers of customers' accounts and subscriptions begin here; below are the operator's own and its resellers'. */
const FIRST_NUMBER = 1_000_000;

/** What a reseller pays, as percent of the end customer's price. */
const RESELLER_SHARE = 85;

/** Percent off for those who commit to a year. */
const YEARLY_DISCOUNT = 10;

/** What the state of a subscription in the selling system is called here. */
const STATUS: Readonly<Record<string, { status: string; serviceStatus: string }>> = {
  Pending: { status: 'NEW', serviceStatus: 'NOT_EXIST' },
  Active: { status: 'ACTIVE', serviceStatus: 'RUNNING' },
  Suspended: { status: 'CREDIT_HOLD', serviceStatus: 'STOPPED' },
  Cancelled: { status: 'TERMINATED', serviceStatus: 'REMOVED' },
};

function toNumber(number: string): number {
  return FIRST_NUMBER + Number(/\d+$/.exec(number)?.[0] ?? 0);
}

function withoutMissing(members: Entity): Entity {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** The accounts from the provider down to this one. */
function chainTo(work: Work, account: string): readonly string[] {
  const chain: string[] = [];
  for (let id: string | undefined = account; id !== undefined && !chain.includes(id); ) {
    chain.unshift(id);
    id = linkedId(work.get(RESOURCES, id) ?? {}, 'parent');
  }
  return chain;
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
