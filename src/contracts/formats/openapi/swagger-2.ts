import type { Parameter, RequestBody, Response } from '../../../model/operation.ts';
import type { Schema } from '../../../model/schema.ts';
import type { Place } from '../../place.ts';
import { listOr, objectOr, type PlainObject, stringOr, stringsIn } from '../../plain-object.ts';
import type { Finding } from '../../source-file.ts';
import { childOf } from '../../source-files.ts';
import type { Dialect, LoadContext } from './dialect.ts';

/** How Swagger 2.0 says it. */
export const swagger2: Dialect = {
  schemas: ['definitions'],
  securitySchemes: ['securityDefinitions'],
  formatOf: () => 'swagger-2.0',
  basePaths: (_, { root }) => [basePathOf(root)],
  parameters: (place, context) => [parameter(place, context) ?? []].flat(),
  requestBody,
  response,
};

/** Members of a parameter or header that are not part of its schema. */
const NOT_SCHEMA = ['name', 'in', 'required', 'description', 'collectionFormat', 'allowEmptyValue'];

function parameter(place: Place, context: LoadContext): Parameter | undefined {
  const { in: where, name, required, description, type } = objectOr(place.value);
  if (where !== 'path' && where !== 'query' && where !== 'header') {
    if (where !== 'body' && where !== 'formData') context.report(notRead(place, where));
    return undefined;
  }
  return {
    in: where,
    name: String(name),
    required: required === true || where === 'path',
    description: stringOr(description),
    schema: inlineSchema(place, context),
    ...(type === 'array' ? styleOf(where, objectOr(place.value).collectionFormat) : {}),
    ...(objectOr(place.value).allowEmptyValue === true ? { allowEmptyValue: true } : {}),
  };
}

function styleOf(where: Parameter['in'], collectionFormat: unknown): Pick<Parameter, 'style' | 'explode'> {
  switch (collectionFormat) {
    case 'multi':
      return { explode: true };
    case 'ssv':
      return { style: 'spaceDelimited' };
    case 'tsv':
      return { style: 'tabDelimited' };
    case 'pipes':
      return { style: 'pipeDelimited' };
    default:
      return where === 'query' ? { explode: false } : {};
  }
}

function notRead({ source, pointer }: Place, where: unknown): Finding {
  return {
    source,
    pointer,
    message: `This parameter is ignored: parameters with \`in: ${String(where)}\` are not read.`,
    hint: 'Use `path`, `query`, `header`, `body` or `formData`.',
  };
}

/** Between the origin and the paths, with a slash before it and none behind. */
function basePathOf(root: Place): string {
  const written = (stringOr(objectOr(root.value).basePath) ?? '').replace(/\/+$/, '');
  return written === '' || written.startsWith('/') ? written : `/${written}`;
}

/** Parameters and headers carry their schema's keywords themselves. */
function inlineSchema(place: Place, context: LoadContext): Schema {
  const keywords = Object.entries(objectOr(place.value)).filter(([keyword]) => !NOT_SCHEMA.includes(keyword));
  return context.definitions.schema({ ...place, value: Object.fromEntries(keywords) });
}

function requestBody(operation: Place, parameters: readonly Place[], context: LoadContext): RequestBody | undefined {
  const body = parameters.find(({ value }) => objectOr(value).in === 'body');
  if (body !== undefined) {
    const { required, description } = objectOr(body.value);
    const schema = context.definitions.schema(childOf(body, 'schema'));
    return {
      required: required === true,
      description: stringOr(description),
      content: contentFor(mediaTypes('consumes', operation, context) ?? ['application/json'], schema, {}),
    };
  }
  const fields = parameters.filter(({ value }) => objectOr(value).in === 'formData');
  return fields.length === 0 ? undefined : formBody(operation, fields, context);
}

function formBody(operation: Place, fields: readonly Place[], context: LoadContext): RequestBody {
  const entries = fields.map((field) => [objectOr(field.value), inlineSchema(field, context)] as const);
  const required = entries.filter(([field]) => field.required === true).map(([field]) => String(field.name));
  const hasFile = entries.some(([field]) => field.type === 'file');
  const schema: Schema = {
    type: 'object',
    properties: Object.fromEntries(entries.map(([field, value]) => [String(field.name), value])),
    ...(required.length > 0 ? { required } : {}),
  };
  const usual = hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  const declared = mediaTypes('consumes', operation, context)?.filter((type) => /form/.test(type)) ?? [];
  const content = contentFor(declared.length > 0 ? declared : [usual], schema, {});
  const encoding = Object.fromEntries(
    entries
      .filter(([field]) => field.type === 'array')
      .map(([field]) => [String(field.name), styleOf('query', field.collectionFormat)]),
  );
  const isEncoded = Object.keys(encoding).length > 0;
  return {
    required: required.length > 0,
    content: isEncoded
      ? Object.fromEntries(Object.entries(content).map(([type, media]) => [type, { ...media, encoding }]))
      : content,
  };
}

function response(place: Place, operation: Place, context: LoadContext): Response {
  const target = context.files.follow(place) ?? place;
  const { description, schema, examples } = objectOr(target.value);
  const isFile = objectOr(schema).type === 'file';
  const produced =
    mediaTypes('produces', operation, context) ?? (isFile ? ['application/octet-stream'] : ['application/json']);
  return {
    description: stringOr(description) ?? '',
    headers: Object.fromEntries(
      context.files
        .members(childOf(target, 'headers'))
        .map(([name, header]) => [name, { required: false, schema: inlineSchema(header, context) }]),
    ),
    content:
      schema === undefined
        ? {}
        : contentFor(produced, context.definitions.schema(childOf(target, 'schema')), objectOr(examples)),
  };
}

function contentFor(types: readonly string[], schema: Schema, examples: PlainObject): RequestBody['content'] {
  return Object.fromEntries(
    types.map((type) => [type, { schema, examples: type in examples ? { default: examples[type] } : {} }]),
  );
}

function mediaTypes(key: 'consumes' | 'produces', operation: Place, context: LoadContext): string[] | undefined {
  const declared = objectOr(operation.value)[key] ?? objectOr(context.root.value)[key];
  return listOr(declared).length > 0 ? stringsIn(declared) : undefined;
}
