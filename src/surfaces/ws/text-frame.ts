/**
 * A text as a whole message of a WebSocket in one frame, as servers send it: the bytes that go over the wire (RFC 6455, 5.2).
 *
 * @example textFrame('Hello') // <Buffer 81 05 48 65 6c 6c 6f>
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const extended = length < LENGTH_IN_2_BYTES ? 0 : length <= MOST_IN_2_BYTES ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extended + length);
  frame[0] = FINAL | TEXT;
  if (extended === 0) {
    frame[1] = length;
  } else if (extended === 2) {
    frame[1] = LENGTH_IN_2_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_8_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, 2 + extended);
  return frame;
}

const FINAL = 0x80;
const TEXT = 0x1;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;
const MOST_IN_2_BYTES = 0xffff;
