import type { Schema, SchemaObject } from '../../../model/schema.ts';
import type { Definitions } from '../../definitions.ts';
import { isPlainObject, listOr, objectOr, type PlainObject, stringOr, stringsIn } from '../../plain-object.ts';

/**
 * What an Avro schema permits, as a schema of a contract: values as JSON has them, so that a union writes its value as
 * it is, without the name of the branch that Avro's own JSON encoding puts around it.
 *
 * @example
 * fromAvro({ type: 'record', name: 'Paid', fields: [{ name: 'id', type: 'long' }] }, definitions);
 * // a reference to { type: 'object', properties: { id: { type: 'integer', format: 'int64' } }, required: ['id'] }
 */
export function fromAvro(avro: unknown, definitions: Pick<Definitions, 'define'>): Schema {
  return convert(avro, { named: new Map(), namespace: '', definitions });
}

interface AvroContext {
  /** What the full names of types refer to. */
  readonly named: Map<string, SchemaObject>;
  readonly namespace: string;
  readonly definitions: Pick<Definitions, 'define'>;
}

const PRIMITIVES: Readonly<Record<string, SchemaObject>> = {
  null: { type: 'null' },
  boolean: { type: 'boolean' },
  int: { type: 'integer', format: 'int32' },
  long: { type: 'integer', format: 'int64' },
  float: { type: 'number', format: 'float' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string' },
  string: { type: 'string' },
};

function convert(avro: unknown, context: AvroContext): SchemaObject {
  if (typeof avro === 'string') {
    return PRIMITIVES[avro] ?? context.named.get(avro) ?? context.named.get(`${context.namespace}.${avro}`) ?? {};
  }
  if (Array.isArray(avro)) return union(avro, context);
  if (!isPlainObject(avro)) return {};
  if (avro.logicalType === 'uuid') return { type: 'string', format: 'uuid' };
  switch (avro.type) {
    case 'record':
    case 'error':
      return define(avro, context, (inner) => record(avro, inner));
    case 'enum':
      return define(avro, context, () => ({ type: 'string', enum: stringsIn(avro.symbols) }));
    case 'fixed':
      return define(avro, context, () => ({ type: 'string' }));
    case 'array':
      return { type: 'array', items: convert(avro.items, context) };
    case 'map':
      return { type: 'object', additionalProperties: convert(avro.values, context) };
    default:
      // `{ type: { type: 'array', … } }` nests, and `{ type: 'long', logicalType: … }` annotates.
      return convert(avro.type, context);
  }
}

/** A named type may be meant again by its name, also in itself. */
function define(avro: PlainObject, context: AvroContext, make: (inner: AvroContext) => SchemaObject): SchemaObject {
  const name = stringOr(avro.name) ?? 'Type';
  const namespace = stringOr(avro.namespace) ?? context.namespace;
  const fullName = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
  const lastDot = fullName.lastIndexOf('.');
  const description = stringOr(avro.doc);
  return context.definitions.define(fullName.slice(lastDot + 1), (reference) => {
    for (const each of [fullName, ...stringsIn(avro.aliases)]) context.named.set(each, reference);
    const own = make({ ...context, namespace: fullName.slice(0, Math.max(0, lastDot)) });
    return description === undefined ? own : { ...own, description };
  });
}

function record(avro: PlainObject, context: AvroContext): SchemaObject {
  const fields = listOr(avro.fields).map(objectOr);
  const required = fields.filter((field) => !('default' in field)).map(({ name }) => String(name));
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [
        String(field.name),
        { ...convert(field.type, context), ...('default' in field ? { default: field.default } : {}) },
      ]),
    ),
    ...(required.length > 0 ? { required } : {}),
  };
}

function union(branches: readonly unknown[], context: AvroContext): SchemaObject {
  const [first = {}, ...others] = branches.map((branch) => convert(branch, context));
  return others.length === 0 ? first : { anyOf: [first, ...others] };
}
