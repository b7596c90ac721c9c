import { dirname } from 'node:path';
import { objectOr, type PlainObject, stringsIn } from '../../plain-object.ts';
import type { SourceFile } from '../../source-file.ts';
import type { SourceFiles } from '../../source-files.ts';

/** What the name of an APS type leads to: a structure of a type, or a type itself. */
export interface NamedType {
  readonly source: SourceFile;
  /** Absent for a type itself. */
  readonly structure?: string;
  readonly name: string;
}

/** Type names that need no definition. */
export const PRIMITIVES = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'null', 'void', 'any'];

/** Finds what a type name in a file means: a structure of its own or of a type it implements, or a type beside it. */
export function findType(name: string, from: SourceFile, files: SourceFiles): NamedType | undefined {
  if (name === 'self') return { source: from, name: typeName(from) };
  const owner = [from, ...implementedBy(from, files)].find((source) => Object.hasOwn(structuresOf(source), name));
  if (owner !== undefined) return { source: owner, structure: name, name };
  const source = typesBeside(from, files).find(({ value }) =>
    [objectOr(value).name, objectOr(value).id].includes(name),
  );
  return source === undefined ? undefined : { source, name: typeName(source) };
}

/** Every name that may stand for a type in a file. */
export function knownTypes(from: SourceFile, files: SourceFiles): string[] {
  const structures = [from, ...implementedBy(from, files)].flatMap((source) => Object.keys(structuresOf(source)));
  return [...PRIMITIVES, 'self', ...structures, ...typesBeside(from, files).map(typeName)];
}

/** The name that a type gives itself. */
export function typeName(source: SourceFile): string {
  const { name } = objectOr(source.value);
  return typeof name === 'string' ? name : source.name;
}

function structuresOf(source: SourceFile): PlainObject {
  return objectOr(objectOr(source.value).structures);
}

function typesBeside(from: SourceFile, files: SourceFiles): SourceFile[] {
  return [...files.all.values()].filter(
    (source) => dirname(source.path) === dirname(from.path) && objectOr(source.value).apsVersion !== undefined,
  );
}

function implementedBy(from: SourceFile, files: SourceFiles): SourceFile[] {
  const ids = stringsIn(objectOr(from.value).implements);
  return typesBeside(from, files).filter(({ value }) => ids.includes(String(objectOr(value).id)));
}
