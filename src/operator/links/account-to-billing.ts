import { defineLink } from '../link.ts';

/** What a billing account says of tax, cycle, payer, rating and state, its customer is billed and served by. */
export const accountToBilling = defineLink({
  name: 'account-to-billing',
  channel: 'billing-account/account-changed',
  to: 'connectx',
  follow(work, { payload }) {
    work.perform('connectx', 'follow-account', payload as Readonly<Record<string, unknown>>);
  },
});

/** What was on an account that is deleted is its customer's first one's again. */
export const removedAccountToBilling = defineLink({
  name: 'removed-account-to-billing',
  channel: 'billing-account/account-removed',
  to: 'connectx',
  follow(work, { payload }) {
    const { accountId } = payload as { readonly accountId: string };
    work.perform('connectx', 'forget-account', { accountId });
  },
});
