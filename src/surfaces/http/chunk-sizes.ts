import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Watches the sizes of the chunks that a body comes in, and calls back at one that no body has. Node takes every number of
 * 64 bits for a size, and waits for as many bytes. To be called when the head of a request has been read, before anything
 * else happens.
 *
 * @example if (request.headers['transfer-encoding'] !== undefined) watchChunks(request, () => refuse(request.socket));
 */
export function watchChunks(request: IncomingMessage, refuse: () => void): void {
  const socket: Parsed = request.socket;
  const reader = new ChunkReader();
  const isOver = (bytes: Uint8Array): boolean => {
    const found = reader.read(bytes);
    if (found === 'too large') refuse();
    return found !== 'going on';
  };
  // What has come with the head is with the parser already.
  const first = socket.parser?.getCurrentBuffer?.();
  const end = first?.indexOf(END_OF_HEAD) ?? -1;
  if (first === undefined || end < 0 || isOver(first.subarray(end + END_OF_HEAD.length))) return;
  const onData = (bytes: Buffer): void => {
    if (isOver(bytes)) stop();
  };
  const stop = (): void => {
    socket.off('data', onData);
  };
  socket.on('data', onData);
  request.once('end', stop);
}

/** What Node keeps at a socket while it reads requests from it; nothing depends on its being there. */
type Parsed = Socket & { readonly parser?: { readonly getCurrentBuffer?: () => Buffer | undefined } | null };

const END_OF_HEAD = '\r\n\r\n';

/** The largest size that can be counted exactly. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** Goes from chunk to chunk; what it does not understand it leaves to Node, which says what is wrong with it. */
class ChunkReader {
  #size = 0;
  /** Whether the line goes on behind the size. */
  #isBehindSize = false;
  /** Bytes of the chunk, and of the line's end behind it, that are still to come. */
  #left = 0;

  read(bytes: Uint8Array): 'going on' | 'over' | 'too large' {
    for (let at = 0; at < bytes.length; at += 1) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, bytes.length - at);
        this.#left -= skipped;
        at += skipped - 1;
        continue;
      }
      const byte = bytes[at] as number;
      if (byte === NEW_LINE) {
        if (this.#size === 0) return 'over';
        this.#left = this.#size + 2;
        this.#size = 0;
        this.#isBehindSize = false;
      } else if (!this.#isBehindSize) {
        const digit = Number.parseInt(String.fromCharCode(byte), 16);
        if (!Number.isNaN(digit)) this.#size = this.#size * 16 + digit;
        else if (byte === RETURN || byte === SEMICOLON) this.#isBehindSize = true;
        else return 'over';
        if (this.#size > LARGEST) return 'too large';
      }
    }
    return 'going on';
  }
}

const [NEW_LINE, RETURN, SEMICOLON] = [0x0a, 0x0d, 0x3b];
