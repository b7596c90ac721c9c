import { didYouMean } from '../../lib/nearest-word.ts';
import { once } from '../../lib/once.ts';
import type { Operation, Parameter } from '../../model/operation.ts';
import { styleOf } from '../../model/parameter-style.ts';
import type { Check, Schema, SchemaObject, Validation, Violation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { Headers } from './auth/credentials.ts';
import { createGatherer, type NamedValue } from './named-values.ts';
import { type Pair, readPairs } from './query-string.ts';
import { isDecodable } from './request-target.ts';
import { escapeRegExp, valueBefore } from './routes.ts';
import { createValueReader } from './styled-value.ts';
import { createTypings, type Typing } from './typed-text.ts';

/** The parts of a request that parameters stand in. */
export interface ParameterSources {
  /** Decoded values of the path's parameters. */
  readonly path: Readonly<Record<string, string>>;
  /** Still encoded, and without the tenant's prefix. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly headers: Headers;
}

/** The parameters that a command carries. */
export interface ReadParameters {
  /** Without what their style puts around them. */
  readonly path: Readonly<Record<string, string>>;
  /** With types and defaults. */
  readonly query: Readonly<Record<string, unknown>>;
}

/** Reads and checks the parameters of one operation. */
export type ParameterReader = (sources: ParameterSources, violations: Violation[], notes: string[]) => ReadParameters;

/** Remarks that one request can bring about; a hostile one has thousands of parameters. */
const MOST_NOTES = 20;

/**
 * Makes the reader of an operation's parameters: one object schema for each place they stand in. Query parameters that
 * it does not have are remarked on, or violations where it is closed.
 *
 * @example createParameterReader(operation, schemas, validation)({ path, rawPath, rawQuery, headers }, violations, notes);
 */
export function createParameterReader(
  operation: Operation,
  schemas: SchemaResolver,
  validation: Validation,
  isClosed = false,
): ParameterReader {
  const typingOf = createTypings(schemas, validation);
  const group = (where: Parameter['in']): Group => createGroup(operation, where, schemas, typingOf, validation);
  const [header, cookie] = [group('header'), group('cookie')];
  const readPath = createPathReader(operation, group('path'));
  const whole = group('querystring');
  const readQuery = whole.isChecked ? createWholeQueryReader(whole) : createQueryReader(group('query'), isClosed);

  return ({ path, rawPath, rawQuery, headers }, violations, notes) => {
    const pathValues = readPath(path, rawPath, violations);
    if (header.isChecked) readGroup(header, ({ name }) => headerPairs(headers, name), violations);
    if (cookie.isChecked) readGroup(cookie, cookiePairs(headers), violations);
    return { path: pathValues, query: readQuery(rawQuery, violations, notes) };
  };
}

interface Group {
  readonly in: Violation['in'];
  readonly parameters: readonly GroupParameter[];
  /** `false` where nothing can be wrong and no value is asked for. */
  readonly isChecked: boolean;
  readonly check: Check;
}

interface GroupParameter extends NamedValue {
  readonly isRequired: boolean;
  /** Where there is one, in its type. */
  readonly default: unknown;
  /** Whether it is an object that has to be there, and that only its members are written of. */
  readonly isSpread: boolean;
  /** Free text may be repeated: query languages such as TMF630 read alternatives so, from the raw query. */
  readonly mayRepeat: boolean;
}

function createGroup(
  operation: Operation,
  where: Parameter['in'],
  schemas: SchemaResolver,
  typingOf: (schema: Schema) => Typing,
  validation: Validation,
): Group {
  const declared = operation.parameters.filter((parameter) => parameter.in === where);
  const properties: Record<string, Schema> = {};
  for (const { name, schema, allowEmptyValue } of declared) {
    properties[name] = allowEmptyValue ? { anyOf: [schema, { const: '' }] } : schema;
  }
  const parameters = declared.map((parameter): GroupParameter => {
    const { name, schema } = parameter;
    const typing = typingOf(schema);
    const given = schemas.resolve(schema)?.default;
    return {
      name,
      typing,
      style: parameter,
      isRequired: parameter.required,
      isSpread:
        parameter.required &&
        where === 'query' &&
        parameter.contentType === undefined &&
        typing.isObject &&
        !typing.isArray &&
        !typing.isScalar &&
        styleOf(parameter).explode,
      read: createValueReader(parameter, typing),
      // Documents write `default: "10"` for numbers, too.
      default: typeof given === 'string' ? typing.read(given) : given,
      mayRepeat: isPlainString(schemas.resolve(schema) ?? schema),
    };
  });
  const required = parameters
    .filter((parameter) => parameter.isRequired && parameter.default === undefined)
    .map(({ name }) => name);
  const isPlain = where === 'path' && declared.every((each) => isPlainText(each, schemas));
  const isChecked = declared.length > 0 && !isPlain;
  const check = once(() => validation.check({ type: 'object', properties, required }));
  return { in: where === 'querystring' ? 'query' : where, parameters, isChecked, check: (value) => check()(value) };
}

/** A text in a path is always there and always a text: there is nothing to check. */
export function isPlainText(parameter: Parameter, schemas: SchemaResolver): boolean {
  const { style } = styleOf(parameter);
  const schema = schemas.resolve(parameter.schema) ?? parameter.schema;
  return style === 'simple' && parameter.contentType === undefined && isPlainString(schema);
}

function createQueryReader(group: Group, isClosed: boolean) {
  const gather = createGatherer(group.parameters);
  const isAnyNeeded = group.parameters.some((parameter) => parameter.isRequired && parameter.default === undefined);
  // Most requests have no query, and are all answered alike; where none is needed there is nothing to check.
  const usual = once(() => Object.freeze(withDefaults(group, {})));
  // Who polls asks the same again and again.
  let last: { readonly raw: string; readonly values: Readonly<Record<string, unknown>> } | undefined;
  const read = (rawQuery: string, violations: Violation[], notes: string[]): Readonly<Record<string, unknown>> => {
    if (rawQuery.includes('%') && !isDecodable(rawQuery)) {
      violations.push({ in: 'query', path: '', message: 'is not valid percent-encoded UTF-8' });
      return NO_QUERY;
    }
    const given = gather(rawQuery, {
      undeclared({ name }) {
        if (name === ACCESS_TOKEN) return;
        if (isClosed) violations.push(undeclared(name, group.parameters));
        else noteUndeclared(name, notes);
      },
      forbidden: () =>
        violations.push({ in: 'query', path: '', message: 'has the name "__proto__", which is not allowed' }),
    });
    return group.isChecked ? readGroup(group, (parameter) => given.get(parameter), violations) : NO_QUERY;
  };
  return (rawQuery: string, violations: Violation[], notes: string[]): Readonly<Record<string, unknown>> => {
    if (rawQuery === '') return isAnyNeeded ? readGroup(group, NOTHING_GIVEN, violations) : usual();
    if (last?.raw === rawQuery) return last.values;
    const said = violations.length + notes.length;
    const values = read(rawQuery, violations, notes);
    const isWhole = violations.length + notes.length === said;
    if (isWhole && rawQuery.length <= LONGEST_REMEMBERED) last = { raw: rawQuery, values: Object.freeze(values) };
    return values;
  };
}

/** Characters of a query that is remembered for an operation: there may be thousands of these. */
const LONGEST_REMEMBERED = 256;

/** One parameter that is the whole query. */
function createWholeQueryReader(group: Group): ReturnType<typeof createQueryReader> {
  return (rawQuery, violations) => {
    const given = rawQuery === '' ? undefined : [{ name: '', raw: rawQuery }];
    return readGroup(group, () => given, violations);
  };
}

/** Browsers cannot set headers everywhere, so every query may carry it. */
const ACCESS_TOKEN = 'access_token';

const NO_QUERY: Readonly<Record<string, unknown>> = Object.freeze({});

function NOTHING_GIVEN(): undefined {
  return undefined;
}

function undeclared(name: string, known: readonly GroupParameter[]): Violation {
  const shown = name.slice(0, 100);
  const names = known.map((parameter) => parameter.name);
  const advice = didYouMean(shown, names, `There are: ${names.join(', ') || 'none'}.`);
  return { in: 'query', path: `/${shown}`, message: `is no parameter of this operation. ${advice}` };
}

function noteUndeclared(name: string, notes: string[]): void {
  if (notes.length === MOST_NOTES) return;
  const note = `The query parameter ${JSON.stringify(name.slice(0, 100))} is not in the contract.`;
  if (!notes.includes(note)) notes.push(note);
}

function readGroup(
  group: Group,
  givenFor: (parameter: GroupParameter) => readonly Pair[] | undefined,
  violations: Violation[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  let name = '';
  const report = (message: string): void => void violations.push({ in: group.in, path: `/${name}`, message });
  for (const parameter of group.parameters) {
    const given = givenFor(parameter);
    if (given === undefined || given.length === 0) {
      // Without members, nothing is written of it.
      if (parameter.isSpread) values[parameter.name] = {};
      continue;
    }
    name = parameter.name;
    const value = parameter.read(given, report);
    if (given.length > 1 && typeof value !== 'object' && !parameter.mayRepeat) report('is given more than once');
    if (value !== undefined) values[name] = value;
  }
  pushAll(group.in, group.check(values), violations);
  return withDefaults(group, values);
}

/** Adds what is meant where a parameter is not given. */
function withDefaults(group: Group, values: Record<string, unknown>): Record<string, unknown> {
  for (const { name, default: usual } of group.parameters) {
    if (usual !== undefined && values[name] === undefined) values[name] = usual;
  }
  return values;
}

function createPathReader({ path: template }: Operation, group: Group) {
  const styles = group.parameters.map(({ style }) => styleOf(style).style);
  // Only these lose something where their text is decoded before it is taken apart.
  const isRawNeeded = group.parameters.some(
    ({ typing, style }) =>
      typing.isArray || typing.isObject || style.contentType !== undefined || styleOf(style).style !== 'simple',
  );
  const rawOf = rawSegments(template);
  return (
    path: Readonly<Record<string, string>>,
    rawPath: string,
    violations: Violation[],
  ): Readonly<Record<string, string>> => {
    if (!group.isChecked) return path;
    const raw = isRawNeeded ? rawOf(rawPath) : undefined;
    if (raw === undefined) {
      const typed: Record<string, unknown> = {};
      for (const { name, typing } of group.parameters) typed[name] = typing.read(path[name] ?? '');
      pushAll('path', group.check(typed), violations);
      return path;
    }
    const values = readGroup(group, ({ name }) => [{ name, raw: raw.get(name) ?? '' }], violations);
    if (!styles.some((style) => style === 'label' || style === 'matrix')) return path;
    const scalars = Object.entries(values).filter(([, value]) => typeof value !== 'object');
    return { ...path, ...Object.fromEntries(scalars.map(([name, value]) => [name, String(value)])) };
  };
}

/**
 * Finds the values of a template's parameters in a path that is still encoded. Both are compared from the end, because a
 * path may have been found without its base path.
 */
function rawSegments(template: string): (rawPath: string) => ReadonlyMap<string, string> {
  const segments = template.split('/').toReversed();
  const patterns = segments.map((segment) => {
    const parts = segment.split(/\{([^}]*)\}/);
    if (parts.length < 3) return undefined;
    const pattern = parts
      .map((part, index) => (index % 2 === 1 ? `(${valueBefore(parts[index + 1] ?? '')})` : escapeRegExp(part)))
      .join('');
    return { pattern: new RegExp(`^${pattern}$`), names: parts.filter((_, index) => index % 2 === 1) };
  });
  return (rawPath) => {
    const path = rawPath.endsWith('/') && !template.endsWith('/') ? rawPath.slice(0, -1) : rawPath;
    const found = new Map<string, string>();
    for (const [index, segment] of path.split('/').toReversed().entries()) {
      const { pattern, names = [] } = patterns[index] ?? {};
      const match = pattern?.exec(segment);
      for (const [position, name] of names.entries()) found.set(name, match?.[position + 1] ?? '');
    }
    return found;
  };
}

function headerPairs(headers: Headers, name: string): readonly Pair[] | undefined {
  const value = headers[name.toLowerCase()];
  return value === undefined ? undefined : [{ name, raw: String(value) }];
}

/** The cookies of a request, each under the parameter that it belongs to. */
function cookiePairs({ cookie }: Headers): (parameter: GroupParameter) => readonly Pair[] {
  const pairs = String(cookie ?? '')
    .split(';')
    .map((text): Pair => {
      const equals = text.indexOf('=');
      return { name: text.slice(0, Math.max(equals, 0)).trim(), raw: text.slice(equals + 1).trim() };
    });
  return ({ name, typing, style }) => {
    const isInParts = (typing.isArray || typing.isObject) && styleOf(style).explode;
    if (!isInParts) return pairs.filter((pair) => pair.name === name).slice(0, 1);
    const members = typing.isObject ? typing.members : [];
    return (
      pairs
        .filter((pair) => pair.name === name || members.includes(pair.name))
        // OpenAPI joins what is exploded by `&`, as in a query.
        .flatMap((pair) => readPairs(`${encodeURIComponent(pair.name)}=${pair.raw}`))
    );
  };
}

function pushAll(where: Violation['in'], found: ReturnType<Check>, violations: Violation[]): void {
  for (const violation of found) violations.push({ in: where, ...violation });
}

const SAYS_NOTHING = new Set(['type', 'description', 'title', 'example', 'examples', 'deprecated']);

/** Whether every text is valid. */
function isPlainString(schema: Schema): boolean {
  if (typeof schema === 'boolean') return schema;
  const { type = 'string' } = schema as SchemaObject;
  return type === 'string' && Object.keys(schema).every((keyword) => SAYS_NOTHING.has(keyword));
}
