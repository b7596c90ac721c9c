import { realpathSync } from 'node:fs';
import { readRegularFile } from '../lib/regular-file.ts';

/** The text of a file, or why it cannot be read. */
export interface FileText {
  /** Empty where it could not be read. */
  readonly text: string;
  /** Why it could not be read, as a sentence. */
  readonly failure?: string;
}

/**
 * Reads a text file, in UTF-8 or, by its byte order mark, UTF-16.
 *
 * @example const { text, failure } = readText('specs/shop/api.yaml');
 */
export function readText(path: string): FileText {
  const read = readRegularFile(path);
  if ('failure' in read) return { text: '', failure: `The file ${read.failure}.` };
  const { bytes } = read;
  const isUtf16 = (first: number, second: number) => bytes[0] === first && bytes[1] === second;
  const encoding = isUtf16(0xff, 0xfe) ? 'utf-16le' : isUtf16(0xfe, 0xff) ? 'utf-16be' : 'utf-8';
  return { text: new TextDecoder(encoding).decode(bytes) };
}

/**
 * Where a path leads once all links on it are followed; `undefined` where nothing is there.
 *
 * @example realPath('specs/current/api.yaml') // '/…/specs/2026-01/api.yaml'
 */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
