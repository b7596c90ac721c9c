import type { SourceFile } from './source-file.ts';

/** A value in a document, with the way back to it. */
export interface Place {
  readonly source: SourceFile;
  /** JSON Pointer, without `#`. */
  readonly pointer: string;
  readonly value: unknown;
}

/** Where a `$ref` stands: what it is relative to. */
export type RefBase = Pick<Place, 'source' | 'pointer'>;
