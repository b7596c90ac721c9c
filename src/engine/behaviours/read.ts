import { successStatus } from '../../model/operation.ts';
import type { Entity } from '../state/store/store.ts';
import type { ReadHandler } from '../system.ts';
import { createAnswerWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, requireItem } from './bound-operation.ts';
import { project, selectedFields } from './select.ts';

/** GET of an item. */
export function readBehaviour(bound: BoundOperation, parts: BehaviourParts): ReadHandler {
  const write = createAnswerWriter(bound, parts);
  return (work, command) => {
    const entity = requireItem(bound, work, command);
    const status = '200' in command.operation.responses ? 200 : successStatus(command.operation);
    const answer = write(work, command, status, entity);
    const fields = selectedFields(bound.entry, bound.entry.resource.list, command);
    if (fields === undefined || answer.stored === undefined) return { status, ...answer };
    return { status, body: project(answer.body as Entity, fields), isPartial: true };
  };
}
