import { dirname, resolve } from 'node:path';
import { placesOf } from '../../lib/json-path.ts';
import { relativePath } from '../../lib/relative-path.ts';
import { isPlainObject, listOr, objectOr, type PlainObject } from '../plain-object.ts';
import type { Finding, Report, SourceFile } from '../source-file.ts';
import { createPatchedDocument, type PatchedDocument, toSourceFile } from './patched-document.ts';

/** An overlay and the documents that it is about. */
export interface Application {
  readonly overlay: SourceFile;
  readonly documents: readonly SourceFile[];
}

/**
 * Applies overlays (OpenAPI Overlay 1.0 and 1.1), in their order, and answers the documents that they change. What an
 * action does not find, in any of its documents, is reported, and so is what it cannot do.
 *
 * @example const changed = applyOverlays([{ overlay, documents: [api] }], report);
 */
export function applyOverlays(applications: readonly Application[], report: Report): Map<SourceFile, SourceFile> {
  const changed = new Map<SourceFile, { document: PatchedDocument; overlays: SourceFile[] }>();
  for (const { overlay, documents } of applications) {
    const actions = listOr(objectOr(overlay.value).actions);
    for (const index of actions.keys()) {
      const action = readAction(overlay, index);
      const problems = documents.map((source) => {
        const known = changed.get(source) ?? { document: createPatchedDocument(source), overlays: [] };
        changed.set(source, known);
        if (!known.overlays.includes(overlay)) known.overlays.push(overlay);
        return 'problem' in action ? action.problem : apply(action, known.document, source);
      });
      // One overlay for several documents need not find everything in each of them.
      const isFound = problems.includes(undefined);
      const [first] = problems.filter((problem) => problem !== undefined && !(isFound && problem.isMiss));
      if (first !== undefined) report(first.finding);
    }
  }
  return new Map(
    [...changed].map(([source, { document, overlays }]) => [source, toSourceFile(source, document, overlays)]),
  );
}

interface Problem {
  readonly finding: Finding;
  /** Nothing was found, which matters only if nothing is found anywhere. */
  readonly isMiss: boolean;
}

interface Action {
  readonly overlay: SourceFile;
  readonly pointer: string;
  readonly target: string;
  readonly members: PlainObject;
}

function readAction(overlay: SourceFile, index: number): Action | { readonly problem: Problem } {
  const pointer = `/actions/${index}`;
  const members = listOr(objectOr(overlay.value).actions)[index];
  const wrong = (at: string, message: string, hint: string) => ({ problem: problemAt(overlay, at, message, hint) });
  if (!isPlainObject(members)) return wrong(pointer, 'This is not an action.', 'Use an object with a `target`.');
  const { target, update, copy, remove } = members;
  if (typeof target !== 'string') {
    return wrong(pointer, 'The action has no target.', 'Say with a JSONPath what it changes, in `target`.');
  }
  if (update !== undefined && copy !== undefined) {
    return wrong(pointer, 'An action cannot both update and copy.', 'Make two of it.');
  }
  if (update === undefined && copy === undefined && remove !== true) {
    return wrong(pointer, 'The action does nothing.', 'Use `update`, `remove: true` or `copy`.');
  }
  return { overlay, pointer, target, members };
}

function apply(action: Action, document: PatchedDocument, source: SourceFile): Problem | undefined {
  const { overlay, pointer, target, members } = action;
  const targets = select(document, target);
  if (typeof targets === 'string') return problemAt(overlay, `${pointer}/target`, targets, 'Correct the JSONPath.');
  if (targets.length === 0) {
    const message = `\`${target}\` selects nothing in ${source.file}.`;
    return { ...problemAt(overlay, `${pointer}/target`, message, 'Compare it with the document.'), isMiss: true };
  }
  if (members.remove === true) {
    if (targets.some((keys) => keys.length === 0)) {
      return problemAt(overlay, `${pointer}/target`, 'A whole document cannot be removed.', 'Select a part of it.');
    }
    document.remove(targets);
    return undefined;
  }
  const from = members.copy === undefined ? updateOf(action, source) : copyOf(action, document);
  if ('finding' in from) return from;
  for (const keys of targets) {
    const fault = document.update(keys, from.value, from.origin);
    if (fault !== undefined) {
      const hint = 'Select what is of the same kind as the value.';
      return problemAt(overlay, `${pointer}/${members.copy === undefined ? 'update' : 'copy'}`, sentence(fault), hint);
    }
  }
  return undefined;
}

type Value = { readonly value: unknown; readonly origin: { readonly source: SourceFile; readonly pointer: string } };

/** A reference in an overlay counts from the overlay, and has to lead to the same place from the document. */
function updateOf({ overlay, pointer, members }: Action, source: SourceFile): Value {
  const origin = { source: overlay, pointer: `${pointer}/update` };
  return { value: rebased(members.update, dirname(overlay.path), dirname(source.path)), origin };
}

function copyOf({ overlay, pointer, members }: Action, document: PatchedDocument): Value | Problem {
  const at = `${pointer}/copy`;
  const places = select(document, String(members.copy));
  if (typeof places === 'string') return problemAt(overlay, at, places, 'Correct the JSONPath.');
  const [place] = places;
  if (place === undefined || places.length > 1) {
    const message = `\`${String(members.copy)}\` selects ${places.length} values, and only one can be copied.`;
    return problemAt(overlay, at, message, 'Select one value.');
  }
  return { value: structuredClone(document.at(place)), origin: document.originAt(place) };
}

/** The keys of all that a JSONPath selects, each place once; what is wrong with it, as a sentence, if it is none. */
function select(document: PatchedDocument, path: string): string[][] | string {
  try {
    const places = placesOf(document.value, path);
    return [...new Map(places.map((keys) => [JSON.stringify(keys), keys])).values()];
  } catch (error) {
    return sentence(`\`${path}\` is not a JSONPath: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function rebased(value: unknown, from: string, to: string): unknown {
  if (from === to || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => rebased(item, from, to));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (key !== '$ref' || typeof member !== 'string') return [key, rebased(member, from, to)];
      const [address = '', ...fragment] = member.split('#');
      const isElsewhere = address === '' || /^[a-z][a-z+.-]+:/i.test(address);
      const moved = relativePath(to, resolve(from, address));
      return [key, isElsewhere ? member : [moved, ...fragment].join('#')];
    }),
  );
}

function problemAt(source: SourceFile, pointer: string, message: string, hint: string): Problem {
  return { finding: { source, pointer, message, hint }, isMiss: false };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}
