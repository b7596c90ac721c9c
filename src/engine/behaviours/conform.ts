import { bareWord } from '../../lib/bare-word.ts';
import type { Schema, SchemaObject } from '../../model/schema.ts';
import type { BehaviourParts } from './behaviour-parts.ts';

/** Values within values that are looked into. */
const MOST_NESTING = 4;
/** Alternatives that a value is tried in. */
const MOST_ALTERNATIVES = 8;

export interface Fitting {
  readonly parts: Pick<BehaviourParts, 'schemas' | 'validation' | 'filler'>;
  /** Makes a value of a schema where nothing that is there can be turned into one. */
  readonly make: (schema: Schema) => unknown;
  /** Whether what breaks a pattern or a bound may be replaced: what a contract shows may, what a client sent may not. */
  readonly isShown?: boolean;
}

/**
 * Turns a value into one of the kind that a schema wants. Many a contract takes the id of something and answers the
 * whole, or takes a number and answers it with its unit. What is of the right kind stays, even where a pattern or a bound
 * is not met: what a client sent is not lost. `undefined` where nothing will do, so that it has to be left out or made.
 *
 * @example conform('ams1', { type: 'object', properties: { slug: { type: 'string' } } }, { parts, make }); // { slug: 'ams1', … }
 */
export function conform(value: unknown, schema: Schema, fitting: Fitting, depth = 0): unknown {
  const { parts, make, isShown = false } = fitting;
  if (depth > MOST_NESTING || parts.validation.check(schema)(value).length === 0) return value;
  const kinds = kindsOf(schema, parts, 0);
  const kind = kindOf(value);
  if (kinds.size > 0 && !kinds.has(kind)) return turned(value, kind, kinds, schema, fitting, depth);
  const resolved = parts.schemas.resolve(schema);
  const values = resolved?.const === undefined ? resolved?.enum : [resolved.const];
  if (values !== undefined) return values.find((each) => bareWord(String(each)) === bareWord(String(value)));
  if (Array.isArray(value)) {
    const items = parts.schemas.items(schema);
    return items === undefined ? value : value.map((item) => conform(item, items, fitting, depth + 1) ?? make(items));
  }
  if (kind !== 'object') return isShown ? undefined : value;
  const chosen = fitAlternative(value, schema, fitting, depth);
  if (chosen !== undefined) return chosen;
  const fitted = fitMembers(value as Readonly<Record<string, unknown>>, schema, fitting, depth);
  // What is shown of a part and still does not fit, as where it is of two exclusive kinds at once, is made instead.
  const isMade = isShown && depth > 0 && parts.validation.check(schema)(fitted).length > 0;
  return isMade ? undefined : fitted;
}

/** The value as the first of the alternatives has it that it can be turned into, the nearest tried first. */
function fitAlternative(value: unknown, schema: Schema, fitting: Fitting, depth: number): unknown {
  const { schemas, validation } = fitting.parts;
  const resolved = schemas.resolve(schema);
  const check = validation.check(schema);
  const nearest = [...(resolved?.oneOf ?? []), ...(resolved?.anyOf ?? [])]
    .map((branch) => ({ branch, violations: validation.check(branch)(value).length }))
    .sort((one, other) => one.violations - other.violations)
    .slice(0, MOST_ALTERNATIVES);
  for (const { branch } of nearest) {
    const fitted = conform(value, branch, fitting, depth + 1);
    if (fitted !== undefined && check(fitted).length === 0) return fitted;
  }
  return undefined;
}

/** The same object with each member of the kind that the schema wants, and with what it demands. */
function fitMembers(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  fitting: Fitting,
  depth: number,
): unknown {
  const { parts, make } = fitting;
  const { schemas } = parts;
  const members = schemas.properties(schema);
  const isClosed = schemas.resolve(schema)?.additionalProperties === false;
  const fitted: Record<string, unknown> = {};
  for (const [name, own] of Object.entries(value)) {
    const member = members.get(name);
    const after = member === undefined ? (isClosed ? undefined : own) : conform(own, member, fitting, depth + 1);
    if (after !== undefined) fitted[name] = after;
  }
  return parts.filler(schema)(fitted, make);
}

function turned(
  value: unknown,
  kind: string,
  kinds: ReadonlySet<string>,
  schema: Schema,
  fitting: Fitting,
  depth: number,
): unknown {
  const { parts, make } = fitting;
  const items = kinds.has('array') ? parts.schemas.items(schema) : undefined;
  if (items !== undefined && value !== null) return [conform(value, items, fitting, depth + 1) ?? make(items)];
  if (Array.isArray(value)) return value.length === 0 ? undefined : conform(value[0], schema, fitting, depth + 1);
  if (kind === 'object') return insideOf(value as Readonly<Record<string, unknown>>, schema, fitting);
  if (kinds.has('string') && value !== null) return conform(String(value), schema, fitting, depth + 1);
  if (kind === 'string' && kinds.has('number') && value !== '' && Number.isFinite(Number(value))) return Number(value);
  if (kinds.has('object') && value !== null) return around(value, schema, fitting);
  return kinds.has('null') && kinds.size === 1 ? null : undefined;
}

/** An object that the value is the id of, or that names it by another word. */
function around(value: unknown, schema: Schema, { parts, make }: Fitting): unknown {
  const made = make(schema);
  if (kindOf(made) !== 'object') return made;
  const members = [...parts.schemas.members(schema)].filter(([, member]) => {
    const isConstant = constantOf(parts.schemas.resolve(member));
    return !isConstant && parts.validation.check(member)(value).length === 0;
  });
  const name = NAMES.map((stem) => members.find(([each]) => stem.test(each))?.[0]).find((each) => each !== undefined);
  return name === undefined ? made : { ...(made as object), [name]: value };
}

/** What stands in an object for the whole of it. */
function insideOf(value: Readonly<Record<string, unknown>>, schema: Schema, { parts }: Fitting): unknown {
  const fitting = Object.entries(value).filter(([, each]) => parts.validation.check(schema)(each).length === 0);
  return NAMES.map((stem) => fitting.find(([name]) => stem.test(name))?.[1]).find((each) => each !== undefined);
}

/** What a thing is called by where it stands for itself, the likeliest first. */
const NAMES = [/^(id|uuid|guid|sid|gid)$/i, /id$/i, /^(slug|key|code|number|ref(erence)?)$/i, /^(name|value|amount)$/i];

function constantOf(schema: SchemaObject | undefined): boolean {
  return schema?.const !== undefined || schema?.enum !== undefined;
}

/** The kinds of values that a schema takes; none for any. */
function kindsOf(schema: Schema | undefined, parts: Fitting['parts'], depth: number): ReadonlySet<string> {
  const resolved = parts.schemas.resolve(schema);
  if (resolved === undefined || depth > MOST_NESTING) return NO_KINDS;
  const types = [resolved.type].flat().filter((type) => type !== undefined);
  if (types.length > 0) return new Set(types.map((type) => (type === 'integer' ? 'number' : String(type))));
  if (resolved.properties !== undefined) return new Set(['object']);
  const branches = [...(resolved.oneOf ?? []), ...(resolved.anyOf ?? [])].map((each) =>
    kindsOf(each, parts, depth + 1),
  );
  if (branches.length > 0)
    return branches.some(({ size }) => size === 0) ? NO_KINDS : new Set(branches.flatMap((each) => [...each]));
  const [part] = (resolved.allOf ?? []).map((each) => kindsOf(each, parts, depth + 1)).filter(({ size }) => size > 0);
  return part ?? NO_KINDS;
}

const NO_KINDS: ReadonlySet<string> = Object.freeze(new Set<string>());

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
