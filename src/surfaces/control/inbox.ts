import { keepNewest } from '../../engine/state/keep-newest.ts';
import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { OperationHandler } from '../../engine/system.ts';
import type { Command } from '../../model/command.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { pathOf } from './input.ts';
import { pageOf } from './paging.ts';

/** The collection of received messages: they are state, so that snapshots and forks hold them too. */
const INBOX = '$inbox';

/** Headers that only say how a message came, and differ from machine to machine. */
const OF_THE_CONNECTION = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'date',
  'host',
  'keep-alive',
  'sec-fetch-mode',
  'te',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-simulator-delivery',
]);

/**
 * Answers what the receiver inside has been sent.
 *
 * @example createInboxHandlers().listInboxMessages({ tenant, command, base });
 */
export function createInboxHandlers() {
  return {
    listInboxMessages: ({ tenant, command }: ControlContext) => {
      const { items } = tenant.store.query(INBOX, { filter: equals('inbox', pathOf(command, 'name')) });
      const messages = items.map(({ inbox: _, ...message }: Entity) => message);
      return { status: 200, body: pageOf<Entity>(messages, ({ id }) => String(id), command) };
    },
  } satisfies Record<string, ControlHandler>;
}

/** Records what arrives at the receiver inside. */
const receive: OperationHandler = (work, command) => {
  const id = `MSG-${String(work.nextNumber(INBOX)).padStart(6, '0')}`;
  const message = { id, inbox: pathOf(command, 'name'), at: work.nowText, ...messageOf(command) };
  work.put(INBOX, id, message);
  keepNewest(work, INBOX, message, { most: MOST_MESSAGES, bytes: MOST_BYTES });
  return { status: 200, body: { id } };
};

/** The newest messages of a tenant that are kept, and their bytes. */
const MOST_MESSAGES = 10_000;
const MOST_BYTES = 8 * 2 ** 20;

export const inboxCommands: Readonly<Record<string, OperationHandler>> = {
  receiveByGet: receive,
  receiveByPost: receive,
  receiveByPut: receive,
  receiveByPatch: receive,
  receiveByDelete: receive,
};

function messageOf({ operation, path, rawQuery, headers, body }: Command): Entity {
  const written = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  return {
    method: operation.method,
    path: rawQuery === '' ? written : `${written}?${rawQuery}`,
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name, value]) => value !== undefined && !OF_THE_CONNECTION.has(name))
        .map(([name, value]) => [name, name === 'authorization' ? hidden(value ?? '') : value]),
    ),
    ...(body !== undefined && { body: body instanceof Uint8Array ? Buffer.from(body).toString('base64') : body }),
  };
}

/** Credentials are no one's business, but that there were some may be what a scenario wants to see. */
function hidden(authorization: string): string {
  const [scheme = ''] = authorization.split(' ', 1);
  return `${scheme} ***`;
}
