import { resolveSettings, type Settings, type SimulatorOptions } from './config.ts';
import { shippedCache } from './contracts/shipped-contracts.ts';
import { NOTHING_COVERED } from './coverage/coverage.ts';
import { createTenantsHere, type RunningHere } from './kit/in-process.ts';
import type { Simulator } from './kit/simulator.ts';
import type { SimulatorHooks } from './simulator-hooks.ts';
import { createLogger, type Logger } from './surfaces/log.ts';
import { wallNow } from './surfaces/wall-time.ts';

/** A simulator at work. */
export type RunningSimulator = RunningHere & Pick<Simulator, 'contracts' | 'coverage' | 'stop'>;

/** Runs a simulator, and answers once it listens. */
export type RunSimulator = (settings: Settings, log: Logger, hooks: SimulatorHooks) => Promise<RunningSimulator>;

/**
 * Makes what a user holds of a simulator. Options that make no sense are told at once; all that takes long to load is
 * loaded by `load`, when it is started, so that importing the package costs next to nothing.
 *
 * @example simulatorOf({ port: 0 }, {}, async () => runSimulator);
 */
export function simulatorOf(
  options: SimulatorOptions,
  hooks: SimulatorHooks,
  load: () => Promise<RunSimulator>,
): Simulator {
  const settings = resolveSettings(options, { now: wallNow(), cache: shippedCache() });
  const log = createLogger(settings.logLevel);
  let running: RunningSimulator | undefined;
  return {
    get url() {
      return running?.url ?? '';
    },
    get contracts() {
      return running?.contracts ?? [];
    },
    coverage() {
      return running?.coverage() ?? NOTHING_COVERED;
    },
    async start() {
      if (running !== undefined) return;
      const run = await load();
      running = await run(settings, log, hooks);
    },
    async stop() {
      await running?.stop();
      running = undefined;
    },
    tenant: createTenantsHere(() => running),
    [Symbol.asyncDispose]() {
      return this.stop();
    },
  };
}
