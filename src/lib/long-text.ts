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
  /** What is still to be added; at once, where somebody asks for the whole before. */
  #rest: Generator<string, void, undefined> | undefined;

  /** `rest` is added as it is asked for. */
  constructor(rest?: Generator<string, void, undefined>) {
    this.#rest = rest;
  }

  /** One text, in pieces. */
  static of(text: string): LongText {
    const long = new LongText();
    for (const piece of piecesOf(text)) long.add(piece);
    return long;
  }

  /** Adds behind what is there. */
  add(text: string): void {
    this.#open += text;
    if (this.#open.length >= PIECE) this.#closePiece();
  }

  /** Whether nothing is still to be added. */
  get isWhole(): boolean {
    return this.#rest === undefined;
  }

  /** Adds of what is left as many characters as are asked for, and a piece more. */
  addSome(characters: number): void {
    for (let added = 0; added < characters && this.#rest !== undefined; ) {
      const next = this.#rest.next();
      if (next.done === true) this.#rest = undefined;
      else {
        this.add(next.value);
        added += next.value.length;
      }
    }
  }

  /** Adds all that is left, as others have their turns between. */
  async complete(inTurns: (pieces: Iterable<string>) => AsyncIterable<string>): Promise<void> {
    if (this.#rest !== undefined) for await (const piece of inTurns(this.#rest)) this.add(piece);
    this.#rest = undefined;
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
    this.addSome(Number.POSITIVE_INFINITY);
    this.#closePiece();
  }

  #closePiece(): void {
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
