/** Bytes of one piece; a page of a list has some ten thousand. Whoever keeps a part of it keeps all of it. */
const PIECE = 65_536;

/**
 * Hands out bytes, cut from larger pieces: to allocate each for itself costs as much as to fill it. It is what Node's own
 * pool does for a few kilobytes.
 *
 * @example const bytes = new ByteSlab().take(12_000);
 */
export class ByteSlab {
  #piece: Buffer | undefined;
  #used = 0;

  /** So many bytes, with anything in them. */
  take(size: number): Buffer {
    if (size > PIECE / 4) return Buffer.allocUnsafeSlow(size);
    if (this.#piece === undefined || this.#used + size > PIECE) {
      this.#piece = Buffer.allocUnsafeSlow(PIECE);
      this.#used = 0;
    }
    const taken = this.#piece.subarray(this.#used, this.#used + size);
    this.#used += size;
    return taken;
  }
}
