import type { Entity } from '../engine/state/store/store.ts';
import type { Work } from '../engine/state/work.ts';
import type { Instant } from '../lib/time.ts';
import type { CastMember } from './cast.ts';
import { CATALOGUE } from './catalogue.ts';

/** What the system that keeps customers knows about them, for the seeds of other systems and for links. */
export interface CustomerRecords {
  /** What a customer is called. */
  nameOf(work: Work, customerId: string): string | undefined;
  /** A customer as their contract shows them. */
  customerOf(work: Work, customerId: string): Entity | undefined;
  /** The customer whom one of these names, the first that names any: by number, account number or company name. */
  findCustomer(work: Work, references: readonly string[]): string | undefined;
  /** Who at a customer is charged for services that run beside what was sold. */
  holdersOf(work: Work, customerId: string): readonly string[];
  /** Who is charged for the services that somebody has. */
  payerOf(work: Work, holder: string): string | undefined;
  /** What was sold under a subscription's number. */
  holdingOf(work: Work, subscriptionId: string): Holding | undefined;
  /** How long a customer has been one. */
  membershipOf(work: Work, customerId: string): Membership | undefined;
  /** The products that a customer has or had. */
  holdingsOf(work: Work, member: CastMember, currency: string): readonly Holding[];
  /** What a customer has not paid yet. */
  debtOf(work: Work, customerId: string, currency: string): Debt;
  /** Whether a customer has not paid what was due by now, on one account or, without it, on the first. */
  hasOverdue(work: Work, customerId: string, accountId?: string): boolean;
  /** The account that an invoice is owed on, where it is not the customer's first. */
  accountOf(work: Work, invoiceId: string): string | undefined;
}

/** One product that a customer has, as the other systems need to know it. */
export interface Holding {
  readonly subscriptionId: string;
  readonly productName: string;
  /** What it costs a month with its add-ons, as a decimal number. */
  readonly monthlyCharge: number;
  readonly currency: string;
  readonly status: string;
  /** `YYYY-MM-DD` */
  readonly startDate: string;
  readonly endDate?: string;
}

/** From when to when somebody has been a customer. */
export interface Membership {
  readonly since: Instant;
  /** Only of one that has left. */
  readonly until?: Instant;
}

/** What a customer owes. */
export interface Debt {
  readonly amount: number;
  readonly currency: string;
  readonly isOverdue: boolean;
}

/** The records of the system that keeps customers; where none is served, those of `NO_RECORDS`. */
export function customerRecordsOf(systems: readonly { readonly customers?: CustomerRecords }[]): CustomerRecords {
  return systems.find(({ customers }) => customers !== undefined)?.customers ?? NO_RECORDS;
}

/** Without a system that keeps customers: nobody owes, and each has one product, so that the others can show something. */
const NO_RECORDS: CustomerRecords = {
  nameOf: () => undefined,
  customerOf: () => undefined,
  findCustomer: () => undefined,
  holdersOf: () => [],
  payerOf: () => undefined,
  holdingOf: () => undefined,
  membershipOf: () => undefined,
  holdingsOf: (work, member, currency) => [inventedHolding(work, member, currency)],
  debtOf: (_work, _customerId, currency) => ({ amount: 0, currency, isOverdue: false }),
  hasOverdue: () => false,
  accountOf: () => undefined,
};

function inventedHolding(work: Work, member: CastMember, currency: string): Holding {
  const sold = CATALOGUE.filter((product) => !product.isDiscontinued && product.productType !== 'Addon');
  const product = sold[member.index % sold.length] ?? sold[0];
  return {
    subscriptionId: `SUB-${String(member.index).padStart(6, '0')}`,
    productName: product?.productName ?? 'Telephone',
    monthlyCharge: product?.monthlyPrice ?? 0,
    currency,
    status: 'Active',
    startDate: work.nowText.slice(0, 10),
  };
}
