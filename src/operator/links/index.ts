import type { Link } from '../../engine/system.ts';
import { cancelledInvoiceToBalance } from './cancelled-invoice-to-balance.ts';
import { creditToBalance } from './credit-to-balance.ts';
import { customerToAccount } from './customer-to-account.ts';
import { invoiceToBalance } from './invoice-to-balance.ts';
import { mirrorToAps } from './mirror-to-aps.ts';
import { openBillingAccount } from './open-billing-account.ts';
import { overdueToArrears } from './overdue-to-arrears.ts';
import { paymentToBalance } from './payment-to-balance.ts';

/**
 * The rules that make one operator of several systems, in the order they are followed. Each can be switched off by its
 * name, and does nothing where one of its systems is not served.
 */
export const links: readonly Link[] = [
  openBillingAccount,
  invoiceToBalance,
  cancelledInvoiceToBalance,
  paymentToBalance,
  creditToBalance,
  overdueToArrears,
  customerToAccount,
  mirrorToAps,
];
