import type { Change } from '../../engine/state/change.ts';
import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { ACCOUNTS, WAITING_CYCLES } from './collections.ts';
import { accountPolicy } from './policy.ts';

/** The attributes that billing goes by. */
const TERMS = [
  'taxExemption',
  'accountRelationship',
  'billStructure',
  'ratingType',
  'state',
  'relatedParty',
  'paymentPlan',
] as const;

/**
 * Lets whoever bills the customer know what has changed of an account that matters to a bill: no channel carries that
 * alone. A cycle that waits for the next bill day is told of when it takes effect.
 */
export function announceTerms(work: Work, { before, after }: Change): void {
  const account = after ?? before;
  const customerId = account === undefined ? undefined : customerOf(account);
  if (account === undefined || customerId === undefined) return;
  if (after === undefined) {
    work.notify('billing-account/account-removed', { accountId: account.id, customerId });
    return;
  }
  if (!haveTermsChanged(before, after) || (before === undefined && !isSpecial(after))) return;
  // What the change has led to already counts too: another cycle makes the account wait for its next bill day.
  const present = work.get(ACCOUNTS, String(after.id)) ?? after;
  tellTerms(work, present, before?.state === 'Pending update');
}

/** Lets whoever bills the customer know that the cycle of an account that is suspended takes effect. */
export function announceCycle(work: Work, account: Entity): void {
  tellTerms(work, account, true);
}

function tellTerms(work: Work, account: Entity, isCycleNew: boolean): void {
  const customerId = customerOf(account);
  if (customerId === undefined) return;
  const isWaiting = account.state === 'Pending update' || work.get(WAITING_CYCLES, String(account.id)) !== undefined;
  work.notify('billing-account/account-changed', {
    accountId: account.id,
    customerId,
    isFirst: firstAccount(work, customerId)?.id === account.id,
    state: account.state,
    exemptions: account.taxExemption ?? [],
    isPrepaid: account.ratingType === 'prepaid',
    payers: payersOf(work, account),
    plan: planOf(account),
    ...(isWaiting ? { isCycleKept: true } : { cycle: cycleOf(account) }),
    // The bill of the day on which another cycle takes effect is the last one of the cycle before.
    ...(isCycleNew && { isCycleNew }),
  });
}

function haveTermsChanged(before: Entity | undefined, after: Entity): boolean {
  for (const name of TERMS) if (before?.[name] !== after[name]) return true;
  return false;
}

/** The related party that is the customer, else the first. */
export function customerOf({ relatedParty = [] }: Entity): string | undefined {
  const parties = relatedParty as readonly Entity[];
  const party = parties.find((each) => each['@referredType'] === 'Customer' || each.role === 'customer') ?? parties[0];
  return typeof party?.id === 'string' ? party.id : undefined;
}

/** A customer's first account; one that is closed is charged no more. */
export function firstAccount(work: Work, customerId: string): Entity | undefined {
  // Every event of billing asks: few have more than one, so that nobody is asked to leave out the closed ones.
  const { items } = work.query(ACCOUNTS, { filter: equals('relatedParty.id', customerId) });
  for (const account of items) if (account.state !== 'Closed') return account;
  return undefined;
}

function isSpecial(account: Entity): boolean {
  const { taxExemption, accountRelationship, ratingType } = account;
  return (
    taxExemption !== undefined ||
    accountRelationship !== undefined ||
    ratingType === 'prepaid' ||
    planOf(account) !== undefined ||
    cycleOf(account) !== undefined
  );
}

/** Who pay what is billed to an account, each for its period: those that it is contained in, or paid by. */
function payersOf(work: Work, { accountRelationship = [] }: Entity): readonly Entity[] {
  const { payerRelationships } = accountPolicy(work);
  const payers: Entity[] = [];
  for (const relationship of accountRelationship as readonly Entity[]) {
    if (!payerRelationships.includes(String(relationship.relationshipType))) continue;
    const account = work.get(ACCOUNTS, String((relationship.account as Entity | undefined)?.id));
    const customerId = account === undefined ? undefined : customerOf(account);
    if (account === undefined || customerId === undefined) continue;
    const isFirst = firstAccount(work, customerId)?.id === account.id;
    const validFor = relationship.validFor === undefined ? {} : { validFor: relationship.validFor };
    payers.push({ customerId, ...(!isFirst && { accountId: account.id }), ...validFor });
  }
  return payers;
}

/** The first plan that is in effect and says that invoices are paid in more than one part. */
function planOf({ paymentPlan = [] }: Entity): Entity | undefined {
  const plan = (paymentPlan as readonly Entity[]).find(
    ({ status = 'effective', numberOfPayments }) =>
      /^(effective|active)$/i.test(String(status)) && Number(numberOfPayments) > 1,
  );
  if (plan === undefined) return undefined;
  const frequency = String(plan.paymentFrequency ?? 'monthly').toLowerCase();
  const days = DAYS[frequency] ?? 0;
  const parts = Math.min(Math.trunc(Number(plan.numberOfPayments)), MOST_PARTS);
  const validFor = plan.validFor === undefined ? {} : { validFor: plan.validFor };
  return { parts, months: days > 0 ? 0 : (MONTHS[frequency] ?? 1), days, ...validFor };
}

/** Parts that an invoice is paid in at the most: as many months as a loan for a telephone runs. */
const MOST_PARTS = 24;

const DAYS: Readonly<Record<string, number>> = { daily: 1, weekly: 7, fortnightly: 14, biweekly: 14 };

const MONTHS: Readonly<Record<string, number>> = {
  month: 1,
  monthly: 1,
  quarter: 3,
  quarterly: 3,
  'half-year': 6,
  'half-yearly': 6,
  year: 12,
  yearly: 12,
  annual: 12,
  annually: 12,
};

/** Days from the beginning of a month that every month has. */
const MOST_SHIFT = 27;

/** How often and on which day bills are made; nothing for a month from its first day, which is as everybody has it. */
function cycleOf({ billStructure }: Entity): Entity | undefined {
  const specification = (billStructure as Entity | undefined)?.cycleSpecification as Entity | undefined;
  if (specification === undefined) return undefined;
  const { billingPeriod, frequency, billingDateShift, dateShift, paymentDueDateOffset } = specification;
  const months = MONTHS[String(frequency).toLowerCase()] ?? MONTHS[String(billingPeriod).toLowerCase()] ?? 1;
  const shift = Math.min(Math.max(0, Number(billingDateShift ?? dateShift ?? 0)), MOST_SHIFT);
  const dueDays = typeof paymentDueDateOffset === 'number' ? Math.max(0, paymentDueDateOffset - shift) : undefined;
  if (months === 1 && shift === 0 && dueDays === undefined) return undefined;
  return { billDay: shift + 1, months, ...(dueDays !== undefined && { dueDays }) };
}
