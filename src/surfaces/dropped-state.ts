import type { Dropped } from '../engine/state/reload.ts';
import type { Logger } from './log.ts';

/** Logs what a tenant had that other contracts have no place for. */
export function reportDropped(log: Logger, tenant: string, dropped: readonly Dropped[]): void {
  for (const { kind, name, count, why } of dropped) {
    log.warn({ tenant, kind, name, count, why }, 'set aside in a tenant: the contracts have no place for it any more');
  }
}
