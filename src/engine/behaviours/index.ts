import type { Role } from '../../model/resource.ts';
import type { OperationHandler } from '../system.ts';
import { actBehaviour } from './act.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import type { BoundOperation } from './bound-operation.ts';
import { countBehaviour } from './count.ts';
import { createBehaviour } from './create.ts';
import { deleteBehaviour } from './delete.ts';
import { listBehaviour } from './list.ts';
import { clearBehaviour, createManyBehaviour, deleteManyBehaviour, mergeManyBehaviour } from './many.ts';
import { mergeBehaviour } from './merge.ts';
import { readBehaviour } from './read.ts';
import { replaceBehaviour } from './replace.ts';

/** What answers an operation that plays a role for a resource. */
export function behaviourOf(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  return BEHAVIOURS[bound.binding.role](bound, parts);
}

const BEHAVIOURS: Readonly<Record<Role, (bound: BoundOperation, parts: BehaviourParts) => OperationHandler>> = {
  create: createBehaviour,
  list: listBehaviour,
  read: readBehaviour,
  replace: replaceBehaviour,
  merge: mergeBehaviour,
  delete: deleteBehaviour,
  act: actBehaviour,
  count: countBehaviour,
  clear: clearBehaviour,
  createMany: createManyBehaviour,
  mergeMany: mergeManyBehaviour,
  deleteMany: deleteManyBehaviour,
};
