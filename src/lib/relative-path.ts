import * as nodePath from 'node:path';

/**
 * A path as seen from a folder, with slashes on every system: as a reference in a document has it, or a list that is the
 * same everywhere. What is on another drive of Windows has no such path, and is an address of its own.
 *
 * @example relativePath('C:\\work\\mine', 'C:\\work\\specs', path.win32) // '../specs'
 */
export function relativePath(
  from: string,
  to: string,
  { relative, isAbsolute, sep }: Pick<typeof nodePath, 'relative' | 'isAbsolute' | 'sep'> = nodePath,
): string {
  const path = relative(from, to);
  const slashed = path.split(sep).join('/');
  return isAbsolute(path) && sep === '\\' ? `file:///${slashed.replace(/^\/+/, '')}` : slashed;
}
