import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { IS_BUILT, PROGRAM_FOLDER } from '../lib/package-folder.ts';
import type { Format } from './format.ts';

/** All formats that have a folder under `formats/`. They are found, not listed, so that a new one is its folder alone. */
export async function loadFormats(): Promise<Format[]> {
  const home = join(PROGRAM_FOLDER, 'contracts/formats');
  const entries = await readdir(home, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const modules = await Promise.all(
    folders.sort().map((folder) => {
      const file = join(home, folder, IS_BUILT ? 'index.js' : 'index.ts');
      return import(pathToFileURL(file).href) as Promise<{ format: Format }>;
    }),
  );
  return modules.map(({ format }) => format);
}
