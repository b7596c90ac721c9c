import type { IncomingMessage } from 'node:http';

/** Bytes of all bodies that have not come in whole. */
const MOST_BYTES = 256 * 2 ** 20;

/** What one upload costs besides its bytes. */
const EACH = 1_024;

/** The first size of what small pieces are put together in. */
const SMALL = 4_096;

/** A body that is coming in. */
export interface Upload {
  /** Bytes of it that have come. */
  readonly size: number;
  add(chunk: Buffer): void;
  /** What has come. */
  bytes(): Buffer;
  /** It is over, one way or another. */
  end(): void;
}

/**
 * The bodies that are coming in, which altogether hold only so much: where they are too many, the one that began first is
 * reset. Whoever sends in earnest is done long before.
 *
 * @example const upload = uploads.begin(request); request.on('data', upload.add);
 */
export class Uploads {
  readonly #most: number;
  readonly #under = new Map<Upload, IncomingMessage>();
  #bytes = 0;

  constructor(most = MOST_BYTES) {
    this.#most = most;
  }

  begin(request: IncomingMessage): Upload {
    const upload = new GrowingUpload(
      (bytes) => this.#grow(bytes),
      () => this.#forget(upload),
    );
    this.#under.set(upload, request);
    this.#grow(EACH);
    return upload;
  }

  #grow(bytes: number): void {
    this.#bytes += bytes;
    while (this.#bytes > this.#most && this.#under.size > 1) {
      const [oldest] = this.#under;
      if (oldest === undefined) return;
      oldest[0].end();
      oldest[1].destroy();
    }
  }

  #forget(upload: GrowingUpload): void {
    if (this.#under.delete(upload)) this.#bytes -= EACH + upload.held;
  }
}

/**
 * One body. A single piece stays as it is; several are copied into one, because each costs a hundred bytes however small
 * it is, and who sends a body byte by byte would make it a hundred times as large.
 */
class GrowingUpload implements Upload {
  readonly #grow: (bytes: number) => void;
  readonly end: () => void;
  #content: Buffer = NOTHING;
  size = 0;

  constructor(grow: (bytes: number) => void, end: () => void) {
    this.#grow = grow;
    this.end = end;
  }

  /** Bytes of memory that it takes. */
  get held(): number {
    return this.#content.length;
  }

  add(chunk: Buffer): void {
    const size = this.size + chunk.length;
    if (this.size === 0) this.#hold(chunk);
    else {
      if (size > this.#content.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(SMALL, size, this.#content.length * 2));
        this.#content.copy(larger, 0, 0, this.size);
        this.#hold(larger);
      }
      chunk.copy(this.#content, this.size);
    }
    this.size = size;
  }

  bytes(): Buffer {
    return this.#content.length === this.size ? this.#content : this.#content.subarray(0, this.size);
  }

  #hold(content: Buffer): void {
    const more = content.length - this.#content.length;
    this.#content = content;
    this.#grow(more);
  }
}

const NOTHING = Buffer.alloc(0);
