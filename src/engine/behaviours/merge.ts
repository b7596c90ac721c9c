import type { Command } from '../../model/command.ts';
import { type Operation, successStatus } from '../../model/operation.ts';
import { mergeValues } from '../state/merge-patch.ts';
import type { Entity } from '../state/store/store.ts';
import type { Work } from '../state/work.ts';
import type { OperationHandler } from '../system.ts';
import { createAnswerWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, findItem, idIn, requireItem, scopeIn } from './bound-operation.ts';
import { draftOf } from './create.ts';
import { putSupplied } from './parts.ts';
import { settable } from './select.ts';

/**
 * PATCH of an item with some of what a client may set. Where it is an RFC 7386 merge patch, `null` removes; in any other
 * JSON it is a value, which the schema has allowed.
 */
export function mergeBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { binding } = bound;
  const write = createAnswerWriter(bound, parts);
  return (work, command) => {
    if (binding.creates === true && findItem(bound, work, command) === undefined)
      return createAt(bound, work, command, write);
    const before = stored(bound, work, requireItem(bound, work, command));
    const after = patch(bound, work, command, before);
    const status = changedStatus(command.operation);
    return status === 204 ? { status } : { status, ...write(work, command, status, after), stored: undefined };
  };
}

/** Changes a stored thing as a PATCH says. */
export function patch(bound: BoundOperation, work: Work, command: Command, before: Entity): Entity {
  const { collection, keyOf, resource } = bound.entry;
  const sent = settable(bound, work, command);
  // TM Forum's REST guidelines make every JSON body of a PATCH a merge patch.
  const isMergePatch = resource.tmf630 !== undefined || MERGE_PATCH.test(command.headers['content-type'] ?? '');
  if (isMergePatch || !hasNull(sent)) return work.change(collection, keyOf(before), sent);
  return work.replace(collection, keyOf(before), mergeValues(before, sent));
}

const MERGE_PATCH = /^\s*application\/merge-patch\+json\s*(?:;|$)/i;

function hasNull(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.values(value).some(hasNull);
}

/** What is implied is stored once it is changed. */
export function stored({ entry }: BoundOperation, work: Work, entity: Entity): Entity {
  const key = entry.keyOf(entity);
  entry.supplied.settle(work, entity);
  if (work.get(entry.collection, key) === undefined) putSupplied(work, entry, entity);
  return entity;
}

/** Stores what a request on an item path makes there. */
export function createAt(
  bound: BoundOperation,
  work: Work,
  command: Command,
  write: ReturnType<typeof createAnswerWriter>,
) {
  const { entry } = bound;
  const id = idIn(bound, command);
  const scope = scopeIn(bound, command);
  entry.supplied.settle(work, scope);
  // A body that names no thing is of one that gets its id here.
  const draft = { ...draftOf(bound, work, command), ...(id !== undefined && entry.withId(id)), ...scope };
  const entity = work.create(entry.collection, draft);
  const { responses } = command.operation;
  const status = '201' in responses ? 201 : changedStatus(command.operation);
  return status === 204 ? { status } : { status, body: write(work, command, status, entity).body };
}

/** 200 where the contract has it, 204 where it has that and not the other, else its lowest success. */
export function changedStatus({ responses }: Pick<Operation, 'responses'>): number {
  if ('200' in responses) return 200;
  return '204' in responses ? 204 : successStatus({ responses });
}
