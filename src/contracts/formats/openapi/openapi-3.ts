import { isJsonType } from '../../../lib/json-type.ts';
import { parseText } from '../../../lib/text/parse-text.ts';
import {
  ANY_SEGMENT,
  type Encoding,
  type MediaType,
  type Parameter,
  type ParameterStyle,
  type RequestBody,
  type Response,
} from '../../../model/operation.ts';
import type { Place } from '../../place.ts';
import { listOr, objectOr, type PlainObject, stringOr } from '../../plain-object.ts';
import type { Finding } from '../../source-file.ts';
import { childOf } from '../../source-files.ts';
import type { Dialect, LoadContext } from './dialect.ts';
import { linksOf } from './response-links.ts';

/** How OpenAPI 3.0, 3.1 and 3.2 say it. */
export const openapi3: Dialect = {
  schemas: ['components', 'schemas'],
  securitySchemes: ['components', 'securitySchemes'],
  formatOf: ({ openapi }) => `openapi-${String(openapi).split('.').slice(0, 2).join('.')}`,
  basePaths,
  parameters,
  requestBody,
  response,
};

/** A header by one of these names is described elsewhere in the document and must be ignored as a parameter. */
const RESERVED_HEADERS = ['accept', 'content-type', 'authorization'];

function basePaths(owner: Place, context: LoadContext): readonly string[] {
  const servers = context.files.members(childOf(owner, 'servers'));
  return [...new Set(servers.flatMap(([, server]) => pathsOfServer(server, context)))];
}

/** Without an origin before it, a variable at the beginning stands for the origin. */
const ORIGIN = /^(?:(?:[^/?#]*:)?\/\/[^/?#]*|\{[^}]*\})/;

/** What addresses without an origin are read against. */
const LOCAL = 'http://localhost/';

/** Base paths of one server; values of more variables than that multiply to more than anybody calls. */
const MOST_PATHS = 32;

/**
 * The paths of a server, the usual one first: a variable stands for its default, or else its first value, or else its
 * name. Then come its other values, and what stands in a path and has no list of values may be anything.
 */
function pathsOfServer(place: Place, { report }: LoadContext): readonly string[] {
  const server = objectOr(place.value);
  const variables = objectOr(server.variables);
  const written = stringOr(server.url) ?? '';
  const origin = ORIGIN.exec(written)?.[0] ?? '';
  const named = (text: string) => [...text.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name);
  const known = (name: string): unknown => {
    const { default: usual, enum: values } = objectOr(variables[name]);
    return usual ?? listOr(values)[0];
  };
  for (const name of new Set(named(written))) {
    if (variables[name] !== undefined) continue;
    report({
      source: place.source,
      pointer: `${place.pointer}/url`,
      message: `The variable \`${name}\` of the server is not defined: it is taken for any text.`,
      hint: 'Declare it under `variables`, with a default.',
      severity: 'warning',
    });
  }
  const toPath = (address: string, values: Readonly<Record<string, string>>): string | undefined => {
    const url = address.replaceAll(/\{([^}]*)\}/g, (_, name: string) => values[name] ?? String(known(name) ?? name));
    // Of a host that is none, such as `http://:1.2.3.4/v1`, the path is meant all the same.
    const readable = URL.canParse(url, LOCAL) ? url : url.replace(ORIGIN, '');
    // A relative address needs some origin to be parsed.
    if (!URL.canParse(readable, LOCAL)) return undefined;
    return decode(new URL(readable, LOCAL).pathname).replace(/\/+$/, '');
  };
  const isOriginKnown = named(origin).every((name) => known(name) !== undefined);
  const address = isOriginKnown ? written : written.slice(origin.length);
  const inPath = named(written.slice(origin.length));
  const others = inPath.reduce<Record<string, string>[]>(
    (choices, name) => {
      const { enum: values } = objectOr(variables[name]);
      const every = Array.isArray(values) && values.length > 0 ? values.map(String) : [ANY_SEGMENT];
      return choices.flatMap((choice) => every.map((value) => ({ ...choice, [name]: value }))).slice(0, MOST_PATHS);
    },
    [{}],
  );
  return [{}, ...(inPath.length === 0 ? [] : others)].flatMap((values) => toPath(address, values) ?? []);
}

function decode(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function parameters(place: Place, context: LoadContext): readonly Parameter[] {
  if (objectOr(place.value).in === 'querystring') return queryString(place, context);
  return [parameter(place, context) ?? []].flat();
}

const FORM = 'application/x-www-form-urlencoded';

/** A parameter that is the whole query: as a form, each property is a parameter of its own. */
function queryString(place: Place, context: LoadContext): readonly Parameter[] {
  const { files, definitions, report } = context;
  const { name, required, description } = objectOr(place.value);
  const [media] = files.members(childOf(place, 'content'));
  if (typeof name !== 'string' || media === undefined) {
    report(notRead(place, 'it has no name, or no media type under `content`'));
    return [];
  }
  const [contentType, at] = media;
  const described = files.follow(at) ?? at;
  const schema = schemaOf(place, context) ?? {};
  const common = { name, required: required === true, description: stringOr(description), schema };
  if (contentType.toLowerCase() !== FORM) return [{ ...common, in: 'querystring', contentType }];
  const form = childOf(described, 'schema');
  const properties = propertiesOf(form, files);
  if (properties.size === 0) return [{ ...common, in: 'query', style: 'form', explode: true }];
  const encoding = encodingOf(described, context);
  const needed = required === true ? listOr(objectOr(files.follow(form)?.value).required) : [];
  return [...properties].map(([property, propertyPlace]) => ({
    in: 'query',
    name: property,
    required: needed.includes(property),
    schema: definitions.schema(propertyPlace),
    ...encoding[property],
  }));
}

/** The properties of an object schema, those of `allOf` branches included. */
function propertiesOf(schema: Place, files: LoadContext['files'], depth = 0): ReadonlyMap<string, Place> {
  const target = files.follow(schema);
  if (target === undefined || depth > MOST_NESTING) return new Map();
  const branches = files.members(childOf(target, 'allOf')).map(([, branch]) => propertiesOf(branch, files, depth + 1));
  return new Map([...branches.flatMap((branch) => [...branch]), ...files.members(childOf(target, 'properties'))]);
}

/** Branches within branches that are looked into. */
const MOST_NESTING = 8;

function parameter(place: Place, context: LoadContext): Parameter | undefined {
  const { in: where, name, required, description, schema, allowEmptyValue, ...more } = objectOr(place.value);
  if (where !== 'path' && where !== 'query' && where !== 'header' && where !== 'cookie') {
    context.report(notRead(place, `parameters with \`in: ${String(where)}\` are not read`));
    return undefined;
  }
  if (typeof name !== 'string') {
    context.report(notRead(place, 'it has no name'));
    return undefined;
  }
  if (where === 'header' && RESERVED_HEADERS.includes(name.toLowerCase())) return undefined;
  const [contentType] = context.files.members(childOf(place, 'content')).map(([mediaType]) => mediaType);
  return {
    in: where,
    name,
    required: required === true || where === 'path',
    description: stringOr(description),
    schema: schemaOf(place, context) ?? {},
    ...(contentType !== undefined && schema === undefined && { contentType }),
    ...styleMembers(more),
    ...(allowEmptyValue === true && { allowEmptyValue }),
  };
}

const STYLES: ReadonlySet<unknown> = new Set<ParameterStyle>([
  ...(['simple', 'label', 'matrix', 'form', 'cookie'] as const),
  ...(['spaceDelimited', 'pipeDelimited', 'deepObject'] as const),
]);

function notRead({ source, pointer }: Place, why: string): Finding {
  return {
    source,
    pointer,
    message: `This parameter is ignored: ${why}.`,
    hint: 'Use `path`, `query`, `header`, `cookie` or `querystring`, and a name.',
  };
}

/** `schema`, or for `content` that of its only media type. */
function schemaOf(place: Place, { files, definitions }: LoadContext) {
  const { schema } = objectOr(place.value);
  if (schema !== undefined) return definitions.schema(childOf(place, 'schema'));
  const [mediaType] = files.members(childOf(place, 'content'));
  return mediaType === undefined ? undefined : definitions.schema(files.member(mediaType[1], 'schema'));
}

function requestBody(operation: Place, _parameters: readonly Place[], context: LoadContext): RequestBody | undefined {
  if (objectOr(operation.value).requestBody === undefined) return undefined;
  const place = context.files.follow(childOf(operation, 'requestBody'));
  const members = objectOr(place?.value);
  return {
    required: members.required === true,
    description: stringOr(members.description),
    content: place === undefined ? {} : contentOf(place, context),
  };
}

function response(place: Place, _operation: Place, context: LoadContext): Response {
  const { files } = context;
  const target = files.follow(place) ?? place;
  const links = linksOf(target, context);
  return {
    description: stringOr(objectOr(target.value).description) ?? '',
    headers: Object.fromEntries(
      files.members(childOf(target, 'headers')).map(([name, header]) => {
        const described = files.follow(header) ?? header;
        const required = objectOr(described.value).required === true;
        const [example] = Object.values(examplesOf(described, context));
        const schema = schemaOf(described, context) ?? {};
        return [name, { required, schema, ...(example !== undefined && { example }) }];
      }),
    ),
    content: contentOf(target, context),
    ...(links.length > 0 && { links }),
  };
}

function contentOf(place: Place, context: LoadContext): Record<string, MediaType> {
  const { files, definitions } = context;
  return Object.fromEntries(
    files.members(childOf(place, 'content')).map(([mediaType, at]) => {
      const described = files.follow(at) ?? at;
      const members = objectOr(described.value);
      const encoding = encodingOf(described, context);
      const items = members.itemSchema === undefined ? undefined : definitions.schema(childOf(described, 'itemSchema'));
      // What is described one by one is a list as a whole.
      const whole = items === undefined || !IN_ROWS.test(mediaType) ? undefined : { type: 'array' as const, items };
      const schema = members.schema === undefined ? whole : definitions.schema(childOf(described, 'schema'));
      return [
        mediaType,
        {
          ...(schema !== undefined && { schema }),
          ...(items !== undefined && { itemSchema: items }),
          ...(Object.keys(encoding).length > 0 && { encoding }),
          ...partEncodingsOf(described, context),
          examples: examplesOf(described, context, mediaType),
        },
      ];
    }),
  );
}

/** Media types whose items stand one after another. */
const IN_ROWS = /json-?l|ndjson|json-(seq|stream)|event-stream|^multipart\/(?!form-data)/i;

function encodingOf(place: Place, context: LoadContext): Record<string, Encoding> {
  return Object.fromEntries(
    context.files
      .members(childOf(place, 'encoding'))
      .map(([name, described]) => [name, encodingAt(described, context)] as const),
  );
}

/** How the parts of a list are written, which OpenAPI 3.2 says by their place. */
function partEncodingsOf(place: Place, context: LoadContext): Pick<MediaType, 'prefixEncoding' | 'itemEncoding'> {
  const first = context.files.members(childOf(place, 'prefixEncoding')).map(([, at]) => encodingAt(at, context));
  const others = childOf(place, 'itemEncoding');
  return {
    ...(first.length > 0 && { prefixEncoding: first }),
    ...(others.value !== undefined && { itemEncoding: encodingAt(others, context) }),
  };
}

function encodingAt(place: Place, { files }: LoadContext): Encoding {
  const members = objectOr((files.follow(place) ?? place).value);
  const contentType = stringOr(members.contentType);
  return { ...(contentType !== undefined && { contentType }), ...styleMembers(members) };
}

/** What parameters and encodings say in the same words. */
function styleMembers({ style, explode, allowReserved }: PlainObject): Omit<Encoding, 'contentType'> {
  return {
    ...(STYLES.has(style) && { style: style as ParameterStyle }),
    ...(typeof explode === 'boolean' && { explode }),
    ...(allowReserved === true && { allowReserved }),
  };
}

/** The examples by their names; one that stands in a file is what the file says, as JSON where the media type is JSON. */
function examplesOf(place: Place, context: LoadContext, mediaType = ''): Record<string, unknown> {
  const { files, report } = context;
  const { example } = objectOr(place.value);
  const named = files.members(childOf(place, 'examples')).flatMap(([name, shown]): [string, unknown][] => {
    const at = files.follow(shown) ?? shown;
    const { value, dataValue, serializedValue, externalValue } = objectOr(at.value);
    const given = value ?? dataValue ?? serializedValue;
    if (given !== undefined || externalValue === undefined) return [[name, given]];
    const { text, failure } = files.textAt(String(externalValue), at);
    const read = isJsonType(mediaType) ? parseText(text) : { value: text };
    if (failure === undefined && 'value' in read) return [[name, read.value]];
    report(notShown(at, String(externalValue), failure ?? 'it is no JSON'));
    return [];
  });
  return { ...(example === undefined ? {} : { default: example }), ...Object.fromEntries(named) };
}

function notShown({ source, pointer }: Place, address: string, why: string): Finding {
  return {
    source,
    pointer,
    message: `This example is not shown: it stands at ${address}, and ${why}.`,
    hint: 'Copy it into `value`, or into a file beside the contract.',
    severity: 'warning',
  };
}
