import { pathToFileURL } from 'node:url';
import type { Problem } from '../errors.ts';
import type { ArazzoDocument } from './arazzo-document.ts';
import { checkExpressions } from './check-expressions.ts';
import { DocumentReader, type ScenarioSources } from './document-reader.ts';
import { readInputSchema } from './input-schema.ts';
import { isRecord } from './json-values.ts';
import { type LinkedSource, linkSources } from './link-sources.ts';
import { idsOf, readWorkflow, reportDuplicates } from './read-workflow.ts';

export interface ReadScenarios {
  /** Of the files asked for, in their order; those that are only referred to are not among them. */
  readonly documents: readonly ArazzoDocument[];
  /** Everything wrong in all the files; with any, nothing should be played. */
  readonly problems: readonly Problem[];
}

/**
 * Reads Arazzo 1.0 and 1.1 descriptions with everything they refer to.
 *
 * @example
 * const { documents, problems } = await readArazzo(['scenarios/macd/add.arazzo.yaml'], sources);
 */
export async function readArazzo(paths: readonly string[], sources: ScenarioSources): Promise<ReadScenarios> {
  const problems: Problem[] = [];
  const readers = new Map<string, DocumentReader>();
  const linked = new Map<string, readonly LinkedSource[]>();
  const identities = new Map<string, string>();
  const asked: string[] = [];
  const open = async (path: string): Promise<DocumentReader | undefined> => {
    const document = await sources.open(path);
    if (document === undefined) return undefined;
    const known = readers.get(document.path);
    if (known !== undefined) return known;
    const reader = new DocumentReader(document, sources.nearest);
    readers.set(document.path, reader);
    const self = isRecord(document.value) ? document.value.$self : undefined;
    if (typeof self === 'string') {
      const here = pathToFileURL(document.path).href;
      if (URL.canParse(self, here)) identities.set(new URL(self, here).href, document.path);
    }
    return reader;
  };

  for (const path of paths) {
    await sources.pause?.();
    const reader = await open(path);
    if (reader === undefined) {
      problems.push({ file: path, line: 1, column: 1, message: 'There is no such file.', hint: 'Correct the path.' });
    } else if (!asked.includes(reader.document.path)) asked.push(reader.document.path);
  }
  // A map is walked to its end, what is added meanwhile included: all documents are read before any name is resolved.
  for (const [path, reader] of readers) {
    const links = await linkSources(reader, sources, identities);
    linked.set(path, links);
    for (const link of links) if (link.path !== undefined) await open(link.path);
  }

  const documents = new Map<string, ArazzoDocument>();
  const findDocument = (path: string) => documents.get(path);
  for (const [path, reader] of readers) {
    await sources.pause?.();
    problems.push(...reader.document.syntaxProblems);
    const document =
      reader.document.syntaxProblems.length > 0
        ? undefined
        : readDocument(reader, linked.get(path) ?? [], findDocument);
    if (document !== undefined) documents.set(path, document);
  }
  for (const [path, reader] of readers) {
    await sources.pause?.();
    const document = documents.get(path);
    if (document !== undefined) checkExpressions(reader, { document, sources: linked.get(path) ?? [], findDocument });
    problems.push(...reader.problems);
  }
  return {
    documents: asked.flatMap((path) => documents.get(path) ?? []),
    problems: inOrder(withoutRepeats(problems)),
  };
}

const ROOT_MEMBERS = ['arazzo', 'info', 'sourceDescriptions', 'workflows', 'components'];

function readDocument(
  reader: DocumentReader,
  sources: readonly LinkedSource[],
  findDocument: (path: string) => ArazzoDocument | undefined,
): ArazzoDocument | undefined {
  const { value } = reader.document;
  if (!isRecord(value) || !('arazzo' in value)) {
    reader.report('', 'This is no Arazzo document.', 'Begin it with `arazzo: 1.1.0`.');
    return undefined;
  }
  const version = /^1\.[01]\.\d+(-.+)?$/.exec(String(value.arazzo))?.[0];
  if (version === undefined) {
    reader.report('/arazzo', `Arazzo ${String(value.arazzo)} is not supported.`, 'Write `arazzo: 1.1.0`.');
    return undefined;
  }
  const members = reader.members(
    { value, pointer: '' },
    'An Arazzo document',
    reader.isModern ? [...ROOT_MEMBERS, '$self'] : ROOT_MEMBERS,
    ['info', 'sourceDescriptions', 'workflows'],
  );
  if (members === undefined) return undefined;
  const self = reader.text(members, '', '$self');
  if (self?.includes('#') === true)
    reader.report('/$self', '`$self` has a fragment.', 'Remove `#` and what follows it.');
  const info =
    members.info === undefined
      ? undefined
      : reader.members(
          { value: members.info, pointer: '/info' },
          'Info',
          ['title', 'summary', 'description', 'version'],
          ['title', 'version'],
        );
  const components = readComponents(reader, members.components);
  const parts = members.workflows === undefined ? [] : reader.list(members, '', 'workflows', { isFilled: true });
  reportDuplicates(reader, parts, 'workflowId', 'workflows');
  const workflowIds = idsOf(parts, 'workflowId');
  const workflows = parts.flatMap((part) => readWorkflow(reader, part, { workflowIds, sources, findDocument }) ?? []);
  return {
    file: reader.document.file,
    path: reader.document.path,
    title: typeof info?.title === 'string' ? info.title : '',
    ...(typeof info?.description === 'string' && { description: info.description }),
    version: version.slice(0, 3),
    self,
    sources: sources.map(({ name, url, type }) => ({ name, url, type })),
    contracts: sources.flatMap(({ contract }) => contract ?? []),
    workflows,
    components,
  };
}

function readComponents(reader: DocumentReader, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  const groups = ['inputs', 'parameters', 'successActions', 'failureActions'];
  const members = reader.members({ value, pointer: '/components' }, 'Components', groups);
  if (members === undefined) return {};
  for (const group of groups) {
    for (const [, part] of reader.map(members, '/components', group)) {
      if (group === 'inputs') readInputSchema(reader, part);
    }
  }
  return members;
}

/** A component that several steps refer to is read for each of them, mistakes included. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const byPlace = new Map(
    problems.map((problem) => [`${problem.file}:${problem.line}:${problem.column}:${problem.message}`, problem]),
  );
  return [...byPlace.values()];
}

function inOrder(problems: Problem[]): Problem[] {
  const order = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  return problems.sort((a, b) => order(a.file, b.file) || a.line - b.line || a.column - b.column);
}
