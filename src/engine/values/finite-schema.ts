import { isJsonType } from '../../lib/json-type.ts';
import { type Contract, contractUri } from '../../model/contract.ts';
import type { Schema, SchemaObject } from '../../model/schema.ts';
import { SAMPLE_LIMITS } from './bounded-schema.ts';
import { createDiscriminators, type Discriminators } from './discriminators.ts';
import { mergeSchemas } from './merge-schemas.ts';

/** A type that contains itself is followed into itself this often. */
const SELF_NESTING = 1;
/** Optional members are left out below this many objects within objects: a sample is there to be read. */
const OPTIONAL_DEPTH = 4;
/** Even what is required ends somewhere; a schema that gets here permits no value of reasonable size. */
const REFERENCE_DEPTH = 32;

/** Where a schema stands: the references it was reached by, and how many objects it is in. */
interface Place {
  readonly references: readonly string[];
  readonly depth: number;
  /** Parts that may still be written out. */
  readonly budget: { left: number };
  /** Whether it is a part of a schema that says what kind of it is meant. */
  readonly isPart: boolean;
  /** Whether what is demanded without an end is left out. */
  readonly isCut: boolean;
}

interface Named {
  get(reference: string): Schema | undefined;
  readonly discriminators: Discriminators;
}

/**
 * Makes a function that writes schemas out without references, `allOf` and `oneOf`, cut off where they would not end.
 * What cannot be cut without breaking the schema takes its surroundings with it: an optional member goes, an array
 * stays empty, an alternative drops out. A schema that no finite value meets is cut all the same, and then shows as much
 * of one as there is room for. `false` means that nothing is left.
 *
 * @example
 * createFiniteSchemas(contracts)({ $ref: 'contract://connectx/bss-api#/$defs/Customer' });
 */
export function createFiniteSchemas(contracts: readonly Contract[]): (schema: Schema) => Schema {
  const schemas: ReadonlyMap<string, Schema> = new Map(
    contracts.flatMap((contract) =>
      Object.entries(contract.$defs).map(
        ([key, schema]) => [`${contractUri(contract)}#/$defs/${key}`, schema] as const,
      ),
    ),
  );
  const get = (reference: string) =>
    schemas.get(decodeURIComponent(reference).replaceAll('~1', '/').replaceAll('~0', '~'));
  const named: Named = { get, discriminators: createDiscriminators(schemas, get) };
  const from = (schema: Schema, isCut: boolean) =>
    write(
      schema,
      {
        references: [],
        depth: 0,
        budget: { left: isCut ? SAMPLE_LIMITS.values / 10 : SAMPLE_LIMITS.parts },
        isPart: false,
        isCut,
      },
      named,
    );
  return (schema) => {
    const finite = from(schema, false);
    return finite === false && schema !== false ? from(schema, true) : finite;
  };
}

function write(schema: Schema, place: Place, named: Named): Schema {
  if (typeof schema === 'boolean') return schema;
  place.budget.left -= 1;
  if (place.budget.left < 0) return false;

  const finite: Record<string, unknown> = {};
  for (const keyword of KEPT) if (schema[keyword] !== undefined) finite[keyword] = schema[keyword];
  const isPossible = writeObject(schema, finite, place, named) && writeArray(schema, finite, place, named);
  if (!isPossible) return false;

  if (isJsonText(schema)) {
    const content = write(schema.contentSchema as Schema, { ...place, depth: place.depth + 1, isPart: false }, named);
    if (content !== false) finite.contentSchema = content;
  }
  const parts: Schema[] = [finite];
  if (schema.$ref !== undefined) parts.push(writeReference(schema.$ref, place, named));
  for (const part of schema.allOf ?? []) parts.push(write(part, { ...place, isPart: true }, named));
  for (const branches of [schema.anyOf, schema.oneOf]) {
    const possible = branches
      ?.map((branch) => named.discriminators.asKind(write(branch, { ...place, isPart: true }, named), branch, schema))
      .filter((branch) => branch !== false);
    if (possible !== undefined) parts.push(possible.length > 0 ? { anyOf: possible } : false);
  }
  return mergeSchemas(parts);
}

/** Whether it is a text that holds JSON, and says which. */
function isJsonText({ contentSchema, contentMediaType }: SchemaObject): boolean {
  return contentSchema !== undefined && typeof contentMediaType === 'string' && isJsonType(contentMediaType);
}

function writeReference(ref: string, place: Place, named: Named): Schema {
  const { references } = place;
  const passed = references.filter((reference) => reference === ref).length;
  if (passed > SELF_NESTING || references.length >= REFERENCE_DEPTH) return false;
  const target = named.get(ref) ?? false;
  const inside = { ...place, references: [...references, ref] };
  // A schema that only distinguishes kinds stands for one of them.
  const kinds = place.isPart ? [] : named.discriminators.kindsOf(ref);
  const possible = kinds.map((kind) => write({ $ref: kind }, inside, named)).filter((kind) => kind !== false);
  if (possible.length > 0) return mergeSchemas([{ anyOf: possible }]);
  return named.discriminators.asOwnKind(write(target, inside, named), ref);
}

/** Adds the object keywords; false where a required member cannot be written. */
function writeObject(schema: SchemaObject, finite: Record<string, unknown>, place: Place, named: Named): boolean {
  const inside = { ...place, depth: place.depth + 1, isPart: false };
  if (schema.properties !== undefined) {
    const required = new Set(schema.required);
    const properties: Record<string, Schema> = {};
    for (const [name, property] of Object.entries(schema.properties)) {
      const isRequired = required.has(name);
      const isFull = place.depth >= OPTIONAL_DEPTH || place.budget.left < SAMPLE_LIMITS.parts / 2;
      if (!isRequired && isFull) continue;
      const written = write(property, inside, named);
      if (written === false && isRequired && !place.isCut) return false;
      if (written !== false) properties[name] = written;
      else if (isRequired) finite.required = (finite.required as readonly string[]).filter((each) => each !== name);
    }
    finite.properties = properties;
  }
  if (schema.additionalProperties !== undefined) {
    finite.additionalProperties = write(schema.additionalProperties, inside, named);
  }
  if (schema.patternProperties !== undefined) {
    finite.patternProperties = Object.fromEntries(
      Object.entries(schema.patternProperties as Record<string, Schema>).map(([pattern, property]) => [
        pattern,
        write(property, inside, named),
      ]),
    );
  }
  return true;
}

/** Adds the array keywords; false where there must be items and they cannot be written. */
function writeArray(schema: SchemaObject, finite: Record<string, unknown>, place: Place, named: Named): boolean {
  const prefix = (schema.prefixItems as readonly Schema[] | undefined)?.map((item) => write(item, place, named));
  if (prefix?.includes(false)) return false;
  if (prefix !== undefined) finite.prefixItems = prefix;
  if (schema.contains !== undefined) finite.contains = write(schema.contains as Schema, place, named);
  if (schema.items === undefined) return true;

  const isTooDeep = place.depth > OPTIONAL_DEPTH && schema.minItems === undefined;
  const items = isTooDeep ? false : write(schema.items, place, named);
  if (items !== false) finite.items = items;
  else finite.maxItems = prefix?.length ?? 0;
  if (items === false && place.isCut) delete finite.minItems;
  return place.isCut || items !== false || Number(schema.minItems ?? 0) <= Number(finite.maxItems);
}

/** Keywords that are taken over as they stand: json-schema-faker reads unknown ones as names of properties. */
// biome-ignore format: a table
const KEPT = [
  'type', 'enum', 'const', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum',
  'exclusiveMaximum', 'multipleOf', 'required', 'minProperties', 'maxProperties', 'dependentRequired', 'minItems',
  'maxItems', 'uniqueItems', 'minContains', 'maxContains', 'not', 'x-values', 'x-value-format',
] as const;
