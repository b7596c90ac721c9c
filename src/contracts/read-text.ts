import { open } from 'node:fs/promises';

/** The text of a file, or why it cannot be read. */
export interface FileText {
  /** Empty where it could not be read. */
  readonly text: string;
  /** Why it could not be read, as a sentence. */
  readonly failure?: string;
}

/** The largest document known has a quarter of this. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/**
 * Reads a text file, in UTF-8 or, by its byte order mark, UTF-16.
 *
 * @example const { text, failure } = await readText('specs/shop/api.yaml');
 */
export async function readText(path: string): Promise<FileText> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > MAX_FILE_BYTES) {
        return { text: '', failure: `The file has ${size} bytes, and no more than ${MAX_FILE_BYTES} are read.` };
      }
      const bytes = await file.readFile();
      const isUtf16 = (first: number, second: number) => bytes[0] === first && bytes[1] === second;
      const encoding = isUtf16(0xff, 0xfe) ? 'utf-16le' : isUtf16(0xfe, 0xff) ? 'utf-16be' : 'utf-8';
      return { text: new TextDecoder(encoding).decode(bytes) };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { text: '', failure: `The file cannot be read: ${error instanceof Error ? error.message : error}.` };
  }
}
