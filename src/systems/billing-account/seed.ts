import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { Cast, CastMember } from '../../operator/cast.ts';
import type { CustomerRecords, Debt, Holding } from '../../operator/customer-records.ts';
import { newAccount } from './actions.ts';
import { RECEIVABLE } from './balance.ts';
import { ACCOUNTS } from './collections.ts';

/**
 * Opens an account for every customer that has or had an activated subscription, with what it owes; companies have a
 * second one for projects, still `Defined`, below the first.
 */
export function seedBillingAccounts(work: Work, cast: Cast, customers: CustomerRecords): void {
  const { currency } = cast.operator;
  for (const member of cast.members) {
    const holdings = customers.holdingsOf(work, member, currency).filter(({ status }) => status !== 'Pending');
    if (holdings.length === 0) continue;
    const account = seedAccount(work, member, holdings, customers.debtOf(work, member.number, currency));
    if (member.type === 'Government') seedProjectAccount(work, member, account);
  }
}

function seedAccount(work: Work, member: CastMember, holdings: readonly Holding[], debt: Debt): Entity {
  const since = `${holdings.map(({ startDate }) => startDate).toSorted()[0]}T00:00:00.000Z`;
  const validFor = { startDateTime: since };
  const account = {
    ...newAccount(member.number, member.name, debt.currency, since),
    '@type': 'BillingAccount',
    description: `Telephone, internet and television of ${member.name}`,
    accountType: member.type,
    state: stateOf(member, holdings, debt),
    paymentStatus: debt.amount === 0 ? 'paid' : debt.isOverdue ? 'in arrears' : 'due',
    accountBalance: [{ balanceType: RECEIVABLE, amount: { unit: debt.currency, value: debt.amount }, validFor }],
    creditLimit: { unit: debt.currency, value: member.type === 'Individual' ? 250 : 5000 },
    billStructure: {
      cycleSpecification: {
        isRef: false,
        name: 'Monthly on the first',
        billingPeriod: 'month',
        frequency: 'monthly',
        dateShift: 0,
      },
      format: { isRef: false, name: member.type === 'Individual' ? 'summary' : 'itemised' },
      presentationMedia: [{ isRef: false, name: 'e-mail' }],
    },
    contact: [contactOf(member, since)],
    defaultPaymentMethod: { id: `PM-${String(member.index).padStart(6, '0')}`, name: member.paymentMethod },
    ...(member.isTaxExempt && {
      taxExemption: [{ issuingJurisdiction: member.address.country, reason: 'Public body', validFor }],
    }),
    lastModified: since,
  };
  return work.create(ACCOUNTS, account, { isStart: true });
}

function seedProjectAccount(work: Work, member: CastMember, above: Entity): void {
  work.create(ACCOUNTS, {
    ...newAccount(member.number, `${member.name}, projects`, '', work.nowText),
    '@type': 'BillingAccount',
    accountType: member.type,
    state: 'Defined',
    accountRelationship: [
      {
        relationshipType: 'isContainedIn',
        account: { id: above.id, href: above.href, name: above.name },
        validFor: { startDateTime: work.nowText },
      },
    ],
    lastModified: work.nowText,
  });
}

/** Where an account stands follows from what its customer has; a few wait for a change of theirs to take effect. */
function stateOf(member: CastMember, holdings: readonly Holding[], debt: Debt): string {
  if (holdings.every(({ status }) => status === 'Cancelled')) return debt.amount === 0 ? 'Closed' : 'Pending closed';
  if (holdings.every(({ status }) => status === 'Cancelled' || status === 'Suspended')) return 'Suspended';
  return member.index % 9 === 4 ? 'Pending update' : 'Active';
}

function contactOf(member: CastMember, since: string): Entity {
  const { address } = member;
  return {
    contactName: member.name,
    contactType: 'primary',
    partyRoleType: 'customer',
    contactMedium: [
      { mediumType: 'email', preferred: true, characteristic: { emailAddress: member.email } },
      { mediumType: 'phone', preferred: false, characteristic: { phoneNumber: member.phone } },
      {
        mediumType: 'postalAddress',
        preferred: false,
        characteristic: {
          street1: address.street,
          city: address.city,
          postCode: address.postalCode,
          country: address.country,
          ...(address.state !== undefined && { stateOrProvince: address.state }),
        },
      },
    ],
    validFor: { startDateTime: since },
  };
}
