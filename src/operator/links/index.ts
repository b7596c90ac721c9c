import type { Link } from '../../engine/system.ts';
import { SimulatorError } from '../../errors.ts';
import { customerRecordsOf } from '../customer-records.ts';
import type { OperatorLink } from '../link.ts';
import type { System } from '../system.ts';
import { accountToBilling, removedAccountToBilling } from './account-to-billing.ts';
import { apsToCustomer, apsToCustomerChange, apsToLeaving, customerToAps } from './accounts-of-aps.ts';
import { apsToSale } from './aps-to-sale.ts';
import { apsToStanding } from './aps-to-standing.ts';
import { assignmentToBilling } from './assignment-to-billing.ts';
import { balanceToAccount } from './balance-to-account.ts';
import { changeToAps } from './change-to-aps.ts';
import { creditLimitToCustomer } from './credit-limit-to-customer.ts';
import { creditToRefund } from './credit-to-refund.ts';
import { customerNameToAccount } from './customer-name-to-account.ts';
import { customerToAccount } from './customer-to-account.ts';
import { customerToUsers } from './customer-to-users.ts';
import { dunningToAccount } from './dunning-to-account.ts';
import { failedCollectionToAccount } from './failed-collection-to-account.ts';
import { instalmentsToAccount } from './instalments-to-account.ts';
import { invoiceToBalance } from './invoice-to-balance.ts';
import { mirrorToAps } from './mirror-to-aps.ts';
import { openAccountForInvoice } from './open-account-for-invoice.ts';
import { openBillingAccount } from './open-billing-account.ts';
import { overdueToArrears } from './overdue-to-arrears.ts';
import { paymentMethodToAccount } from './payment-method-to-account.ts';
import { paymentToBalance } from './payment-to-balance.ts';
import { saleToAps } from './sale-to-aps.ts';
import { usageToBill } from './usage-to-bill.ts';
import { usersToBill } from './users-to-bill.ts';

/** The rules that make one operator of several systems, in the order in which they are followed. */
const LINKS: readonly OperatorLink[] = [
  openBillingAccount,
  openAccountForInvoice,
  invoiceToBalance,
  paymentToBalance,
  balanceToAccount,
  overdueToArrears,
  failedCollectionToAccount,
  dunningToAccount,
  instalmentsToAccount,
  paymentMethodToAccount,
  customerToAccount,
  customerNameToAccount,
  accountToBilling,
  removedAccountToBilling,
  assignmentToBilling,
  creditLimitToCustomer,
  creditToRefund,
  saleToAps,
  mirrorToAps,
  changeToAps,
  apsToSale,
  apsToCustomer,
  apsToCustomerChange,
  apsToLeaving,
  customerToAps,
  apsToStanding,
  usageToBill,
  usersToBill,
  customerToUsers,
];

/**
 * The links between these systems: the operator's, then those that the systems bring, without the disabled ones. Each
 * does nothing where one of its systems is not served.
 *
 * Throws `CONFIG_INVALID` for a disabled name that no link has.
 *
 * @example linksOf(systems, ['mirror-to-aps'])
 */
export function linksOf(systems: readonly System[], disabled: readonly string[] = []): readonly Link[] {
  const all = [...LINKS, ...systems.flatMap(({ links = [] }) => links)];
  const unknown = disabled.filter((name) => name !== 'all' && all.every((link) => link.name !== name));
  if (unknown.length > 0) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to switch off the links ${unknown.join(', ')}: there are none of these names. Known are: ${all.map(({ name }) => name).join(', ')}, or all.`,
    );
  }
  if (disabled.includes('all')) return [];
  const customers = customerRecordsOf(systems);
  return all
    .filter(({ name }) => !disabled.includes(name))
    .map((link) => ({ ...link, follow: (work, event) => link.follow(work, event, customers) }));
}
