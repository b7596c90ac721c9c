import { STATUS_CODES } from 'node:http';
import type { ErrorFacts } from '../../engine/system.ts';
import { memberOf } from '../../lib/json-object.ts';
import { keysOf } from '../../lib/json-pointer.ts';
import { compilePattern, isPattern } from '../../lib/patterns/pattern.ts';
import type { Schema, SchemaObject, Violation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { errorWord } from './error-words.ts';

/** What the body of an error is filled from. */
export interface ErrorSource extends ErrorFacts {
  /** The tenant's time, ISO 8601. */
  readonly now: string;
  /** Whether it is labelled as problem details, whose type is a URI. */
  readonly isProblem?: boolean;
}

/** Objects in objects that are filled; an error that contains errors may do so without end. */
const MOST_NESTING = 5;
/** Violations that a list in a body holds. */
const MOST_ITEMS = 101;

/**
 * Makes the value of an error schema: members by what they are usually called, and whatever else is required, down to the
 * last member.
 *
 * @example fillError(schema, { ...refusal, now: '2026-01-01T00:00:00.000Z' }, schemas) // { error: { code: 'NOT_FOUND', … } }
 */
export function fillError(schema: Schema | undefined, source: ErrorSource, schemas: SchemaResolver): unknown {
  return valueFor(schema, source, schemas, 0);
}

function valueFor(schema: Schema | undefined, source: ErrorSource, schemas: SchemaResolver, depth: number): unknown {
  const resolved = plainSchema(schema, schemas);
  const types = typesOf(resolved);
  if (schemas.members(schema).size > 0) return objectOf(schema, source, schemas, depth);
  if (types.includes('array')) return listOf(schema, source, schemas, depth);
  if (resolved.enum !== undefined || resolved.const !== undefined)
    return fitting(resolved, source.status, source.message, source) ?? anyOf(resolved, source);
  return types.includes('string') || types.length === 0
    ? textFor(resolved, source.message, source)
    : anyOf(resolved, source);
}

function objectOf(
  schema: Schema | undefined,
  source: ErrorSource,
  schemas: SchemaResolver,
  depth: number,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const required = schemas.required(schema);
  const described = membersOf(schema, schemas);
  // What is demanded and described nowhere has to be there all the same.
  const undescribed = [...required].filter((name) => !described.has(name)).map((name) => [name, {}] as const);
  const members = new Map<string, Schema>([...described, ...undescribed]);
  const saysWhy = [...members.keys()].some((name) => MESSAGE.has(plain(name)) || plain(name) === 'error');
  for (const [name, property] of members) {
    const resolved = plainSchema(property, schemas);
    const isRequired = required.has(name);
    const value =
      named(name, resolved, source) ?? nested(name, property, { source, schemas, depth, isRequired, saysWhy });
    if (value !== undefined) body[name] = value;
    else if (isRequired) body[name] = likeNamed(name, resolved, source) ?? anyOf(resolved, source);
  }
  return body;
}

/** What a member of another name says of an error, by the end of its name: `faultCode`, `reasonText`. */
function likeNamed(name: string, schema: SchemaObject, source: ErrorSource): unknown {
  const [, stem] = /(code|message|msg|text|description|detail|reason)$/.exec(plain(name)) ?? [];
  if (stem === undefined) return undefined;
  return stem === 'code'
    ? fitting(schema, source.status, source.code, source)
    : fitting(schema, undefined, source.message);
}

/** Of alternatives, the first that is an object is filled: whichever is sent is as good. */
function membersOf(schema: Schema | undefined, schemas: SchemaResolver): ReadonlyMap<string, Schema> {
  const own = schemas.properties(schema);
  const { oneOf = [], anyOf: any = [] } = schemas.resolve(schema) ?? {};
  const branch = [...oneOf, ...any].find((each) => schemas.members(each).size > 0);
  return branch === undefined ? own : new Map([...own, ...membersOf(branch, schemas)]);
}

interface Nesting {
  readonly source: ErrorSource;
  readonly schemas: SchemaResolver;
  readonly depth: number;
  readonly isRequired: boolean;
  /** Whether another member describes what went wrong. */
  readonly saysWhy: boolean;
}

/** What stands in a problem is none. */
function within(source: ErrorSource): ErrorSource {
  return { ...source, isProblem: false };
}

/** An error in an error, or a list of them; optional ones are left out where they would only repeat what is said. */
function nested(name: string, property: Schema, { source, schemas, depth, isRequired, saysWhy }: Nesting): unknown {
  if (depth >= MOST_NESTING) return undefined;
  const key = plain(name);
  const types = typesOf(plainSchema(property, schemas));
  if (types.includes('array') || schemas.items(property) !== undefined) {
    const isWanted = isRequired || (LIST.has(key) && (source.violations.length > 0 || !saysWhy));
    return isWanted ? listOf(property, source, schemas, depth + 1) : undefined;
  }
  if (schemas.members(property).size === 0) return undefined;
  return isRequired || ERROR.has(key) ? objectOf(property, within(source), schemas, depth + 1) : undefined;
}

function listOf(schema: Schema | undefined, source: ErrorSource, schemas: SchemaResolver, depth: number): unknown {
  const items = schemas.items(schema);
  const { violations, message } = source;
  if (items === undefined) return violations.slice(0, MOST_ITEMS);
  const members = membersOf(items, schemas);
  if (members.size === 0) {
    const texts = violations.length > 0 ? violations.map(sentence) : [message];
    return texts.slice(0, MOST_ITEMS).map((text) => valueFor(items, { ...source, message: text }, schemas, depth + 1));
  }
  if (depth >= MOST_NESTING) return [];
  if (violations.length === 0) return [objectOf(items, within(source), schemas, depth + 1)];
  const isPlaced = [...members.keys()].some((name) => PLACE.has(plain(name)));
  return violations.slice(0, MOST_ITEMS).map((violation) => {
    const { path } = violation;
    const inner = { ...within(source), message: isPlaced ? violation.message : sentence(violation), violations: [] };
    return violationOf(items, { ...violation, path }, inner, schemas, depth + 1);
  });
}

function violationOf(
  schema: Schema | undefined,
  violation: Violation,
  source: ErrorSource,
  schemas: SchemaResolver,
  depth: number,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, property] of membersOf(schema, schemas)) {
    const resolved = plainSchema(property, schemas);
    const isInner = schemas.members(property).size > 0 && depth < MOST_NESTING;
    const value =
      placed(name, resolved, violation) ??
      (isInner ? violationOf(property, violation, source, schemas, depth + 1) : named(name, resolved, source));
    if (value !== undefined) body[name] = value;
    else if (schemas.required(schema).has(name)) body[name] = anyOf(resolved, source);
  }
  return body;
}

/** Where a violation is, in the form that a member of this name implies. */
function placed(name: string, schema: SchemaObject, { in: where, path }: Violation): unknown {
  const key = plain(name);
  if (WHERE.has(key)) return fitting(schema, undefined, where);
  if (!PLACE.has(key)) return undefined;
  const keys = keysOf(path);
  if (typesOf(schema).includes('array')) return [where, ...keys];
  const isPointer = key === 'path' || key === 'pointer' || key === 'jsonpointer' || key === 'instancepath';
  // The pointer to the whole body is no text at all.
  const pointer = path === '' && Number(schema.minLength ?? 0) > 0 ? '/' : path;
  return fitting(schema, undefined, isPointer ? pointer : keys.join('.') || where);
}

/** What a member of this name says of an error. */
function named(name: string, schema: SchemaObject, source: ErrorSource): unknown {
  const { status, code, message, violations } = source;
  const key = plain(name);
  if (STATUS.has(key)) return fitting(schema, status, String(status), source);
  if (CODE.has(key)) return fitting(schema, status, code, source);
  if (MESSAGE.has(key)) return fitting(schema, undefined, message, source);
  if (TITLE.has(key)) return fitting(schema, undefined, STATUS_CODES[status] ?? 'Error', source);
  if (LIST.has(key)) return violations.length > 0 && hasAnyItems(schema) ? violations : undefined;
  if (key === 'type')
    return isUri(schema) || (source.isProblem === true && schema.enum === undefined)
      ? 'about:blank'
      : fitting(schema, undefined, code, source);
  if (SUCCESS.has(key)) return typesOf(schema).includes('boolean') ? false : undefined;
  return undefined;
}

const STATUS = words('status statuscode httpstatus httpstatuscode httpcode');
const CODE = words('code errorcode error errortype');
const MESSAGE = words('message msg detail description errormessage errordescription developermessage usermessage');
const TITLE = words('title reason summary');
const LIST = words('errors violations details detail causes issues fielderrors invalidparams validationerrors');
const ERROR = words('error fault problem exception errorinfo errordetail');
const SUCCESS = words('success ok successful issuccess');
const WHERE = words('in location where');
const PLACE = words(
  'path pointer jsonpointer instancepath field property name param parameter attribute target key loc',
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

/** `error_description` and `errorDescription` are the same to us. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

function sentence({ in: where, path, message }: Violation): string {
  return `${where}${path === '' ? '' : ` ${path}`} ${message}`;
}

function hasAnyItems(schema: SchemaObject): boolean {
  return typesOf(schema).includes('array') && schema.items === undefined;
}

function isUri(schema: SchemaObject): boolean {
  return /^(?:uri|iri)/.test(String(schema.format ?? ''));
}

/** The number or the text, as the schema wants it; nothing where it wants something else. */
function fitting(schema: SchemaObject, number: number | undefined, text: string, source?: ErrorSource): unknown {
  const types = typesOf(schema);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) {
    const exact = schema.enum.find((value) => value === text || value === number);
    return exact ?? (source === undefined ? undefined : errorWord(schema.enum, source));
  }
  if (types.length === 0 || types.includes('string')) {
    return source === undefined ? text : textFor(schema, text, source);
  }
  if (!types.includes('integer') && !types.includes('number')) return undefined;
  const least = Number(schema.minimum ?? Number.NEGATIVE_INFINITY);
  return number === undefined ? undefined : Math.max(number, least);
}

/** The text, or what its schema shows where the text is not one of its values. */
function textFor(schema: SchemaObject, text: string, source: ErrorSource): unknown {
  if (schema.format !== undefined) return memberOf(FORMATS, schema.format)?.(source) ?? text;
  const { maxLength = Number.POSITIVE_INFINITY, pattern } = schema as { maxLength?: number; pattern?: string };
  const cut = text.length > maxLength ? [...text].slice(0, maxLength).join('') : text;
  return pattern === undefined || matches(pattern, cut) ? cut : (shown(schema) ?? cut);
}

const FORMATS: Readonly<Record<string, (source: ErrorSource) => string>> = {
  'date-time': ({ now }) => now,
  date: ({ now }) => now.slice(0, 10),
  time: ({ now }) => now.slice(11),
  uri: () => 'about:blank',
  url: () => 'about:blank',
  // No value of its own, but one of the format.
  uuid: () => '00000000-0000-0000-0000-000000000000',
};

function matches(source: string, text: string): boolean {
  const pattern = compilePattern(source);
  return !isPattern(pattern) || pattern.test(text);
}

/** A value of the schema that says nothing of the error. */
function anyOf(schema: SchemaObject, source: ErrorSource): unknown {
  const given = schema.const ?? schema.default ?? shown(schema) ?? schema.enum?.[0];
  if (given !== undefined) return given;
  switch (typesOf(schema)[0]) {
    case 'integer':
    case 'number':
      return Number(schema.minimum ?? 0);
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return {};
    case 'null':
      return null;
    default:
      return memberOf(FORMATS, schema.format ?? '')?.(source) ?? '';
  }
}

function shown({ examples }: SchemaObject): unknown {
  return Array.isArray(examples) ? examples[0] : undefined;
}

function typesOf({ type }: SchemaObject): readonly string[] {
  return type === undefined ? [] : typeof type === 'string' ? [type] : type;
}

const COMBINED = ['allOf', 'oneOf', 'anyOf'] as const;

/** A schema as one object: what its parts say, and of alternatives to nothing the first. */
function plainSchema(schema: Schema | undefined, schemas: SchemaResolver, depth = 0): SchemaObject {
  const resolved = schemas.resolve(schema) ?? {};
  // Nearly all say everything by themselves, and a refusal asks for each member that it might have.
  if (resolved.type !== undefined && COMBINED.every((name) => resolved[name] === undefined)) return resolved;
  const { allOf = [], oneOf = [], anyOf: any = [], ...own } = resolved;
  const [branch] = [...oneOf, ...any].filter((each) => schemas.resolve(each)?.type !== 'null');
  const said = branch === undefined ? allOf : [...allOf, branch];
  const parts = depth < MOST_NESTING ? said.map((part) => plainSchema(part, schemas, depth + 1)) : [];
  const whole: SchemaObject = Object.assign({}, ...parts, own);
  if (whole.type === undefined && whole.properties !== undefined) whole.type = 'object';
  if (whole.type === undefined && whole.items !== undefined) whole.type = 'array';
  return whole;
}
