import type { Contract } from '../model/contract.ts';
import type { Finding, SourceFile } from './source-file.ts';
import type { SourceFiles } from './source-files.ts';

/**
 * A kind of contract document. Each is a folder under `formats/` whose `index.ts` exports one as `format`.
 *
 * `check` must not throw, whatever the document holds; `load` may, if `check` finds something.
 */
export interface Format {
  /** For example `openapi`. */
  readonly name: string;
  /** Whether a document is of this format, told by its content alone. */
  recognises(document: unknown): boolean;
  /** Everything wrong in the document, other than syntax and broken `$ref`s, which are found for every format. */
  check(source: SourceFile, files: SourceFiles): Promise<readonly Finding[]>;
  /** What else is wrong, by a check that takes longer than a start may. It must not throw either. */
  secondOpinion?(source: SourceFile, files: SourceFiles): Promise<readonly Finding[]>;
  /** The contract, with `resources` left empty. */
  load(source: SourceFile, files: SourceFiles): Promise<Contract>;
  /** Absolute paths of files that the document needs although it has no `$ref` to them. */
  companions?(source: SourceFile): Promise<readonly string[]>;
}

/**
 * Declares a format; it only lends its type.
 *
 * @example
 * export const format = defineFormat({ name: 'raml', recognises: isRaml, check: checkRaml, load: loadRaml });
 */
export function defineFormat(format: Format): Format {
  return format;
}
