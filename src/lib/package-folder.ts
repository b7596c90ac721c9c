import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(import.meta.url);

/** The folder of this package, with the shipped contracts in it. It is searched for: the build moves files together. */
export const PACKAGE_FOLDER = packageAbove(dirname(HERE));

/** Whether this is the built program, which has its own folder beside the sources. */
export const IS_BUILT = extname(HERE) !== '.ts';

/** The folder that the program itself is in: `src`, or `dist` once it is built. */
export const PROGRAM_FOLDER = join(PACKAGE_FOLDER, relative(PACKAGE_FOLDER, HERE).split(sep)[0] ?? '');

/** The version in `package.json`. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as { version: string }).version;
}

function packageAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  if (above !== folder) return packageAbove(above);
  throw new Error(
    `Failed to find the files of bss-simulator: no folder above ${dirname(HERE)} has its package.json. Install the package whole.`,
  );
}
