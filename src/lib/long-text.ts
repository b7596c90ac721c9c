/** Characters that are turned into bytes at once. */
const PIECE = 2 ** 17;

/**
 * A text that is put together from many, as bytes in pieces: one of many megabytes takes longer to be copied as a whole,
 * to be counted and to be turned into bytes, than others should have to wait.
 *
 * @example
 * const text = new LongText(); // of whole texts: none ends within a pair of surrogates
 * for (const line of lines) text.add(line);
 * text.size; // in bytes
 */
export class LongText {
  readonly #pieces: Uint8Array[] = [];
  #open = '';
  #size = 0;

  /** One text, in pieces. */
  static of(text: string): LongText {
    const long = new LongText();
    for (const piece of piecesOf(text)) {
      long.#pieces.push(piece);
      long.#size += piece.length;
    }
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

  pieces(): readonly Uint8Array[] {
    this.#close();
    return this.#pieces;
  }

  #close(): void {
    if (this.#open === '') return;
    const bytes = Buffer.from(this.#open);
    this.#open = '';
    this.#pieces.push(bytes);
    this.#size += bytes.length;
  }
}

/** The bytes of a text in pieces, each made when it is asked for. */
export function* piecesOf(text: string): Generator<Uint8Array, void, undefined> {
  for (let from = 0; from < text.length; ) {
    let to = from + PIECE;
    // Both halves of a pair belong to one piece.
    if (isHighSurrogate(text.charCodeAt(to - 1))) to += 1;
    yield Buffer.from(text.slice(from, to));
    from = to;
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
