import type { Delivery } from './engine/delivery/delivery.ts';
import type { Tenants } from './engine/tenants.ts';
import type { Legacy } from './simulator-hooks.ts';
import { reportDropped } from './surfaces/dropped-state.ts';
import type { Logger } from './surfaces/log.ts';
import { reportPending } from './surfaces/pending-deliveries.ts';

/** Lets the tenants of the simulator before go on in this one, and logs what its contracts have no place for. */
export function takeOver(legacy: Legacy | undefined, tenants: Tenants, log: Logger): void {
  if (legacy === undefined) return;
  for (const name of legacy.tenants?.keys() ?? []) {
    const tenant = tenants.get(name);
    tenant.apply({ kind: 'reload' });
    reportDropped(log, name, tenant.dropped());
  }
  legacy.tenants = undefined;
}

/** Closes the tenants: the next simulator gets them, from a store or as they are, or what they had still to send is logged. */
export async function leaveBehind(
  legacy: Legacy | undefined,
  {
    tenants,
    isKept,
    log,
    ...secrets
  }: Pick<Legacy, 'adminToken' | 'tokenSecret'> & { tenants: Tenants; isKept: boolean; log: Logger },
): Promise<void> {
  const closed: readonly { readonly tenant: string; readonly pending: readonly Delivery[] }[] = await tenants.close();
  if (legacy?.hasHeir !== true) {
    if (!isKept) for (const { tenant, pending } of closed) reportPending(log, tenant, pending);
    return;
  }
  Object.assign(legacy, secrets);
  if (isKept) return;
  legacy.tenants = new Map(tenants.names().map((name) => [name, tenants.get(name).former()]));
}
