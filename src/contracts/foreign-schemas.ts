import { isOnOnePath } from '../lib/json-pointer.ts';
import type { Place } from './place.ts';
import { isPlainObject } from './plain-object.ts';
import type { SourceFile } from './source-file.ts';
import { childOf, childrenOf, type SourceFiles, wholeOf } from './source-files.ts';

/** The languages that schemas are written in beside JSON Schema, by their media types. */
export const FOREIGN_SCHEMA = /avro|raml|protobuf|xml|xsd/i;

/**
 * Makes what tells whether a place lies in a schema that is written in another language than JSON Schema, in a document of
 * AsyncAPI or in a file that it refers to.
 *
 * @example foreignSchemasOf(source, files)(source, '/channels/paid/messages/paid/payload/schema/fields')
 */
export function foreignSchemasOf(
  source: SourceFile,
  files: SourceFiles,
): (source: SourceFile, pointer: string) => boolean {
  const found: Place[] = [];
  const visit = (place: Place): void => {
    const { value } = place;
    if (isPlainObject(value) && typeof value.schemaFormat === 'string' && FOREIGN_SCHEMA.test(value.schemaFormat)) {
      for (const key of ['schema', 'payload'] as const) {
        const schema = childOf(place, key);
        if (schema.value !== undefined) found.push(schema, files.follow(schema) ?? schema);
      }
    }
    for (const [, child] of childrenOf(place)) visit(child);
  };
  if (isPlainObject(source.value) && 'asyncapi' in source.value) visit(wholeOf(source));
  return (file, pointer) =>
    found.some(
      (place) => place.source === file && isOnOnePath(place.pointer, pointer) && pointer.length >= place.pointer.length,
    );
}
