import { readdir } from 'node:fs/promises';
import type { Format } from './format.ts';

/** All formats that have a folder under `formats/`. They are found, not listed, so that a new one is its folder alone. */
export async function loadFormats(): Promise<Format[]> {
  const entries = await readdir(new URL('./formats/', import.meta.url), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const modules = await Promise.all(
    folders.sort().map((folder) => import(`./formats/${folder}/index.ts`) as Promise<{ format: Format }>),
  );
  return modules.map(({ format }) => format);
}
