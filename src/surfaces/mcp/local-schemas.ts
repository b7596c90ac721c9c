import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';

/** Schemas that stand by themselves: what they refer to is beside them, in the `$defs` of one document. */
export interface LocalSchemas {
  /** The schema with its references led to `#/$defs/…`; what it refers to is put there. */
  rewrite(schema: Schema): unknown;
  /** How many schemas are there by now. */
  size(): number;
  /** Those schemas, by name. */
  schemas(): Readonly<Record<string, unknown>>;
}

/**
 * Begins such a document.
 *
 * @example localSchemas(schemas).rewrite({ $ref: 'contract://simulator/control#/$defs/Time' }) // { $ref: '#/$defs/Time' }
 */
export function localSchemas(resolver: Pick<SchemaResolver, 'resolve' | 'nameOf'>): LocalSchemas {
  const names = new Map<string, string>();
  const kept: Record<string, unknown> = {};
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, ...rest } = value as { readonly $ref?: unknown };
    if (typeof $ref !== 'string') {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rewrite(each)]));
    }
    return { $ref: `#/$defs/${nameOf($ref)}`, ...(rewrite(rest) as object) };
  };
  /** A schema that refers to itself finds its name there already. */
  const nameOf = (reference: string): string => {
    const known = names.get(reference);
    if (known !== undefined) return known;
    const wanted = resolver.nameOf({ $ref: reference }) ?? 'Schema';
    const name = Object.hasOwn(kept, wanted) ? `${wanted}${names.size}` : wanted;
    names.set(reference, name);
    kept[name] = true;
    kept[name] = rewrite(resolver.resolve({ $ref: reference }) ?? true);
    return name;
  };
  return { rewrite, size: () => names.size, schemas: () => kept };
}
