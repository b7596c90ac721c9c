import { keysOf, pointerTo, valueAt } from '../lib/json-pointer.ts';
import { didYouMean } from './nearest-word.ts';
import { isPlainObject } from './plain-object.ts';
import type { Finding, SourceFile } from './source-file.ts';
import type { SourceFiles } from './source-files.ts';

/** Every `$ref` of a document that leads nowhere, to another host, or back to itself. */
export function checkReferences(source: SourceFile, files: SourceFiles): Finding[] {
  const findings: Finding[] = [];
  const visit = (value: unknown, pointer: string) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      const here = pointerTo(pointer, key);
      if (key === '$ref' && typeof member === 'string') findings.push(...checkReference(member, here, source, files));
      else if (key === 'x-select' && isPlainObject(member)) checkSelect(member, here);
      else if (!isData(key, member)) visit(member, here);
    }
  };
  const checkSelect = (select: Readonly<Record<string, unknown>>, pointer: string) => {
    for (const [name, ref] of Object.entries(isPlainObject(select.schemas) ? select.schemas : {})) {
      const here = pointerTo(pointer, 'schemas', name);
      if (typeof ref === 'string') findings.push(...checkReference(ref, here, source, files));
    }
  };
  visit(source.value, '');
  return findings;
}

/** Sample values may hold anything, a `$ref` too; a property that is called `default` is no sample. */
function isData(key: string, value: unknown): boolean {
  if (key === 'enum' || key === 'const' || key === 'example') return !isPlainObject(value) || !('$ref' in value);
  return (key === 'default' || key === 'examples') && Array.isArray(value);
}

function checkReference(ref: string, pointer: string, source: SourceFile, files: SourceFiles): Finding[] {
  const target = files.resolve(ref, source);
  if (target === undefined) {
    // A file that cannot be read is told of once, where its syntax breaks.
    if (isUnreadable(ref, source, files)) return [];
    return [{ source, pointer, message: `\`${ref}\` leads nowhere.`, hint: whereTo(ref, source, files) }];
  }
  if (files.follow(target) !== undefined) return [];
  // A link that breaks further down the chain is told of at its own place; only a circle has no other.
  return isCircle(ref, source, files)
    ? [
        {
          source,
          pointer,
          message: `\`${ref}\` leads only back to itself.`,
          hint: 'Give one of the references in the circle a schema of its own.',
        },
      ]
    : [];
}

function isUnreadable(ref: string, source: SourceFile, files: SourceFiles): boolean {
  const [address = ''] = ref.split('#', 1);
  return (files.find(address, source)?.syntaxProblems.length ?? 0) > 0;
}

function isCircle(ref: string, from: SourceFile, files: SourceFiles): boolean {
  const visited = new Set<unknown>();
  let place = files.resolve(ref, from);
  while (place !== undefined && isPlainObject(place.value) && typeof place.value.$ref === 'string') {
    if (visited.has(place.value)) return true;
    visited.add(place.value);
    place = files.resolve(place.value.$ref, place.source);
  }
  return false;
}

function whereTo(ref: string, source: SourceFile, files: SourceFiles): string {
  const [address = '', fragment = ''] = ref.split('#', 2);
  if (/^https?:/i.test(address)) return 'Nothing is fetched from other hosts: save a copy beside this file.';
  const target = files.find(address, source);
  if (target === undefined) return 'There is no such file: check the path, which counts from this file.';
  const keys = keysOf(fragment);
  const siblings = valueAt(target.value, pointerTo('', ...keys.slice(0, -1)));
  const names = typeof siblings === 'object' && siblings !== null ? Object.keys(siblings) : [];
  return didYouMean(keys.at(-1) ?? '', names, 'Define it there, or correct the reference.');
}
