import { defineLink } from '../link.ts';

/** Each step of dunning shows on the billing account, so that its story can be read there. */
export const dunningToAccount = defineLink({
  name: 'dunning-to-account',
  channel: 'connectx/dunning-step',
  to: 'billing-account',
  follow(work, { payload }) {
    const { step, customerId, accountId, invoiceId, amount, currency } = payload as Taken;
    const what = STEPS[step];
    if (what === undefined) return;
    work.perform('billing-account', 'note', {
      customerId,
      accountId,
      text: `${what} for ${invoiceId}, of which ${amount} ${currency} is overdue.`,
      ...(step === 'collection' && { paymentStatus: 'in collection' }),
    });
  },
});

/** What the account says of a step; a suspension, a termination and a write-off change it by themselves. */
const STEPS: Readonly<Record<string, string>> = {
  reminder: 'Reminder',
  lateFee: 'Late payment fee',
  restriction: 'Restriction to incoming calls',
  collection: 'Handed to collection',
};

interface Taken {
  readonly step: string;
  readonly customerId: string;
  readonly accountId?: string;
  readonly invoiceId: string;
  readonly amount: number;
  readonly currency: string;
}
