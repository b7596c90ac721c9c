import { frame, readFrames } from './file/frames.ts';

/** The last line of a file: whether everything came that was written. */
const END = 'exported';

/**
 * The content of a file that one tenant is exported to: its lines, each with its checksum, and how many there are.
 *
 * @example for await (const text of exportTexts(reading.lines())) file.write(text);
 */
export async function* exportTexts(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let count = 0;
  for await (const line of lines) {
    count += 1;
    yield frame(count, line);
  }
  yield frame(count + 1, JSON.stringify([END, count]));
}

/**
 * Reads the lines of such a file; throws behind the last good one where the rest is missing or is not what was written.
 *
 * @example for await (const line of importedLines(createReadStream(path))) lines.push(line);
 */
export async function* importedLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let count = 0;
  for await (const read of readFrames(pieces)) {
    if (!('text' in read)) throw new Error(`from byte ${read.damagedAt} on it is not what was written`);
    if (read.text === JSON.stringify([END, count])) return;
    count += 1;
    yield read.text;
  }
  throw new Error(`its end is missing: it has ${count} lines, and no word that these are all`);
}
