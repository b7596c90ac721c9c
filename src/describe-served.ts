import { resolveSettings, type SimulatorOptions } from './config.ts';
import { shippedCache } from './contracts/shipped-contracts.ts';
import type { DescribedAction } from './engine/state/contract-view.ts';
import type { Contract } from './model/contract.ts';
import { loadServed } from './served.ts';
import { createLogger } from './surfaces/log.ts';
import { wallNow } from './surfaces/wall-time.ts';

/** What types are written from. */
export interface DescribedServed {
  readonly contracts: readonly Contract[];
  readonly actions: readonly DescribedAction[];
}

/**
 * The contracts and actions that a simulator with these options serves; it serves nothing for it.
 *
 * @example writeContractTypes(await describeServed({ specs: ['api.yaml'] }));
 */
export async function describeServed(options: SimulatorOptions): Promise<DescribedServed> {
  const settings = resolveSettings(options, { now: wallNow(), cache: shippedCache() });
  const { contracts, registry } = await loadServed(settings, { log: createLogger('silent') });
  return { contracts, actions: registry.actions };
}
