import { resolveSettings, type SimulatorOptions } from './config.ts';
import { shippedCache } from './contracts/shipped-contracts.ts';
import { type GeneratedWorld, makeWorld } from './operator/make-world.ts';
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
