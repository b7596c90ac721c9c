import { Refusal } from '../../model/command.ts';
import { refuseGone } from '../event-feed.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { pathOf } from './input.ts';
import { limitOf } from './paging.ts';

export interface ActivityHandlersOptions {
  /** Answers where the client accepts `text/event-stream`. */
  readonly streamActivity: ControlHandler;
}

/**
 * Answers what has happened, and why.
 *
 * @example createActivityHandlers({ streamActivity }).readTrace({ tenant, command, base });
 */
export function createActivityHandlers({ streamActivity }: ActivityHandlersOptions) {
  return {
    listActivity: (context: ControlContext) => {
      const { tenant, command } = context;
      if (command.headers.accept?.includes('text/event-stream') === true) return streamActivity(context);
      const after = textOf(command.query.after);
      const gone = refuseGone(tenant.activity, after, 'thing');
      if (gone !== undefined) throw gone;
      const [kind, subject, trace] = [command.query.kind, command.query.subject, command.query.trace].map(textOf);
      const limit = limitOf(command);
      // One more than asked for shows whether there is more.
      const found = tenant.activity.read({ after, kind, subject, trace, limit: limit + 1 });
      const items = found.slice(0, limit);
      return { status: 200, body: { items, ...(found.length > limit && { next: items.at(-1)?.id }) } };
    },
    readTrace: ({ tenant, command }: ControlContext) => {
      const id = pathOf(command, 'id');
      const items = tenant.activity.trace(id);
      const [root] = items;
      if (root !== undefined) return { status: 200, body: { root: root.id, items } };
      throw new Refusal(
        404,
        'NOT_FOUND',
        `Failed to trace "${id}": nothing of this id has happened, or it was too long ago. List the activity to see the ids.`,
      );
    },
  } satisfies Record<string, ControlHandler>;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
