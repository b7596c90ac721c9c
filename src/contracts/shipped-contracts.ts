import { existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { SimulatorError } from '../errors.ts';
import { IS_BUILT, PACKAGE_FOLDER, PROGRAM_FOLDER } from '../lib/package-folder.ts';
import { CONTROL_SYSTEM } from '../model/contract.ts';

/**
 * What is served: the control contract always; the shipped systems where nothing replaces them, or those that `systems`
 * chooses; and what `specs` names. Throws `SYSTEM_UNKNOWN`.
 *
 * @example servedPaths({ systems: ['macd'], specs: ['my.yaml'] })
 */
export function servedPaths({ specs, systems }: ServedOptions): string[] {
  const known = readdirSync(SPECS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== CONTROL_SYSTEM)
    .map(({ name }) => name);
  const unknown = (systems ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new SimulatorError(
      'SYSTEM_UNKNOWN',
      `Failed to serve ${unknown.map((name) => `"${name}"`).join(', ')}: no such system is shipped. Shipped are: ${known.join(', ')}; serve others with --specs.`,
    );
  }
  const chosen = systems ?? (specs === undefined ? known : []);
  return [...[CONTROL_SYSTEM, ...chosen].map((name) => join(SPECS, name)), ...(specs ?? [])];
}

/** Whether a file is one of a shipped contract, which has been checked before it was shipped. */
export function isShipped(path: string): boolean {
  return path.startsWith(SPECS + sep);
}

/** The options that say what is served. */
export interface ServedOptions {
  readonly specs?: readonly string[];
  readonly systems?: readonly string[];
}

/** The folder in which the build leaves the shipped contracts, already loaded; none when run from the sources. */
export function shippedCache(): string | undefined {
  const folder = join(PROGRAM_FOLDER, 'contract-cache');
  return IS_BUILT && existsSync(folder) ? folder : undefined;
}

const SPECS = join(PACKAGE_FOLDER, 'specs');
