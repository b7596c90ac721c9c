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
      let checksum = crc32(bytes.subarray(from, to));
      for (let at = from - 2; at >= end; at -= 1) {
        bytes[at] = HEX[checksum & 15] ?? 0;
        checksum >>>= 4;
      }
      bytes[from - 1] = SPACE;
      bytes[to] = NEWLINE;
      end = to + 1;
    }
    return bytes.subarray(0, end);
  }
}

/** Where the text of a line begins, of which these are the bytes; nothing where it is not what was written under this number. */
function textIn(bytes: Buffer, from: number, to: number, number: number): number | undefined {
  const body = from + CHECKSUM + 1;
  if (to < body || bytes[body - 1] !== SPACE) return undefined;
  let checksum = 0;
  for (let at = from; at < body - 1; at += 1) checksum = checksum * 16 + digitOf(bytes[at] ?? 0);
  if (checksum !== crc32(bytes.subarray(body, to))) return undefined;
  const prefix = `${number} `;
  const text = body + prefix.length;
  return text <= to && bytes.toString('latin1', body, text) === prefix ? text : undefined;
}

function digitOf(byte: number): number {
  return byte < LETTER_A ? byte - DIGIT_0 : byte - LETTER_A + 10;
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
const DIGIT_0 = 0x30;
const LETTER_A = 0x61;
const HEX = Buffer.from('0123456789abcdef');

/** What was read: a line, how far it reaches, or that nothing that was written comes any more. */
export type ReadFrame = { readonly text: string; readonly end: number } | { readonly damagedAt: number };

/**
 * Reads lines for as long as they are what was written. Room behind them all is for more, and no damage.
 *
 * @example for await (const frame of readFrames(disk.read(path))) if ('text' in frame) lines.push(frame.text);
 */
export async function* readFrames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ReadFrame> {
  let number = 1;
  let end = 0;
  for await (const { bytes, ends } of linesIn(pieces)) {
    let from = 0;
    for (const to of ends) {
      const text = textIn(bytes, from, to, number);
      if (text === undefined) {
        yield { damagedAt: end };
        return;
      }
      end += to + 1 - from;
      from = to + 1;
      number += 1;
      yield { text: bytes.toString('utf8', text, to), end };
    }
    if (ends.length === 0) yield { damagedAt: end };
  }
}

/** Lines one behind another, each by where it ends; no ends, and nothing further, where what comes is no whole line. */
interface Lines {
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

async function* linesIn(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Lines> {
  let rest = Buffer.alloc(0);
  let isRoom = false;
  for await (const piece of pieces) {
    let bytes = Buffer.concat([rest, piece]);
    if (!isRoom) {
      const ends: number[] = [];
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) ends.push(at);
      if (ends.length > 0) yield { bytes, ends };
      bytes = bytes.subarray((ends.at(-1) ?? -1) + 1);
      isRoom = bytes[0] === ROOM_BYTE;
    }
    if (isRoom && !bytes.equals(Buffer.alloc(bytes.length, ROOM_BYTE))) {
      yield { bytes, ends: [] };
      return;
    }
    rest = isRoom ? Buffer.alloc(0) : bytes;
  }
  if (rest.length > 0) yield { bytes: rest, ends: [] };
}

const NEWLINE = 0x0a;
/**
 * What room for more is filled with: a tab, which no line has. Were it zeros, lines of which a medium has left zeros would be
 * taken for room.
 */
export const ROOM_BYTE = 0x09;
