import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readKept } from './lib/kept-file.ts';
import { PACKAGE_FOLDER } from './lib/package-folder.ts';
import { relativePath } from './lib/relative-path.ts';
import type { Contract } from './model/contract.ts';
import { createScenarioSources, findScenarios } from './scenario-sources.ts';
import type { ArazzoDocument, Workflow } from './scenarios/arazzo-document.ts';
import type { ScenarioSources } from './scenarios/document-reader.ts';
import { calledBy } from './scenarios/reachable-steps.ts';

/** What is told of a document of stories; to read the document itself takes a hundred times as long. */
export interface ListedDocument {
  /** Of its text. */
  readonly hash: string;
  /** Relative to the package where it is shipped. */
  readonly file: string;
  readonly title: string;
  readonly description?: string;
  /** `<system>/<name>` of each that it plays on. */
  readonly contracts: readonly string[];
  /** The workflows that its own call. */
  readonly calls: readonly string[];
  readonly workflows: readonly ListedWorkflow[];
}

export interface ListedWorkflow {
  readonly workflowId: string;
  readonly summary?: string;
  readonly description?: string;
  /** Whether who calls it has to give it something. */
  readonly needsInputs: boolean;
  readonly steps: readonly { readonly stepId: string; readonly description?: string }[];
}

export interface StorySourcesOptions {
  /** What has been loaded already. */
  readonly contracts: readonly Contract[];
  /** Where these are, files or folders. */
  readonly paths: readonly string[];
  readonly cache?: string;
}

/** Reads stories and the contracts that they name, those that are loaded already excepted. */
export function createStorySources({ contracts, paths, cache }: StorySourcesOptions): ScenarioSources {
  const sources = createScenarioSources({ directory: PACKAGE_FOLDER, cacheDir: cache });
  const loaded = new Map(
    contracts.flatMap((contract) => paths.flatMap((path) => [[resolve(path, contract.file), contract] as const])),
  );
  return {
    ...sources,
    contract: async (path) => {
      const contract = loaded.get(resolve(PACKAGE_FOLDER, path));
      return contract === undefined ? sources.contract(path) : { contract, problems: [] };
    },
  };
}

/**
 * Lists the documents of stories. What the build has left of those that are shipped is asked first, and holds as long as
 * the text is the same; others are read.
 *
 * @example await listDocuments(await findScenarios(['scenarios'], PACKAGE_FOLDER), sources, shippedCache());
 */
export async function listDocuments(
  paths: readonly string[],
  sources: ScenarioSources,
  cache: string | undefined,
): Promise<readonly (ListedDocument & { readonly path: string })[]> {
  const kept = cache === undefined ? new Map<string, ListedDocument>() : await readIndex(cache);
  const listed = new Map<string, ListedDocument>();
  const unknown: string[] = [];
  for (const path of paths) {
    const hash = await readFile(resolve(PACKAGE_FOLDER, path)).then(hashOf, () => '');
    const known = kept.get(hash);
    if (known === undefined) unknown.push(path);
    else listed.set(path, known);
  }
  for (const path of unknown) {
    const { readArazzo } = await import('./scenarios/read-arazzo.ts');
    const { documents } = await readArazzo([path], sources);
    const text = (await sources.open(path))?.text ?? '';
    for (const document of documents) listed.set(path, listDocument(document, hashOf(text)));
  }
  return paths.flatMap((path) => {
    const document = listed.get(path);
    return document === undefined ? [] : [{ ...document, path }];
  });
}

/** Leaves what is told of the shipped stories in a folder; run by the build. */
export async function keepStories(cache: string, options: StorySourcesOptions): Promise<void> {
  const files = await findScenarios([join(PACKAGE_FOLDER, 'scenarios')], PACKAGE_FOLDER);
  const listed = await listDocuments(files, createStorySources(options), undefined);
  await writeFile(join(cache, INDEX), JSON.stringify(listed.map(({ path: _, ...document }) => document)));
}

const INDEX = 'stories.json';

async function readIndex(cache: string): Promise<Map<string, ListedDocument>> {
  try {
    const documents = JSON.parse(String(await readKept(join(cache, INDEX)))) as readonly ListedDocument[];
    return new Map(documents.map((document) => [document.hash, document]));
  } catch {
    // Where there is none all are read.
    return new Map();
  }
}

function listDocument(document: ArazzoDocument, hash: string): ListedDocument {
  const { path, title, description, contracts, workflows } = document;
  return {
    hash,
    file: relativePath(PACKAGE_FOLDER, path),
    title,
    ...(description !== undefined && { description }),
    contracts: contracts.map(({ system, name }) => `${system}/${name}`),
    calls: workflows.flatMap(calledBy).map(({ workflowId }) => workflowId),
    workflows: workflows.map(listWorkflow),
  };
}

function listWorkflow({ workflowId, summary, description, inputs, steps }: Workflow): ListedWorkflow {
  return {
    workflowId,
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    needsInputs: typeof inputs === 'object' && (inputs.required ?? []).length > 0,
    steps: steps.map(({ stepId, description: text }) => ({ stepId, ...(text !== undefined && { description: text }) })),
  };
}

function hashOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
