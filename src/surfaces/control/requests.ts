import type { JournalEntry } from '../../engine/records/journal.ts';
import { Refusal } from '../../model/command.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, pathOf } from './input.ts';
import { pageOf } from './paging.ts';
import { verifyRequests } from './verify-requests.ts';

/**
 * Answers what clients have asked.
 *
 * @example createRequestHandlers().listRequests({ tenant, command, base });
 */
export function createRequestHandlers() {
  return {
    listRequests: ({ tenant, command }: ControlContext) => ({
      status: 200,
      body: pageOf<JournalEntry>(tenant.journal.entries(), ({ id }) => id, command),
    }),
    readRequest: ({ tenant, command }: ControlContext) => {
      const id = pathOf(command, 'id');
      const entry = tenant.journal.entries().find((each) => each.id === id);
      if (entry !== undefined) return { status: 200, body: entry };
      throw new Refusal(
        404,
        'NOT_FOUND',
        `Failed to find the request "${id}": the journal does not hold it. List the requests to see the ids.`,
      );
    },
    clearRequests: ({ tenant, caused }: ControlContext) => {
      tenant.apply({ kind: 'forget', record: 'journal', ...caused });
      return { status: 204 };
    },
    verifyRequests: ({ tenant, command }: ControlContext) => ({
      status: 200,
      body: verifyRequests(tenant.journal.entries(), bodyOf(command)),
    }),
  } satisfies Record<string, ControlHandler>;
}
