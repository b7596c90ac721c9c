/** Characters in a piece. V8 gives a text of more than 128 KiB pages of its own, which everybody waits for when they are taken back. */
const PIECE = 2 ** 15;

/**
 * A text that is put together from many, in pieces: one of many megabytes takes longer to be copied as a whole, to be
 * counted and to be turned into bytes, than others should have to wait. It stays a text until it is sent: bytes lie outside
 * the heap, where 64 MB that have come since make V8 look for garbage in all that there is.
 *
 * @example
 * const text = new LongText(); // of whole texts: none ends within a pair of surrogates
 * for (const line of lines) text.add(line);
 * text.size; // in bytes
 */
export class LongText {
  readonly #pieces: string[] = [];
  #open = '';
  #size = 0;
  #length = 0;

  /** One text, in pieces. */
  static of(text: string): LongText {
    const long = new LongText();
    for (const piece of piecesOf(text)) long.add(piece);
    return long;
  }

  /** Adds behind what is there. */
  add(text: string): void {
    this.#open += text;
    if (this.#open.length >= PIECE) this.#close();
  }

  /** Bytes in UTF-8. */
  get size(): number {
    this.#close();
    return this.#size;
  }

  /** Whether no character takes more than one byte in UTF-8. */
  get isNarrow(): boolean {
    return this.size === this.#length;
  }

  pieces(): readonly string[] {
    this.#close();
    return this.#pieces;
  }

  #close(): void {
    if (this.#open === '') return;
    this.#pieces.push(this.#open);
    // Counted while it is at hand, which also puts it together.
    this.#size += Buffer.byteLength(this.#open);
    this.#length += this.#open.length;
    this.#open = '';
  }
}

/** A text in pieces, each made when it is asked for. */
export function* piecesOf(text: string): Generator<string, void, undefined> {
  for (let from = 0; from < text.length; ) {
    let to = from + PIECE;
    // Both halves of a pair belong to one piece.
    if (isHighSurrogate(text.charCodeAt(to - 1))) to += 1;
    yield text.slice(from, to);
    from = to;
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
