import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler } from '../../engine/system.ts';
import { integerBetween } from '../../engine/values/random.ts';
import { fromMinor, multiplyDecimals, percentOf, toMinor } from '../../lib/money.ts';
import { contractOf } from './contracts.ts';
import { apsPolicy } from './policy.ts';
import { requireResource } from './resource-store.ts';

/** Usage of a subscription: `recorded` until it is reported, then `billed`. */
interface UsageCharge extends Entity {
  readonly chargeId: string;
  readonly subscription: string;
  readonly description: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly amount: number;
  readonly currency: string;
  readonly state: 'recorded' | 'billed';
  /** What each buyer of the chain pays its seller for it, from the provider down. */
  readonly levels: readonly { readonly seller: string; readonly buyer: string; readonly amount: number }[];
}

/**
 * `{id, quantity, unitPrice?, description?}`: what an outside system has counted of a subscription; it is charged once
 * that is reported by the operation `bill`. Returns the charge.
 */
export const recordUsage: ActionHandler = (work, input) => {
  const { id, quantity, unitPrice, description } = input;
  requireResource(work, String(id));
  return record(work, String(id), {
    quantity: Number(quantity),
    ...(unitPrice !== undefined && { unitPrice: Number(unitPrice) }),
    ...(description !== undefined && { description: String(description) }),
  });
};

/** `{id?}`: the charges for usage, of one subscription or of all, oldest first. */
export const listCharges: ActionHandler = (work, { id }) => {
  const { items } = work.query(USAGE, id === undefined ? {} : { filter: equals('subscription', id) });
  return { charges: items };
};

/**
 * Charges what has been recorded of a subscription; where nothing was, usage is found by the seed. Returns the charges
 * as lines of a bill.
 */
export function chargeUsage(work: Work, id: string, comment: unknown): readonly UsageCharge[] {
  const recorded = recordedOf(work, id);
  const charges = recorded.length > 0 ? recorded : found(work, id, comment);
  return charges.map((charge): UsageCharge => {
    const billed = { ...charge, state: 'billed', billedAt: work.nowText } as const;
    work.put(USAGE, charge.chargeId, billed);
    return billed;
  });
}

/** Whether usage of a subscription has been recorded that was not charged yet. */
export function hasRecorded(work: Work, id: string): boolean {
  return recordedOf(work, id).length > 0;
}

const USAGE = 'aps-subscriptions/$usage';

function recordedOf(work: Work, id: string): readonly UsageCharge[] {
  const { items } = work.query(USAGE, { filter: equals('subscription', id) });
  return (items as readonly UsageCharge[]).filter(({ state }) => state === 'recorded');
}

function found(work: Work, id: string, comment: unknown): readonly UsageCharge[] {
  const { usageUnits } = apsPolicy(work);
  if (usageUnits === 0) return [];
  const number = work.nextNumber('aps-subscriptions/$reports');
  const quantity = integerBetween(work.random('aps-subscriptions', 'usage', id, number), 1, usageUnits);
  const description = typeof comment === 'string' && comment !== '' ? comment : undefined;
  return [record(work, id, { quantity, ...(description !== undefined && { description }) })];
}

function record(
  work: Work,
  id: string,
  usage: { readonly quantity: number; readonly unitPrice?: number; readonly description?: string },
): UsageCharge {
  const { name } = requireResource(work, id);
  const contract = contractOf(work, id);
  const currency = contract?.currency ?? 'GBP';
  const { quantity, unitPrice = apsPolicy(work).usageUnitPrice, description = `Usage of ${String(name)}` } = usage;
  const minor = toMinor(multiplyDecimals(quantity, unitPrice), currency);
  const chargeId = `USE-${String(work.nextNumber(USAGE)).padStart(6, '0')}`;
  const charge: UsageCharge = {
    chargeId,
    subscription: id,
    description,
    quantity,
    unitPrice,
    amount: fromMinor(minor, currency),
    currency,
    state: 'recorded',
    recordedAt: work.nowText,
    levels: (contract?.chain ?? []).map(({ seller, buyer, share }) => ({
      seller,
      buyer,
      amount: fromMinor(percentOf(minor, share), currency),
    })),
  };
  work.put(USAGE, chargeId, charge);
  return charge;
}
