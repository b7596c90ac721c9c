import { type Contract, schemaRef } from '../../../model/contract.ts';
import type { Operation } from '../../../model/operation.ts';
import type { Schema } from '../../../model/schema.ts';
import type { Draft } from '../../ajv.ts';
import { createDefinitions, titleCase } from '../../definitions.ts';
import { defineFormat } from '../../format.ts';
import { metaschemaFindings } from '../../json-schema-validation.ts';
import { isPlainObject, objectOr, type PlainObject, stringOr } from '../../plain-object.ts';
import type { Report, SourceFile } from '../../source-file.ts';
import { childOf, childrenOf, type SourceFiles } from '../../source-files.ts';
import { withRepairs } from './old-drafts.ts';

/** JSON Schema of any draft: a contract of schemas alone, for other contracts to refer to. */
export const format = defineFormat({
  name: 'json-schema',
  recognises: (document) =>
    isPlainObject(document) && (isNamedSchema(document) || (isBound(document) && !hasOtherFormat(document))),
  load: async (source, files, report) => loadJsonSchema(source, files, report),
  lint: async (source) => {
    const draft = draftOf(source.value);
    const isUnsaid = objectOr(source.value).$schema === undefined;
    return draft === 'draft-03' || isUnsaid ? [] : metaschemaFindings(withRepairs(source).source, draft);
  },
});

/** Whether a document says that it is a schema; an owner's own name for a draft counts where the rest looks like one. */
function isNamedSchema({ $schema, type, properties }: PlainObject): boolean {
  if (typeof $schema !== 'string') return false;
  return /json-?schema/i.test($schema) || (type === 'object' && isPlainObject(properties));
}

/** Whether a hint binds the document to a path. */
function isBound(document: PlainObject): boolean {
  return typeof objectOr(document['x-simulator']).endpoint === 'string';
}

/** Whether the document names another format, which then has a word of its own for its paths. */
function hasOtherFormat(document: PlainObject): boolean {
  return OTHER_FORMATS.some((key) => document[key] !== undefined);
}

const OTHER_FORMATS = ['openapi', 'swagger', 'swaggerVersion', 'asyncapi', 'apsVersion', 'overlay', 'arazzo'];

function loadJsonSchema(original: SourceFile, files: SourceFiles, report: Report): Contract {
  const { source, repairs } = withRepairs(original);
  for (const repair of repairs) report(repair);
  const document = objectOr(source.value);
  const root = { source, pointer: '', value: source.value };
  const definitions = createDefinitions(source, files, report);
  const rootName = titleCase(source.name) || 'Root';
  definitions.add([
    [rootName, root],
    ...childrenOf(childOf(root, 'definitions')),
    ...childrenOf(childOf(root, '$defs')),
  ]);
  const title = stringOr(document.title) ?? source.name;
  return {
    system: source.system,
    name: source.name,
    title,
    // JSON Schema has no version of its own; authors write it into the title.
    version: /\bv?(\d+(?:\.\d+)+)\b/.exec(title)?.[1] ?? '',
    format: `json-schema-${draftOf(document)}`,
    file: source.relative,
    basePath: '',
    operations: operationsFor(document, source, rootName),
    channels: [],
    $defs: definitions.$defs,
    securitySchemes: {},
    resources: [],
    ...(document['x-simulator'] !== undefined && { hints: document['x-simulator'] }),
  };
}

/** A schema that a hint binds to a path has everything that can be done with things of its kind. */
function operationsFor(document: PlainObject, { system, name }: SourceFile, schemaName: string): Operation[] {
  const { endpoint } = objectOr(document['x-simulator']);
  if (typeof endpoint !== 'string' || !endpoint.startsWith('/')) return [];
  const path = endpoint.replace(/\/+$/, '');
  const schema = { $ref: schemaRef({ system, name }, schemaName) };
  const json = (content: Schema) => ({ 'application/json': { schema: content, examples: {} } });
  const answer = (status: string, content?: Schema) => ({
    [status]: { description: '', headers: {}, content: content === undefined ? {} : json(content) },
  });
  const idParameter = { in: 'path', name: 'id', required: true, schema: { type: 'string' } } as const;
  const operation = (
    method: string,
    id: string,
    more: Pick<Operation, 'responses' | 'requestBody'>,
    isOne = false,
  ) => ({
    id,
    system,
    contract: name,
    method,
    path: isOne ? `${path}/{id}` : path,
    tags: [],
    parameters: isOne ? [idParameter] : [],
    security: [],
    pointer: '/x-simulator/endpoint',
    extensions: {},
    ...more,
  });
  const body = { required: true, content: json(schema) };
  const change = {
    required: true,
    content: { ...json(true), 'application/merge-patch+json': { schema: true as const, examples: {} } },
  };
  return [
    operation('GET', `list${schemaName}`, { responses: answer('200', { type: 'array', items: schema }) }),
    operation('POST', `create${schemaName}`, { requestBody: body, responses: answer('201', schema) }),
    operation('GET', `read${schemaName}`, { responses: answer('200', schema) }, true),
    operation('PUT', `replace${schemaName}`, { requestBody: body, responses: answer('200', schema) }, true),
    operation('PATCH', `change${schemaName}`, { requestBody: change, responses: answer('200', schema) }, true),
    operation('DELETE', `delete${schemaName}`, { responses: answer('204') }, true),
  ];
}

function draftOf(document: unknown): Draft | 'draft-03' {
  const uri = stringOr(objectOr(document).$schema) ?? '';
  const known = ['draft-03', 'draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12'] as const;
  // Where nothing is said, both old and new spellings are read.
  if (uri === '') return 'draft-07';
  // `V-04` is a misprint seen in the wild; an unknown one is read as the oldest draft still in common use.
  return known.find((draft) => uri.includes(draft)) ?? 'draft-04';
}
