import type { Entity } from '../state/store/store.ts';
import type { OperationHandler } from '../system.ts';
import { createAnswerWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, findItem, requireItem } from './bound-operation.ts';
import { changedStatus, createAt, stored } from './merge.ts';
import { settable } from './select.ts';

/** PUT of an item: what a client may set becomes what it sent, and nothing else; it may make the item. */
export function replaceBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry, binding } = bound;
  const { serverOwned, scope = [], parent } = entry.resource;
  const kept = new Set([...serverOwned, ...entry.idPath.slice(0, 1), ...scope, parent?.property]);
  const write = createAnswerWriter(bound, parts);
  return (work, command) => {
    if (binding.creates === true && findItem(bound, work, command) === undefined)
      return createAt(bound, work, command, write);
    const before = stored(bound, work, requireItem(bound, work, command));
    const sent = settable(bound, command);
    const cleared = Object.fromEntries(
      Object.keys(before)
        .filter((name) => !kept.has(name) && !entry.isRequired(name))
        .map((name) => [name, null]),
    );
    const after = work.change(entry.collection, entry.keyOf(before), { ...cleared, ...replaced(before, sent) });
    const status = changedStatus(command.operation);
    return status === 204 ? { status } : { status, ...write(work, command, status, after), stored: undefined };
  };
}

/** The merge patch that leaves of an object what was sent, however deep. */
function replaced(before: unknown, sent: Entity): Entity {
  if (typeof before !== 'object' || before === null || Array.isArray(before)) return sent;
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(sent)) {
    const own = (before as Entity)[name];
    patch[name] = isObject(value) && isObject(own) ? { ...clearing(own, value), ...replaced(own, value) } : value;
  }
  return patch;
}

function clearing(before: Entity, after: Entity): Entity {
  return Object.fromEntries(
    Object.keys(before)
      .filter((name) => !Object.hasOwn(after, name))
      .map((name) => [name, null]),
  );
}

function isObject(value: unknown): value is Entity {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
