import { resolveSettings, type SimulatorOptions } from './config.ts';
import { shippedCache } from './contracts/shipped-contracts.ts';
import { writeWorld } from './operator/kept-world.ts';
import { type GeneratedWorld, makeWorld, recordWorld } from './operator/make-world.ts';
import { syntheticWorld } from './operator/synthetic-world.ts';
import { loadServed } from './served.ts';
import { createLogger } from './surfaces/log.ts';
import { wallNow } from './surfaces/wall-time.ts';

export type { GeneratedWorld };

/**
 * Makes the starting world of a simulator with these options and so many customers, to be loaded as a fixture.
 * `progress` is called with how much of it is done, up to 1.
 *
 * @example await writeFile('world.json', JSON.stringify(await generateWorld({ seed: 7 }, 10_000)));
 */
export async function generateWorld(
  options: SimulatorOptions,
  customers: number,
  progress: (done: number) => void = () => {},
): Promise<GeneratedWorld> {
  const settings = resolveSettings(options, { now: wallNow(), cache: shippedCache() });
  const { registry, validation, systems } = await loadServed(settings, { log: createLogger('silent') });
  const { policies, seed, clock } = settings;
  return makeWorld({ registry, validation, systems, policies, seed, now: clock.now, customers, progress });
}

/**
 * Makes the starting world of a simulator with these options and keeps it in their cache, where a start finds it.
 *
 * @example await keepWorld({ cache: 'dist/contract-cache' });
 */
export async function keepWorld(options: SimulatorOptions & { readonly cache: string }): Promise<void> {
  const settings = resolveSettings(options, { now: wallNow() });
  const { registry, systems, loaded } = await loadServed(settings, { log: createLogger('silent') });
  const { seed, clock, disableLinks } = settings;
  const policies = registry.policies.configure(settings.policies);
  const records = await recordWorld({ registry, policies, seed, now: clock.now }, syntheticWorld(systems));
  await writeWorld(options.cache, { contracts: loaded.key, seed, now: clock.now, policies, disableLinks }, records);
}
