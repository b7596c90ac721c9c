import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** The largest document known has a quarter of this. */
const MOST_BYTES = 64 * 2 ** 20;

/** Why nothing of a file can be read: words that complete "the file …". */
interface FileFailure {
  readonly failure: string;
  readonly isMissing: boolean;
  readonly isFolder: boolean;
}

/** The bytes of a file, or why there are none. */
export type FileBytes = { readonly bytes: Buffer } | FileFailure;

/**
 * Reads a regular file of a bounded size. A pipe would be waited for without end, and a device has no end: neither is
 * opened for more than a look.
 *
 * @example readRegularFile('specs/shop/api.yaml') // { bytes }
 * @example readRegularFile('/dev/zero') // { failure: 'is a device', isMissing: false, isFolder: false }
 */
export function readRegularFile(path: string, most = MOST_BYTES): FileBytes {
  return withRegularFile(path, (file) => ({ bytes: readFileSync(file) }), most);
}

/**
 * Opens such a file for whoever reads it otherwise than as a whole.
 *
 * @example withRegularFile('specs/shop/api.yaml', (file, size) => (size < 100 ? readFileSync(file) : undefined));
 */
export function withRegularFile<T>(
  path: string,
  read: (file: number, size: number) => T,
  most = MOST_BYTES,
): T | FileFailure {
  let file: number | undefined;
  try {
    // Without it, to open a pipe takes until somebody writes into it. Windows has no such pipes.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(file);
    if (found.isDirectory()) return { failure: 'is a folder', isMissing: false, isFolder: true };
    if (!found.isFile())
      return { failure: `is a ${found.isFIFO() ? 'pipe' : 'device'}`, isMissing: false, isFolder: false };
    if (found.size > most) {
      return {
        failure: `has ${found.size} bytes, and no more than ${most} are read`,
        isMissing: false,
        isFolder: false,
      };
    }
    return read(file, found.size);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    const why = error instanceof Error ? error.message.replace(/, (?:open|read) .*$/s, '') : String(error);
    return {
      failure: isMissing ? 'does not exist' : `cannot be read: ${why}`,
      isMissing,
      isFolder: code === 'EISDIR',
    };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
