import { defineLink } from '../link.ts';

/** A subscription that is put on an account is billed there. */
export const assignmentToBilling = defineLink({
  name: 'assignment-to-billing',
  channel: 'billing-account/subscription-assigned',
  to: 'connectx',
  follow(work, { payload }) {
    work.perform('connectx', 'assign-subscription', payload as Readonly<Record<string, unknown>>);
  },
});
