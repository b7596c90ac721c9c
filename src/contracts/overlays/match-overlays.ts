import { basename, dirname, resolve } from 'node:path';
import { objectOr } from '../plain-object.ts';
import type { Report, SourceFile } from '../source-file.ts';
import type { Application } from './apply-overlays.ts';

/** Whether a document is an OpenAPI Overlay. */
export function isOverlay(document: unknown): boolean {
  return typeof objectOr(document).overlay === 'string' || typeof objectOr(document).overlay === 'number';
}

/**
 * Finds the documents of each overlay: the one that it `extends`; else the one that it is named after, as
 * `api.overlay.yaml` after `api.yaml`; else, if it was asked for by itself, all of them.
 *
 * @example matchOverlays(overlays, contracts, { isAskedFor: (overlay) => paths.includes(overlay.path), report });
 */
export function matchOverlays(
  overlays: readonly SourceFile[],
  contracts: readonly SourceFile[],
  { isAskedFor, report }: { readonly isAskedFor: (overlay: SourceFile) => boolean; readonly report: Report },
): Application[] {
  return overlays.flatMap((overlay) => {
    const { overlay: version } = objectOr(overlay.value);
    if (!/^1(\.|$)/.test(String(version))) {
      report({
        source: overlay,
        pointer: '/overlay',
        message: `This version of overlays is not read: ${String(version)}.`,
        hint: 'Read are Overlay 1.0 and 1.1.',
      });
      return [];
    }
    const documents = documentsOf(overlay, contracts) ?? (isAskedFor(overlay) ? contracts : []);
    if (documents.length === 0) {
      report({
        source: overlay,
        pointer: '',
        message: 'This overlay changes nothing: there is no document that it extends or is named after.',
        hint: 'Name the document in `extends`, call the overlay after it, or name the overlay with --overlay.',
      });
    }
    return documents.length === 0 ? [] : [{ overlay, documents }];
  });
}

function documentsOf(overlay: SourceFile, contracts: readonly SourceFile[]): readonly SourceFile[] | undefined {
  const { extends: extended } = objectOr(overlay.value);
  const path = typeof extended === 'string' ? resolve(dirname(overlay.path), decode(extended)) : undefined;
  const named =
    contracts.find((contract) => contract.path === path) ??
    contracts.find((contract) => isNamedAfter(overlay, contract));
  return named === undefined ? undefined : [named];
}

function isNamedAfter(overlay: SourceFile, contract: SourceFile): boolean {
  const stem = /^(.*)\.overlay\.(ya?ml|json)$/i.exec(basename(overlay.path))?.[1];
  const file = basename(contract.path).replace(/\.(ya?ml|json)$/i, '');
  return (
    stem !== undefined && dirname(overlay.path) === dirname(contract.path) && (stem === file || stem === contract.name)
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
