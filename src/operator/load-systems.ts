import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SimulatorError } from '../errors.ts';
import { IS_BUILT, PROGRAM_FOLDER } from '../lib/package-folder.ts';
import { inSeedingOrder } from './seeding-order.ts';
import type { System } from './system.ts';

/**
 * The systems that have a folder under `systems/`, in the order in which they seed themselves. They are found, not
 * listed, so that a new one is its folder alone. With `served`, only those of these names are loaded.
 *
 * @example await loadSystems(contracts.map(({ system }) => system));
 */
export async function loadSystems(served?: readonly string[]): Promise<readonly System[]> {
  const home = join(PROGRAM_FOLDER, 'systems');
  const entries = await readdir(home, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const wanted = folders.filter((folder) => served?.includes(folder) ?? true);
  return inSeedingOrder(await Promise.all(wanted.map((folder) => loadSystem(home, folder))));
}

async function loadSystem(home: string, folder: string): Promise<System> {
  const file = join(home, folder, IS_BUILT ? 'index.js' : 'index.ts');
  const { system } = (await import(pathToFileURL(file).href)) as { readonly system?: System };
  if (system?.name === folder) return system;
  throw new SimulatorError(
    'SYSTEM_INVALID',
    `Failed to load the system "${folder}": ${file} exports no system of this name. Export one as "system".`,
  );
}
