import type { Schema, SchemaObject } from '../../model/schema.ts';
import { mergeSchemas } from './merge-schemas.ts';

/** Which value identifies each kind of an object, where a contract has a `discriminator`. */
export interface Discriminators {
  /** A branch of a choice, whose discriminator names it. */
  asKind(written: Schema, branch: Schema, choice: SchemaObject): Schema;
  /** A named schema, whose base distinguishes its kinds. */
  asOwnKind(written: Schema, reference: string): Schema;
  /** References to the schemas that have this one as their base, where it distinguishes them without listing them. */
  kindsOf(reference: string): readonly string[];
}

interface Discriminator {
  readonly property: string;
  /** Words by the last part of what they lead to. */
  readonly words: ReadonlyMap<string, string>;
}

/**
 * Makes what knows the discriminators of these schemas, which are named by their references.
 *
 * @example createDiscriminators(schemas, get).kindsOf('contract://zoo/api#/$defs/Pet') // ['contract://zoo/api#/$defs/Cat', …]
 */
export function createDiscriminators(
  schemas: ReadonlyMap<string, Schema>,
  get: (reference: string) => Schema | undefined,
): Discriminators {
  let children: Map<string, string[]> | undefined;
  const childrenOf = (reference: string): readonly string[] => {
    children ??= childrenByBase(schemas);
    return children.get(reference) ?? [];
  };
  const basesOf = (reference: string): readonly SchemaObject[] => {
    const target = get(reference);
    const parts = typeof target === 'object' ? (target.allOf ?? []) : [];
    return parts.flatMap((part) => {
      const base = typeof part === 'object' && part.$ref !== undefined ? get(part.$ref) : undefined;
      return typeof base === 'object' ? [base] : [];
    });
  };
  return {
    asKind(written, branch, choice) {
      const discriminator = discriminatorOf(choice);
      return discriminator === undefined || typeof branch !== 'object' || branch.$ref === undefined
        ? written
        : withWord(written, discriminator, branch.$ref);
    },
    asOwnKind(written, reference) {
      const [discriminator] = basesOf(reference).flatMap((base) => discriminatorOf(base) ?? []);
      return discriminator === undefined ? written : withWord(written, discriminator, reference);
    },
    kindsOf(reference) {
      const base = get(reference);
      const isBase = typeof base === 'object' && base.oneOf === undefined && base.anyOf === undefined;
      return isBase && discriminatorOf(base) !== undefined ? childrenOf(reference) : [];
    },
  };
}

function discriminatorOf({ discriminator }: SchemaObject): Discriminator | undefined {
  // Swagger 2.0 has only the name of the property.
  if (typeof discriminator === 'string') return { property: discriminator, words: new Map() };
  const { propertyName, mapping } = (discriminator ?? {}) as { propertyName?: unknown; mapping?: object };
  if (typeof propertyName !== 'string') return undefined;
  const words = Object.entries(mapping ?? {}).map(([word, target]) => [lastPart(String(target)), word] as const);
  return { property: propertyName, words: new Map(words.toReversed()) };
}

/** Where the property may not have the word, the contract contradicts itself, and the property wins. */
function withWord(written: Schema, { property, words }: Discriminator, reference: string): Schema {
  if (typeof written === 'boolean') return written;
  const name = lastPart(reference);
  const word = words.get(name) ?? name;
  const merged = mergeSchemas([written, { properties: { [property]: { enum: [word] } }, required: [property] }]);
  const values = typeof merged === 'object' ? valuesOf(merged.properties?.[property]) : [];
  return values.length === 1 ? merged : written;
}

function valuesOf(schema: Schema | undefined): readonly unknown[] {
  if (typeof schema !== 'object') return [];
  const { enum: values = [], const: only } = schema;
  return only === undefined || values.includes(only) ? values : [];
}

/** The name in `#/components/schemas/Dog`, in `dog.yaml#/Dog`, and in `Dog`. */
function lastPart(reference: string): string {
  return decodeURIComponent(reference.slice(reference.lastIndexOf('/') + 1))
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

function childrenByBase(schemas: ReadonlyMap<string, Schema>): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const [reference, schema] of schemas) {
    if (typeof schema !== 'object') continue;
    for (const part of schema.allOf ?? []) {
      if (typeof part !== 'object' || part.$ref === undefined) continue;
      children.set(part.$ref, [...(children.get(part.$ref) ?? []), reference]);
    }
  }
  return children;
}
