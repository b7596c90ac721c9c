import type { Tenants } from '../engine/tenants.ts';
import type { Logger } from './log.ts';

/** Ids that are named of each tenant. */
const MAX_LOGGED_DELIVERIES = 10;

/**
 * Says which deliveries a simulator that stops leaves pending.
 *
 * @example logPendingDeliveries(await tenants.close(), log);
 */
export function logPendingDeliveries(closed: Awaited<ReturnType<Tenants['close']>>, log: Logger): void {
  for (const { tenant, pending } of closed) {
    if (pending.length === 0) continue;
    const deliveries = pending.slice(0, MAX_LOGGED_DELIVERIES).map(({ id }) => id);
    log.warn({ tenant, pending: pending.length, deliveries }, 'stopped with deliveries that stay pending');
  }
}
