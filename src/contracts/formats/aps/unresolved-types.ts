import { dirname } from 'node:path';
import { pointerTo } from '../../../lib/json-pointer.ts';
import { didYouMean } from '../../nearest-word.ts';
import { isPlainObject, objectOr } from '../../plain-object.ts';
import type { Finding, SourceFile } from '../../source-file.ts';
import type { SourceFiles } from '../../source-files.ts';
import { findType, knownTypes, PRIMITIVES } from './type-names.ts';

/** Names of types that neither this file nor one beside it defines. Relations may lead to types we have no file of. */
export function unresolvedTypes(source: SourceFile, files: SourceFiles): Finding[] {
  const document = objectOr(source.value);
  // The type may well stand in the file that cannot be read.
  const isSiblingUnreadable = [...files.all.values()].some(
    ({ path, syntaxProblems }) =>
      path.endsWith('.aps.json') && dirname(path) === dirname(source.path) && syntaxProblems.length > 0,
  );
  if (isSiblingUnreadable) return [];
  const inSchema = (schema: unknown, pointer: string): Finding[] => {
    const { type, items, properties, additionalProperties } = objectOr(schema);
    return [
      ...(typeof type !== 'string' || PRIMITIVES.includes(type) || findType(type, source, files) !== undefined
        ? []
        : [unresolved(type, pointerTo(pointer, 'type'))]),
      ...(isPlainObject(items) ? inSchema(items, pointerTo(pointer, 'items')) : []),
      ...(isPlainObject(additionalProperties)
        ? inSchema(additionalProperties, pointerTo(pointer, 'additionalProperties'))
        : []),
      ...inMap(properties, pointerTo(pointer, 'properties')),
    ];
  };
  const inMap = (schemas: unknown, pointer: string) =>
    Object.entries(objectOr(schemas)).flatMap(([name, schema]) => inSchema(schema, pointerTo(pointer, name)));
  const unresolved = (type: string, pointer: string): Finding => ({
    source,
    pointer,
    message: `The type \`${type}\` is not defined.`,
    hint: didYouMean(type, knownTypes(source, files), 'Add it to `structures`, or put its own file beside this one.'),
  });
  return [
    ...inMap(document.properties, '/properties'),
    ...inMap(document.structures, '/structures'),
    ...Object.entries(objectOr(document.operations)).flatMap(([name, operation]) => {
      const { parameters, response, errorResponse } = objectOr(operation);
      const pointer = pointerTo('/operations', name);
      return [
        ...inMap(parameters, `${pointer}/parameters`),
        ...inSchema(response, `${pointer}/response`),
        ...inSchema(errorResponse, `${pointer}/errorResponse`),
      ];
    }),
  ];
}
