import type { Role } from '../../model/resource.ts';
import type { ResourceEntry } from '../registry.ts';
import type { OperationHandler } from '../system.ts';
import { createBehaviour } from './create.ts';
import { deleteBehaviour } from './delete.ts';
import { listBehaviour } from './list.ts';
import { mergeBehaviour } from './merge.ts';
import { readBehaviour } from './read.ts';
import { replaceBehaviour } from './replace.ts';

/** What answers an operation that plays this role for a resource. */
export function behaviourOf(role: Role, entry: ResourceEntry): OperationHandler {
  return BEHAVIOURS[role](entry);
}

const BEHAVIOURS: Readonly<Record<Role, (entry: ResourceEntry) => OperationHandler>> = {
  create: createBehaviour,
  list: listBehaviour,
  read: readBehaviour,
  replace: replaceBehaviour,
  merge: mergeBehaviour,
  delete: deleteBehaviour,
};
