import type { Role } from '../../model/resource.ts';
import type { OperationHandler, ReadHandler } from '../system.ts';
import { actBehaviour } from './act.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import type { BoundOperation } from './bound-operation.ts';
import { countBehaviour } from './count.ts';
import { createBehaviour } from './create.ts';
import { deleteBehaviour } from './delete.ts';
import { withIdempotency } from './idempotency.ts';
import { jsonPatchBehaviour } from './json-patch.ts';
import { listBehaviour } from './list.ts';
import { clearBehaviour, createManyBehaviour, deleteManyBehaviour, mergeManyBehaviour } from './many.ts';
import { mergeBehaviour } from './merge.ts';
import { withEntityTag, withPreconditions } from './preconditions.ts';
import { readBehaviour } from './read.ts';
import { replaceBehaviour } from './replace.ts';
import { scimPatchBehaviour } from './scim-patch.ts';

/** What answers an operation: by reading alone, or with a change. */
export type Behaviour = { readonly read: ReadHandler } | { readonly write: OperationHandler };

/** What answers an operation that plays a role for a resource. */
export function behaviourOf(bound: BoundOperation, parts: BehaviourParts): Behaviour {
  const { role } = bound.binding;
  const behaviour = BEHAVIOURS[role](bound, parts);
  if ('read' in behaviour) return TAGGED.has(role) ? { read: withEntityTag(bound, behaviour.read) } : behaviour;
  const write = role === 'merge' ? jsonPatchBehaviour(bound, parts, behaviour.write) : behaviour.write;
  return { write: withIdempotency(TAGGED.has(role) ? withPreconditions(bound, write) : write) };
}

/** Roles that are about one thing. */
const TAGGED: ReadonlySet<Role> = new Set(['create', 'read', 'replace', 'merge', 'delete']);

const BEHAVIOURS: Readonly<Record<Role, (bound: BoundOperation, parts: BehaviourParts) => Behaviour>> = {
  create: (bound, parts) => ({ write: createBehaviour(bound, parts) }),
  list: (bound, parts) => ({ read: listBehaviour(bound, parts) }),
  read: (bound, parts) => ({ read: readBehaviour(bound, parts) }),
  replace: (bound, parts) => ({ write: replaceBehaviour(bound, parts) }),
  merge: (bound, parts) => ({
    write: bound.binding.patches === undefined ? mergeBehaviour(bound, parts) : scimPatchBehaviour(bound, parts),
  }),
  delete: (bound, parts) => ({ write: deleteBehaviour(bound, parts) }),
  act: (bound, parts) => ({ write: actBehaviour(bound, parts) }),
  count: (bound, parts) => ({ read: countBehaviour(bound, parts) }),
  clear: (bound, parts) => ({ write: clearBehaviour(bound, parts) }),
  createMany: (bound, parts) => ({ write: createManyBehaviour(bound, parts) }),
  mergeMany: (bound, parts) => ({ write: mergeManyBehaviour(bound, parts) }),
  deleteMany: (bound, parts) => ({ write: deleteManyBehaviour(bound, parts) }),
};
