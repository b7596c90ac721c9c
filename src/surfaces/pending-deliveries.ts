import type { Delivery } from '../engine/delivery/delivery.ts';
import type { Logger } from './log.ts';

/** Deliveries that are named: whoever has more wants the list. */
const MAX_NAMED = 10;

/** Logs what a tenant had still to send when its simulator stopped. */
export function reportPending(log: Logger, tenant: string, pending: readonly Delivery[]): void {
  if (pending.length === 0) return;
  const deliveries = pending.slice(0, MAX_NAMED).map(({ id }) => id);
  log.warn({ tenant, pending: pending.length, deliveries }, 'stopped with deliveries that stay pending');
}
