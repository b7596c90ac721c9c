import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SimulatorError } from '../errors.ts';

/**
 * Writes a file that the user has named, and makes the folders that lead to it.
 *
 * @example await writeOutput('reports/junit.xml', text);
 */
export async function writeOutput(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (cause) {
    throw writeFailure(path, cause);
  }
}

/** Why a file that the user has named could not be written. */
export function writeFailure(path: string, cause: unknown): SimulatorError {
  const why = cause instanceof Error && 'code' in cause ? REASONS[String(cause.code)] : undefined;
  const text = cause instanceof Error ? cause.message : String(cause);
  return new SimulatorError('CONFIG_INVALID', `Failed to write ${path}: ${why ?? text}. Name another file.`, { cause });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EEXIST: 'a file stands where a folder should be',
  ENOTDIR: 'a file stands where a folder should be',
  EISDIR: 'there is a folder of that name',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};
