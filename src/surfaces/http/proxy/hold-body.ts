import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** A copy of a body that goes by, as long as it is no larger than that is worth. */
export class BodyCopy {
  readonly #most: number;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Bytes that have gone by. */
  get size(): number {
    return this.#size;
  }

  /** Whether all that has gone by is kept. */
  get isWhole(): boolean {
    return this.#size <= this.#most;
  }

  /** What is kept, piece by piece. */
  get chunks(): readonly Buffer[] {
    return this.#chunks;
  }

  add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.isWhole) this.#chunks.push(chunk);
    else this.#chunks = [];
  }

  /** Everything in one piece, without the compression that it travels in; why it cannot be had, if so. */
  unpacked(encoding: string | undefined): Buffer | UnseenBody {
    if (!this.isWhole)
      return { unseen: `A body of more than ${this.#most} bytes is not looked into; --max-body is the bound.` };
    const bytes = Buffer.concat(this.#chunks);
    const name = (encoding ?? 'identity').trim().toLowerCase();
    if (name === 'identity' || bytes.length === 0) return bytes;
    const unpack = Object.hasOwn(UNPACKERS, name) ? UNPACKERS[name] : undefined;
    if (unpack === undefined) return { unseen: `A body that is encoded as ${name.slice(0, 40)} is not looked into.` };
    try {
      return unpack(bytes, { maxOutputLength: this.#most });
    } catch {
      return {
        unseen: `A body that is not ${name}, or is of more than ${this.#most} bytes unpacked, is not looked into.`,
      };
    }
  }
}

/** Why nobody looked into a body. */
export interface UnseenBody {
  readonly unseen: string;
}

const UNPACKERS: Readonly<Record<string, (bytes: Buffer, bound: { readonly maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};
