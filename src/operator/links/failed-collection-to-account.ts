import { defineLink } from '../link.ts';

/** An attempt to collect that the bank has refused shows on the billing account: no channel carries it. */
export const failedCollectionToAccount = defineLink({
  name: 'failed-collection-to-account',
  channel: 'connectx/collection-failed',
  to: 'billing-account',
  follow(work, { payload }) {
    const { customerId, accountId, invoiceId, amount, currency, attempt, reason } = payload as Failed;
    const text = `Attempt ${attempt} to collect ${amount} ${currency} for ${invoiceId} has failed: ${reason}.`;
    work.perform('billing-account', 'note', { customerId, accountId, text });
  },
});

interface Failed {
  readonly customerId: string;
  readonly accountId?: string;
  readonly invoiceId: string;
  readonly amount: number;
  readonly currency: string;
  readonly attempt: number;
  readonly reason: string;
}
