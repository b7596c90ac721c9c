import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Channel } from '../model/channel.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { ArazzoDocument, SourceDescription, WorkflowTarget } from './arazzo-document.ts';
import type { DocumentReader, Part, ScenarioSources } from './document-reader.ts';
import { parseExpression } from './expressions.ts';
import { isRecord } from './json-values.ts';

/** A source description with what it leads to; neither contract nor path where it leads nowhere, which has been reported. */
export interface LinkedSource extends SourceDescription {
  readonly contract?: Contract;
  /** Of another Arazzo document. */
  readonly path?: string;
}

/** Finds documents by path once all are read. */
export type FindDocument = (path: string) => ArazzoDocument | undefined;

export type FoundOperation = {
  readonly contract: Contract;
  readonly operation?: Operation;
  readonly channel?: Channel;
};

/**
 * Reads the source descriptions of a document and loads what they name. `known` holds, by its `$self`, where a document
 * at hand is, because Arazzo refers to documents by identity before it does by place.
 */
export async function linkSources(
  reader: DocumentReader,
  sources: ScenarioSources,
  known: ReadonlyMap<string, string>,
): Promise<LinkedSource[]> {
  const { value: root } = reader.document;
  if (!isRecord(root)) return [];
  const linked: LinkedSource[] = [];
  if (root.sourceDescriptions === undefined) return [];
  for (const part of reader.list(root, '', 'sourceDescriptions', { isFilled: true })) {
    const members = reader.members(part, 'A source description', ['name', 'url', 'type'], ['name', 'url']);
    if (members === undefined) continue;
    const { pointer } = part;
    const name = reader.text(members, pointer, 'name');
    const url = reader.text(members, pointer, 'url');
    const types = reader.isModern ? (['openapi', 'asyncapi', 'arazzo'] as const) : (['openapi', 'arazzo'] as const);
    const type = reader.word(members, pointer, 'type', types);
    if (name === undefined || url === undefined) continue;
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      reader.report(`${pointer}/name`, `\`${name}\` is no name of a source.`, 'Use letters, digits, `-` and `_` only.');
    }
    if (linked.some((source) => source.name === name)) {
      reader.report(`${pointer}/name`, `Two sources are named \`${name}\`.`, 'Give one of them another name.');
      continue;
    }
    linked.push({
      name,
      url,
      type: type ?? 'openapi',
      ...(await follow(reader, { pointer, url, type }, sources, known)),
    });
  }
  return linked;
}

/** The operation or channel that an `operationId` names. */
export function findOperationId(
  reader: DocumentReader,
  part: Part,
  text: string,
  sources: readonly LinkedSource[],
): FoundOperation | undefined {
  const candidates = sources.filter(({ type }) => type !== 'arazzo');
  let source: LinkedSource | undefined;
  let id = text;
  if (text.startsWith('$')) {
    const expression = reader.attempt(part.pointer, () => parseExpression(text));
    if (expression === undefined) return undefined;
    if (expression.kind !== 'source') {
      reader.report(
        part.pointer,
        `\`${text}\` names no operation.`,
        'Write `$sourceDescriptions.<name>.<operationId>`.',
      );
      return undefined;
    }
    source = sourceNamed(reader, part, expression.source, sources);
    id = expression.reference;
  } else if (candidates.length > 1) {
    const holder = candidates.find(({ contract }) => contract !== undefined && namesIn(contract).includes(text));
    reader.report(
      part.pointer,
      `\`${text}\` does not say of which source it is.`,
      `Write \`$sourceDescriptions.${holder?.name ?? '<name>'}.${text}\`.`,
    );
    source = holder;
  } else source = candidates[0];
  const contract = source?.contract;
  if (source === undefined || contract === undefined) return undefined;
  const operation = contract.operations.find((known) => known.id === id);
  const channel = contract.channels.find((known) => known.operationId === id);
  if (operation !== undefined || channel !== undefined) return { contract, operation, channel };
  reader.report(part.pointer, `\`${source.name}\` has no operation \`${id}\`.`, reader.suggest(id, namesIn(contract)));
  return undefined;
}

/** The operation or channel that an `operationPath` or `channelPath` leads to. */
export function findByPath(
  reader: DocumentReader,
  part: Part,
  text: string,
  kind: 'operationPath' | 'channelPath',
  sources: readonly LinkedSource[],
  action?: 'send' | 'receive',
): FoundOperation | undefined {
  const match =
    /^(?:\{\$sourceDescriptions\.([A-Za-z0-9_-]+)\.url\}|\$sourceDescriptions\.([A-Za-z0-9_-]+)(?:\.url)?)#(\/.*)$/.exec(
      text,
    );
  if (match === null) {
    const where = kind === 'operationPath' ? '/paths/~1orders/get' : '/channels/orders';
    const id = /^\$sourceDescriptions\.[\w-]+\.[^#]+$/.test(text) ? ' An id is named with `operationId`.' : '';
    reader.report(
      part.pointer,
      `\`${kind}\` names no source with a pointer into it.`,
      `Write it like \`{$sourceDescriptions.<name>.url}#${where}\`.${id}`,
    );
    return undefined;
  }
  const source = sourceNamed(reader, part, match[1] ?? match[2] ?? '', sources);
  const contract = source?.contract;
  if (source === undefined || contract === undefined) return undefined;
  const pointer = decodeURIComponent(match[3] ?? '');
  const isAt = (known: string) => known === pointer || known.startsWith(`${pointer}/`);
  if (kind === 'channelPath') {
    const key = pointer
      .replace(/^\/channels\//, '')
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    const isChannel = ({ pointer: at, channelPointer = at, address }: Channel) =>
      isAt(channelPointer) || address === key;
    const candidates = contract.channels.filter(isChannel);
    // Where both directions are described, the step says which one it means.
    const channel =
      candidates.find(({ direction }) => (direction === 'receive') === (action === 'send')) ?? candidates[0];
    if (channel !== undefined) return { contract, channel };
    reader.report(
      part.pointer,
      `\`${source.name}\` has no channel at \`${pointer}\`.`,
      reader.suggest(
        key,
        contract.channels.map(({ address }) => address),
      ),
    );
    return undefined;
  }
  const found = contract.operations.filter((known) => isAt(known.pointer));
  if (found.length === 1) return { contract, operation: found[0] };
  const [message, hint] =
    found.length === 0
      ? [
          `\`${source.name}\` has no operation at \`${pointer}\`.`,
          reader.suggest(
            pointer,
            contract.operations.map((known) => known.pointer),
          ),
        ]
      : [
          `\`${pointer}\` leads to ${found.length} operations.`,
          `Add the method, for example \`${found[0]?.pointer ?? ''}\`.`,
        ];
  reader.report(part.pointer, message, hint);
  return undefined;
}

/** The workflow that a `workflowId` names, in this document or, by an expression, in another. */
export function findWorkflowId(
  reader: DocumentReader,
  part: Part,
  text: string,
  local: readonly string[],
  sources: readonly LinkedSource[],
  findDocument: FindDocument,
): WorkflowTarget | undefined {
  if (!text.startsWith('$')) {
    if (!local.includes(text)) {
      reader.report(part.pointer, `This document has no workflow \`${text}\`.`, reader.suggest(text, local));
      return undefined;
    }
    return { workflowId: text, text, find: () => workflowIn(findDocument(reader.document.path), text) };
  }
  const expression = reader.attempt(part.pointer, () => parseExpression(text));
  if (expression === undefined) return undefined;
  if (expression.kind !== 'source') {
    reader.report(part.pointer, `\`${text}\` names no workflow.`, 'Write `$sourceDescriptions.<name>.<workflowId>`.');
    return undefined;
  }
  const source = sourceNamed(reader, part, expression.source, sources);
  if (source === undefined) return undefined;
  const { path } = source;
  if (source.type !== 'arazzo') {
    reader.report(
      part.pointer,
      `\`${source.name}\` is no Arazzo document.`,
      'Give the source `type: arazzo`, or name an operation.',
    );
    return undefined;
  }
  const workflowId = expression.reference;
  if (path === undefined) return undefined;
  reader.workflows.push({ workflowId, path, pointer: part.pointer });
  return { workflowId, text, find: () => workflowIn(findDocument(path), workflowId) };
}

export function sourceNamed(
  reader: DocumentReader,
  part: Part,
  name: string,
  sources: readonly LinkedSource[],
): LinkedSource | undefined {
  const found = sources.find((source) => source.name === name);
  if (found === undefined) {
    reader.report(
      part.pointer,
      `No source description is named \`${name}\`.`,
      reader.suggest(
        name,
        sources.map((source) => source.name),
      ),
    );
  }
  return found;
}

function workflowIn(document: ArazzoDocument | undefined, workflowId: string) {
  const workflow = document?.workflows.find((known) => known.workflowId === workflowId);
  return document === undefined || workflow === undefined ? undefined : { document, workflow };
}

function namesIn(contract: Contract): string[] {
  return [...contract.operations.map(({ id }) => id), ...contract.channels.map(({ operationId }) => operationId)];
}

async function follow(
  reader: DocumentReader,
  { pointer, url, type }: { pointer: string; url: string; type: SourceDescription['type'] | undefined },
  sources: ScenarioSources,
  known: ReadonlyMap<string, string>,
): Promise<Partial<LinkedSource>> {
  const place = `${pointer}/url`;
  const path = pathOf(reader, url, known);
  if (path === undefined) {
    reader.report(
      place,
      `\`${url}\` is on another host, from which nothing is read.`,
      'Save the document beside this file and give its relative path.',
    );
    return {};
  }
  if (type === undefined || type === 'arazzo') {
    const document = await sources.open(path);
    if (document !== undefined && (type === 'arazzo' || (isRecord(document.value) && 'arazzo' in document.value))) {
      return { type: 'arazzo', path };
    }
    if (document === undefined && type === 'arazzo') {
      reader.report(
        place,
        `There is no file \`${url}\`.`,
        'Paths start from the folder of this file. Correct the path.',
      );
      return {};
    }
  }
  const { contract, problems } = await sources.contract(path);
  if (contract === undefined) {
    const [first] = problems;
    if (first === undefined)
      reader.report(
        place,
        `There is no file \`${url}\`.`,
        'Paths start from the folder of this file. Correct the path.',
      );
    else reader.report(place, `\`${url}\` cannot be used: ${first.message}`, first.hint ?? 'Correct that document.');
    return {};
  }
  const actual = contract.format.startsWith('asyncapi') ? 'asyncapi' : 'openapi';
  if (type !== undefined && type !== actual) {
    reader.report(
      `${pointer}/type`,
      `\`${url}\` is of the type \`${actual}\`, not \`${type}\`.`,
      `Write \`type: ${actual}\`.`,
    );
  }
  return { type: actual, contract };
}

/** Where the document of a source is: by its `$self`, else relative to this file; `undefined` on another host. */
function pathOf(reader: DocumentReader, url: string, known: ReadonlyMap<string, string>): string | undefined {
  const { path, value } = reader.document;
  const here = pathToFileURL(path).href;
  const self = isRecord(value) && typeof value.$self === 'string' ? value.$self : undefined;
  const base = self !== undefined && URL.canParse(self, here) ? new URL(self, here).href : here;
  const identity = URL.canParse(url, base) ? new URL(url, base).href.replace(/#.*$/, '') : url;
  const byIdentity = known.get(identity);
  if (byIdentity !== undefined) return byIdentity;
  // A relative path below a `$self` on some host still has its file beside this one.
  const place = new URL(url, here);
  return place.protocol === 'file:' ? fileURLToPath(place) : undefined;
}
