import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, pathOf } from './input.ts';

/**
 * Answers what the contracts offer no operation for, by the actions of the systems.
 *
 * @example createActionHandlers().runAction({ tenant, command, base });
 */
export function createActionHandlers() {
  return {
    runAction: ({ tenant, command }: ControlContext) => {
      const result = tenant.perform((work) =>
        work.perform(pathOf(command, 'system'), pathOf(command, 'action'), bodyOf(command)),
      );
      return result === undefined ? { status: 204 } : { status: 200, body: result };
    },
  } satisfies Record<string, ControlHandler>;
}
