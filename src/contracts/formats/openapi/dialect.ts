import type { Parameter, RequestBody, Response } from '../../../model/operation.ts';
import type { Definitions } from '../../definitions.ts';
import type { Place } from '../../place.ts';
import type { PlainObject } from '../../plain-object.ts';
import type { Report } from '../../source-file.ts';
import type { SourceFiles } from '../../source-files.ts';

/** What the parts of one document share while it is being loaded. */
export interface LoadContext {
  readonly root: Place;
  readonly files: SourceFiles;
  readonly definitions: Definitions;
  readonly report: Report;
}

/** What Swagger 2.0 and OpenAPI 3 say in different words. */
export interface Dialect {
  /** Where the named schemas stand. */
  readonly schemas: readonly string[];
  /** Where the security schemes stand. */
  readonly securitySchemes: readonly string[];
  formatOf(document: PlainObject): string;
  /** The path parts of the addresses, without a trailing slash, of whatever declares servers; the usual one first. */
  basePaths(owner: Place, context: LoadContext): readonly string[];
  /** None for what is no parameter to us, such as the body; several where one stands for a whole query. */
  parameters(place: Place, context: LoadContext): readonly Parameter[];
  requestBody(operation: Place, parameters: readonly Place[], context: LoadContext): RequestBody | undefined;
  response(place: Place, operation: Place, context: LoadContext): Response;
}
