import { pointerKeys } from '../lib/json-path.ts';
import type { Schema } from '../model/schema.ts';
import type { DocumentReader, Part } from './document-reader.ts';
import { isRecord, valueAt } from './json-values.ts';

/** The schema of a workflow's inputs with every reference into the document replaced by what it leads to. */
export function readInputSchema(reader: DocumentReader, part: Part): Schema | undefined {
  if (part.value === undefined) return undefined;
  if (typeof part.value !== 'boolean' && !isRecord(part.value)) {
    reader.report(part.pointer, '`inputs` must be a JSON Schema.', 'Begin with `type: object` and `properties`.');
    return undefined;
  }
  const resolve = (value: unknown, pointer: string, path: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown, index) => resolve(item, `${pointer}/${index}`, path));
    if (!isRecord(value)) return value;
    const { $ref: reference, ...rest } = value;
    const others = Object.fromEntries(
      Object.entries(rest).map(([key, member]) => [key, resolve(member, `${pointer}/${key}`, path)]),
    );
    if (typeof reference !== 'string') return others;
    // What contains itself is left open at that point: inputs are written by hand and end somewhere.
    if (path.includes(reference)) return others;
    const target = targetOf(reader, reference);
    if (target === undefined) {
      reader.report(
        `${pointer}/$ref`,
        `\`${reference}\` leads to nothing in this document.`,
        'Refer to `#/components/inputs/<name>`.',
      );
      return others;
    }
    const resolved = resolve(target, pointer, [...path, reference]);
    return isRecord(resolved) ? { ...resolved, ...others } : resolved;
  };
  return resolve(part.value, part.pointer, []) as Schema;
}

/** The inputs with the defaults of their schema filled in, at any depth of objects. */
export function withDefaults(
  schema: Schema | undefined,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (schema === undefined || typeof schema === 'boolean') return inputs;
  const completed: Record<string, unknown> = { ...inputs };
  for (const branch of schema.allOf ?? []) Object.assign(completed, withDefaults(branch, completed));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (typeof property === 'boolean') continue;
    if (completed[name] === undefined && property.default !== undefined) completed[name] = property.default;
    const value = completed[name];
    if (isRecord(value)) completed[name] = withDefaults(property, value);
  }
  return completed;
}

/** The names that a schema declares; `undefined` where it takes others too. */
export function declaredInputs(schema: Schema | undefined): readonly string[] | undefined {
  if (schema === undefined || typeof schema === 'boolean' || schema.properties === undefined) return undefined;
  const isOpen = ['allOf', 'anyOf', 'oneOf', 'patternProperties', 'if'].some((keyword) => keyword in schema);
  if (isOpen || (schema.additionalProperties !== undefined && schema.additionalProperties !== false)) return undefined;
  return Object.keys(schema.properties);
}

/** Required inputs that have no value, not even a default. */
export function missingInputs(
  schema: Schema | undefined,
  inputs: Readonly<Record<string, unknown>>,
): readonly string[] {
  if (schema === undefined || typeof schema === 'boolean') return [];
  return (schema.required ?? []).filter((name) => inputs[name] === undefined);
}

function targetOf(reader: DocumentReader, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  const { value } = reader.document;
  const keys = pointerKeys(reference);
  if (keys !== undefined) return valueAt(value, keys);
  const named = valueAt(value, ['components', 'inputs']);
  return Object.values(isRecord(named) ? named : {}).find(
    (schema) => isRecord(schema) && schema.$anchor === reference.slice(1),
  );
}
