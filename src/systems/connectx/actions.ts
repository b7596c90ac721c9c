import type { ActionHandler } from '../../engine/system.ts';
import { Refusal } from '../../model/command.ts';
import type { Violation } from '../../model/schema.ts';
import { runBilling } from './billing/bill-run.ts';
import { cancelInvoice, recordPayment } from './billing/payments.ts';
import { CUSTOMERS } from './collections.ts';
import { terminateCustomer } from './customers.ts';
import { activateSubscription, cancelSubscription, resumeSubscription, suspendSubscription } from './subscriptions.ts';

/** What a BSS can be asked for that its contract has no operation for. */
export const connectxActions: Readonly<Record<string, ActionHandler>> = {
  'activate-subscription': (work, input) =>
    activateSubscription(work, read(input, { subscriptionId: 'string' }).subscriptionId),
  'suspend-subscription': (work, input) =>
    suspendSubscription(work, read(input, { subscriptionId: 'string' }).subscriptionId),
  'resume-subscription': (work, input) =>
    resumeSubscription(work, read(input, { subscriptionId: 'string' }).subscriptionId),
  'cancel-subscription': (work, input) =>
    cancelSubscription(work, read(input, { subscriptionId: 'string' }).subscriptionId),
  'terminate-customer': (work, input) => terminateCustomer(work, read(input, { customerId: 'string' }).customerId),
  'run-billing': async (work, input) => {
    if (input.customerId === undefined) return { invoices: await runBilling(work) };
    const { customerId } = read(input, { customerId: 'string' });
    await work.need(CUSTOMERS, customerId);
    return { invoices: await runBilling(work, customerId) };
  },
  'record-payment': (work, input) =>
    recordPayment(work, read(input, { invoiceId: 'string', amount: 'number', paymentMethod: 'string' })),
  'cancel-invoice': (work, input) => cancelInvoice(work, read(input, { invoiceId: 'string' }).invoiceId),
};

interface Kinds {
  readonly string: string;
  readonly number: number;
}

/** The members that an action needs; refuses with 400 and names every one that is missing or of another kind. */
function read<Shape extends Readonly<Record<string, keyof Kinds>>>(
  input: Readonly<Record<string, unknown>>,
  shape: Shape,
): { [Name in keyof Shape]: Kinds[Shape[Name]] } {
  const violations = Object.entries(shape).flatMap(([name, kind]): Violation[] => {
    const value = input[name];
    const isRight =
      kind === 'string'
        ? typeof value === 'string' && value !== ''
        : typeof value === 'number' && Number.isFinite(value);
    const wanted = kind === 'string' ? 'must be a text that is not empty' : 'must be a number';
    return isRight
      ? []
      : [{ in: 'body', path: `/${name}`, message: value === undefined ? `is missing; it ${wanted}` : wanted }];
  });
  if (violations.length > 0) {
    throw new Refusal(
      400,
      'INVALID_REQUEST',
      'Failed to run the action: its input is not valid. Mend what is listed.',
      { violations },
    );
  }
  return input as { [Name in keyof Shape]: Kinds[Shape[Name]] };
}
