import { requireInput } from '../../engine/action-input.ts';
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

/** Does it, by the actions of the systems, once its input is found to be what it takes. */
export const runAction: OperationHandler = (work, command) => {
  const [system, name, input] = [pathOf(command, 'system'), pathOf(command, 'action'), bodyOf(command)];
  const described = work.registry.actions.find((each) => each.system === system && each.name === name);
  if (described !== undefined) requireInput(work, input, described.input);
  const result = work.perform(system, name, input);
  return result === undefined ? { status: 204 } : { status: 200, body: result };
};
