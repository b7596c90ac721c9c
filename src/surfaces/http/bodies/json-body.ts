import { textOf } from '../../../lib/json-object.ts';
import { valueAt } from '../../../lib/json-pointer.ts';
import type { Operation } from '../../../model/operation.ts';
import type { Check, Schema, Validation } from '../../../model/schema.ts';
import type { SchemaResolver } from '../../../model/schema-resolver.ts';
import { parseJson } from '../parse-json.ts';
import type { BodyContext, BodyKind } from './body-kind.ts';
import { decodeUtf8, textParser } from './body-text.ts';

/** A JSON body that is a value of its schema. */
export function jsonBody(schema: Schema, { operation, validation }: BodyContext): BodyKind {
  return { parse: parseJsonBytes, check: selectingCheck(operation, schema, validation) };
}

/** A JSON body with some of the properties of its schema, and `null` only where the schema allows it. */
export function partialJsonBody(schema: Schema, { validation }: BodyContext): BodyKind {
  return { parse: parseJsonBytes, check: validation.checkPatch(schema) };
}

/**
 * A merge patch (RFC 7386): it needs none of the required properties, and its nulls are not values but removals, which
 * `alwaysThere` forbids for properties of the whole.
 */
export function mergePatchBody(schema: Schema, { validation, schemas }: BodyContext, alwaysThere: Names): BodyKind {
  const check = validation.checkPatch(schema);
  const required: Names = new Set([...schemas.required(schema), ...alwaysThere]);
  return { parse: parseJsonBytes, check: (value) => check(withoutRemovals(value, schema, required, schemas)) };
}

type Names = ReadonlySet<string>;

/** Parses JSON in UTF-8. */
export const parseJsonBytes = textParser(decodeUtf8, parseJson);

/** The patch without the nulls that remove something; those that may not are left for the check to refuse. */
function withoutRemovals(
  value: unknown,
  schema: Schema | undefined,
  required: Names,
  schemas: SchemaResolver,
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const properties = schemas.properties(schema);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => member !== null || required.has(name))
      .map(([name, member]) => {
        const property = properties.get(name);
        return [name, withoutRemovals(member, property, schemas.required(property), schemas)];
      }),
  );
}

/** Checks by the schema that a property of the value selects, where the contract says so with `x-select`. */
function selectingCheck(operation: Operation, schema: Schema, validation: Validation): Check {
  const check = validation.checkRequest(schema);
  const select = operation.extensions['x-select'] as { property?: unknown; schemas?: unknown } | undefined;
  if (typeof select?.property !== 'string' || typeof select.schemas !== 'object' || select.schemas === null)
    return check;
  const { property } = select;
  const references = Object.entries(select.schemas as Record<string, string | Schema>);
  const checks = new Map<string, Check>();
  const selected = new Map<string, Check>();
  for (const [value, reference] of references) {
    const target: Schema = typeof reference === 'string' ? { $ref: reference } : reference;
    const key = JSON.stringify(target);
    const one = checks.get(key) ?? validation.checkRequest(target);
    checks.set(key, one);
    selected.set(value, one);
  }
  return (value) => {
    const one = selected.get(textOf(valueAt(value, property)));
    if (one !== undefined) return one(value);
    const whole = check(value);
    if (whole.length === 0) return whole;
    // Which of them was meant is unknown, so all that each of them says is reported.
    const all = [...checks.values()].flatMap((each) => each(value));
    return all.length === 0 ? whole : [...new Map(all.map((each) => [`${each.path} ${each.message}`, each])).values()];
  };
}
