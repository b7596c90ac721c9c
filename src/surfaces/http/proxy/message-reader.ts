/** A message of a WebSocket, or why it was not looked into. */
export type SeenMessage = { readonly text: string } | { readonly unseen: string };

/** What one end says in frames, as RFC 6455 has them. */
interface Frame {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly isPacked: boolean;
  readonly mask: Buffer | undefined;
  readonly size: number;
}

const CONTINUATION = 0;
const BINARY = 2;
/** Opcodes from here on are about the connection: ping, pong, close. */
const FIRST_OF_CONTROL = 8;

/**
 * Reads the messages of one direction of a WebSocket beside those it is for, from the bytes that go by. It changes nothing,
 * keeps no more than one message up to a bound, and gives up where the bytes are no frames.
 *
 * @example socket.on('data', (chunk) => reader.add(chunk));
 */
export class MessageReader {
  readonly #most: number;
  readonly #hear: (message: SeenMessage) => void;
  #bytes: Buffer = Buffer.alloc(0);
  #frame: Frame | undefined;
  /** Bytes of the frame that are still to come. */
  #left = 0;
  #payload: Buffer[] = [];
  /** The opcode that the message began with; what is about the connection is no message. */
  #opcode = CONTINUATION;
  #parts: Buffer[] = [];
  #size = 0;
  #isPacked = false;
  #isLost = false;

  constructor(most: number, hear: (message: SeenMessage) => void) {
    this.#most = most;
    this.#hear = hear;
  }

  add(chunk: Buffer): void {
    if (this.#isLost) return;
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (!this.#isLost) {
      if (this.#frame === undefined && !this.#readHead()) return;
      if (!this.#readPayload()) return;
    }
  }

  /** Whether a whole head of a frame was there. */
  #readHead(): boolean {
    const bytes = this.#bytes;
    if (bytes.length < 2) return false;
    const [first = 0, second = 0] = bytes;
    const short = second & 0x7f;
    const isMasked = (second & 0x80) !== 0;
    const long = short === 126 ? 2 : short === 127 ? 8 : 0;
    const length = 2 + long + (isMasked ? 4 : 0);
    if (bytes.length < length) return false;
    const size = long === 2 ? bytes.readUInt16BE(2) : long === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (!Number.isSafeInteger(size)) {
      this.#isLost = true;
      return false;
    }
    this.#frame = {
      isLast: (first & 0x80) !== 0,
      opcode: first & 0x0f,
      isPacked: (first & 0x40) !== 0,
      mask: isMasked ? Buffer.from(bytes.subarray(length - 4, length)) : undefined,
      size,
    };
    this.#left = size;
    this.#payload = [];
    this.#bytes = bytes.subarray(length);
    return true;
  }

  /** Whether the frame is over. */
  #readPayload(): boolean {
    const frame = this.#frame as Frame;
    const taken = this.#bytes.subarray(0, this.#left);
    this.#bytes = this.#bytes.subarray(taken.length);
    const isMessage = frame.opcode < FIRST_OF_CONTROL;
    if (isMessage && this.#size + frame.size <= this.#most) this.#payload.push(Buffer.from(taken));
    this.#left -= taken.length;
    if (this.#left > 0) return false;
    this.#frame = undefined;
    if (isMessage) this.#endFrame(frame);
    return true;
  }

  #endFrame({ opcode, mask, size, isLast, isPacked }: Frame): void {
    if (opcode !== CONTINUATION) {
      this.#opcode = opcode;
      this.#parts = [];
      this.#size = 0;
      this.#isPacked = isPacked;
    }
    this.#size += size;
    if (this.#size <= this.#most) this.#parts.push(unmasked(Buffer.concat(this.#payload), mask));
    if (!isLast) return;
    this.#hear(this.#message());
    this.#parts = [];
    this.#size = 0;
  }

  #message(): SeenMessage {
    if (this.#size > this.#most) return { unseen: `A message was larger than ${this.#most} bytes (--max-body).` };
    if (this.#isPacked) return { unseen: 'A message was compressed.' };
    if (this.#opcode === BINARY) return { unseen: 'A message was binary.' };
    return { text: Buffer.concat(this.#parts).toString('utf8') };
  }
}

function unmasked(bytes: Buffer, mask: Buffer | undefined): Buffer {
  if (mask === undefined) return bytes;
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = (bytes[index] ?? 0) ^ (mask[index % 4] ?? 0);
  return bytes;
}
