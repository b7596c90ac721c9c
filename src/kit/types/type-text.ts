import type { Schema, SchemaObject } from '../../model/schema.ts';

/** How a schema is written as a TypeScript type. */
export interface TypeWriter {
  /** What stands for a `$ref`, such as `Schemas['connectx/bss-api']['Customer']`. */
  readonly reference: (ref: string) => string;
  /** What a client sends: properties that only the server sets are not demanded. */
  readonly isRequest?: boolean;
}

/**
 * A schema as a TypeScript type; what a type cannot say (a pattern, a range) is left out.
 *
 * @example typeText({ type: ['string', 'null'] }, writer) // 'string | null'
 */
export function typeText(schema: Schema, writer: TypeWriter): string {
  if (schema === true) return 'unknown';
  if (schema === false) return 'never';
  const parts = [
    ...(schema.$ref === undefined ? [] : [writer.reference(schema.$ref)]),
    ...ownType(schema, writer),
    ...(schema.allOf ?? []).map((each) => typeText(each, writer)),
    ...[schema.oneOf, schema.anyOf].flatMap((branches) =>
      branches === undefined ? [] : [union(branches.map((each) => typeText(each, writer)))],
    ),
  ].filter((part) => part !== 'unknown');
  const distinct = [...new Set(parts)];
  if (distinct.length === 0) return 'unknown';
  return distinct.length === 1 ? (distinct[0] as string) : distinct.map(grouped).join(' & ');
}

/**
 * Members of an object type with what the contract says about them.
 *
 * @example memberText('name', 'string', { isOptional: true }) // 'name?: string;'
 */
export function memberText(
  name: string,
  type: string,
  { isOptional = false, isReadonly = false, description }: MemberFacts = {},
): string {
  return `${commentText(description)}${isReadonly ? 'readonly ' : ''}${propertyName(name)}${isOptional ? '?' : ''}: ${type};`;
}

export interface MemberFacts {
  readonly isOptional?: boolean;
  readonly isReadonly?: boolean;
  readonly description?: string;
}

/** A name as it stands in an object type, in quotation marks where it is no identifier. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** A text as a literal type. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** Several types of which one holds. */
export function union(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  if (distinct.includes('unknown')) return 'unknown';
  return distinct.length === 0 ? 'never' : distinct.join(' | ');
}

const LONGEST_COMMENT = 300;

/** A comment of one line, with nothing in it that could end it. */
export function commentText(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '') return '';
  const line = text.replace(/\s+/g, ' ').replaceAll('*/', '*\\/').trim();
  return `/** ${line.length > LONGEST_COMMENT ? `${line.slice(0, LONGEST_COMMENT)}…` : line} */\n`;
}

function ownType(schema: SchemaObject, writer: TypeWriter): string[] {
  if (schema.const !== undefined) return [literal(schema.const)];
  if (schema.enum !== undefined) return [union(schema.enum.map(literal))];
  const { type } = schema;
  const named = typeof type === 'string' ? [type] : (type ?? impliedTypes(schema));
  return named.length === 0 ? [] : [union(named.map((each) => typeOfKind(each, schema, writer)))];
}

/** What a schema is about that does not say so. */
function impliedTypes({ properties, additionalProperties, items, prefixItems }: SchemaObject): string[] {
  if (properties !== undefined || typeof additionalProperties === 'object') return ['object'];
  return items !== undefined || prefixItems !== undefined ? ['array'] : [];
}

function typeOfKind(kind: string, schema: SchemaObject, writer: TypeWriter): string {
  switch (kind) {
    case 'object':
      return objectType(schema, writer);
    case 'array':
      return arrayType(schema, writer);
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return kind;
    default:
      return 'unknown';
  }
}

function objectType(
  { properties = {}, required = [], additionalProperties }: SchemaObject,
  writer: TypeWriter,
): string {
  const entries = Object.entries(properties);
  const others =
    additionalProperties === undefined || typeof additionalProperties === 'boolean'
      ? 'unknown'
      : typeText(additionalProperties, writer);
  if (entries.length === 0)
    return additionalProperties === false ? 'Record<string, never>' : `Record<string, ${others}>`;
  const members = entries.map(([name, property]) => {
    const { readOnly, description } = typeof property === 'object' ? property : {};
    const isOptional = !required.includes(name) || (writer.isRequest === true && readOnly === true);
    return memberText(name, typeText(property, writer), { isOptional, isReadonly: readOnly === true, description });
  });
  const object = `{\n${members.join('\n')}\n}`;
  // An index signature of its own type would have to hold for the named members too.
  return typeof additionalProperties === 'object' || additionalProperties === true
    ? `${object} & Record<string, ${others === 'unknown' || entries.length === 0 ? others : 'unknown'}>`
    : object;
}

function arrayType({ items, prefixItems }: SchemaObject, writer: TypeWriter): string {
  if (Array.isArray(prefixItems)) {
    const fixed = (prefixItems as readonly Schema[]).map((each) => typeText(each, writer));
    return `[${fixed.join(', ')}${items === false ? '' : ', ...unknown[]'}]`;
  }
  return items === undefined ? 'unknown[]' : `${grouped(typeText(items, writer))}[]`;
}

/** A type that can stand in front of `[]` or beside `&`. */
function grouped(type: string): string {
  return /[|&]/.test(type.replace(/'(?:\\.|[^'\\])*'|\{[\s\S]*\}/g, '')) ? `(${type})` : type;
}

function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'unknown[]' : 'Record<string, unknown>';
}
