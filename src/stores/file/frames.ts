import { crc32 } from 'node:zlib';

/**
 * A line as it stands in a file: `<crc32> <number> <text>`, the checksum over the number and the text, so that a line
 * that is torn, changed or out of its place is found out.
 *
 * @example frame(1, '["header"]') // '5f0c…  1 ["header"]\n'
 */
export function frame(number: number, text: string): string {
  const body = `${number} ${text}`;
  return `${crc32(body).toString(16).padStart(8, '0')} ${body}\n`;
}

/**
 * Lines as bytes, one behind another, each as `frame` writes it. Its bytes are used again: an answer waits for each sync, and
 * copies of every line are what the collector would have to clear away meanwhile.
 *
 * @example await file.write(buffer.fill(1, ['["header"]']));
 */
export class FrameBuffer {
  #bytes = Buffer.alloc(0);

  /** The bytes of these lines, of which the first has this number; good until it is filled again. */
  fill(first: number, lines: readonly string[]): Buffer {
    const most = lines.reduce((sum, line) => sum + BEYOND_TEXT + MOST_BYTES_OF_A_UNIT * line.length, 0);
    let bytes = this.#bytes;
    if (bytes.length < most) {
      bytes = Buffer.allocUnsafeSlow(Math.max(most, LEAST_ROOM));
      if (most <= MOST_KEPT) this.#bytes = bytes;
    }
    let end = 0;
    for (const [index, line] of lines.entries()) {
      const from = end + CHECKSUM + 1;
      const text = from + bytes.write(`${first + index} `, from, 'latin1');
      const to = text + bytes.write(line, text);
      const checksum = crc32(bytes.subarray(from, to)).toString(16).padStart(CHECKSUM, '0');
      bytes.write(`${checksum} `, end, 'latin1');
      bytes[to] = NEWLINE;
      end = to + 1;
    }
    return bytes.subarray(0, end);
  }
}

/** The text of a line without its end; `undefined` where it is not what was written under this number. */
function unframe(number: number, line: Buffer): string | undefined {
  if (line.length < CHECKSUM + 1 || line[CHECKSUM] !== SPACE) return undefined;
  const body = line.subarray(CHECKSUM + 1);
  const checksum = line.toString('latin1', 0, CHECKSUM);
  if (crc32(body).toString(16).padStart(8, '0') !== checksum) return undefined;
  const text = body.toString('utf8');
  const prefix = `${number} `;
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

/** Characters of a checksum. */
const CHECKSUM = 8;
/** Bytes of a line that are not its text, at the most: checksum, number, two spaces and its end. */
const BEYOND_TEXT = CHECKSUM + 16 + 3;
/** UTF-8 takes no more for a unit of UTF-16. */
const MOST_BYTES_OF_A_UNIT = 3;
/** Bytes that a buffer begins with, and that it keeps at the most. */
const LEAST_ROOM = 65_536;
const MOST_KEPT = 1_048_576;
const SPACE = 0x20;

/** What was read: a line, how far it reaches, or that nothing that was written comes any more. */
export type ReadFrame = { readonly text: string; readonly end: number } | { readonly damagedAt: number };

/**
 * Reads lines for as long as they are what was written.
 *
 * @example for await (const frame of readFrames(disk.read(path))) if ('text' in frame) lines.push(frame.text);
 */
export async function* readFrames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ReadFrame> {
  let rest = Buffer.alloc(0);
  let end = 0;
  let number = 1;
  for await (const piece of pieces) {
    rest = Buffer.concat([rest, piece]);
    let from = 0;
    for (let newline = rest.indexOf(NEWLINE); newline >= 0; newline = rest.indexOf(NEWLINE, from)) {
      const text = unframe(number, rest.subarray(from, newline));
      if (text === undefined) {
        yield { damagedAt: end };
        return;
      }
      end += newline + 1 - from;
      from = newline + 1;
      number += 1;
      yield { text, end };
    }
    rest = rest.subarray(from);
  }
  if (rest.length > 0) yield { damagedAt: end };
}

const NEWLINE = 0x0a;
