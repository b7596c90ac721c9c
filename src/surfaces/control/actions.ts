import type { OperationHandler } from '../../engine/system.ts';
import { bodyOf, pathOf } from './input.ts';

/** Does what the contracts offer no operation for, by the actions of the systems. */
export const runAction: OperationHandler = (work, command) => {
  const result = work.perform(pathOf(command, 'system'), pathOf(command, 'action'), bodyOf(command));
  return result === undefined ? { status: 204 } : { status: 200, body: result };
};
