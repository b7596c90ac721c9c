import { contractUri, type Contract } from '../model/contract.ts';
import type { Schema, SchemaObject } from '../model/schema.ts';
import { OWN_FORMATS } from './generator-formats.ts';

/** A type that contains itself is followed into itself this often. */
const SELF_NESTING = 1;
/** Optional members are left out below this many objects within objects: a sample is there to be read. */
const OPTIONAL_DEPTH = 4;
/** Even what is required ends somewhere; a schema that gets here permits no value of reasonable size. */
const REFERENCE_DEPTH = 32;

/** Where a schema stands: the references it was reached by, how many objects it is in, and the property's name. */
interface Place {
  readonly references: readonly string[];
  readonly depth: number;
  readonly name: string;
}

/**
 * Makes a function that writes schemas out without references, cut off where they would not end, with bounds and
 * formats where the contract leaves them open. What cannot be cut without breaking the schema takes its surroundings
 * with it: an optional member goes, an array stays empty, an alternative drops out.
 *
 * @example
 * createFiniteSchemas(contracts)({ $ref: 'contract://connectx/bss-api#/$defs/Customer' });
 */
export function createFiniteSchemas(contracts: readonly Contract[]): (schema: Schema) => Schema {
  const named = new Map(
    contracts.flatMap((contract) =>
      Object.entries(contract.$defs).map(([key, schema]) => [`${contractUri(contract)}#/$defs/${key}`, schema] as const),
    ),
  );
  const kept = new WeakMap<SchemaObject, Schema>();
  return (schema) => {
    if (typeof schema === 'boolean') return schema && { type: 'string', format: OWN_FORMATS.words };
    const finite = kept.get(schema) ?? write(schema, { references: [], depth: 0, name: '' }, named) ?? false;
    kept.set(schema, finite);
    return finite;
  };
}

type Named = ReadonlyMap<string, Schema>;

/** The finite schema, or nothing where there is none. */
function write(schema: Schema, place: Place, named: Named): Schema | undefined {
  const finite = writeBare(schema, place, named);
  if (finite === true || (typeof finite === 'object' && Object.keys(finite).length === 0)) {
    return { type: 'string', format: formatByName(place.name) };
  }
  return finite;
}

/** As `write`, but without a default type, for parts of an `allOf`: there the other parts decide. */
function writeBare(schema: Schema, place: Place, named: Named): Schema | undefined {
  if (typeof schema === 'boolean') return schema;
  if (schema.$ref !== undefined) return writeReference(schema, schema.$ref, place, named);

  const finite: Record<string, unknown> = {};
  for (const keyword of KEPT) if (schema[keyword] !== undefined) finite[keyword] = schema[keyword];
  for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const) {
    const branches = schema[keyword]?.map((branch) => writeBare(branch, place, named));
    const possible = branches?.filter((branch) => branch !== undefined);
    if (branches === undefined || possible === undefined) continue;
    if (possible.length === 0 || (keyword === 'allOf' && possible.length < branches.length)) return undefined;
    finite[keyword] = possible;
  }
  if (!writeObject(schema, finite, place, named) || !writeArray(schema, finite, place, named)) return undefined;
  return { ...finite, ...numberBounds(finite), ...stringFormat(finite, place.name) };
}

function writeReference(schema: SchemaObject, ref: string, place: Place, named: Named): Schema | undefined {
  const passed = place.references.filter((reference) => reference === ref).length;
  const target = named.get(decodeURIComponent(ref).replaceAll('~1', '/').replaceAll('~0', '~'));
  if (target === undefined || passed > SELF_NESTING || place.references.length >= REFERENCE_DEPTH) return undefined;

  const inside = { ...place, references: [...place.references, ref] };
  const { $ref: _, ...siblings } = schema;
  const own = writeBare(siblings, place, named);
  const finite = writeBare(target, inside, named);
  const isAlone = typeof own === 'object' && Object.keys(own).length === 0;
  if (isAlone || own === undefined || finite === undefined) return own && finite;
  return { allOf: [finite, own] };
}

/** Adds the object keywords; false where a required member cannot be written. */
function writeObject(schema: SchemaObject, finite: Record<string, unknown>, place: Place, named: Named): boolean {
  const inside = (name: string) => ({ ...place, depth: place.depth + 1, name });
  if (schema.properties !== undefined) {
    const required = new Set(schema.required);
    const properties: Record<string, Schema> = {};
    for (const [name, property] of Object.entries(schema.properties)) {
      if (!required.has(name) && (place.depth >= OPTIONAL_DEPTH || property === false)) continue;
      const written = write(property, inside(name), named);
      if (written === undefined && required.has(name)) return false;
      if (written !== undefined) properties[name] = written;
    }
    finite.properties = properties;
  }
  if (schema.additionalProperties !== undefined) {
    finite.additionalProperties = write(schema.additionalProperties, inside(''), named) ?? false;
  }
  if (schema.patternProperties !== undefined) {
    finite.patternProperties = Object.fromEntries(
      Object.entries(schema.patternProperties as Record<string, Schema>).map(([pattern, property]) => [
        pattern,
        write(property, inside(''), named) ?? false,
      ]),
    );
  }
  return true;
}

/** Adds the array keywords; false where there must be items and they cannot be written. */
function writeArray(schema: SchemaObject, finite: Record<string, unknown>, place: Place, named: Named): boolean {
  const parts = (schema.prefixItems as readonly Schema[] | undefined)?.map((item) => write(item, place, named));
  if (parts?.includes(undefined)) return false;
  if (parts !== undefined) finite.prefixItems = parts;
  if (schema.contains !== undefined) finite.contains = write(schema.contains as Schema, place, named);

  if (schema.items === undefined || schema.items === false) return true;
  const items = place.depth > OPTIONAL_DEPTH && !schema.minItems ? undefined : write(schema.items, place, named);
  if (items === undefined) finite.maxItems = parts?.length ?? 0;
  else finite.items = items;
  return items !== undefined || Number(schema.minItems ?? 0) <= Number(finite.maxItems);
}

/** Bounds where there are none: json-schema-faker ends at ±1000, even when the other bound is beyond that. */
function numberBounds({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum }: SchemaObject): SchemaObject {
  if (!includesType(type, 'number') && !includesType(type, 'integer')) return {};
  const lower = Number(minimum ?? exclusiveMinimum ?? Math.min(0, Number(maximum ?? exclusiveMaximum ?? 0) - 1000));
  return {
    ...(minimum === undefined && exclusiveMinimum === undefined && { minimum: lower }),
    ...(maximum === undefined && exclusiveMaximum === undefined && { maximum: lower + 1000 }),
  };
}

/** A format that can be written, where the contract leaves the string open. */
function stringFormat({ type, format, pattern, enum: values, const: value }: SchemaObject, name: string): SchemaObject {
  if (!includesType(type, 'string') || values !== undefined || value !== undefined) return {};
  // json-schema-faker looks at the format first and then not at the pattern.
  if (pattern !== undefined) return { format: undefined };
  return { format: format !== undefined && WRITABLE.test(format) ? format : formatByName(name) };
}

function formatByName(name: string): string {
  if (/(phone|mobile|fax|msisdn)$|(phone|fax)number$/i.test(name)) return OWN_FORMATS.phone;
  if (/e?mail(address)?$/i.test(name)) return 'email';
  if (/(url|uri|href|callback)$/i.test(name)) return 'uri';
  return /currency(code)?$/i.test(name) ? OWN_FORMATS.currency : OWN_FORMATS.words;
}

function includesType(type: SchemaObject['type'], wanted: string): boolean {
  return type === wanted || (Array.isArray(type) && type.includes(wanted));
}

const WRITABLE =
  /^(date-time|date|time|duration|(idn-)?(email|hostname)|ur[il]|iri|[ui]ri-reference|uri-template|(relative-)?json-pointer|regex|ipv[46]|uuid|byte|binary|password)$/;

/** Keywords that are taken over as they stand: json-schema-faker would read any other as the name of a property. */
const KEPT = [
  'type', 'enum', 'const', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum',
  'exclusiveMaximum', 'multipleOf', 'required', 'minProperties', 'maxProperties', 'dependentRequired', 'minItems',
  'maxItems', 'uniqueItems', 'minContains', 'maxContains', 'not',
] as const; // biome-ignore format: a table
