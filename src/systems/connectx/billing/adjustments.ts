import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { isExact } from '../../../lib/money.ts';
import { Refusal } from '../../../model/command.ts';
import { localDate } from '../../../operator/local-time.ts';
import { ADJUSTMENTS, CUSTOMERS } from '../collections.ts';
import { currencyOf } from './currency.ts';
import { issueInvoice } from './invoices.ts';

/** What puts a customer's account right: a debit note where the amount is positive, a credit note where it is negative. */
export interface AdjustmentRequest {
  readonly customerId: string;
  readonly amount: number;
  readonly reason: string;
}

/**
 * Issues a note over an amount, tax included, that no service is behind. A credit pays what is open, the oldest invoice
 * first; what is left of it pays the next bill.
 */
export function adjustAccount(work: Work, { customerId, amount, reason }: AdjustmentRequest): Entity {
  work.need(CUSTOMERS, customerId);
  const currency = currencyOf(work, customerId);
  if (amount === 0 || !isExact(amount, currency)) {
    throw new Refusal(
      400,
      'INVALID_REQUEST',
      `Failed to adjust the account: the amount must be other than zero, and no finer than ${currency}. Send a positive one to charge, a negative one to credit.`,
      {
        violations: [
          { in: 'body', path: '/amount', message: `must be other than 0, with the decimals of ${currency}` },
        ],
      },
    );
  }
  const description = `${amount < 0 ? 'Credit note' : 'Debit note'}: ${reason}`;
  const lineItem = { description, quantity: 1, unitPrice: amount, amount };
  const invoice = issueInvoice(work, { customerId }, currency, [lineItem], { isTaxed: false });
  const adjustmentId = `ADJ-${String(work.nextNumber(ADJUSTMENTS)).padStart(6, '0')}`;
  const adjustment = {
    adjustmentId,
    customerId,
    amount,
    currency,
    reason,
    adjustmentDate: localDate(work),
    invoiceId: invoice?.invoiceId,
  };
  work.put(ADJUSTMENTS, adjustmentId, adjustment);
  return { adjustment, invoice };
}
