import { dirname } from 'node:path';
import { pointerTo } from '../../../lib/json-pointer.ts';
import { didYouMean } from '../../../lib/nearest-word.ts';
import { isPlainObject, objectOr } from '../../plain-object.ts';
import { soundKeyword } from '../../sound-keyword.ts';
import type { Finding, SourceFile } from '../../source-file.ts';
import type { SourceFiles } from '../../source-files.ts';
import { COPIED_KEYWORDS } from './aps-schemas.ts';
import { findType, knownTypes, PRIMITIVES } from './type-names.ts';

/**
 * Names of types that neither this file nor one beside it defines, and keywords that no validator can be made of.
 * Relations may lead to types we have no file of.
 */
export function schemaFindings(source: SourceFile, files: SourceFiles): Finding[] {
  const document = objectOr(source.value);
  // The type may well stand in the file that cannot be read.
  const isSiblingUnreadable = [...files.all.values()].some(
    ({ path, syntaxProblems }) =>
      path.endsWith('.aps.json') && dirname(path) === dirname(source.path) && syntaxProblems.length > 0,
  );
  const isKnown = (type: string) =>
    isSiblingUnreadable || PRIMITIVES.includes(type) || findType(type, source, files) !== undefined;
  const inSchema = (schema: unknown, pointer: string): Finding[] => {
    const { type, items, properties, additionalProperties } = objectOr(schema);
    return [
      ...(typeof type !== 'string' || isKnown(type) ? [] : [unresolved(type, pointerTo(pointer, 'type'))]),
      ...unsoundKeywords(source, schema, pointer),
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

function unsoundKeywords(source: SourceFile, schema: unknown, pointer: string): Finding[] {
  const members = objectOr(schema);
  return COPIED_KEYWORDS.flatMap((keyword) => {
    const { value, fault } = soundKeyword(keyword, members[keyword], members);
    if (members[keyword] === undefined || fault === undefined) return [];
    const message = `\`${keyword}\` ${fault}: it is ${value === undefined ? 'ignored' : `read as ${JSON.stringify(value)}`}.`;
    return [{ source, pointer: pointerTo(pointer, keyword), message, hint: 'Correct the value.' }];
  });
}
