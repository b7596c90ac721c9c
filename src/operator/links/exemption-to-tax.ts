import { defineLink } from '../link.ts';

/** A customer is charged no tax where, and as long as, an account of theirs is exempt. */
export const exemptionToTax = defineLink({
  name: 'exemption-to-tax',
  channel: 'billing-account/exemption-changed',
  to: 'connectx',
  follow(work, { payload }) {
    const { customerId, accountId, exemptions } = payload as Exempted;
    work.perform('connectx', 'set-tax-exemption', { customerId, accountId, exemptions });
  },
});

interface Exempted {
  readonly customerId: string;
  readonly accountId: string;
  readonly exemptions: readonly unknown[];
}
