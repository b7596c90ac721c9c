import { createSimulator } from '../index.ts';
import { connect } from '../kit/connect.ts';
import type { AnyContracts, ShippedContracts } from '../kit/contract-shape.ts';
import { type RunnerOptions, simulatorOptions } from './session.ts';

/** Gives handles of tenants in the simulator that the tests of a worker share. */
export interface SharedSimulator {
  readonly url: string;
  tenant<C extends AnyContracts = ShippedContracts>(name?: string): ReturnType<typeof connect<C>>;
}

/**
 * Has a simulator for as long as `use` takes: the one that runs at `url`, else one of its own.
 *
 * @example await withSimulator({ seed: 7 }, async (simulator) => simulator.tenant('a'));
 */
export async function withSimulator(
  options: RunnerOptions,
  use: (simulator: SharedSimulator) => Promise<void>,
): Promise<void> {
  const { url, adminToken } = options;
  if (url !== undefined) {
    await use({ url, tenant: (name) => connect(url, { tenant: name, adminToken }) });
    return;
  }
  const simulator = createSimulator(simulatorOptions(options));
  await simulator.start();
  await use(simulator);
  await simulator.stop();
}
