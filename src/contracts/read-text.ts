import { createHash } from 'node:crypto';
import { readFileSync, readSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Zlib from 'node:zlib';
import { withRegularFile } from '../lib/regular-file.ts';

/** The text of a file, or why it cannot be read. */
export interface FileText {
  /** Empty where it could not be read. */
  readonly text: string;
  /** Why it could not be read, as a sentence. */
  readonly failure?: string;
}

/** The text of a file that was asked for; where it is large, it is kept packed and made whenever it is asked for. */
export interface FileContent extends FileText {
  /** Of the bytes. */
  readonly size: number;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly hash: string;
}

/** Bytes from which a text is kept packed: it is asked for seldom, and a tenth of it does. */
const LARGE = 2 ** 20;

/**
 * Reads a text file, in UTF-8 or, by its byte order mark, UTF-16.
 *
 * @example const { text, failure } = readText('specs/shop/api.yaml');
 */
export function readText(path: string): FileContent {
  const read = withRegularFile(path, (file, size) => (size < LARGE ? readSmall(file) : readLarge(file)));
  return 'failure' in read ? { text: '', failure: `The file ${read.failure}.`, size: 0, hash: '' } : read;
}

function readSmall(file: number) {
  const bytes = readFileSync(file);
  return { text: decode(bytes), size: bytes.length, hash: createHash('sha256').update(bytes).digest('hex') };
}

/** Piece by piece into the same memory: what is taken for the whole is not given back before others need it. */
function readLarge(file: number) {
  // Few have use for it.
  const { constants, deflateRawSync, inflateRawSync } = createRequire(import.meta.url)('node:zlib') as typeof Zlib;
  const hash = createHash('sha256');
  const packed: Uint8Array[] = [];
  const piece = Buffer.allocUnsafe(LARGE);
  let size = 0;
  for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) {
    const bytes = piece.subarray(0, count);
    hash.update(bytes);
    packed.push(deflateRawSync(bytes, { level: constants.Z_BEST_SPEED }));
    size += count;
  }
  const unpack = () => {
    const bytes = Buffer.allocUnsafe(size);
    let length = 0;
    for (const each of packed) length += inflateRawSync(each, { chunkSize: LARGE }).copy(bytes, length);
    return decode(bytes);
  };
  // Several who ask one after another share one text, but none is held.
  let recent: WeakRef<{ readonly text: string }> | undefined;
  return {
    get text() {
      const made = recent?.deref() ?? { text: unpack() };
      recent = new WeakRef(made);
      return made.text;
    },
    size,
    hash: hash.digest('hex'),
  };
}

function decode(bytes: Uint8Array): string {
  const isUtf16 = (first: number, second: number) => bytes[0] === first && bytes[1] === second;
  const encoding = isUtf16(0xff, 0xfe) ? 'utf-16le' : isUtf16(0xfe, 0xff) ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
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
