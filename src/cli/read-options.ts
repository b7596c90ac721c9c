import type { SimulatorOptions } from '../config.ts';
import { readConfigFile } from './config-file.ts';
import { readEnvironment } from './read-environment.ts';

export interface OptionSources {
  /** What the command line says. */
  readonly flags: SimulatorOptions;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The configuration file; default: `bss-simulator.yaml` in `cwd`, if it is there. */
  readonly config?: string;
  /** Called with what is suspicious, and no reason to stop. */
  readonly warn?: (message: string) => void;
}

/**
 * The options of the command line, the environment and the configuration file; the first that names one decides.
 *
 * @example await readOptions({ flags: { port: 0 }, environment: process.env, cwd: process.cwd() });
 */
export async function readOptions({ flags, environment, cwd, config, warn }: OptionSources): Promise<SimulatorOptions> {
  const file = await readConfigFile(cwd, config);
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  return { ...file, ...readEnvironment(environment, warn), ...given };
}
