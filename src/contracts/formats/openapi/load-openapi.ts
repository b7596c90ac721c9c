import { METHODS } from 'node:http';
import { suggestion } from '../../../lib/nearest-word.ts';
import type { Contract } from '../../../model/contract.ts';
import type { Operation, Parameter, Response } from '../../../model/operation.ts';
import { createDefinitions } from '../../definitions.ts';
import type { Place } from '../../place.ts';
import { extensionsOf, isPlainObject, objectOr, stringOr, stringsIn } from '../../plain-object.ts';
import type { Report, SourceFile } from '../../source-file.ts';
import { childOf, type SourceFiles, wholeOf } from '../../source-files.ts';
import { callbacksOf, webhooksOf } from './callbacks.ts';
import type { Dialect, LoadContext } from './dialect.ts';
import { mostCommonErrorSchema } from './error-schema.ts';
import { openapi3 } from './openapi-3.ts';
import { withLinks } from './response-links.ts';
import { securityRequirements, securitySchemes } from './security.ts';
import { swagger2 } from './swagger-2.ts';

/** Builds the contract from the raw document, so that names and pointers of the source survive. */
export function loadOpenapi(source: SourceFile, files: SourceFiles, report: Report): Contract {
  const document = objectOr(source.value);
  const root = wholeOf(source);
  const dialect = 'swagger' in document ? swagger2 : openapi3;
  const definitions = createDefinitions(source, files, report);
  definitions.add(files.members(files.member(root, ...dialect.schemas)));
  const context: LoadContext = { root, files, definitions, report };
  const schemes = securitySchemes(files.member(root, ...dialect.securitySchemes), files, report);
  const [basePath = ''] = dialect.basePaths(root, context);
  const operations = files
    .members(childOf(root, 'paths'))
    .filter(([path]) => !path.startsWith('x-'))
    .flatMap(([path, place]) => operationsAt(path, place, { ...context, dialect, schemes }));
  const info = objectOr(files.follow(childOf(root, 'info'))?.value);
  return {
    system: source.system,
    name: source.name,
    title: stringOr(info.title) ?? source.name,
    version: String(info.version ?? ''),
    format: dialect.formatOf(document),
    file: source.relative,
    basePath,
    operations: withLinks(withNamesOfTheirOwn(operations, root, report), root, report),
    channels: webhooksOf({ ...context, dialect }),
    $defs: definitions.$defs,
    securitySchemes: schemes,
    resources: [],
    ...(document['x-simulator'] !== undefined && { hints: document['x-simulator'] }),
    errorSchema: mostCommonErrorSchema(operations),
  };
}

interface OperationContext extends LoadContext {
  readonly dialect: Dialect;
  readonly schemes: Contract['securitySchemes'];
}

const FIXED_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** Members of a path item that are no operations. */
const OTHER_MEMBERS = ['$ref', 'summary', 'description', 'servers', 'parameters', 'additionalOperations'];

function operationsAt(written: string, place: Place, context: OperationContext): Operation[] {
  const { files, report } = context;
  const item = itemAt(place, context);
  if (item === undefined) return [];
  const path = pathOf(written, place, report);
  const found: [method: string, operation: Place, pointer: string][] = [];
  for (const [key, operation] of files.members(item)) {
    const method = key.toLowerCase();
    if (FIXED_METHODS.includes(method)) {
      if (key !== method) report(misnamed(operation, key, method));
      found.push([method, operation, `${place.pointer}/${key}`]);
    } else if (!OTHER_MEMBERS.includes(key) && !key.startsWith('x-')) {
      report({
        source: operation.source,
        pointer: operation.pointer,
        onKey: true,
        message: `\`${key}\` is no method, so that nothing here is served.`,
        hint: 'Use one of the methods that OpenAPI names, or `additionalOperations` of OpenAPI 3.2.',
      });
    }
  }
  for (const [method, operation] of files.members(childOf(item, 'additionalOperations'))) {
    found.push([method, operation, operation.pointer]);
  }
  return found.flatMap(([method, operation, pointer]) => {
    const one = () => operationAt({ path, method: method.toUpperCase(), item, operation, pointer }, context);
    return operationOrFinding(one, method.toUpperCase(), operation, context) ?? [];
  });
}

/** A path item may be written elsewhere, and still have members here, which then win. */
function itemAt(place: Place, { files, report }: LoadContext): Place | undefined {
  const target = files.follow(place);
  if (target !== undefined && isPlainObject(target.value)) {
    if (target.pointer === place.pointer && target.source === place.source) return place;
    const { $ref, ...own } = objectOr(place.value);
    return Object.keys(own).length === 0 ? target : { ...target, value: { ...target.value, ...own } };
  }
  if (place.value === null || place.value === undefined) return undefined;
  // That a reference leads nowhere is reported where references are checked.
  if (target !== undefined) report(unreadable(place, 'This is no path item'));
  return undefined;
}

/** A path begins with a slash and ends before a query, which no route can hold. */
function pathOf(written: string, place: Place, report: Report): string {
  const [bare = ''] = written.split(/[?#]/, 1);
  const path = bare.startsWith('/') ? bare : `/${bare}`;
  if (path !== written) {
    report({
      source: place.source,
      pointer: place.pointer,
      onKey: true,
      message: `The path \`${written}\` is served as \`${path}\`.`,
      hint: 'Let it begin with `/`, and declare what stands behind `?` as parameters with `in: query`.',
      severity: bare === written ? 'warning' : 'error',
    });
  }
  return path;
}

/** An operation that cannot be read is left out, and all others are served. */
function operationOrFinding(
  read: () => Operation,
  method: string,
  place: Place,
  { files, report }: LoadContext,
): Operation | undefined {
  if (!METHODS.includes(method)) {
    report(unreadable(place, `No HTTP server of this Node.js reads the method ${method}`));
    return undefined;
  }
  const target = files.follow(place);
  if (target === undefined) return undefined;
  // An operation with nothing in it may well be written as `get:`.
  if (!isPlainObject(target.value) && target.value !== null) {
    report(unreadable(place, 'This is no operation'));
    return undefined;
  }
  try {
    return read();
  } catch (error) {
    report(unreadable(place, `The operation cannot be read (${error instanceof Error ? error.message : error})`));
    return undefined;
  }
}

interface OperationParts {
  readonly path: string;
  readonly method: string;
  readonly item: Place;
  readonly operation: Place;
  readonly pointer: string;
}

function operationAt({ path, method, item, operation, pointer }: OperationParts, context: OperationContext): Operation {
  const { dialect, files, root, definitions, report } = context;
  const place = files.follow(operation) ?? operation;
  const members = objectOr(place.value);
  const parameters = mergedParameters(item, place, files);
  const requestBody = dialect.requestBody(place, parameters, context);
  const requestSchema = Object.values(requestBody?.content ?? {})[0]?.schema;
  const owner = [place, item].find(({ value }) => 'servers' in objectOr(value)) ?? root;
  const [basePath = '', ...otherBases] = dialect.basePaths(owner, context);
  const aliases = new Set([...otherBases, ''].map((base) => base + path));
  aliases.delete(basePath + path);
  const owned = members.security === undefined ? root : place;
  const callbacks = callbacksOf(place, context);
  return {
    id: stringOr(members.operationId) ?? `${method} ${path}`,
    system: root.source.system,
    contract: root.source.name,
    method,
    path: basePath + path,
    ...(aliases.size > 0 && { aliases: [...aliases] }),
    summary: stringOr(members.summary),
    description: stringOr(members.description),
    tags: stringsIn(members.tags),
    parameters: withPathParameters(path, parameters, pointer, context),
    requestBody,
    responses: Object.fromEntries(
      files
        .members(childOf(place, 'responses'))
        .filter(([status]) => !status.startsWith('x-'))
        .map(([status, response]) => [
          statusOf(status),
          withSoundHeaders(dialect.response(response, place, context), response, report),
        ]),
    ),
    security: securityRequirements(childOf(owned, 'security'), context),
    ...(callbacks.length > 0 && { callbacks }),
    pointer,
    extensions: {
      ...(requestSchema === undefined ? {} : extensionsOf(definitions.resolve(requestSchema))),
      ...extensionsOf(members),
    },
  };
}

/** What is no name of a header could not be sent. */
function withSoundHeaders(response: Response, { source, pointer }: Place, report: Report): Response {
  const unsound = Object.keys(response.headers).filter((name) => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name));
  if (unsound.length === 0) return response;
  for (const name of unsound) {
    report({
      source,
      pointer: `${pointer}/headers`,
      onKey: true,
      message: `\`${name}\` is no name of a header: it is never sent.`,
      hint: 'Use letters, digits and hyphens alone.',
      severity: 'warning',
    });
  }
  const headers = Object.fromEntries(Object.entries(response.headers).filter(([name]) => !unsound.includes(name)));
  return { ...response, headers };
}

/** Ranges are written `2XX`, and often otherwise. */
function statusOf(written: string): string {
  return /^[1-5]xx$/i.test(written) ? written.toUpperCase() : written.trim();
}

/** The parameters of the path and of the operation; the operation's own win over those of the same name and place. */
function mergedParameters(item: Place, operation: Place, files: SourceFiles): Place[] {
  const merged = new Map<string, Place>();
  for (const owner of [item, operation]) {
    for (const [, place] of files.members(childOf(owner, 'parameters'))) {
      const parameter = files.follow(place);
      // That a reference leads nowhere is reported where references are checked.
      if (parameter === undefined) continue;
      const { in: where, name } = objectOr(parameter.value);
      merged.set(`${where} ${name}`, parameter);
    }
  }
  return [...merged.values()];
}

/** Parameters of the path are those that stand in it, whatever is declared. */
function withPathParameters(
  path: string,
  places: readonly Place[],
  pointer: string,
  context: OperationContext,
): Parameter[] {
  const { dialect, root, report } = context;
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name ?? '');
  const read = places.flatMap((place) => dialect.parameters(place, context).map((parameter) => ({ place, parameter })));
  const isDeclared = (name: string) => read.some(({ parameter }) => parameter.in === 'path' && parameter.name === name);
  const missing = names.filter((name) => !isDeclared(name));
  const isUnknown = ({ in: where, name }: Parameter) => where === 'path' && !names.includes(name);
  for (const { place, parameter } of read.filter((each) => isUnknown(each.parameter))) {
    report({
      source: place.source,
      pointer: `${place.pointer}/name`,
      message: `The path has no \`{${parameter.name}}\`: the parameter \`${parameter.name}\` is ignored.`,
      hint: missing[0] === undefined ? 'Remove it, or add it to the path.' : suggestion(missing[0]),
    });
  }
  if (missing.length > 0 && !read.some(({ parameter }) => isUnknown(parameter))) {
    report({
      source: root.source,
      pointer,
      onKey: true,
      message: `\`${missing[0]}\` of the path is not declared: it is any text.`,
      hint: 'Declare it among the parameters with `in: path`.',
      severity: 'warning',
    });
  }
  return [
    ...read.map(({ parameter }) => parameter).filter((parameter) => !isUnknown(parameter)),
    ...missing.map((name): Parameter => ({ in: 'path', name, required: true, schema: { type: 'string' } })),
  ];
}

/** The first operation of a name has it; each further one is called after its method and path. */
function withNamesOfTheirOwn(operations: readonly Operation[], { source }: Place, report: Report): Operation[] {
  const taken = new Set<string>();
  return operations.map((operation) => {
    const { id, method, path, pointer } = operation;
    if (!taken.has(id)) {
      taken.add(id);
      return operation;
    }
    const name = `${method} ${path}`;
    report({
      source,
      pointer: `${pointer}/operationId`,
      message: `The operationId \`${id}\` is not unique: this one is called \`${name}\`.`,
      hint: 'Give each operation a name of its own.',
      severity: 'warning',
    });
    taken.add(name);
    return { ...operation, id: name };
  });
}

function misnamed({ source, pointer }: Place, key: string, method: string) {
  return {
    source,
    pointer,
    onKey: true,
    message: `\`${key}\` is read as \`${method}\`.`,
    hint: 'Write methods in lower case.',
    severity: 'warning' as const,
  };
}

function unreadable({ source, pointer }: Place, why: string) {
  return { source, pointer, onKey: true, message: `${why}: it is left out.`, hint: 'Correct it to have it served.' };
}
