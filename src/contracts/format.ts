import type { Contract } from '../model/contract.ts';
import type { Finding, Report, SourceFile } from './source-file.ts';
import type { SourceFiles } from './source-files.ts';

/** A kind of contract document. Each is a folder under `formats/` whose `index.ts` exports one as `format`. */
export interface Format {
  /** For example `openapi`. */
  readonly name: string;
  /** Whether a document is of this format, decided by its content alone. */
  recognises(document: unknown): boolean;
  /**
   * The contract, with `resources` left empty. What cannot be read is left out and reported, and so is whatever is
   * served otherwise than it is written; it throws only where nothing can be read.
   */
  load(source: SourceFile, files: SourceFiles, report: Report): Promise<Contract>;
  /** What else is wrong with the document, although it changes nothing. It may take long, and must not throw. */
  lint?(source: SourceFile, files: SourceFiles): Promise<readonly Finding[]>;
  /** Absolute paths of files that the document needs although it has no `$ref` to them. */
  companions?(source: SourceFile): Promise<readonly string[]>;
}

/**
 * Declares a format; it only lends its type.
 *
 * @example
 * export const format = defineFormat({ name: 'raml', recognises: isRaml, load: loadRaml });
 */
export function defineFormat(format: Format): Format {
  return format;
}
