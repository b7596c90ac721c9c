import type { Fault, FaultRequest } from '../../engine/faults/fault.ts';
import { addFault, clearFaults, FAULTS, faultsOf } from '../../engine/faults/faults.ts';
import type { OperationHandler } from '../../engine/system.ts';
import { Refusal } from '../../model/command.ts';
import type { Violation } from '../../model/schema.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, pathOf } from './input.ts';
import { pageOf } from './paging.ts';

/**
 * Answers what concerns faults.
 *
 * @example createFaultHandlers().listFaults({ tenant, command, base });
 */
export function createFaultHandlers() {
  return {
    listFaults: ({ tenant, command }: ControlContext) => ({
      status: 200,
      body: pageOf<Fault>(faultsOf(tenant.store), ({ id }) => id, command),
    }),
  } satisfies Record<string, ControlHandler>;
}

/** Sets up and removes faults. */
export const faultCommands = {
  addFault: (work, command) => {
    const request = bodyOf(command) as unknown as FaultRequest;
    requireSendableHeaders(request.fault.headers);
    return { status: 201, body: addFault(work, request) };
  },
  clearFaults: (work) => {
    clearFaults(work);
    return { status: 204 };
  },
  removeFault: (work, command) => {
    const id = pathOf(command, 'id');
    if (work.delete(FAULTS, id)) return { status: 204 };
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to remove the fault "${id}": there is none of this id. List the faults to see the ids.`,
    );
  },
} satisfies Record<string, OperationHandler>;

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What HTTP lets stand in a value: RFC 9110 has tabs and no other control character, Node no letter beyond Latin-1. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const OF_THE_WIRE = /^(content-length|transfer-encoding|connection|upgrade|trailer)$/i;

/** An answer must be able to have the headers that a fault adds to it. */
function requireSendableHeaders(headers: Readonly<Record<string, string>> = {}): void {
  const violations: Violation[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const path = `/fault/headers/${name}`;
    if (!HEADER_NAME.test(name) || OF_THE_WIRE.test(name)) {
      violations.push({
        in: 'body',
        path,
        message: 'must be a header that an answer can have and that the wire does not need',
      });
    } else if (!HEADER_VALUE.test(value)) {
      violations.push({ in: 'body', path, message: 'must stand on one line, of printable characters of Latin-1' });
    }
  }
  if (violations.length === 0) return;
  throw new Refusal(400, 'INVALID_REQUEST', 'Failed to add the fault: it makes no sense. Fix what is listed.', {
    violations,
  });
}
