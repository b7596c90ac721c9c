import { requestAction } from '../../engine/action-input.ts';
import type { OperationHandler } from '../../engine/system.ts';
import { CONTROL_SYSTEM } from '../../model/contract.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, pathOf } from './input.ts';
import { pageOf } from './paging.ts';

/**
 * Answers what can be done that the contracts offer no operation for.
 *
 * @example createActionHandlers().listActions({ tenant, command, base });
 */
export function createActionHandlers() {
  return {
    listActions: ({ tenant, command }: ControlContext) => {
      const described = tenant
        .read(({ registry }) => registry.actions)
        .filter(({ system }) => system !== CONTROL_SYSTEM)
        .map(({ system, name, input }) => ({ id: `${system}/${name}`, input }));
      return { status: 200, body: pageOf(described, ({ id }) => id, command) };
    },
  } satisfies Record<string, ControlHandler>;
}

/** Runs an action of a system. */
export const runAction: OperationHandler = (work, command) => {
  const result = requestAction(work, pathOf(command, 'system'), pathOf(command, 'action'), bodyOf(command));
  return result === undefined ? { status: 204 } : { status: 200, body: result };
};
