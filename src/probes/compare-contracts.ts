import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { Schema, SchemaObject } from '../model/schema.ts';
import { createSchemaResolver, type SchemaResolver } from '../model/schema-resolver.ts';

/** Something that clients of an older contract run into. */
export interface BreakingChange {
  readonly operation: Operation;
  /** `<system>/<contract>` of the older contract. */
  readonly contract: string;
  readonly message: string;
}

/** Levels of schemas that are compared. */
const DEEPEST = 12;

/**
 * What in newer contracts breaks clients that were written for older ones: operations and answers that are gone, parameters
 * and members that have to be sent, choices and types that are narrower in requests or wider in answers.
 *
 * @example compareContracts(older, newer).map(({ message }) => message) // ['it is gone']
 */
export function compareContracts(older: readonly Contract[], newer: readonly Contract[]): readonly BreakingChange[] {
  const schemas = { old: createSchemaResolver(older), new: createSchemaResolver(newer) };
  const all = newer.flatMap(({ operations }) => operations);
  return older.flatMap((contract) =>
    contract.operations.flatMap((operation) => {
      const found = all.find((each) => isSame(each, operation)) ?? all.find((each) => isAlike(each, operation));
      const messages = found === undefined ? ['it is gone'] : changesOf(operation, found, schemas);
      return [...new Set(messages)].map((message) => ({
        operation,
        contract: `${contract.system}/${contract.name}`,
        message,
      }));
    }),
  );
}

function isSame(one: Operation, other: Operation): boolean {
  return one.method === other.method && shapeOf(one.path) === shapeOf(other.path);
}

/** The base path of a contract may have become another one: that is the address, and not the operation. */
function isAlike(one: Operation, other: Operation): boolean {
  const aliases = [other.path, ...(other.aliases ?? [])].map(shapeOf);
  return (
    one.method === other.method && [one.path, ...(one.aliases ?? [])].some((path) => aliases.includes(shapeOf(path)))
  );
}

function shapeOf(path: string): string {
  return path.replace(/\{[^}]+\}/g, '{}');
}

interface Schemas {
  readonly old: SchemaResolver;
  readonly new: SchemaResolver;
}

function changesOf(old: Operation, now: Operation, schemas: Schemas): readonly string[] {
  return [
    ...parameterChanges(old, now, schemas),
    ...bodyChanges(old, now, schemas),
    ...answerChanges(old, now, schemas),
    ...(old.security.length === 0 && now.security.length > 0 ? ['it demands a credential now'] : []),
  ];
}

function parameterChanges(old: Operation, now: Operation, schemas: Schemas): readonly string[] {
  const nameOf = ({ in: where, name }: Operation['parameters'][number]) =>
    `${where} ${where === 'header' ? name.toLowerCase() : name}`;
  const before = new Map(old.parameters.map((parameter) => [nameOf(parameter), parameter]));
  return now.parameters.flatMap((parameter) => {
    // Names in a path are nobody's to send.
    const known = before.get(nameOf(parameter));
    if (parameter.in === 'path')
      return known === undefined ? [] : narrowed(known.schema, parameter.schema, schemas, `path ${parameter.name}`);
    const place = `${parameter.in} ${parameter.name}`;
    if (known === undefined) return parameter.required ? [`${place} has to be sent now`] : [];
    return [
      ...(parameter.required && !known.required ? [`${place} has to be sent now`] : []),
      ...narrowed(known.schema, parameter.schema, schemas, place),
    ];
  });
}

function bodyChanges(old: Operation, now: Operation, schemas: Schemas): readonly string[] {
  const [before, after] = [old.requestBody, now.requestBody];
  if (after === undefined) return before === undefined ? [] : ['it takes no body any more'];
  if (before === undefined) return after.required ? ['a body has to be sent now'] : [];
  const changes = after.required && !before.required ? ['a body has to be sent now'] : [];
  for (const [type, media] of Object.entries(before.content)) {
    const same = mediaOf(after.content, type);
    if (same === undefined) changes.push(`it takes no ${type} any more`);
    else changes.push(...narrowed(media.schema, same.schema, schemas, 'body'));
  }
  return changes;
}

function answerChanges(old: Operation, now: Operation, schemas: Schemas): readonly string[] {
  return Object.entries(old.responses).flatMap(([status, before]) => {
    const after = now.responses[status] ?? now.responses[`${status[0]}XX`] ?? now.responses.default;
    // What else may go wrong is no promise.
    if (after === undefined) return /^[23]/.test(status) ? [`the answer ${status} is gone`] : [];
    const place = `answer ${status}`;
    const missing = Object.entries(before.headers)
      .filter(([name, { required }]) => required && after.headers[name]?.required !== true)
      .map(([name]) => `${place}: the header ${name} need not be there any more`);
    const bodies = Object.entries(before.content).flatMap(([type, media]) => {
      const same = mediaOf(after.content, type);
      return same === undefined
        ? [`${place}: there is no ${type} any more`]
        : widened(media.schema, same.schema, schemas, place);
    });
    return [...missing, ...bodies];
  });
}

function mediaOf(content: Operation['responses'][string]['content'], type: string) {
  const plain = (text: string) => text.split(';')[0]?.trim().toLowerCase();
  return content[type] ?? Object.entries(content).find(([each]) => plain(each) === plain(type) || each === '*/*')?.[1];
}

/** What a client might send until now, and may no longer. */
function narrowed(
  old: Schema | undefined,
  now: Schema | undefined,
  schemas: Schemas,
  place: string,
): readonly string[] {
  const changes: string[] = [];
  compare(old, now, schemas, place, 0, (before, after, at, depth, inner) => {
    changes.push(...typesGone(before, after).map((type) => `${at} may be no ${type} any more`));
    changes.push(...choicesGone(before, after).map((choice) => `${at} may not be ${choice} any more`));
    if (before.enum === undefined && after.enum !== undefined)
      changes.push(`${at} has to be one of ${after.enum.map((each) => JSON.stringify(each)).join(', ')} now`);
    changes.push(...tighterBounds(before, after).map((bound) => `${at} ${bound}`));
    const required = schemas.new.required(after);
    const formerly = schemas.old.required(before);
    const [members, known] = [schemas.new.members(after), schemas.old.members(before)];
    for (const name of required) {
      const member = schemas.new.resolve(members.get(name));
      if (!formerly.has(name) && member?.readOnly !== true) changes.push(`${at}/${name} has to be sent now`);
    }
    if (after.additionalProperties === false)
      for (const name of known.keys()) if (!members.has(name)) changes.push(`${at}/${name} may not be sent any more`);
    inner(depth);
  });
  return changes;
}

/** What a client might be answered now, and could not until now; and what it could rely on. */
function widened(old: Schema | undefined, now: Schema | undefined, schemas: Schemas, place: string): readonly string[] {
  const changes: string[] = [];
  compare(old, now, schemas, place, 0, (before, after, at, depth, inner) => {
    changes.push(...typesGone(after, before).map((type) => `${at} may be a ${type} now`));
    changes.push(...choicesGone(after, before).map((choice) => `${at} may be ${choice} now`));
    if (before.enum !== undefined && after.enum === undefined && after.const === undefined)
      changes.push(`${at} may be anything now`);
    const [required, formerly] = [schemas.new.required(after), schemas.old.required(before)];
    const [members, known] = [schemas.new.members(after), schemas.old.members(before)];
    for (const name of known.keys()) {
      if (!members.has(name)) changes.push(`${at}/${name} is gone`);
      else if (formerly.has(name) && !required.has(name)) changes.push(`${at}/${name} need not be there any more`);
    }
    inner(depth);
  });
  return changes;
}

type Visit = (
  before: SchemaObject,
  after: SchemaObject,
  place: string,
  depth: number,
  inner: (depth: number) => void,
) => void;

function compare(
  old: Schema | undefined,
  now: Schema | undefined,
  schemas: Schemas,
  place: string,
  depth: number,
  visit: Visit,
  passed: readonly SchemaObject[] = [],
): void {
  const [before, after] = [flattened(old, schemas.old), flattened(now, schemas.new)];
  if (before === undefined || after === undefined || depth > DEEPEST) return;
  const mark = schemas.old.resolve(old);
  if (mark === undefined || passed.includes(mark)) return;
  const deeper = [...passed, mark];
  visit(before, after, place, depth, (level) => {
    const [known, members] = [schemas.old.members(before), schemas.new.members(after)];
    for (const [name, member] of known) {
      if (members.has(name)) compare(member, members.get(name), schemas, `${place}/${name}`, level + 1, visit, deeper);
    }
    const [items, nowItems] = [schemas.old.items(before), schemas.new.items(after)];
    if (items !== undefined && nowItems !== undefined)
      compare(items, nowItems, schemas, `${place}/*`, level + 1, visit, deeper);
  });
}

/** A schema with the plain keywords of its `allOf` parts. */
function flattened(schema: Schema | undefined, schemas: SchemaResolver, depth = 0): SchemaObject | undefined {
  const resolved = schemas.resolve(schema);
  if (resolved === undefined || depth > DEEPEST) return resolved;
  const parts = (resolved.allOf ?? []).flatMap((part) => flattened(part, schemas, depth + 1) ?? []);
  const { properties: _, required: __, ...plain } = Object.assign({}, ...parts) as SchemaObject;
  return { ...plain, ...resolved };
}

/** Types that the one allows and the other does not. */
function typesGone(from: SchemaObject, to: SchemaObject): readonly string[] {
  if (from.type === undefined || to.type === undefined) return [];
  const [before, after] = [[from.type].flat(), [to.type].flat()];
  return before.filter((type) => !after.includes(type) && !(type === 'integer' && after.includes('number')));
}

function choicesGone(from: SchemaObject, to: SchemaObject): readonly string[] {
  if (from.enum === undefined || to.enum === undefined) return [];
  const after = to.enum.map((each) => JSON.stringify(each));
  return from.enum.map((each) => JSON.stringify(each)).filter((each) => !after.includes(each));
}

const LEAST = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'] as const;
const MOST = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'] as const;

function tighterBounds(before: SchemaObject, after: SchemaObject): readonly string[] {
  const numbers = (name: string) => [before[name], after[name]] as const;
  const changes: string[] = [];
  for (const name of LEAST) {
    const [was, is] = numbers(name);
    if (typeof is === 'number' && (typeof was !== 'number' || is > was)) changes.push(`has ${name} ${is} now`);
  }
  for (const name of MOST) {
    const [was, is] = numbers(name);
    if (typeof is === 'number' && (typeof was !== 'number' || is < was)) changes.push(`has ${name} ${is} now`);
  }
  for (const name of ['pattern', 'format'] as const) {
    const [was, is] = numbers(name);
    if (is !== undefined && is !== was && !(name === 'format' && before.type !== 'string'))
      changes.push(`has the ${name} ${String(is)} now`);
  }
  return changes;
}
