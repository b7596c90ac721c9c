import type { Operation, Parameter } from '../../model/operation.ts';
import type { Check, Schema, SchemaObject, Validation, Violation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { cookieOf, type Headers } from './auth/credentials.ts';
import { isDecodable } from './request-target.ts';

/** The parts of a request that parameters stand in. */
export interface ParameterSources {
  readonly path: Readonly<Record<string, string>>;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
}

/** Reads and checks the parameters of one operation; answers the query with types and defaults. */
export type ParameterReader = (
  sources: ParameterSources,
  violations: Violation[],
  notes: string[],
) => Readonly<Record<string, unknown>>;

/** Remarks that one request can bring about; a hostile one has thousands of parameters. */
const MOST_NOTES = 20;

/**
 * Makes the reader of an operation's parameters: one object schema for each place they stand in.
 *
 * @example createParameterReader(operation, schemas, validation)({ path, rawQuery, query, headers }, violations, notes);
 */
export function createParameterReader(
  operation: Operation,
  schemas: SchemaResolver,
  validation: Validation,
): ParameterReader {
  const group = (where: Parameter['in']): Group => createGroup(operation, where, schemas, validation);
  const [path, query, header, cookie] = [group('path'), group('query'), group('header'), group('cookie')];
  const declared = new Set(query.parameters.map(({ name }) => name)).add('access_token');

  return ({ path: pathValues, rawQuery, query: search, headers }, violations, notes) => {
    if (path.isChecked) {
      const values: Record<string, unknown> = { ...pathValues };
      tell('path', path.check(values), violations);
    }
    if (header.isChecked) {
      readGroup(header, (name) => valuesOf(headers[name.toLowerCase()]), violations);
    }
    if (cookie.isChecked) readGroup(cookie, (name) => valuesOf(cookieOf(headers, name)), violations);
    if (rawQuery === '') return query.isChecked ? readGroup(query, NO_VALUES, violations) : NO_QUERY;
    if (rawQuery.includes('%') && !isDecodable(rawQuery)) {
      violations.push({ in: 'query', path: '', message: 'is not valid percent-encoded UTF-8' });
      return NO_QUERY;
    }
    for (const name of new Set(search.keys())) {
      if (declared.has(name)) continue;
      if (notes.length === MOST_NOTES) break;
      notes.push(`The query parameter ${JSON.stringify(name.slice(0, 100))} is not in the contract.`);
    }
    return query.isChecked ? readGroup(query, (name) => search.getAll(name), violations) : NO_QUERY;
  };
}

const NO_QUERY: Readonly<Record<string, unknown>> = Object.freeze({});

function NO_VALUES(): readonly string[] {
  return [];
}

interface Group {
  readonly in: Parameter['in'];
  readonly parameters: readonly GroupParameter[];
  /** `false` where nothing can be wrong and no value is asked for. */
  readonly isChecked: boolean;
  readonly check: Check;
}

interface GroupParameter {
  readonly name: string;
  readonly kind: 'scalar' | 'array' | 'object';
  readonly separator: string | undefined;
  /** Free text may be repeated: query languages such as TMF630 read alternatives so, from the raw query. */
  readonly mayRepeat: boolean;
}

const SEPARATORS = { csv: ',', ssv: ' ', tsv: '\t', pipes: '|', multi: undefined } as const;

function createGroup(
  operation: Operation,
  where: Parameter['in'],
  schemas: SchemaResolver,
  validation: Validation,
): Group {
  const declared = operation.parameters.filter((parameter) => parameter.in === where);
  const properties: Record<string, Schema> = {};
  for (const { name, schema } of declared) {
    // Resolved, because a default behind a reference would not be filled in.
    properties[name] = schemas.resolve(schema) ?? schema;
  }
  const required = declared.filter((parameter) => parameter.required).map(({ name }) => name);
  const parameters = declared.map(({ name, arrayStyle }): GroupParameter => {
    const type = typeOf(properties[name]);
    const kind = type === 'array' || arrayStyle !== undefined ? 'array' : type === 'object' ? 'object' : 'scalar';
    return { name, kind, separator: SEPARATORS[arrayStyle ?? 'csv'], mayRepeat: isPlainString(properties[name] ?? {}) };
  });
  const isPlain = where === 'path' && Object.values(properties).every(isPlainString);
  const isChecked = declared.length > 0 && !isPlain;
  return {
    in: where,
    parameters,
    isChecked,
    check: isChecked ? validation.coerce({ type: 'object', properties, required }) : () => [],
  };
}

function readGroup(
  group: Group,
  read: (name: string) => readonly string[],
  violations: Violation[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, kind, separator, mayRepeat } of group.parameters) {
    const given = read(name);
    const [first] = given;
    if (first === undefined) continue;
    if (kind === 'array') {
      values[name] =
        separator === undefined || given.length > 1 ? [...given] : first === '' ? [] : first.split(separator);
    } else {
      if (given.length > 1 && !mayRepeat) {
        violations.push({ in: group.in, path: `/${name}`, message: 'is given more than once' });
      }
      values[name] = kind === 'object' ? parsed(first) : first;
    }
  }
  tell(group.in, group.check(values), violations);
  return values;
}

function tell(where: Violation['in'], found: ReturnType<Check>, violations: Violation[]): void {
  for (const violation of found) violations.push({ in: where, ...violation });
}

function valuesOf(value: string | string[] | undefined): readonly string[] {
  return value === undefined ? [] : [String(value)];
}

/** An object in a parameter is written as JSON; what is none is left as text for the check to refuse. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function typeOf(schema: Schema | undefined): unknown {
  return typeof schema === 'object' ? schema.type : undefined;
}

const TELLS_NOTHING = new Set(['type', 'description', 'title', 'example', 'examples', 'deprecated']);

/** A text in a path is always there and always a text: there is nothing to check. */
function isPlainString(schema: Schema): boolean {
  if (typeof schema === 'boolean') return schema;
  const { type = 'string' } = schema as SchemaObject;
  return type === 'string' && Object.keys(schema).every((keyword) => TELLS_NOTHING.has(keyword));
}
