import type { Schema } from '../../model/schema.ts';
import { requestSchemaOf } from '../behaviours/request-schema.ts';
import type { ContractView } from '../state/contract-view.ts';
import type { Entity } from '../state/store/store.ts';
import { pathFor } from './legal-moves.ts';
import type { ShownEntry } from './look-up.ts';

/** One member that a client may change. */
export interface FormField {
  /** Dotted where it is nested. */
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'date' | 'choice';
  readonly choices?: readonly unknown[];
  readonly description?: string;
}

/** What of a thing its contract lets clients change, and by which request. */
export interface Form {
  readonly operationId: string;
  readonly method: string;
  /** With the id in it, and its contract's base path in front. */
  readonly path: string;
  /** Properties, from the outside in, that the changes stand under in the body. */
  readonly within: readonly string[];
  readonly fields: readonly FormField[];
}

/** More than anybody fills in. */
const MOST_FIELDS = 100;
/** Members of members are asked for down to here; what lies deeper is changed by the operation itself. */
const DEEPEST = 3;

/**
 * What of an entity can be changed by the operation that merges, as its request schema has it; `undefined` where the
 * contract has no such operation. Its state is left out: that moves by its life cycle.
 *
 * @example formOf(registry.resource('connectx/Customer'), customer, registry)?.fields
 */
export function formOf(entry: ShownEntry, entity: Entity, registry: ContractView): Form | undefined {
  const { resource, rules } = entry;
  const binding = resource.bindings?.find(({ role }) => role === 'merge');
  const operation = registry.contracts
    .find(({ system, name }) => system === resource.system && name === binding?.contract)
    ?.operations.find(({ id }) => id === binding?.operation);
  if (binding === undefined || operation === undefined) return undefined;
  const { request: within = [] } = binding;
  const owned = new Set([...entry.readOnlyFor(operation, within), rules.lifecycle?.property]);
  const schema = requestSchemaOf(operation, within, registry.schemas);
  const fields = fieldsOf(schema, '', 1, registry).filter(({ name }) => !owned.has(name.split('.')[0]));
  if (fields.length === 0) return undefined;
  return {
    operationId: operation.id,
    method: operation.method,
    path: pathFor(operation, binding, entry, entity),
    within,
    fields: fields.slice(0, MOST_FIELDS),
  };
}

function fieldsOf(
  schema: Schema | undefined,
  path: string,
  depth: number,
  registry: ContractView,
): readonly FormField[] {
  if (depth > DEEPEST) return [];
  return [...registry.schemas.members(schema)].flatMap(([name, member]) => {
    const resolved = registry.schemas.resolve(member);
    // A dot in a name would lead elsewhere.
    if (resolved === undefined || resolved.readOnly === true || name.includes('.')) return [];
    if (registry.schemas.isObject(member)) return fieldsOf(member, `${path}${name}.`, depth + 1, registry);
    const kind = kindOf(resolved);
    if (kind === undefined) return [];
    const { enum: choices, description } = resolved;
    return [
      {
        name: `${path}${name}`,
        kind,
        ...(choices !== undefined && { choices }),
        ...(description !== undefined && { description }),
      },
    ];
  });
}

function kindOf({ type, format, enum: choices }: Exclude<Schema, boolean>): FormField['kind'] | undefined {
  if (choices !== undefined) return 'choice';
  const [plain] = [type].flat().filter((each) => each !== 'null');
  if (plain === 'number' || plain === 'integer') return 'number';
  if (plain === 'boolean') return 'boolean';
  if (plain !== 'string') return undefined;
  return format === 'date' ? 'date' : 'text';
}
