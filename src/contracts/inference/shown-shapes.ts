import { isJsonType } from '../../lib/json-type.ts';
import type { Contract } from '../../model/contract.ts';
import type { MediaType, Operation, Response } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { isOpen } from './thing.ts';

/** Items of one array that are looked at, members of one object, and objects in objects. */
const MOST_ITEMS = 20;
const MOST_MEMBERS = 200;
const MOST_NESTING = 8;

/**
 * Gives bodies whose schema says nothing the shape that their examples show: `type: object` beside an example is what
 * many tools write that turn recorded requests into a contract. Nothing is checked by it.
 *
 * @example withShownShapes(contract, schemas).operations[0]?.responses['200']?.content['application/json']?.shape;
 */
export function withShownShapes(contract: Contract, schemas: SchemaResolver): Contract {
  const shaped = (operation: Operation): Operation => {
    const { requestBody, responses } = operation;
    if (requestBody === undefined && Object.keys(responses).length === 0) return operation;
    return {
      ...operation,
      ...(requestBody !== undefined && { requestBody: withShapes(requestBody, schemas) }),
      responses: Object.fromEntries(
        Object.entries(responses).map(([status, response]): [string, Response] => [
          status,
          /^2|^default$/i.test(status) ? withShapes(response, schemas) : response,
        ]),
      ),
    };
  };
  return { ...contract, operations: contract.operations.map(shaped) };
}

function withShapes<T extends { readonly content: Readonly<Record<string, MediaType>> }>(
  body: T,
  schemas: SchemaResolver,
): T {
  const content = Object.entries(body.content).map(([type, media]): [string, MediaType] => {
    const shape = isJsonType(type) ? shapeOf(media, schemas) : undefined;
    return [type, shape === undefined ? media : { ...media, shape }];
  });
  return content.every(([type, media]) => media === body.content[type])
    ? body
    : { ...body, content: Object.fromEntries(content) };
}

function shapeOf({ schema, examples }: MediaType, schemas: SchemaResolver): Schema | undefined {
  const { additionalProperties } = schemas.resolve(schema) ?? {};
  const isMap = typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0;
  if (!isOpen(schema, schemas) || isMap) return undefined;
  const shown = Object.values(examples).filter((each) => typeof each === 'object' && each !== null);
  return shown.length === 0 ? undefined : schemaOf(shown, 0);
}

/** What these values have in common, as a schema: types, members and items, and the formats of texts. */
function schemaOf(values: readonly unknown[], depth: number): Schema {
  const known = values.filter((value) => value !== null && value !== undefined).slice(0, MOST_ITEMS);
  const [first] = known;
  if (first === undefined || depth > MOST_NESTING) return {};
  if (known.every((each) => Array.isArray(each))) return { type: 'array', items: schemaOf(known.flat(), depth + 1) };
  if (known.every(isObject)) {
    const names = [...new Set(known.flatMap((each) => Object.keys(each)))].slice(0, MOST_MEMBERS);
    const of = (name: string) => known.flatMap((each) => (Object.hasOwn(each, name) ? [each[name]] : []));
    return {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, schemaOf(of(name), depth + 1)])),
    };
  }
  if (known.every((each) => typeof each === 'number'))
    return { type: known.every(Number.isInteger) ? 'integer' : 'number' };
  if (known.every((each) => typeof each === 'boolean')) return { type: 'boolean' };
  if (!known.every((each) => typeof each === 'string')) return {};
  const format = FORMATS.find(([, pattern]) => known.every((each) => pattern.test(each)))?.[0];
  return { type: 'string', ...(format !== undefined && { format }) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Formats that a text is seen to be of. */
const FORMATS: readonly (readonly [format: string, pattern: RegExp])[] = [
  ['uuid', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i],
  ['date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i],
  ['date', /^\d{4}-\d\d-\d\d$/],
];
