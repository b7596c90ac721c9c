import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { fromMinor, type Minor, toMinor } from '../../../lib/money.ts';
import { addMonths, startOfDate, toDate } from '../../../lib/time.ts';
import { plusDays } from '../../../operator/bill-days.ts';
import { localDate } from '../../../operator/local-time.ts';
import { BALANCES, INSTALMENTS, INVOICES } from '../collections.ts';
import type { Invoice } from '../entities.ts';
import { billingPolicy } from './policy.ts';
import { holdsToday, type ValidFor } from './validity.ts';

/** How what is owed on an account is paid: in so many parts, one after each so many months or days. */
export interface PaymentPlan {
  readonly parts: number;
  readonly months: number;
  readonly days: number;
  readonly validFor?: ValidFor;
}

/** One part of an invoice. */
interface Part {
  readonly amount: Minor;
  /** `YYYY-MM-DD` */
  readonly dueDate: string;
}

/** An invoice that is paid in parts. */
interface Instalments extends Entity {
  readonly invoiceId: string;
  readonly customerId: string;
  /** What had been paid of the invoice before the plan. */
  readonly before: Minor;
  readonly parts: readonly Part[];
}

/** The plan that an invoice of today is paid by: the account's, where it holds today, else the policy's; none for one part. */
export function planFor(work: Work, own: PaymentPlan | undefined): PaymentPlan | undefined {
  const { instalments } = billingPolicy(work);
  const plan = own !== undefined && holdsToday(work, own.validFor) ? own : { parts: instalments, months: 1, days: 0 };
  return plan.parts > 1 ? plan : undefined;
}

/** Lets an invoice be paid in parts from a due date on; what does not divide evenly is on the first ones. */
export function planInstalments(work: Work, invoice: Invoice, plan: PaymentPlan, due: Minor): void {
  const { invoiceId, customerId, totalAmount, currency } = invoice;
  const base = Math.floor(due / plan.parts);
  const parts = Array.from({ length: plan.parts }, (_, index): Part => {
    const amount = base + (index < due - base * plan.parts ? 1 : 0);
    const month = toDate(addMonths(startOfDate(invoice.dueDate), plan.months * index));
    return { amount, dueDate: plusDays(month, plan.days * index) };
  }).filter(({ amount }) => amount > 0);
  const before = toMinor(totalAmount, currency) - due;
  work.put(INSTALMENTS, invoiceId, { invoiceId, customerId, before, parts });
  const shown = parts.map((part) => ({ amount: fromMinor(part.amount, currency), dueDate: part.dueDate }));
  work.notify('connectx/instalments-planned', { customerId, invoiceId, currency, parts: shown });
}

/** What an invoice says while so much of it is left: it is due when its next part is, and Overdue once that has passed. */
export function stateOfInstalments(
  work: Work,
  invoice: Invoice,
  due: Minor,
): Pick<Invoice, 'status' | 'dueDate'> | undefined {
  const next = leftOfParts(work, invoice, due)?.find(({ left }) => left > 0);
  if (next === undefined) return undefined;
  return { status: localDate(work) > next.dueDate ? 'Overdue' : 'Open', dueDate: next.dueDate };
}

/** What of the amount that is left of an invoice was or is due by a date; all of it, where it is not paid in parts. */
export function dueBy(work: Pick<Work, 'get'>, invoice: Invoice, due: Minor, date: string): Minor {
  const parts = leftOfParts(work, invoice, due);
  if (parts === undefined) return due;
  return parts.filter(({ dueDate }) => dueDate <= date).reduce((sum, { left }) => sum + left, 0);
}

/** The parts of an invoice as they are shown, with what is left of each; none where it is not paid in parts. */
export function describeInstalments(work: Pick<Work, 'get'>, invoice: Invoice, due: Minor): readonly Entity[] {
  const { currency } = invoice;
  return (leftOfParts(work, invoice, due) ?? []).map(({ amount, left, dueDate }, index) => ({
    number: index + 1,
    amount: fromMinor(amount, currency),
    amountDue: fromMinor(left, currency),
    dueDate,
  }));
}

/** Lets what is open on an account be paid by a plan that was agreed today: its first part is due no earlier. */
export function planOpenInvoices(work: Work, invoices: readonly Invoice[], plan: PaymentPlan): void {
  const today = localDate(work);
  for (const invoice of invoices) {
    const { invoiceId, totalAmount, currency } = invoice;
    const due = Number(work.get(BALANCES, invoiceId)?.due ?? toMinor(totalAmount, currency));
    const dueDate = invoice.dueDate < today ? today : invoice.dueDate;
    planInstalments(work, { ...invoice, dueDate }, plan, due);
    work.change(INVOICES, invoiceId, { status: 'Open', dueDate });
  }
}

function leftOfParts(
  work: Pick<Work, 'get'>,
  { invoiceId, totalAmount, currency }: Invoice,
  due: Minor,
): readonly (Part & { readonly left: Minor })[] | undefined {
  const known = work.get(INSTALMENTS, invoiceId) as Instalments | undefined;
  if (known === undefined) return undefined;
  let paid = toMinor(totalAmount, currency) - due - known.before;
  return known.parts.map((part) => {
    // What was paid before the plan may have been taken back since: that is due with the first part.
    const used = Math.min(paid, part.amount);
    paid -= used;
    return { ...part, left: part.amount - used };
  });
}
