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
