import { defineLink } from '../link.ts';

/** The parts that an invoice is paid in show on the billing account: no channel carries them. */
export const instalmentsToAccount = defineLink({
  name: 'instalments-to-account',
  channel: 'connectx/instalments-planned',
  to: 'billing-account',
  follow(work, { payload }, customers) {
    const { customerId, invoiceId, currency, parts } = payload as Planned;
    const accountId = customers.accountOf(work, invoiceId);
    const list = parts.map(({ amount, dueDate }) => `${amount} ${currency} by ${dueDate}`).join(', ');
    const text = `${invoiceId} is paid in ${parts.length} parts: ${list}.`;
    work.perform('billing-account', 'note', { customerId, accountId, text });
  },
});

interface Planned {
  readonly customerId: string;
  readonly invoiceId: string;
  readonly currency: string;
  readonly parts: readonly { readonly amount: number; readonly dueDate: string }[];
}
