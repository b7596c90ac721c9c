import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { SimulatorError } from '../errors.ts';

/** A file to load: where it is and what it is called. */
export interface FoundFile {
  readonly file: string;
  readonly path: string;
  readonly relative: string;
}

/** All YAML and JSON files below the paths, sorted; a path may also be a file. */
export async function findFiles(paths: readonly string[]): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    const absolute = resolve(path);
    const stats = await stat(absolute).catch((cause: unknown) => {
      throw new SimulatorError(
        'CONTRACT_INVALID',
        `Failed to load the contracts: there is no file or folder ${path}. Check the path.`,
        { cause },
      );
    });
    for (const file of stats.isDirectory() ? await filesBelow(absolute) : [absolute]) {
      const below = stats.isDirectory() ? relative(absolute, file) : '';
      found.set(file, {
        file: below === '' ? path : join(path, below),
        path: file,
        // A folder of one system and a single file are also asked for; the file is named alike each time.
        relative: below.includes(sep) ? below.split(sep).join('/') : `${basename(dirname(file))}/${basename(file)}`,
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
