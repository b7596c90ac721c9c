import { isWantedActivity, type TracedItem, traceAmong } from '../../engine/records/activity.ts';
import type { Activity } from '../../model/activity.ts';
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
    listActivity: async (context: ControlContext) => {
      const { tenant, command } = context;
      if (command.headers.accept?.includes('text/event-stream') === true) return streamActivity(context);
      const after = textOf(command.query.after);
      const gone = refuseGone(tenant.activity, after, 'thing');
      if (gone !== undefined) throw gone;
      const [kind, subject, trace] = [command.query.kind, command.query.subject, command.query.trace].map(textOf);
      const limit = limitOf(command);
      // One more than asked for shows whether there is more.
      const found: Activity[] = [];
      for await (const item of tenant.inTurns(tenant.activity.each(after))) {
        if (isWantedActivity(item, { kind, subject, trace })) found.push(item);
        if (found.length > limit) break;
      }
      const items = found.slice(0, limit);
      return { status: 200, body: { items, ...(found.length > limit && { next: items.at(-1)?.id }) } };
    },
    readTrace: async ({ tenant, command }: ControlContext) => {
      const id = pathOf(command, 'id');
      const items: Activity[] = [];
      if (tenant.activity.has(id)) for await (const item of tenant.inTurns(tenant.activity.each())) items.push(item);
      const root = treeOf(traceAmong(items, id));
      if (root !== undefined) return { status: 200, body: { root } };
      throw new Refusal(
        404,
        'NOT_FOUND',
        `Failed to trace "${id}": nothing of this id has happened, or it was too long ago. List the activity to see the ids.`,
      );
    },
  } satisfies Record<string, ControlHandler>;
}

/** Levels of a tree; a chain of timers that set one another may be longer than any reader of JSON goes down. */
const MOST_LEVELS = 500;

interface TracedNode extends Omit<TracedItem, 'depth'> {
  readonly effects: TracedNode[];
}

/** The items of a trace, each in what caused it. */
function treeOf(items: readonly TracedItem[]): TracedNode | undefined {
  const above: TracedNode[] = [];
  for (const { depth, ...item } of items) {
    const node = { ...item, effects: [] };
    const level = Math.min(depth, MOST_LEVELS);
    above[level - 1]?.effects.push(node);
    above[level] = node;
  }
  return above[0];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
