import type { Delivery } from '../engine/outbox.ts';
import type { Logger } from './log.ts';

/** Deliveries that a log line names; the rest are counted. */
const MAX_NAMED_DELIVERIES = 10;

/** Says which deliveries of each tenant stay undelivered. */
export function logPendingDeliveries(
  tenants: readonly { readonly tenant: string; readonly pending: readonly Delivery[] }[],
  log: Pick<Logger, 'warn'>,
): void {
  for (const { tenant, pending } of tenants.filter((each) => each.pending.length > 0)) {
    const deliveries = pending.slice(0, MAX_NAMED_DELIVERIES).map(({ id }) => id);
    log.warn({ tenant, pending: pending.length, deliveries }, 'stopped with deliveries that stay pending');
  }
}
