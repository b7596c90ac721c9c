import type { Link } from '../../engine/system.ts';
import { cancelledInvoiceToBalance } from './cancelled-invoice-to-balance.ts';
import { invoiceToBalance } from './invoice-to-balance.ts';
import { mirrorToAps } from './mirror-to-aps.ts';
import { openBillingAccount } from './open-billing-account.ts';
import { paymentToBalance } from './payment-to-balance.ts';
import { suspensionToArrears } from './suspension-to-arrears.ts';

/**
 * The rules that make one operator of several systems, in the order they are followed. Each can be switched off by its
 * name, and does nothing where one of its systems is not served.
 */
export const links: readonly Link[] = [
  openBillingAccount,
  invoiceToBalance,
  cancelledInvoiceToBalance,
  paymentToBalance,
  suspensionToArrears,
  mirrorToAps,
];
