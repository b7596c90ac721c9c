import type { Entity } from '../../../engine/state/store/store.ts';
import type { Work } from '../../../engine/state/work.ts';
import { fromMinor, isExact, multiplyDecimals, toMinor } from '../../../lib/money.ts';
import { Refusal } from '../../../model/command.ts';
import { CUSTOMERS, SUBSCRIPTIONS } from '../collections.ts';
import type { LineItem, Subscription } from '../entities.ts';
import { billedTo } from './accounts.ts';
import { addCharges } from './charges.ts';
import { currencyOf } from './currency.ts';
import type { Holder } from './ledger.ts';

/**
 * Something that is charged once, such as an activation fee, or what was used beyond a plan: an amount, or a quantity at
 * a price each. For a customer, or for one of their subscriptions.
 */
export interface ChargeRequest {
  readonly customerId?: string;
  readonly subscriptionId?: string;
  readonly description: string;
  readonly amount?: number;
  readonly quantity?: number;
  readonly unitPrice?: number;
}

/** Puts a charge on the customer's next bill, or with a negative amount a discount; answers its line. */
export function addCharge(work: Work, request: ChargeRequest): Entity {
  const { description, quantity = 1 } = request;
  const { holder, currency } = holderOf(work, request);
  const unitPrice = request.unitPrice ?? request.amount;
  const amount =
    request.amount ??
    (unitPrice === undefined
      ? undefined
      : fromMinor(toMinor(multiplyDecimals(quantity, unitPrice), currency), currency));
  const isConsistent = request.amount === undefined || request.unitPrice === undefined;
  if (amount === undefined || unitPrice === undefined || !isExact(amount, currency) || !isConsistent) {
    throw new Refusal(
      400,
      'INVALID_REQUEST',
      'Failed to add the charge: it names no one amount. Send either "amount", or "quantity" and "unitPrice".',
      {
        violations: [
          { in: 'body', path: '/amount', message: `must be there, or unitPrice, and have the decimals of ${currency}` },
        ],
      },
    );
  }
  const lineItem: LineItem = { description, quantity, unitPrice, amount };
  addCharges(work, holder, currency, [lineItem]);
  return { ...holder, currency, lineItem };
}

function holderOf(
  work: Work,
  { customerId, subscriptionId }: ChargeRequest,
): { readonly holder: Holder; readonly currency: string } {
  if (subscriptionId !== undefined) {
    const subscription = work.need(SUBSCRIPTIONS, subscriptionId) as Subscription;
    return { holder: billedTo(work, subscription), currency: subscription.currency };
  }
  const { customerId: known } = work.need(CUSTOMERS, String(customerId));
  return { holder: { customerId: String(known) }, currency: currencyOf(work, String(known)) };
}
