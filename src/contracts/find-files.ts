import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { SimulatorError } from '../errors.ts';

/** A file to load: where it is and what it is called. */
export interface FoundFile {
  readonly file: string;
  readonly path: string;
  readonly relative: string;
  /** The folder that was asked for, or that of the file: what its references may lead to. */
  readonly root: string;
}

/**
 * All YAML and JSON files below the paths, sorted; a path may also be a file, with the overlays that are named after it.
 * Further overlays come last, in their order.
 */
export async function findFiles(paths: readonly string[], overlays: readonly string[] = []): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    const absolute = resolve(path);
    const stats = await statOf(path);
    for (const file of stats.isDirectory() ? await filesBelow(absolute) : await withOverlays(absolute)) {
      const below = stats.isDirectory() ? relative(absolute, file) : '';
      found.set(file, {
        file: below !== '' ? join(path, below) : file === absolute ? path : join(dirname(path), basename(file)),
        path: file,
        root: stats.isDirectory() ? absolute : dirname(absolute),
        // A folder of one system and a single file are also asked for; the file is named alike each time.
        relative: below.includes(sep) ? below.split(sep).join('/') : `${basename(dirname(file))}/${basename(file)}`,
      });
    }
  }
  const last: FoundFile[] = [];
  for (const path of overlays) {
    const absolute = resolve(path);
    if (!(await statOf(path)).isFile()) throw noSuch(path);
    found.delete(absolute);
    last.push({
      file: path,
      path: absolute,
      root: dirname(absolute),
      relative: `overlay ${last.length} ${basename(path)}`,
    });
  }
  return [...[...found.values()].sort((a, b) => (a.file < b.file ? -1 : 1)), ...last];
}

async function statOf(path: string) {
  return stat(resolve(path)).catch((cause: unknown) => {
    throw noSuch(path, cause);
  });
}

function noSuch(path: string, cause?: unknown): SimulatorError {
  return new SimulatorError(
    'CONTRACT_INVALID',
    `Failed to load the contracts: there is no file or folder ${path}. Check the path.`,
    { cause },
  );
}

/** A file that was asked for, and the overlays beside it that are named after it. */
async function withOverlays(file: string): Promise<string[]> {
  const names = await readdir(dirname(file)).catch(() => []);
  const overlays = names.filter((name) => isOverlayOf(name, basename(file)));
  return [file, ...overlays.map((name) => join(dirname(file), name))];
}

/**
 * Whether a file is called as the overlays of another are.
 *
 * @example isOverlayOf('shop.overlay.yaml', 'shop.openapi.yaml') // true
 */
export function isOverlayOf(name: string, file: string): boolean {
  const stem = file.replace(/\.(ya?ml|json)$/i, '');
  const stems = [stem, stem.replace(/\.(openapi|swagger|asyncapi|aps|schema)$/i, '')];
  return stems.includes(/^(.*)\.overlay\.(ya?ml|json)$/i.exec(name)?.[1] ?? '');
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(folder, path).split(sep).some(isForTools));
}

/** Folders of tools, such as `.git` and `node_modules`, hold a lot that is no contract. */
function isForTools(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}
