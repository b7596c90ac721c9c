import { keysOf, pointerTo, valueAt } from '../lib/json-pointer.ts';
import { didYouMean } from '../lib/nearest-word.ts';
import type { RefBase } from './place.ts';
import { isPlainObject } from './plain-object.ts';
import { type Reference, referencesIn } from './references.ts';
import type { Finding, SourceFile } from './source-file.ts';
import type { SourceFiles } from './source-files.ts';

/** References of a document that lead nowhere and for which it is looked what was meant, among all that there is. */
const MOST_LOOKED_UP = 100;

/** Every reference of a document that leads nowhere, to another host, or back to itself. */
export function checkReferences(source: SourceFile, files: SourceFiles): Finding[] {
  const findings: Finding[] = [];
  for (const reference of referencesIn(source.value)) {
    const mayLookUp = findings.length < MOST_LOOKED_UP;
    findings.push(...checkReference(reference, { source, mayLookUp }, files));
  }
  return findings;
}

function checkReference(
  { ref, pointer, isMere }: Reference,
  { source, mayLookUp }: { readonly source: SourceFile; readonly mayLookUp: boolean },
  files: SourceFiles,
): Finding[] {
  const from: RefBase = { source, pointer };
  const target = files.resolve(ref, from);
  if (target === undefined) {
    // What maps a value to the name of a schema may be a bare name.
    if (isMere && !ref.includes('#') && !ref.includes('/')) return [];
    // A file that cannot be read is reported once, where its syntax breaks.
    if (isUnreadable(ref, from, files)) return [];
    if (isFile(ref) && files.leadsOut(ref.split('#', 1)[0] ?? '', from)) {
      return [
        {
          source,
          pointer,
          message: `\`${ref}\` leads out of the folder of the contracts.`,
          hint: 'Put the file beside them, or allow it with --allow-refs.',
        },
      ];
    }
    return [
      {
        source,
        pointer,
        message: `\`${ref}\` leads nowhere.`,
        hint: whereTo(ref, from, files, mayLookUp),
        severity: isMere ? 'warning' : 'error',
      },
    ];
  }
  if (files.follow(target) !== undefined) return [];
  // A link that breaks further down the chain is reported at its own place; only a circle has no other.
  return isCircle(ref, from, files)
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

/** Whether a reference names a file, and nothing on another host. */
function isFile(ref: string): boolean {
  return !/^[a-z][a-z+.-]+:/i.test(ref);
}

function isUnreadable(ref: string, from: RefBase, files: SourceFiles): boolean {
  const [address = ''] = ref.split('#', 1);
  return (files.find(address, from)?.syntaxProblems.length ?? 0) > 0;
}

function isCircle(ref: string, from: RefBase, files: SourceFiles): boolean {
  const visited = new Set<unknown>();
  let place = files.resolve(ref, from);
  while (place !== undefined && isPlainObject(place.value) && typeof place.value.$ref === 'string') {
    if (visited.has(place.value)) return true;
    visited.add(place.value);
    place = files.resolve(place.value.$ref, place);
  }
  return false;
}

function whereTo(ref: string, from: RefBase, files: SourceFiles, mayLookUp: boolean): string {
  const [address = '', fragment = ''] = ref.split('#', 2);
  const target = files.find(address, from);
  if (target === undefined && /^https?:/i.test(address)) {
    return 'Nothing is fetched from other hosts: save a copy beside this file.';
  }
  if (target === undefined) return 'There is no such file: check the path, which counts from this file.';
  const keys = keysOf(fragment);
  const siblings = valueAt(target.value, pointerTo('', ...keys.slice(0, -1)));
  const names = mayLookUp && typeof siblings === 'object' && siblings !== null ? Object.keys(siblings) : [];
  return didYouMean(keys.at(-1) ?? '', names, 'Define it there, or correct the reference.');
}
