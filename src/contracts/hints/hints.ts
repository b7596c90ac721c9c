import type { Contract } from '../../model/contract.ts';
import type { Operation } from '../../model/operation.ts';
import type { Role } from '../../model/resource.ts';
import { isPlainObject, listOr, objectOr, type PlainObject, stringOr, stringsIn } from '../plain-object.ts';

/** A hint for a kind of stored thing, read as far as it makes sense. */
export interface ResourceHint {
  readonly id?: string;
  readonly parent?: {
    readonly resource: string;
    readonly parameter: string;
    readonly property?: string;
    /** The array of the parent that shows the same things; `false` for none. */
    readonly list?: string | false;
  };
  readonly request?: readonly string[];
  readonly answer?: readonly string[];
  readonly list?: readonly string[];
  readonly lifecycle?: {
    readonly property: string;
    readonly initial: string;
    readonly moves: readonly {
      readonly from: string;
      readonly to: string;
      readonly after?: string;
      readonly announces?: string;
    }[];
  };
  readonly events: Readonly<Partial<Record<'created' | 'updated' | 'deleted', string>>>;
  readonly seeds: readonly PlainObject[];
}

/** A hint for an operation, read as far as it makes sense. */
export interface OperationHint {
  /** `false` for a sample. */
  readonly resource?: string | false;
  readonly role?: Role;
  readonly request?: readonly string[];
  readonly answer?: readonly string[];
  readonly creates?: boolean;
  readonly move?: { readonly property: string; readonly to: unknown };
}

/** The name of the member that holds hints. */
export const HINTS = 'x-simulator';

/** The hints for the resources of a contract, by their name: those at its root go before those in schemas. */
export function resourceHints(contract: Pick<Contract, 'hints' | '$defs'>): ReadonlyMap<string, ResourceHint> {
  const hints = new Map<string, ResourceHint>();
  for (const [name, schema] of Object.entries(contract.$defs)) {
    const hint = objectOr(schema)[HINTS];
    if (isPlainObject(hint)) hints.set(name, readResourceHint(hint));
  }
  for (const [name, hint] of Object.entries(objectOr(objectOr(contract.hints).resources))) {
    hints.set(name, readResourceHint(objectOr(hint)));
  }
  return hints;
}

/** The hint for an operation; `undefined` where it has none. */
export function operationHint({ extensions }: Pick<Operation, 'extensions'>): OperationHint | undefined {
  const hint = extensions[HINTS];
  if (!isPlainObject(hint)) return undefined;
  const { resource, role, creates } = hint;
  const { property, to } = objectOr(hint.move);
  return {
    resource: resource === false || typeof resource === 'string' ? resource : undefined,
    role: ROLES.find((each) => each === role),
    request: pathOf(hint.request),
    answer: pathOf(hint.answer),
    ...(typeof creates === 'boolean' && { creates }),
    ...(typeof property === 'string' && { move: { property, to } }),
  };
}

const ROLES: readonly Role[] = ['create', 'list', 'read', 'replace', 'merge', 'delete', 'act'];

/** A hint for a resource as far as it makes sense. */
export function readResourceHint(hint: PlainObject): ResourceHint {
  const { id, seed } = hint;
  const { resource, parameter, property, list } = objectOr(hint.parent);
  const envelope = objectOr(hint.envelope);
  const events = objectOr(hint.events);
  return {
    id: stringOr(id),
    ...(typeof resource === 'string' &&
      typeof parameter === 'string' && {
        parent: { resource, parameter, property: stringOr(property), list: list === false ? list : stringOr(list) },
      }),
    request: pathOf(envelope.request),
    answer: pathOf(envelope.answer),
    list: pathOf(envelope.list),
    lifecycle: lifecycleOf(objectOr(hint.lifecycle)),
    events: { created: stringOr(events.created), updated: stringOr(events.updated), deleted: stringOr(events.deleted) },
    seeds: listOr(seed).filter(isPlainObject),
  };
}

function lifecycleOf({ property, initial, moves }: PlainObject): ResourceHint['lifecycle'] {
  if (typeof property !== 'string' || typeof initial !== 'string') return undefined;
  return {
    property,
    initial,
    moves: listOr(moves).flatMap((move) => {
      const { from, to, after, announces } = objectOr(move);
      if (typeof from !== 'string' || typeof to !== 'string') return [];
      return [{ from, to, after: stringOr(after), announces: stringOr(announces) }];
    }),
  };
}

function pathOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? stringsIn(value) : undefined;
}
