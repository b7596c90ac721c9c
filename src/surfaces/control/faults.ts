import { addFault, clearFaults, FAULTS, type Fault, type FaultRequest, faultsOf } from '../../engine/faults.ts';
import { Refusal } from '../../model/command.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, pathOf } from './input.ts';
import { pageOf } from './paging.ts';

/**
 * Answers what concerns faults.
 *
 * @example createFaultHandlers().addFault({ tenant, command, base });
 */
export function createFaultHandlers() {
  return {
    listFaults: ({ tenant, command }: ControlContext) => ({
      status: 200,
      body: pageOf<Fault>(faultsOf(tenant.store), ({ id }) => id, command),
    }),
    addFault: ({ tenant, command }: ControlContext) => {
      const request = bodyOf(command) as unknown as FaultRequest;
      return { status: 201, body: tenant.perform((work) => addFault(work, request)) };
    },
    clearFaults: ({ tenant }: ControlContext) => {
      tenant.perform(clearFaults);
      return { status: 204 };
    },
    removeFault: ({ tenant, command }: ControlContext) => {
      const id = pathOf(command, 'id');
      if (tenant.perform((work) => work.delete(FAULTS, id))) return { status: 204 };
      throw new Refusal(
        404,
        'NOT_FOUND',
        `Failed to remove the fault "${id}": there is none of this id. List the faults to see the ids.`,
      );
    },
  } satisfies Record<string, ControlHandler>;
}
