import type {
  Encoding,
  MediaType,
  Parameter,
  ParameterStyle,
  RequestBody,
  Response,
} from '../../../model/operation.ts';
import { listOr, objectOr, type PlainObject, stringOr } from '../../plain-object.ts';
import { childOf, childrenOf, type Place } from '../../source-files.ts';
import type { Dialect, LoadContext } from './dialect.ts';

/** How OpenAPI 3.0, 3.1 and 3.2 say it. */
export const openapi3: Dialect = {
  schemas: ['components', 'schemas'],
  securitySchemes: ['components', 'securitySchemes'],
  formatOf: ({ openapi }) => `openapi-${String(openapi).split('.').slice(0, 2).join('.')}`,
  basePath,
  parameter,
  requestBody,
  response,
};

/** A header by one of these names is described elsewhere in the document and must be ignored as a parameter. */
const RESERVED_HEADERS = ['accept', 'content-type', 'authorization'];

function basePath(owner: unknown): string {
  const server = objectOr(listOr(objectOr(owner).servers)[0]);
  const variables = objectOr(server.variables);
  const url = (stringOr(server.url) ?? '').replaceAll(/\{([^}]*)\}/g, (_, name: string) =>
    String(objectOr(variables[name]).default ?? name),
  );
  // A relative address needs some origin to be parsed.
  return URL.canParse(url, 'http://localhost/')
    ? decodeURI(new URL(url, 'http://localhost/').pathname).replace(/\/+$/, '')
    : '';
}

function parameter(place: Place, context: LoadContext): Parameter | undefined {
  const { in: where, name, required, description, schema, content, allowEmptyValue, ...more } = objectOr(place.value);
  if (where !== 'path' && where !== 'query' && where !== 'header' && where !== 'cookie') return undefined;
  if (typeof name !== 'string' || (where === 'header' && RESERVED_HEADERS.includes(name.toLowerCase()))) {
    return undefined;
  }
  const [contentType] = Object.keys(objectOr(content));
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

/** `schema`, or for `content` that of its only media type. */
function schemaOf(place: Place, context: LoadContext) {
  const { schema, content } = objectOr(place.value);
  if (schema !== undefined) return context.definitions.schema(childOf(place, 'schema'));
  const [mediaType] = Object.keys(objectOr(content));
  return mediaType === undefined
    ? undefined
    : context.definitions.schema(childOf(place, 'content', mediaType, 'schema'));
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
  const target = context.files.follow(place) ?? place;
  return {
    description: stringOr(objectOr(target.value).description) ?? '',
    headers: Object.fromEntries(
      childrenOf(childOf(target, 'headers')).map(([name, header]) => {
        const described = context.files.follow(header) ?? header;
        const required = objectOr(described.value).required === true;
        return [name, { required, schema: schemaOf(described, context) ?? {} }];
      }),
    ),
    content: contentOf(target, context),
  };
}

function contentOf(place: Place, context: LoadContext): Record<string, MediaType> {
  return Object.fromEntries(
    childrenOf(childOf(place, 'content')).map(([mediaType, described]) => {
      const members = objectOr(described.value);
      const encoding = encodingOf(described, context);
      return [
        mediaType,
        {
          ...(members.schema !== undefined && { schema: context.definitions.schema(childOf(described, 'schema')) }),
          ...(members.itemSchema !== undefined && {
            itemSchema: context.definitions.schema(childOf(described, 'itemSchema')),
          }),
          ...(Object.keys(encoding).length > 0 && { encoding }),
          examples: examplesOf(described, context),
        },
      ];
    }),
  );
}

function encodingOf(place: Place, context: LoadContext): Record<string, Encoding> {
  return Object.fromEntries(
    childrenOf(childOf(place, 'encoding')).map(([name, described]) => {
      const members = objectOr((context.files.follow(described) ?? described).value);
      const contentType = stringOr(members.contentType);
      return [name, { ...(contentType !== undefined && { contentType }), ...styleMembers(members) }];
    }),
  );
}

/** What parameters and encodings say in the same words. */
function styleMembers({ style, explode, allowReserved }: PlainObject): Omit<Encoding, 'contentType'> {
  return {
    ...(STYLES.has(style) && { style: style as ParameterStyle }),
    ...(typeof explode === 'boolean' && { explode }),
    ...(allowReserved === true && { allowReserved }),
  };
}

function examplesOf(place: Place, context: LoadContext): Record<string, unknown> {
  const { example, examples } = objectOr(place.value);
  return {
    ...(example === undefined ? {} : { default: example }),
    ...Object.fromEntries(
      Object.keys(objectOr(examples)).map((name) => [
        name,
        objectOr(context.files.follow(childOf(place, 'examples', name))?.value).value,
      ]),
    ),
  };
}
